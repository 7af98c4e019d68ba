// What a state says of its terms is true of every run that it stands for, and stays so when a fact is added.
#include "ownership/state.h"

#include <gtest/gtest.h>

#include "ownership/test/state_support.h"

namespace fermata::ownership {

namespace {

State plain_state() {
  State state;
  state.syms.assign(kFirstFree, {{1, INT32_MAX}, SymKind::event});
  return state;
}

Term minus(const Term& a, const Term& b) {
  Term out;
  EXPECT_TRUE(combine(a, b, -1, out));
  return out;
}

TEST(State, TheTrackedHandleEqualsNothingButItself) {
  State state = plain_state();
  const Term object = Term::symbol(kObject);
  const Term number = state.fresh_term(INT32_MIN, INT32_MAX);
  EXPECT_EQ(state.equal(object, object), true);
  EXPECT_EQ(state.equal(object, number), false);
  EXPECT_EQ(state.equal(object, Term::symbol(kKeyEvent)), false);
  EXPECT_EQ(state.is_zero(object), false);
}

TEST(State, TheKeysEventDiffersFromEveryOtherEvent) {
  State state = plain_state();
  const Term other = state.fresh_term(1, INT32_MAX, SymKind::event);
  EXPECT_EQ(state.equal(Term::symbol(kKeyEvent), other), false);
  const Term number = state.fresh_term(1, 500);
  EXPECT_EQ(state.equal(Term::symbol(kKeyEvent), number), std::nullopt);
}

TEST(State, TwoRowsOfATableDoNotOverlap) {
  State state = plain_state();
  const Term row = state.fresh_term(0, 2);
  const Term other = state.fresh_term(0, 2);
  const Term note = state.fresh_term(0, 127);
  const Term key = state.fresh_term(0, 127);
  Term difference = minus(note, key);
  ASSERT_TRUE(combine(difference, minus(row, other), 128, difference));
  EXPECT_EQ(state.is_zero(difference), std::nullopt);
  ASSERT_TRUE(state.assume_not_zero(minus(note, key)));
  EXPECT_EQ(state.is_zero(difference), false);
}

TEST(State, AMultipleThatMissesZeroIsNotZero) {
  State state = plain_state();
  Term term = state.fresh_term(-100, 100);
  ASSERT_TRUE(combine(Term::of(1), term, 3, term));
  EXPECT_EQ(state.is_zero(term), false);
}

TEST(State, AnUpperBoundOfASymbolNarrowsItsRange) {
  State state = plain_state();
  const Term x = state.fresh_term(0, 100);
  Term twice;
  ASSERT_TRUE(combine(Term::of(1), x, 2, twice));
  ASSERT_TRUE(state.assume_at_most(twice, 10));
  EXPECT_EQ(state.range(x), (Interval{0, 4}));
  ASSERT_TRUE(state.assume_at_least(twice, 4));
  EXPECT_EQ(state.range(x), (Interval{2, 4}));
  EXPECT_FALSE(state.assume_at_least(x, 5));
}

TEST(State, AnInequalityBetweenSymbolsIsRemembered) {
  State state = plain_state();
  const Term x = state.fresh_term(0, 100);
  const Term y = state.fresh_term(0, 100);
  ASSERT_TRUE(state.assume_at_most(minus(x, y), -1));
  EXPECT_EQ(state.range(minus(x, y)).hi, -1);
  EXPECT_EQ(state.equal(x, y), false);
  EXPECT_FALSE(state.assume_zero(minus(x, y)));
}

TEST(State, AnEqualityRenamesTheSymbolEverywhere) {
  State state = plain_state();
  const Term x = state.fresh_term(0, 10);
  const Term y = state.fresh_term(5, 20);
  state.globals = {x, y, minus(y, Term::of(3))};
  ASSERT_TRUE(state.assume_zero(minus(x, y)));
  EXPECT_EQ(state.globals[0], state.globals[1]);
  EXPECT_EQ(state.range(state.globals[0]), (Interval{5, 10}));
  EXPECT_EQ(state.range(state.globals[2]), (Interval{2, 7}));
}

TEST(State, TheEndsOfARangeFallAwayOneByOne) {
  State state = plain_state();
  const Term x = state.fresh_term(0, 2);
  ASSERT_TRUE(state.assume_not_zero(x));
  ASSERT_TRUE(state.assume_not_zero(minus(x, Term::of(2))));
  EXPECT_EQ(state.range(x), (Interval{1, 1}));
  EXPECT_FALSE(state.assume_not_zero(minus(x, Term::of(1))));
}

TEST(State, HoldsTheObjectInGlobalsCellsAndSuspendedCallbacks) {
  State state = plain_state();
  state.globals = {Term::of(0)};
  state.arrays.resize(1);
  EXPECT_FALSE(state.holds_object());
  State global = state;
  global.globals[0] = Term::symbol(kObject);
  EXPECT_TRUE(global.holds_object());
  State cell = state;
  cell.arrays[0].cells.push_back({Term::of(3), Term::symbol(kObject)});
  EXPECT_TRUE(cell.holds_object());
  State task = state;
  task.tasks.resize(1);
  task.tasks[0].at.frame = {Term::symbol(kObject)};
  EXPECT_TRUE(task.holds_object());
}

#ifdef FERMATA_HAVE_RAPIDCHECK

using test::Concrete;
using test::World;

TEST(State, ARangeContainsEveryValue) {
  test::check([] {
    const World world = test::any_facts();
    const Term term = test::any_term(world);
    RC_LOG() << test::show(world) << to_text(term) << "\n";
    RC_PRE(std::abs(world.value(term)) < kInfinity / 2);
    RC_ASSERT(world.state.range(term).contains(world.value(term)));
  });
}

TEST(State, SaysZeroOrNotOnlyWhereItIsSo) {
  test::check([] {
    const World world = test::any_facts();
    const Term term = test::any_term(world);
    const std::optional<bool> zero = world.state.is_zero(term);
    RC_LOG() << test::show(world) << to_text(term) << "\n";
    if (zero) RC_ASSERT(*zero == (world.value(term) == 0));
  });
}

TEST(State, SaysEqualOrNotOnlyWhereItIsSo) {
  test::check([] {
    const World world = test::any_facts();
    // Handles are compared as they are: no script computes with them.
    const Term a = test::coin() ? test::any_value(world) : test::number_term(world);
    const Term b = test::coin() ? test::any_value(world) : test::number_term(world);
    const std::optional<bool> same = world.state.equal(a, b);
    RC_LOG() << test::show(world) << to_text(a) << " and " << to_text(b) << "\n";
    RC_ASSERT(same == world.state.equal(b, a));
    if (same) RC_ASSERT(*same == (world.value(a) == world.value(b)));
  });
}

TEST(State, AddsBeyondTheLinearWithoutLosingTheValue) {
  test::check([] {
    World world = test::any_facts(8);
    const Term a = test::any_term(world, 4);
    const Term b = test::any_term(world, 4);
    const int64_t factor = test::pick(-3, 3);
    const Term sum = world.state.add(a, b, factor);
    const int64_t value = world.value(a) + factor * world.value(b);
    RC_LOG() << test::show(world) << to_text(a) << " and " << to_text(b) << "\n";
    RC_PRE(std::abs(value) < kInfinity / 2);  // beyond, no script computes
    RC_ASSERT(world.state.range(sum).contains(value));
  });
}

// Adds a fact to a state; false means that no run is left.
void keeps_runs(const std::function<bool(State&, const Term&, int64_t)>& assume,
                const std::function<bool(int64_t, int64_t)>& condition) {
  test::check([&] {
    World world = test::any_world();
    const Term term = test::any_term(world);
    const int64_t bound = world.value(term) + test::pick(-2, 2);
    const Concrete run = test::concrete(world);
    RC_LOG() << test::show(world) << to_text(term) << " with " << bound << "\n";
    State after = world.state;
    const bool possible = assume(after, term, bound);
    if (!condition(world.value(term), bound)) return;
    RC_ASSERT(possible);
    RC_LOG() << "after: " << test::show(after);
    RC_ASSERT(test::admits(after, run));
  });
}

TEST(State, TakesAnUpperBoundWithoutLosingARun) {
  keeps_runs([](State& state, const Term& term, int64_t bound) { return state.assume_at_most(term, bound); },
             [](int64_t value, int64_t bound) { return value <= bound; });
}

TEST(State, TakesALowerBoundWithoutLosingARun) {
  keeps_runs([](State& state, const Term& term, int64_t bound) { return state.assume_at_least(term, bound); },
             [](int64_t value, int64_t bound) { return value >= bound; });
}

TEST(State, TakesAnInequalityWithoutLosingARun) {
  keeps_runs(
      [](State& state, const Term& term, int64_t bound) {
        Term shifted;
        return combine(term, Term::of(bound), -1, shifted) && state.assume_not_zero(shifted);
      },
      [](int64_t value, int64_t bound) { return value != bound; });
}

TEST(State, TakesAnEqualityWithoutLosingARun) {
  keeps_runs(
      [](State& state, const Term& term, int64_t bound) {
        Term shifted;
        return combine(term, Term::of(bound), -1, shifted) && state.assume_zero(shifted);
      },
      [](int64_t value, int64_t bound) { return value == bound && test::is_number(value); });
}

// Several facts in a row, as the conditions of nested branches.
TEST(State, TakesSeveralFactsWithoutLosingARun) {
  test::check([] {
    World world = test::any_world();
    const Concrete run = test::concrete(world);
    RC_LOG() << test::show(world);
    State after = world.state;
    const int64_t count = test::pick(1, 5);
    for (int64_t i = 0; i < count; ++i) {
      // By what the locations are now: an equality renames symbols.
      const size_t x = static_cast<size_t>(test::pick(0, 3));
      const size_t y = static_cast<size_t>(test::pick(0, 3));
      const int64_t left = world.value(world.state.globals[x]);
      const int64_t right = world.value(world.state.globals[y]);
      const Term difference = after.add(after.globals[x], after.globals[y], -1);
      RC_LOG() << "global " << x << (left == right ? " = " : left < right ? " < " : " > ") << "global " << y << "\n";
      if (left == right)
        RC_ASSERT(after.assume_zero(difference));
      else if (test::coin())
        RC_ASSERT(after.assume_not_zero(difference));
      else if (left < right)
        RC_ASSERT(after.assume_at_most(difference, -1));
      else
        RC_ASSERT(after.assume_at_least(difference, 1));
      RC_LOG() << "after: " << test::show(after);
      RC_ASSERT(test::admits(after, run));
    }
  });
}

#endif

}  // namespace

}  // namespace fermata::ownership
