// What of a module matters to ownership: a backward slice over data and control, flow-insensitive and once per module,
// and the locals that are live at each block (dead temporaries would keep equal states apart).
#pragma once

#include <vector>

#include "ir/ir.h"

namespace fermata::ownership {

struct Slice {
  std::vector<bool> slots;      // by SlotId
  std::vector<bool> arrays;     // by ArrayId
  std::vector<bool> instrs;
  std::vector<bool> branches;   // by BlockId: the condition matters
  std::vector<bool> written;    // arrays that some callback stores to
  // Entries that can change or end anything outside their own activation.
  std::vector<bool> interferes;
  std::vector<std::vector<bool>> live_in;   // by BlockId, indexed by frame position
};

Slice slice(const ir::Module& module);

// Locals live just before instruction `at` of `block`.
std::vector<bool> live_before(const ir::Module& module, const Slice& slice, ir::EntryId entry, ir::BlockId block,
                              uint32_t at);

// The operands of an instruction that its effect on ownership depends on.
std::vector<ir::ExprId> operands(const ir::Module& module, const ir::Instr& instr);

}  // namespace fermata::ownership
