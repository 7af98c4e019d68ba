// Everything that can happen at an instant, as activations on an abstract state.
#pragma once

#include "ownership/engine.h"

namespace fermata::ownership {

// Which of the inputs to try.
struct InputFilter {
  bool closing_only = false;    // suspended callbacks and listener ticks alone
  bool own_tasks_only = false;  // of these, the suspended callbacks that the state tells apart
};

// The states after each possible next activation of `state`.
std::vector<State> successors(Engine& engine, const ir::Module& module, const Slice& slice, const Assume& assume,
                              const Query& query, const State& state, InputFilter filter);

// The state before any input: on init has run.
std::vector<State> boot(Engine& engine, const ir::Module& module);

}  // namespace fermata::ownership
