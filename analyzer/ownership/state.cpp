#include "ownership/state.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace fermata::ownership {

namespace {

constexpr size_t kMaxNotZero = 24;
constexpr size_t kMaxNotNegative = 8;
constexpr int64_t kMaxEnumeration = 16;

int64_t scaled(int64_t factor, int64_t bound) {
  if (bound >= kInfinity || bound <= -kInfinity) return (factor > 0) == (bound > 0) ? kInfinity : -kInfinity;
  return clamp_value(factor * bound);
}

int64_t floor_div(int64_t a, int64_t b) { return a / b - ((a % b != 0 && (a % b < 0) != (b < 0)) ? 1 : 0); }
int64_t ceil_div(int64_t a, int64_t b) { return -floor_div(-a, b); }

}  // namespace

Sym State::fresh(int64_t lo, int64_t hi, SymKind kind) {
  syms.push_back({{lo, hi}, kind});
  return static_cast<Sym>(syms.size() - 1);
}

Interval State::plain_range(const Term& term) const {
  int64_t lo = term.constant;
  int64_t hi = term.constant;
  for (uint8_t i = 0; i < term.count; ++i) {
    const Term::Part& part = term.parts[i];
    const Interval& range = syms[part.sym].range;
    const int64_t a = scaled(part.factor, range.lo);
    const int64_t b = scaled(part.factor, range.hi);
    lo = clamp_value(lo + std::min(a, b));
    hi = clamp_value(hi + std::max(a, b));
  }
  return {lo, hi};
}

Interval State::range(const Term& term) const {
  auto [lo, hi] = plain_range(term);
  if (term.count >= 2) {
    for (const Term& fact : not_negative) {
      // fact = P + c >= 0 bounds every term over the same P, or over -P.
      Term rest;
      if (combine(term, fact, -1, rest) && rest.is_constant()) lo = std::max(lo, rest.constant);
      if (combine(term, fact, 1, rest) && rest.is_constant()) hi = std::min(hi, rest.constant);
    }
  }
  return {lo, hi};
}

Term State::add(const Term& a, const Term& b, int64_t factor) {
  Term sum;
  if (combine(a, b, factor, sum)) return sum;
  const Interval x = range(a);
  const Interval y = range(b);
  const int64_t p = scaled(factor, y.lo);
  const int64_t q = scaled(factor, y.hi);
  return fresh_term(clamp_value(x.lo + std::min(p, q)), clamp_value(x.hi + std::max(p, q)));
}

// Is the term certainly 0 (true), certainly not (false), or may it be either?
std::optional<bool> State::is_zero(const Term& term) const {
  if (term.count == 0) return term.constant == 0;
  if (!range(term).contains(0)) return false;
  // The tracked handle equals nothing but itself; a key's event differs from every other event.
  if (term.count <= 2 && (term.tracked() != 0 || term.mentions(kKeyEvent))) {
    for (uint8_t i = 0; i < term.count; ++i) {
      const Term::Part& part = term.parts[i];
      const bool unit = part.factor == 1 || part.factor == -1;
      if ((part.sym == kObject || part.sym == kFade) && unit) return false;
      if (part.sym == kKeyEvent && unit && (term.count == 1 || syms[term.parts[1 - i].sym].kind == SymKind::event))
        return false;
    }
  }
  if (contradicted(term)) return false;
  // Enumerate symbols of small range: 128 * (row - row') + (note - note') is 0 only when both are.
  if (term.count >= 2) {
    std::vector<std::pair<Sym, int64_t>> fixed;
    if (!may_vanish(term, fixed)) return false;
  }
  return std::nullopt;
}

