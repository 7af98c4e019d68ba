#include "ownership/lattice_support.h"

#include <algorithm>

namespace fermata::ownership {

std::vector<const Term*> terms_of(const State& state) {
  std::vector<const Term*> terms;
  const_cast<State&>(state).visit([&](Term& term) { terms.push_back(&term); });
  terms.resize(terms.size() - state.not_zero.size() - state.not_negative.size());
  return terms;
}

std::vector<const Term*> terms_outside_arrays(const State& state) {
  std::vector<const Term*> terms;
  const_cast<State&>(state).visit_outside_arrays([&](Term& term) { terms.push_back(&term); });
  return terms;
}

// What reading the cell under an index can give where that cell is not kept apart. Empty: the tracked handle
// may lie there, which no range can say.
std::optional<Interval> content(const State& state, const ArrayState& array, const Term& index) {
  Interval range = array.rest;
  for (const Cell& cell : array.cells) {
    if (state.equal(cell.index, index) == std::optional<bool>(false)) continue;
    if (cell.value.tracked() != 0) return std::nullopt;
    const Interval value = state.range(cell.value);
    range.lo = std::min(range.lo, value.lo);
    range.hi = std::max(range.hi, value.hi);
  }
  return range;
}

}  // namespace fermata::ownership
