// The laws of the order on states, and that no operation on them loses a run: whatever concrete state was possible
// before normalising or joining is possible afterwards.
#include "ownership/lattice.h"

#include <gtest/gtest.h>

#include "ownership/test/state_support.h"

namespace fermata::ownership {

namespace {

const Thresholds kThresholds{INT32_MIN, -128, -1, 0, 1, 127, 128, INT32_MAX};

State plain_state(size_t globals = 1) {
  State state;
  state.syms.assign(kFirstFree, {{1, INT32_MAX}, SymKind::event});
  state.globals.assign(globals, Term::of(0));
  return state;
}

Term plus(const Term& a, const Term& b, int64_t factor = 1) {
  Term out;
  EXPECT_TRUE(combine(a, b, factor, out));
  return out;
}

State with_global(int64_t lo, int64_t hi) {
  State state = plain_state();
  state.globals[0] = lo == hi ? Term::of(lo) : state.fresh_term(lo, hi);
  normalise(state);
  return state;
}

TEST(Normalise, MakesAConstantOfASymbolWithOneValue) {
  State state = plain_state();
  state.globals[0] = state.fresh_term(4, 4);
  normalise(state);
  EXPECT_TRUE(state.globals[0].is_constant(4));
  EXPECT_EQ(state.syms.size(), kFirstFree);
}

TEST(Normalise, NumbersSymbolsByTheirFirstUse) {
  State a = plain_state(2);
  State b = plain_state(2);
  a.globals = {a.fresh_term(0, 5), a.fresh_term(0, 9)};
  const Term late = b.fresh_term(0, 9);
  b.fresh(7, 8);
  b.globals = {b.fresh_term(0, 5), late};
  normalise(a);
  normalise(b);
  EXPECT_TRUE(identical(a, b));
  EXPECT_EQ(hash_of(a), hash_of(b));
  EXPECT_EQ(ownership_key(a), ownership_key(b));
}

TEST(Normalise, FoldsACellThatNobodyCanNameIntoTheSummary) {
  State state = plain_state();
  state.arrays.push_back({{{state.fresh_term(0, 127), Term::of(7)}}, {0, 0}});
  normalise(state);
  EXPECT_TRUE(state.arrays[0].cells.empty());
  EXPECT_EQ(state.arrays[0].rest, (Interval{0, 7}));
}

TEST(Normalise, KeepsTheCellOfTheKeyAndTheCellOfTheHandle) {
  State state = plain_state();
  state.key.note = state.fresh_term(0, 127);
  const Term elsewhere = state.fresh_term(0, 127);
  state.arrays.push_back({{{state.key.note, Term::of(7)}, {elsewhere, Term::symbol(kObject)}}, {0, 0}});
  normalise(state);
  EXPECT_EQ(state.arrays[0].cells.size(), 2u);
  EXPECT_EQ(state.arrays[0].rest, (Interval{0, 0}));
}

TEST(Included, ANarrowerRangeIsInAWiderOne) {
  EXPECT_TRUE(included(with_global(1, 3), with_global(0, 5)));
  EXPECT_TRUE(included(with_global(2, 2), with_global(0, 5)));
  EXPECT_FALSE(included(with_global(0, 5), with_global(1, 3)));
}

TEST(Included, ARelationIsMoreThanItsAbsence) {
  State related = plain_state(2);
  const Term x = related.fresh_term(0, 10);
  related.globals = {x, plus(x, Term::of(1))};
  State free = plain_state(2);
  free.globals = {free.fresh_term(0, 20), free.fresh_term(0, 20)};
  normalise(related);
  normalise(free);
  EXPECT_TRUE(included(related, free));
  EXPECT_FALSE(included(free, related));
}

TEST(Included, AFactThatIsMissingIsNoPartOfIt) {
  State plain = plain_state(2);
  plain.globals = {plain.fresh_term(0, 10), plain.fresh_term(0, 10)};
  State different = plain;
  ASSERT_TRUE(different.assume_not_zero(plus(different.globals[0], different.globals[1], -1)));
  normalise(plain);
  normalise(different);
  EXPECT_TRUE(included(different, plain));
  EXPECT_FALSE(included(plain, different));
}

TEST(Join, KeepsTheDistanceOfTwoCounters) {
  // They rise together: 1, 1 and 2, 2 and 3, 3.
  State joined = plain_state(3);
  joined.globals[0] = joined.globals[1] = Term::of(1);
  for (int64_t keys = 2; keys < 6; ++keys) {
    State next = plain_state(3);
    next.globals[0] = next.globals[1] = Term::of(keys);
    joined = join(joined, next, keys > 3 ? &kThresholds : nullptr);
    EXPECT_EQ(joined.globals[0], joined.globals[1]);
    EXPECT_EQ(joined.range(joined.globals[0]).lo, 1);
    EXPECT_GE(joined.range(joined.globals[0]).hi, keys);
  }
  EXPECT_TRUE(joined.globals[2].is_constant(0));
}

TEST(Join, KeepsAConstantDistance) {
  State a = plain_state(2);
  a.globals = {Term::of(3), Term::of(10)};
  State b = plain_state(2);
  const Term x = b.fresh_term(-5, 5);
  b.globals = {x, plus(x, Term::of(7))};
  const State out = join(a, b, nullptr);
  EXPECT_TRUE(plus(out.globals[1], out.globals[0], -1).is_constant(7));
}

TEST(Join, KeepsWhatIsDifferentOnBothSides) {
  State a = plain_state(2);
  a.globals = {a.fresh_term(0, 10), a.fresh_term(0, 10)};
  ASSERT_TRUE(a.assume_not_zero(plus(a.globals[0], a.globals[1], -1)));
  State b = a;
  b.syms.back().range.hi = 20;
  normalise(a);
  normalise(b);
  const State out = join(a, b, nullptr);
  EXPECT_EQ(out.equal(out.globals[0], out.globals[1]), false);
}

TEST(Join, KeepsAnInequalityOfBothSides) {
  State a = plain_state(2);
  a.globals = {a.fresh_term(0, 10), a.fresh_term(0, 10)};
  ASSERT_TRUE(a.assume_at_most(plus(a.globals[0], a.globals[1], -1), 0));
  State b = a;
  b.syms.back().range.hi = 20;
  normalise(a);
  normalise(b);
  const State out = join(a, b, nullptr);
  EXPECT_LE(out.range(plus(out.globals[0], out.globals[1], -1)).hi, 0);
}

TEST(Join, UnitesTheFactsAboutThePast) {
  State a = plain_state();
  State b = plain_state();
  a.object.flags = kPedalWasDown;
  b.object.flags = kParked;
  EXPECT_EQ(join(a, b, nullptr).object.flags, kPedalWasDown | kParked);
}

TEST(Widening, JumpsToTheNextThresholdOnTheSideThatGrew) {
  const State out = join(with_global(0, 3), with_global(0, 5), &kThresholds);
  EXPECT_EQ(out.range(out.globals[0]), (Interval{0, 127}));
  const State down = join(with_global(0, 3), with_global(-2, 3), &kThresholds);
  EXPECT_EQ(down.range(down.globals[0]), (Interval{-128, 3}));
}

TEST(OwnershipKey, TellsApartWhereTheHandleLies) {
  State none = plain_state(2);
  State first = none;
  State second = none;
  first.globals[0] = Term::symbol(kObject);
  second.globals[1] = Term::symbol(kObject);
  EXPECT_NE(ownership_key(none), ownership_key(first));
  EXPECT_NE(ownership_key(first), ownership_key(second));
  State ended = first;
  ended.object.life = Life::ended;
  EXPECT_NE(ownership_key(first), ownership_key(ended));
}

#ifdef FERMATA_HAVE_RAPIDCHECK

using test::Concrete;
using test::World;

State normal(State state) {
  normalise(state);
  return state;
}

// Another state of the same shape, with its own run.
struct Pair {
  World a, b;
};

// Without arrays: which cells are kept apart is up to each operation.
Pair any_pair() {
  Pair pair{test::any_world(true), test::any_world(true)};
  if (test::coin()) pair.a.state.globals[0] = pair.b.state.globals[0] = Term::symbol(kObject);
  pair.a.state.arrays.clear();
  pair.b.state.arrays.clear();
  normalise(pair.a.state);
  normalise(pair.b.state);
  return pair;
}

bool same_key(const State& a, const State& b) { return ownership_key(a) == ownership_key(b); }

TEST(Normalise, LosesNoRun) {
  test::check([] {
    const World world = test::any_world();
    const Concrete run = test::concrete(world);
    RC_LOG() << test::show(world);
    RC_ASSERT(test::admits(world.state, run));
    State after = world.state;
    normalise(after);
    RC_LOG() << "after: " << test::show(after);
    RC_ASSERT(test::admits(after, run));
  });
}

TEST(Normalise, LosesNoRunAfterAnEquality) {
  test::check([] {
    World world = test::any_world();
    const Concrete run = test::concrete(world);
    const Term term = test::number_term(world);
    Term shifted;
    RC_PRE(combine(term, Term::of(world.value(term)), -1, shifted));
    RC_LOG() << test::show(world) << to_text(shifted) << " = 0\n";
    RC_PRE(test::is_number(world.value(term)));
    RC_ASSERT(world.state.assume_zero(shifted));
    RC_LOG() << "assumed: " << test::show(world.state);
    normalise(world.state);
    RC_LOG() << "after: " << test::show(world.state);
    RC_ASSERT(test::admits(world.state, run));
  });
}

TEST(Normalise, ChangesNothingTheSecondTime) {
  test::check([] {
    State once = normal(test::any_world(true).state);
    State twice = once;
    normalise(twice);
    RC_LOG() << test::show(once) << "then " << test::show(twice);
    RC_ASSERT(identical(once, twice));
    RC_ASSERT(hash_of(once) == hash_of(twice));
  });
}

TEST(Included, IsReflexive) {
  test::check([] {
    State state = test::any_world().state;
    normalise(state);
    RC_LOG() << test::show(state);
    RC_ASSERT(included(state, state));
  });
}

TEST(Included, HoldsBothWaysForIdenticalStates) {
  test::check([] {
    const Pair pair = any_pair();
    State copy = pair.a.state;
    RC_ASSERT(identical(pair.a.state, copy));
    RC_ASSERT(included(pair.a.state, copy) && included(copy, pair.a.state));
    if (identical(pair.a.state, pair.b.state)) RC_ASSERT(included(pair.a.state, pair.b.state));
  });
}

// A state that was made wider in a few places, so that inclusion has something to find.
State widened(State state) {
  const int64_t count = test::pick(0, 3);
  for (int64_t i = 0; i < count; ++i) {
    const auto sym = static_cast<size_t>(test::pick(0, static_cast<int64_t>(state.syms.size()) - 1));
    if (sym < kFirstFree) continue;
    state.syms[sym].range.lo -= test::pick(0, 3);
    state.syms[sym].range.hi += test::pick(0, 3);
  }
  if (test::coin()) state.not_zero.clear();
  if (test::coin()) state.not_negative.clear();
  for (ArrayState& array : state.arrays) {
    array.rest.hi += test::pick(0, 2);
    if (!array.cells.empty() && test::coin() && !array.cells.back().value.mentions(kObject)) {
      const Interval value = state.range(array.cells.back().value);
      array.rest = {std::min(array.rest.lo, value.lo), std::max(array.rest.hi, value.hi)};
      array.cells.pop_back();
    }
  }
  for (Term& term : state.globals) {
    if (term.count == 0 && test::coin()) term = state.fresh_term(term.constant - 1, term.constant + 2);
  }
  normalise(state);
  return state;
}

TEST(Included, NeverLeavesOutARun) {
  test::check([] {
    const World world = test::any_world();
    const Concrete run = test::concrete(world);
    State small = world.state;
    normalise(small);
    // Against a wider state, and against one that has nothing to do with it.
    const State other = normal(test::any_world(true).state);
    State big = widened(small);
    if (same_key(big, other)) big = join(big, other, nullptr);
    RC_LOG() << test::show(small) << "in " << test::show(big);
    if (included(small, big)) RC_ASSERT(test::admits(big, run));
  });
}

TEST(Included, IsTransitive) {
  test::check([] {
    State a = any_pair().a.state;
    const State b = widened(a);
    const State c = widened(b);
    RC_LOG() << test::show(a) << "in " << test::show(b) << "in " << test::show(c);
    if (included(a, b) && included(b, c)) RC_ASSERT(included(a, c));
  });
}

void join_holds_both(const Thresholds* widen) {
  test::check([&] {
    const Pair pair = any_pair();
    RC_PRE(same_key(pair.a.state, pair.b.state));
    const State out = join(pair.a.state, pair.b.state, widen);
    RC_LOG() << test::show(pair.a.state) << "and " << test::show(pair.b.state) << "give " << test::show(out);
    RC_ASSERT(same_key(out, pair.a.state));
    RC_ASSERT(included(pair.a.state, out));
    RC_ASSERT(included(pair.b.state, out));
  });
}

TEST(Join, IncludesBothSides) { join_holds_both(nullptr); }
TEST(Widening, IncludesBothSides) { join_holds_both(&kThresholds); }

void join_keeps_runs(const Thresholds* widen) {
  test::check([&] {
    World a = test::any_world(true);
    World b = test::any_world(true);
    if (test::coin()) a.state.globals[0] = b.state.globals[0] = Term::symbol(kObject);
    State x = a.state;
    State y = b.state;
    normalise(x);
    normalise(y);
    RC_PRE(same_key(x, y));
    const State out = join(x, y, widen);
    RC_LOG() << test::show(x) << "and " << test::show(y) << "give " << test::show(out);
    RC_ASSERT(test::admits(out, test::concrete(a)));
    RC_ASSERT(test::admits(out, test::concrete(b)));
  });
}

TEST(Join, LosesNoRunOfEitherSide) { join_keeps_runs(nullptr); }
TEST(Widening, LosesNoRunOfEitherSide) { join_keeps_runs(&kThresholds); }

TEST(Join, OfAStateWithItselfIsTheState) {
  test::check([] {
    State state = any_pair().a.state;
    state.not_zero.clear();
    normalise(state);
    const State out = join(state, state, nullptr);
    RC_LOG() << test::show(state) << "gives " << test::show(out);
    RC_ASSERT(included(out, state) && included(state, out));
  });
}

TEST(Widening, ComesToAnEndHoweverStatesGrow) {
  test::check([] {
    const test::LongWalk walk;
    State grown = normal(test::any_world(true).state);
    int changes = 0;
    for (int step = 1; step <= 200; ++step) {
      World next = test::any_world(true);
      // Every number a little further out than before.
      for (size_t i = 0; i < next.state.globals.size(); ++i) {
        if (next.state.globals[i].mentions(kObject)) continue;
        next.state.globals[i] = next.state.add(next.state.globals[i], Term::of(step * 1000 * (i % 2 == 0 ? 1 : -1)), 1);
      }
      normalise(next.state);
      if (!same_key(grown, next.state) || included(next.state, grown)) continue;
      State out = join(grown, next.state, &kThresholds);
      if (!identical(out, grown)) ++changes;
      grown = std::move(out);
    }
    RC_LOG() << test::show(grown) << changes << " changes\n";
    RC_ASSERT(changes <= 60);
  });
}

#endif

}  // namespace

}  // namespace fermata::ownership