// Can the term be 0 with some symbols fixed, the multiplied ones of small range tried one value after the other?
bool State::may_vanish(const Term& term, std::vector<std::pair<Sym, int64_t>>& fixed) const {
  if (term.count == 0) return term.constant == 0;
  if (!range(term).contains(0) || contradicted(term)) return false;
  for (uint8_t i = 0; i < term.count; ++i) {
    const Interval& small = syms[term.parts[i].sym].range;
    if (std::abs(term.parts[i].factor) == 1 || small.hi - small.lo > kMaxEnumeration) continue;
    Term rest = term;
    for (uint8_t k = i; k + 1 < rest.count; ++k) rest.parts[k] = rest.parts[k + 1];
    --rest.count;
    for (int64_t value = small.lo; value <= small.hi; ++value) {
      fixed.emplace_back(term.parts[i].sym, value);
      rest.constant = clamp_value(term.constant + term.parts[i].factor * value);
      const bool possible = allowed(fixed) && may_vanish(rest, fixed);
      fixed.pop_back();
      if (possible) return true;
    }
    return false;
  }
  return true;
}

// A known disequality says that the term is not 0.
bool State::contradicted(const Term& term) const {
  int64_t divisor = 0;
  for (uint8_t i = 0; i < term.count; ++i) divisor = std::gcd(divisor, std::abs(term.parts[i].factor));
  if (divisor > 1 && term.constant % divisor != 0) return true;
  Term reduced = term;  // 3 * a - 3 * b is 0 exactly when a - b is
  reduced.constant /= divisor;
  for (uint8_t i = 0; i < reduced.count; ++i)
    reduced.parts[i].factor = static_cast<int32_t>(reduced.parts[i].factor / divisor);
  Term negated = Term::of(0);
  combine(negated, reduced, -1, negated);
  return std::ranges::any_of(not_zero, [&](const Term& other) { return other == reduced || other == negated; }) ||
         different_slots(reduced);
}

// `id mod N` of two different events, with N at least the size of the event queue: different slots.
bool State::different_slots(const Term& term) const {
  constexpr int64_t kEventQueue = 8192;
  if (term.count != 2 || term.constant != 0 || term.parts[0].factor != -term.parts[1].factor) return false;
  const auto fact_of = [&](Sym sym) {
    return std::ranges::find_if(facts, [&](const Fact& fact) {
      return fact.result == sym && fact.op == Op::mod && fact.b.is_constant() && fact.b.constant >= kEventQueue;
    });
  };
  const auto a = fact_of(term.parts[0].sym);
  const auto b = fact_of(term.parts[1].sym);
  if (a == facts.end() || b == facts.end() || !(a->b == b->b)) return false;
  return equal(a->a, b->a) == std::optional<bool>(false);
}

// The values tried so far break no disequality between the symbols tried.
bool State::allowed(const std::vector<std::pair<Sym, int64_t>>& fixed) const {
  for (const Term& fact : not_zero) {
    int64_t sum = fact.constant;
    bool whole = true;
    for (uint8_t i = 0; i < fact.count && whole; ++i) {
      const auto at = std::ranges::find(fixed, fact.parts[i].sym, &std::pair<Sym, int64_t>::first);
      whole = at != fixed.end();
      if (whole) sum += fact.parts[i].factor * at->second;
    }
    if (whole && sum == 0) return false;
  }
  return true;
}

std::optional<bool> State::equal(const Term& a, const Term& b) const {
  if (a == b) return true;
  if (a.is_symbol(kObject) || b.is_symbol(kObject) || a.is_symbol(kFade) || b.is_symbol(kFade)) return false;
  Term difference;
  if (!combine(a, b, -1, difference)) {
    const Interval x = range(a);
    const Interval y = range(b);
    if (x.hi < y.lo || y.hi < x.lo) return false;
    return std::nullopt;
  }
  return is_zero(difference);
}

