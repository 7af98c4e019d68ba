// Bounded search for scenarios that hang, on the reference runtime: first few keys and long notes, then pedals, changed
// settings, overlaps and many keys. Deterministic; the first scenario that shows a loss is among the shortest.
#pragma once

#include <functional>
#include <vector>

#include "runtime/runtime.h"
#include "witness/vocabulary.h"

namespace fermata::witness {

// Scenarios in the order in which they are tried. `thorough` adds the long tail.
std::vector<runtime::Scenario> scenarios(const Vocabulary& words, bool thorough);

struct SearchLimits {
  uint64_t steps_per_run = 2'000'000;
  size_t runs = 3000;
};

// Runs scenarios until `report` says that nothing more is wanted (true) or they run out. Returns the number of runs.
size_t search(const runtime::Machine& machine, const std::vector<runtime::Scenario>& all, const SearchLimits& limits,
              const std::function<bool(const runtime::Scenario&, const runtime::Report&)>& report);

// Takes events away for as long as `still_hangs` holds.
runtime::Scenario shrink(runtime::Scenario scenario, const std::function<bool(const runtime::Scenario&)>& still_hangs);

}  // namespace fermata::witness
