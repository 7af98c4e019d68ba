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
  Matcher(const State& a, const State& b) : a_(a), b_(b), map_(b.syms.size()), known_(b.syms.size(), false) {
    bind(kObject, Term::symbol(kObject));
    bind(kKeyEvent, Term::symbol(kKeyEvent));
    bind(kFade, Term::symbol(kFade));
  }

  bool match(const Term& ta, const Term& tb) {
    Term sum = Term::of(tb.constant);
    const Term::Part* open = nullptr;
    for (uint8_t i = 0; i < tb.count; ++i) {
      const Term::Part& part = tb.parts[i];
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
      term.parts[i].factor /= by;
    }
    return true;
  }

  bool map(const Term& term, Term& out) const {
    Term mapped = Term::of(term.constant);
    for (uint8_t i = 0; i < term.count; ++i) {
      if (!known_[term.parts[i].sym]) return false;
      if (!combine(mapped, map_[term.parts[i].sym], term.parts[i].factor, mapped)) return false;
    }
    out = mapped;
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
};

bool same_cells(const State& a, const State& b) {
  for (size_t i = 0; i < a.arrays.size(); ++i) {
    if (a.arrays[i].cells.size() != b.arrays[i].cells.size()) return false;
  }
  return true;
}

// Gives `a` the cells apart that `b` has: what b has folded must fit b's summary, what a has folded is its summary.
bool take_shape(State& a, const State& b) {
  for (size_t i = 0; i < a.arrays.size(); ++i) {
    ArrayState& x = a.arrays[i];
    const ArrayState& y = b.arrays[i];
    std::vector<Cell> cells;
    for (const Cell& wanted : y.cells) {
      const auto same = [&](const Cell& cell) {
        return cell.index == wanted.index && cell.value.tracked() == wanted.value.tracked();
      };
      const auto found = std::ranges::find_if(x.cells, same);
      if (found != x.cells.end()) {
        cells.push_back(*found);
        continue;
      }
      if (!wanted.index.is_constant()) return false;
      const std::optional<Interval> range = content(a, x, wanted.index);
      if (!range) return false;
      cells.push_back({wanted.index, a.fresh_term(range->lo, range->hi)});
    }
    for (const Cell& cell : x.cells) {
      const bool kept = std::ranges::any_of(cells, [&](const Cell& other) { return other.index == cell.index; });
      if (kept) continue;
      const Interval value = a.range(cell.value);
      if (cell.value.tracked() != 0 || value.lo < y.rest.lo || value.hi > y.rest.hi) return false;
    }
    x.cells = std::move(cells);
  }
  return true;
}

}  // namespace

bool included(const State& left, const State& b) {
  if (identical(left, b)) return true;
  if (left.arrays.size() != b.arrays.size()) return false;
  if (left.facts.size() != b.facts.size() && !b.facts.empty()) return false;
  State aligned;
  const bool shaped = same_cells(left, b) && left.facts.size() == b.facts.size();
  if (!shaped) {
    aligned = left;
    if (b.facts.empty()) aligned.facts.clear();
    if (!take_shape(aligned, b)) return false;
  }
  const State& a = shaped ? left : aligned;
  const std::vector<const Term*> ta = terms_of(a);
  const std::vector<const Term*> tb = terms_of(b);
  if (ta.size() != tb.size()) return false;
  Matcher matcher(a, b);
  // A sum of symbols can be matched once all but one of them are known from elsewhere.
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
  for (size_t i = 0; i < b.facts.size(); ++i) {
    if (a.facts[i].op != b.facts[i].op) return false;
    if (!matcher.match(Term::symbol(a.facts[i].result), Term::symbol(b.facts[i].result))) return false;
  }
  for (size_t i = 0; i < a.arrays.size(); ++i) {
    const Interval& x = a.arrays[i].rest;
    const Interval& y = b.arrays[i].rest;
    if (x.lo < y.lo || x.hi > y.hi) return false;
  }
  return matcher.facts_hold();
}

}  // namespace fermata::ownership
