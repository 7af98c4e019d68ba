// The fixpoint over instants: which abstract states are reachable between activations, whatever the player does, and
// whether one of them is quiet (no key down, pedals up, nothing pending) with the tracked object alive and ownerless.
// The closing sequence needs no phase of its own: it is itself a sequence of inputs, so what it can end in is among
// the reachable quiet states.
#pragma once

#include <deque>
#include <optional>

#include "ownership/engine.h"

namespace fermata::ownership {

struct Violation {
  uint32_t birth = kNone;
  uint32_t blame = kNone;  // kNone: the birth
  uint32_t flags = 0;
  Kind kind = Kind::event;
  bool handle_kept = false;  // some location still holds the handle
  bool unfired = false;      // allocated and never played: leaks its slot, makes no sound
  bool exact = true;
  uint32_t trace = kNone;
};

struct Lost {
  std::string fact;
  Span at;
};

struct Outcome {
  std::vector<Violation> violations;  // one for each (birth, blame), shortest first
  std::optional<Lost> lost;           // the first fact that was lost on the way, if any
  std::set<uint32_t> born, blamed;
  std::set<Remark> remarks;
  std::set<std::string> rests_on;
  std::vector<Step> steps;
  uint64_t states = 0;
  uint64_t work = 0;
};

struct SolveLimits {
  size_t instants = 4000;
  uint64_t work = 150000;  // states at all points of all callbacks, the larger ones counted more than once
  size_t disjuncts = 10;   // per ownership key; beyond that they are joined
};

Outcome solve(const ir::Module& module, const Slice& slice, const Assume& assume, const Query& query,
              const SolveLimits& limits = {});

}  // namespace fermata::ownership
