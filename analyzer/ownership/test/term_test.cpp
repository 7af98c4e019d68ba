// Terms: sums and differences agree with arithmetic on what the symbols stand for.
#include "ownership/term.h"

#include <gtest/gtest.h>

#include "ownership/test/state_support.h"

namespace fermata::ownership {

namespace {

Term sum_of(std::initializer_list<Term::Part> parts, int64_t constant = 0) {
  Term term = Term::of(constant);
  for (const Term::Part& part : parts) EXPECT_TRUE(combine(term, Term::symbol(part.sym), part.factor, term));
  return term;
}

TEST(Term, KeepsItsPartsInTheOrderOfTheirSymbols) {
  const Term term = sum_of({{7, 1}, {3, 2}, {5, -1}});
  ASSERT_EQ(term.count, 3);
  EXPECT_EQ(term.parts[0].sym, 3u);
  EXPECT_EQ(term.parts[1].sym, 5u);
  EXPECT_EQ(term.parts[2].sym, 7u);
}

TEST(Term, LosesAPartWhoseFactorBecomesZero) {
  Term out;
  ASSERT_TRUE(combine(sum_of({{3, 2}, {4, 1}}, 5), sum_of({{3, 1}}, 1), -2, out));
  EXPECT_EQ(out, sum_of({{4, 1}}, 3));
  ASSERT_TRUE(combine(out, out, -1, out));
  EXPECT_TRUE(out.is_constant(0));
}

TEST(Term, RefusesASumWithTooManySymbolsAndLeavesTheResultAlone) {
  const Term four = sum_of({{2, 1}, {3, 1}, {4, 1}, {5, 1}});
  Term out = Term::of(42);
  EXPECT_FALSE(combine(four, Term::symbol(6), 1, out));
  EXPECT_TRUE(out.is_constant(42));
  EXPECT_TRUE(combine(four, Term::symbol(5), -1, out));
  EXPECT_EQ(out.count, 3);
}

TEST(Term, RefusesFactorsThatWouldGrowWithoutEnd) {
  Term term = Term::symbol(2);
  int doublings = 0;
  while (combine(term, term, 1, term)) ASSERT_LT(++doublings, 64);
  EXPECT_LE(std::abs(term.parts[0].factor), int64_t{1} << 20);
}

TEST(Term, MayBeTheResultOfItsOwnSum) {
  Term term = sum_of({{2, 1}, {4, 3}}, 7);
  ASSERT_TRUE(combine(term, term, 1, term));
  EXPECT_EQ(term, sum_of({{2, 2}, {4, 6}}, 14));
}

TEST(Term, IsASymbolOnlyWithFactorOneAndNothingElse) {
  EXPECT_TRUE(Term::symbol(5).is_symbol(5));
  EXPECT_FALSE(sum_of({{5, 1}}, 1).is_symbol(5));
  EXPECT_FALSE(sum_of({{5, 2}}).is_symbol(5));
  EXPECT_FALSE(sum_of({{5, 1}, {6, 1}}).is_symbol(5));
  EXPECT_TRUE(sum_of({{5, 1}, {6, 1}}).mentions(6));
}

TEST(Interval, ContainsItsEndsAndIsEmptyWhenTheyCross) {
  const Interval some{-2, 3};
  EXPECT_TRUE(some.contains(-2) && some.contains(3));
  EXPECT_FALSE(some.contains(-3) || some.contains(4));
  EXPECT_FALSE((Interval{4, 4}).empty());
  EXPECT_TRUE((Interval{5, 4}).empty());
}

#ifdef FERMATA_HAVE_RAPIDCHECK

TEST(Term, AddsInEitherOrder) {
  test::check([] {
    const test::World world = test::any_facts();
    const Term a = test::any_term(world);
    const Term b = test::any_term(world);
    Term left;
    Term right;
    const bool one = combine(a, b, 1, left);
    RC_ASSERT(one == combine(b, a, 1, right));
    if (one) RC_ASSERT(left == right);
  });
}

TEST(Term, AddsInAnyGrouping) {
  test::check([] {
    const test::World world = test::any_facts();
    const Term a = test::any_term(world);
    const Term b = test::any_term(world);
    const Term c = test::any_term(world);
    Term ab;
    Term bc;
    Term left;
    Term right;
    RC_PRE(combine(a, b, 1, ab) && combine(b, c, 1, bc));
    RC_PRE(combine(ab, c, 1, left) && combine(a, bc, 1, right));
    RC_ASSERT(left == right);
  });
}

TEST(Term, OfASumIsTheSumOfTheValues) {
  test::check([] {
    const test::World world = test::any_facts();
    const Term a = test::any_term(world);
    const Term b = test::any_term(world);
    const int64_t factor = test::pick(-4, 4);
    Term out;
    RC_PRE(combine(a, b, factor, out));
    RC_ASSERT(world.value(out) == world.value(a) + factor * world.value(b));
  });
}

TEST(Term, LessItselfIsZero) {
  test::check([] {
    const test::World world = test::any_facts();
    const Term a = test::any_term(world);
    Term out;
    RC_ASSERT(combine(a, a, -1, out));
    RC_ASSERT(out.is_constant(0));
  });
}

#endif

}  // namespace

}  // namespace fermata::ownership