bool State::assume_at_most(const Term& term, int64_t bound) {
  const Interval whole = range(term);
  if (whole.lo > bound) return false;
  if (whole.hi <= bound) return true;
  if (term.count >= 2 && not_negative.size() < kMaxNotNegative) {
    Term fact = Term::of(bound);
    if (combine(fact, term, -1, fact)) not_negative.push_back(fact);
  }
  const int64_t lowest = plain_range(term).lo;
  for (uint8_t i = 0; i < term.count; ++i) {
    // factor * sym <= bound - (rest of the term at its least)
    const Term::Part& part = term.parts[i];
    Interval& range_of = syms[part.sym].range;
    const int64_t least = std::min(scaled(part.factor, range_of.lo), scaled(part.factor, range_of.hi));
    if (least <= -kInfinity || lowest <= -kInfinity) continue;
    const int64_t room = bound - (lowest - least);
    if (part.factor > 0) {
      range_of.hi = std::min(range_of.hi, floor_div(room, part.factor));
    } else {
      range_of.lo = std::max(range_of.lo, ceil_div(room, part.factor));
    }
    if (range_of.empty()) return false;
  }
  return std::ranges::all_of(not_negative, [&](const Term& fact) { return plain_range(fact).hi >= 0; });
}

bool State::assume_at_least(const Term& term, int64_t bound) {
  Term negated = Term::of(0);
  combine(negated, term, -1, negated);
  return assume_at_most(negated, -bound);
}

bool State::assume_not_zero(const Term& term) {
  const std::optional<bool> zero = is_zero(term);
  if (zero) return !*zero;
  if (term.count == 1 && std::abs(term.parts[0].factor) == 1) {
    Interval& only = syms[term.parts[0].sym].range;
    const int64_t value = -term.constant * term.parts[0].factor;
    if (only.lo == value) ++only.lo;
    if (only.hi == value) --only.hi;
    if (only.empty()) return false;
    if (!only.contains(value)) return true;
  }
  int64_t divisor = 0;
  for (uint8_t i = 0; i < term.count; ++i) divisor = std::gcd(divisor, std::abs(term.parts[i].factor));
  Term reduced = term;
  reduced.constant /= divisor;  // divides it, or the term could not be 0
  for (uint8_t i = 0; i < reduced.count; ++i)
    reduced.parts[i].factor = static_cast<int32_t>(reduced.parts[i].factor / divisor);
  if (not_zero.size() < kMaxNotZero) not_zero.push_back(reduced);
  return true;
}

bool State::assume_zero(const Term& term) {
  const std::optional<bool> zero = is_zero(term);
  if (zero) return *zero;
  if (!assume_at_most(term, 0) || !assume_at_least(term, 0)) return false;
  // Solve for a symbol with factor +-1, the youngest first: the older ones name the tracked key.
  for (int i = term.count - 1; i >= 0; --i) {
    const Term::Part part = term.parts[static_cast<size_t>(i)];
    if (std::abs(part.factor) != 1 || part.sym < kFirstFree) continue;
    Term rest = term;
    for (auto k = static_cast<size_t>(i); k + 1 < rest.count; ++k) rest.parts[k] = rest.parts[k + 1];
    --rest.count;
    Term solution = Term::of(0);
    combine(solution, rest, -part.factor, solution);
    const Interval allowed = syms[part.sym].range;
    substitute(part.sym, solution);
    if (!assume_at_most(solution, allowed.hi) || !assume_at_least(solution, allowed.lo)) return false;
    break;
  }
  for (const Term& other : not_zero) {
    if (other.count == 0 && other.constant == 0) return false;
  }
  return true;
}

void State::substitute(Sym sym, const Term& by) {
  visit([&](Term& term) {
    for (uint8_t i = 0; i < term.count; ++i) {
      if (term.parts[i].sym != sym) continue;
      const int64_t factor = term.parts[i].factor;
      Term rest = term;
      for (uint8_t k = i; k + 1 < rest.count; ++k) rest.parts[k] = rest.parts[k + 1];
      --rest.count;
      term = add(rest, by, factor);
      break;
    }
  });
}

bool State::holds_object() const {
  const auto is = [](const Term& term) { return term.mentions(kObject); };
  for (const Term& term : globals) {
    if (is(term)) return true;
  }
  for (const ArrayState& array : arrays) {
    for (const Cell& cell : array.cells) {
      if (is(cell.value)) return true;
    }
  }
  for (const Task& task : tasks) {
    if (is(task.at.sent)) return true;
    for (const Term& term : task.at.frame) {
      if (is(term)) return true;
    }
  }
  return false;
}

}  // namespace fermata::ownership
