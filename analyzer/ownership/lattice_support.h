// What inclusion and join share.
#pragma once

#include <optional>
#include <vector>

#include "ownership/state.h"

namespace fermata::ownership {

// The terms of a state in their fixed order, without the facts about them.
std::vector<const Term*> terms_of(const State& state);

// Those outside the arrays' cells, in the same order.
std::vector<const Term*> terms_outside_arrays(const State& state);

// What reading the cell under an index can give where that cell is not kept apart. Empty: the tracked handle
// may lie there, which no range can say.
std::optional<Interval> content(const State& state, const ArrayState& array, const Term& index);

}  // namespace fermata::ownership
