// The order on states: normal form, inclusion, join and widening. States are joined only when their ownership agrees
// (same key(): same life, owner, key phase, suspended tasks and handle locations), as in Das, Lerner and Seigle, "ESP:
// Path-Sensitive Program Verification in Polynomial Time" (PLDI 2002).
#pragma once

#include <string>

#include "ownership/state.h"

namespace fermata::ownership {

// Folds cells that nothing can name any more into their array's summary, drops unused symbols and facts and numbers
// the rest in order of first use, so that equal states become equal values.
void normalise(State& state);

// The part of a normalised state on which disjuncts must agree to be joined.
std::string ownership_key(const State& state);

// Every concrete state that `a` stands for, `b` stands for too. Both normalised; requires equal ownership keys.
bool included(const State& a, const State& b);

// Where widening stops on its way to infinity, ascending: the constants that the script compares with, and the like.
using Thresholds = std::vector<int64_t>;

// Least common upper bound of what the domain can say; with `widen`, bounds of `a` that grow jump to the next
// threshold. Requires equal ownership keys.
State join(const State& a, const State& b, const Thresholds* widen);

// The hull of both, its new bounds at a threshold.
Interval widened(const Interval& old, const Interval& now, const Thresholds& thresholds);

// How much a join of the two would lose, roughly: for choosing which disjuncts to join.
size_t distance(const State& a, const State& b);

size_t hash_of(const State& state);
bool identical(const State& a, const State& b);

}  // namespace fermata::ownership
