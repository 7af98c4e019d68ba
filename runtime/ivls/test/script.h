// Scripts with the bundled nodes, played by a line of inputs 100 ms apart.
#pragma once

#include <string>
#include <vector>

#include "frontend/frontend.h"
#include "runtime/runtime.h"

namespace fermata::runtime::ivls::test {

constexpr Microseconds kStep = 100'000;

// `flow` is a list of node names; `nodes` their definitions.
std::string product(const std::string& flow, const std::string& nodes);

Report play(const std::string& script, const Scenario& scenario, const Assume& assume = {});

// Inputs by blanks: d60, u60 (key down, up), s1, s0 (sustain), o1, o0 (sostenuto); the n-th comes at n * kStep.
Scenario inputs(const std::string& line);

// When the events of the run ended, in the order in which they began: the number of the input ("4"), "-" when it was
// not at an input.
std::string ends(const Report& report);

}  // namespace fermata::runtime::ivls::test
