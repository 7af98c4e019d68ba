// Inclusion: does one state describe all that another one stands for?
#include <algorithm>
#include <optional>

#include "ownership/lattice.h"
#include "ownership/lattice_support.h"

namespace fermata::ownership {

namespace {

// The flags of the past only name a violation: a state that differs in them alone has no future of its own.
// Finds the substitution of `b`'s symbols by `a`'s terms under which `b` describes `a`.
class Matcher {
 public:
  Matcher(const State& a, const State& b)
      : a_(a), b_(b), map_(b.syms.size()), known_(b.syms.size(), false), opaque_(b.syms.size(), false) {
    bind(kObject, Term::symbol(kObject));
    bind(kKeyEvent, Term::symbol(kKeyEvent));
    bind(kFade, Term::symbol(kFade));
  }

  bool match(const Term& ta, const Term& tb) {
    Term sum = Term::of(tb.constant);
    const Term::Part* open = nullptr;
    for (uint8_t i = 0; i < tb.count; ++i) {
      const Term::Part& part = tb.parts[i];
      if (opaque_[part.sym]) return false;
      if (known_[part.sym]) {
        if (!combine(sum, map_[part.sym], part.factor, sum)) return false;
      } else if (open == nullptr) {
        open = &part;
      } else {
        return false;
      }
    }
    if (open == nullptr) return sum == ta;
    Term difference;
    if (!combine(ta, sum, -1, difference)) return false;
    if (!divide(difference, open->factor)) return false;
    return bind(open->sym, difference);
  }

  size_t unknowns(const Term& tb) const {
    size_t count = 0;
    for (uint8_t i = 0; i < tb.count; ++i) count += known_[tb.parts[i].sym] ? 0 : 1;
    return count;
  }

  // The value is anything in `range`: only a symbol that nothing else refers to describes that.
  bool match_any(const Interval& range, const Term& tb) {
    if (tb.is_constant()) return range.lo == range.hi && range.lo == tb.constant;
    const bool lone = tb.count == 1 && tb.constant == 0 && tb.parts[0].factor == 1;
    const Sym sym = tb.parts[0].sym;
    if (!lone || known_[sym] || sym < kFirstFree) return false;
    const SymInfo& info = b_.syms[sym];
    if (info.kind == SymKind::event || range.lo < info.range.lo || range.hi > info.range.hi) return false;
    known_[sym] = opaque_[sym] = true;
    return true;
  }

  // What a term of `b` is called in `a`, if that is known.
  bool map(const Term& term, Term& out) const {
    Term mapped = Term::of(term.constant);
    for (uint8_t i = 0; i < term.count; ++i) {
      const Sym sym = term.parts[i].sym;
      if (!known_[sym] || opaque_[sym]) return false;
      if (!combine(mapped, map_[sym], term.parts[i].factor, mapped)) return false;
    }
    out = mapped;
    return true;
  }

  bool facts_hold() const {
    Term mapped;
    for (const Term& term : b_.not_zero) {
      if (!map(term, mapped) || a_.is_zero(mapped) != std::optional<bool>(false)) return false;
    }
    for (const Term& term : b_.not_negative) {
      if (!map(term, mapped) || a_.range(mapped).lo < 0) return false;
    }
    return true;
  }

 private:
  static bool divide(Term& term, int64_t by) {
    if (term.constant % by != 0) return false;
    term.constant /= by;
    for (uint8_t i = 0; i < term.count; ++i) {
      if (term.parts[i].factor % by != 0) return false;
      term.parts[i].factor = static_cast<int32_t>(term.parts[i].factor / by);
    }
    return true;
  }

  bool bind(Sym sym, const Term& to) {
    const SymInfo& info = b_.syms[sym];
    const Interval range = a_.range(to);
    if (range.lo < info.range.lo || range.hi > info.range.hi) return false;
    if (info.kind == SymKind::event && !(to.count == 1 && a_.syms[to.parts[0].sym].kind == SymKind::event) &&
        sym >= kFirstFree) {
      return false;
    }
    map_[sym] = to;
    known_[sym] = true;
    return true;
  }

