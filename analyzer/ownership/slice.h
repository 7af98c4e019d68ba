// What of a module matters to the ownership of one object: a backward slice over data and control, flow-insensitive,
// and the locals that are live at each block (dead temporaries would keep equal states apart).
#pragma once

#include <set>
#include <unordered_map>
#include <vector>

#include "ir/ir.h"

namespace fermata::ownership {

struct Slice {
  std::vector<bool> slots;   // by SlotId
  std::vector<bool> arrays;  // by ArrayId
  std::vector<bool> instrs;
  std::vector<bool> branches;  // by BlockId: the condition matters
  std::vector<bool> written;   // arrays that some callback stores to
  // Voice fields that one node alone uses, and of its own voice alone: copies of them on children are never looked at.
  std::vector<bool> stays;
  // Entries that can change or end anything outside their own activation.
  std::vector<bool> interferes;
  // By BlockId: the entry's frame positions, then the module's globals.
  std::vector<std::vector<bool>> live_in;
  // By instruction: what is live after a wait or after a voice was sent on (as live_in).
  std::unordered_map<uint32_t, std::vector<bool>> live_after;
  std::vector<bool> lasting;        // globals whose value between callbacks some callback reads
  std::vector<int64_t> thresholds;  // for widening: the constants of the script and the ranges of its controls
  // Ranges of note numbers that the script tells apart where it counts keys; one for all where it does not.
  std::vector<std::pair<int64_t, int64_t>> note_classes;
  bool counts = false;           // the script may be counting keys
  std::vector<int> controllers;  // controller numbers that matter
  bool pedals = false;           // some callback can tell the pedals' state
};

// The object that a slice is for. Effects on handles that can never be the object's or its key's are left out.
struct Focus {
  std::set<uint32_t> births;  // instructions; empty: every site of the module
  bool legato = false;        // the source that a legato node hands over
  NodeId node = kNone;        // IVLS: whose key's voice is tracked
};

Slice slice(const ir::Module& module, const Focus& focus = {});

// Slots and arrays that can hold the object's handle, or its key's event. (relevance.cpp)
struct Reach {
  std::vector<bool> slots, arrays;
};
Reach reach(const ir::Module& module, const Focus& focus);

// Does the instruction's effect bear on the object, apart from the value it returns?
bool bears(const ir::Module& module, const Focus& focus, const Reach& reach, uint32_t instr, NodeId node);

// Parts of slice(). (relevance.cpp, note_classes.cpp)
std::vector<bool> fields_that_stay(const ir::Module& module, const Slice& slice);
bool counts_keys(const ir::Module& module, const Slice& slice);
std::vector<std::pair<int64_t, int64_t>> find_note_classes(const ir::Module& module, const Slice& slice);

// A number where an event is meant: it names none. (note-number-as-event-id speaks of it.)
bool is_note_number(const ir::Module& module, ir::ExprId id);

// The operands of an instruction that its effect on ownership depends on.
std::vector<ir::ExprId> operands(const ir::Module& module, const ir::Instr& instr);

}  // namespace fermata::ownership