  const State& a_;
  const State& b_;
  std::vector<Term> map_;
  std::vector<bool> known_;
  std::vector<bool> opaque_;  // known to be in range, but not by name
};

// All that is not a cell. A sum of symbols can be matched once all but one of them are known from elsewhere.
bool match_outside_arrays(Matcher& matcher, const State& a, const State& b) {
  const std::vector<const Term*> ta = terms_outside_arrays(a);
  const std::vector<const Term*> tb = terms_outside_arrays(b);
  if (ta.size() != tb.size()) return false;
  std::vector<size_t> open(ta.size());
  for (size_t i = 0; i < open.size(); ++i) open[i] = i;
  while (!open.empty()) {
    std::vector<size_t> later;
    for (const size_t i : open) {
      if (matcher.unknowns(*tb[i]) > 1)
        later.push_back(i);
      else if (!matcher.match(*ta[i], *tb[i]))
        return false;
    }
    if (later.size() == open.size()) return false;
    open = std::move(later);
  }
  return true;
}

// The cells that `b` keeps apart, by their index; what `a` has folded is its summary.
class Cells {
 public:
  Cells(Matcher& matcher, const State& a, const State& b, size_t array)
      : matcher_(matcher), a_(a), x_(a.arrays[array]), y_(b.arrays[array]), used_(x_.cells.size(), false) {}

  bool match() {
    std::vector<const Cell*> unnamed;
    for (const Cell& wanted : y_.cells) {
      Term index;
      if (!matcher_.map(wanted.index, index))
        unnamed.push_back(&wanted);
      else if (!match_at(index, wanted))
        return false;
    }
    return std::ranges::all_of(unnamed, [&](const Cell* wanted) { return match_like(*wanted); }) && rest_fits();
  }

 private:
  bool match_at(const Term& index, const Cell& wanted) {
    for (size_t i = 0; i < x_.cells.size(); ++i) {
      if (used_[i] || !(x_.cells[i].index == index)) continue;
      used_[i] = true;
      return matcher_.match(x_.cells[i].value, wanted.value);
    }
    if (wanted.value.tracked() != 0) return false;
    const std::optional<Interval> range = content(a_, x_, index);
    return range && matcher_.match_any(*range, wanted.value);
  }

  // An index that nothing else names: the first cell whose index and value have its form.
  bool match_like(const Cell& wanted) {
    for (size_t i = 0; i < x_.cells.size(); ++i) {
      if (used_[i] || x_.cells[i].value.tracked() != wanted.value.tracked()) continue;
      if (matcher_.unknowns(wanted.index) > 1 || !matcher_.match(x_.cells[i].index, wanted.index)) continue;
      used_[i] = true;
      return matcher_.match(x_.cells[i].value, wanted.value);
    }
    return false;
  }

  bool rest_fits() const {
    if (x_.rest.lo < y_.rest.lo || x_.rest.hi > y_.rest.hi) return false;
    for (size_t i = 0; i < x_.cells.size(); ++i) {
      if (used_[i]) continue;
      const Interval value = a_.range(x_.cells[i].value);
      if (x_.cells[i].value.tracked() != 0 || value.lo < y_.rest.lo || value.hi > y_.rest.hi) return false;
    }
    return true;
  }

  Matcher& matcher_;
  const State& a_;
  const ArrayState& x_;
  const ArrayState& y_;
  std::vector<bool> used_;
};

}  // namespace

namespace {

// Constants that differ: most pairs of states are told apart by one.
bool differ_plainly(const State& a, const State& b) {
  const auto differ = [](const std::vector<Term>& x, const std::vector<Term>& y) {
    if (x.size() != y.size()) return true;
    for (size_t i = 0; i < x.size(); ++i) {
      if (y[i].count == 0 && !(x[i] == y[i])) return true;
    }
    return false;
  };
  if (differ(a.globals, b.globals) || differ(a.held, b.held)) return true;
  if (a.tasks.size() != b.tasks.size() || a.running.size() != b.running.size()) return true;
  for (size_t i = 0; i < a.running.size(); ++i) {
    if (differ(a.running[i].frame, b.running[i].frame)) return true;
  }
  return false;
}

}  // namespace

bool included(const State& a, const State& b) {
  if (a.arrays.size() != b.arrays.size() || differ_plainly(a, b)) return false;
  if (identical(a, b)) return true;
  if (a.facts.size() != b.facts.size() && !b.facts.empty()) return false;
  Matcher matcher(a, b);
  if (!match_outside_arrays(matcher, a, b)) return false;
  for (size_t i = 0; i < a.arrays.size(); ++i) {
    if (!Cells(matcher, a, b, i).match()) return false;
  }
  for (size_t i = 0; i < b.facts.size(); ++i) {
    if (a.facts[i].op != b.facts[i].op) return false;
    if (!matcher.match(a.facts[i].a, b.facts[i].a) || !matcher.match(a.facts[i].b, b.facts[i].b)) return false;
    if (!matcher.match(Term::symbol(a.facts[i].result), Term::symbol(b.facts[i].result))) return false;
  }
  return matcher.facts_hold();
}

}  // namespace fermata::ownership
