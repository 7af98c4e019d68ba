// Upper bounds and widening.
#include <algorithm>
#include <optional>

#include "ownership/lattice.h"
#include "ownership/lattice_support.h"

namespace fermata::ownership {

namespace {

int64_t widened_low(int64_t old, int64_t now, const Thresholds& thresholds) {
  if (now >= old) return old;
  const auto above = std::ranges::upper_bound(thresholds, now);
  return above == thresholds.begin() ? -kInfinity : *std::prev(above);
}

int64_t widened_high(int64_t old, int64_t now, const Thresholds& thresholds) {
  if (now <= old) return old;
  const auto at = std::ranges::lower_bound(thresholds, now);
  return at == thresholds.end() ? kInfinity : *at;
}

}  // namespace

Interval widened(const Interval& old, const Interval& now, const Thresholds& thresholds) {
  return {widened_low(old.lo, now.lo, thresholds), widened_high(old.hi, now.hi, thresholds)};
}

namespace {

// Builds the upper bound of two states term by term. Pairs of terms that keep their distance in both states keep it
// in the result: that is how "the counter is the number of held keys" survives.
class Joiner {
 public:
  Joiner(const State& a, const State& b, const Thresholds* widen) : a_(a), b_(b), widen_(widen) {
    out_.syms = {{hull(a.syms[kObject].range, b.syms[kObject].range), SymKind::event},
                 {hull(a.syms[kKeyEvent].range, b.syms[kKeyEvent].range), SymKind::event},
                 {hull(a.syms[kFade].range, b.syms[kFade].range), SymKind::event}};
  }

  Interval hull(const Interval& x, const Interval& y) const {
    if (widen_ == nullptr) return {std::min(x.lo, y.lo), std::max(x.hi, y.hi)};
    return widened(x, y, *widen_);
  }

  Term term(const Term& x, const Term& y) {
    if (x.is_constant() && x == y) return x;
    const bool compound = x.count > 1 || (x.count == 1 && x.parts[0].factor != 1);
    if (x.count == y.count && compound && x.constant == y.constant) {
      bool aligned = true;
      for (uint8_t i = 0; i < x.count; ++i) aligned = aligned && x.parts[i].factor == y.parts[i].factor;
      if (aligned) {
        Term sum = Term::of(x.constant);
        bool whole = true;
        for (uint8_t i = 0; i < x.count && whole; ++i) {
          const Term part = single(Term::symbol(x.parts[i].sym), Term::symbol(y.parts[i].sym));
          whole = combine(sum, part, x.parts[i].factor, sum);
        }
        if (whole) return sum;
      }
    }
    return single(x, y);
  }

  // Only with what is known already; false when the pair has no name yet.
  bool known(const Term& x, const Term& y, Term& out) const {
    if (x.count != y.count || x.constant != y.constant) return false;
    Term sum = Term::of(x.constant);
    for (uint8_t i = 0; i < x.count; ++i) {
      if (x.parts[i].factor != y.parts[i].factor) return false;
      Term part;
      if (!find(Term::symbol(x.parts[i].sym), Term::symbol(y.parts[i].sym), part)) return false;
      if (!combine(sum, part, x.parts[i].factor, sum)) return false;
    }
    out = sum;
    return true;
  }

  // What a term of one side is called on the other, if a pair of names says so.
  bool translate(const Term& term, bool left, Term& out) const {
    Term sum = Term::of(term.constant);
    for (uint8_t i = 0; i < term.count; ++i) {
      const Term::Part& part = term.parts[i];
      Term other = Term::symbol(part.sym);
      if (part.sym >= kFirstFree && !translate_symbol(part.sym, left, other)) return false;
      if (!combine(sum, other, part.factor, sum)) return false;
    }
    out = sum;
    return true;
  }

  State out_;

 private:
  bool translate_symbol(Sym sym, bool left, Term& out) const {
    for (const Pair& pair : pairs_) {
      const Term& from = left ? pair.x : pair.y;
      if (from.count != 1 || from.parts[0].sym != sym || from.parts[0].factor != 1) continue;
      out = left ? pair.y : pair.x;
      out.constant -= from.constant;
      return true;
    }
    return false;
  }

  struct Pair {
    Term x, y;
    Sym name;
  };

  bool find(const Term& x, const Term& y, Term& out) const {
    for (const Sym fixed : {kObject, kKeyEvent, kFade}) {
      if (x.is_symbol(fixed) && y.is_symbol(fixed)) {
        out = Term::symbol(fixed);
        return true;
      }
    }
    for (const Pair& pair : pairs_) {
      Term dx;
      Term dy;
      if (!combine(x, pair.x, -1, dx) || !combine(y, pair.y, -1, dy)) continue;
      if (!dx.is_constant() || dx != dy) continue;
      out = Term::symbol(pair.name);
      out.constant = dx.constant;
      return true;
    }
    return false;
  }

  Term single(const Term& x, const Term& y) {
    if (x.is_constant() && x == y) return x;
    Term out;
    if (find(x, y, out)) return out;
    SymInfo info;
    info.range = hull(a_.range(x), b_.range(y));
    const bool events = x.count == 1 && y.count == 1 && x.constant == 0 && y.constant == 0 &&
                        a_.syms[x.parts[0].sym].kind == SymKind::event &&
                        b_.syms[y.parts[0].sym].kind == SymKind::event && x.parts[0].sym >= kFirstFree &&
                        y.parts[0].sym >= kFirstFree;
    if (events) info.kind = SymKind::event;
    out_.syms.push_back(info);
    const Sym name = static_cast<Sym>(out_.syms.size() - 1);
    pairs_.push_back({x, y, name});
    return Term::symbol(name);
  }

  const State& a_;
  const State& b_;
  const Thresholds* widen_;
  std::vector<Pair> pairs_;
};

// The cells of one array on both sides, paired by what their indices are called on the other side. What only one side
// keeps apart stays apart where the other side can say what it holds there, and else goes into the summary.
class CellJoiner {
 public:
  CellJoiner(Joiner& joiner, State& a, State& b, size_t array)
      : joiner_(joiner), a_(a), b_(b), x_(a.arrays[array]), y_(b.arrays[array]), used_(y_.cells.size(), false) {}

  std::vector<Cell> run() {
    for (const Cell& cell : x_.cells) {
      if (const size_t k = partner(cell); k < y_.cells.size()) {
        used_[k] = true;
        pairs_.emplace_back(cell, y_.cells[k]);
      } else {
        alone(cell, true);
      }
    }
    for (size_t k = 0; k < y_.cells.size(); ++k) {
      if (!used_[k]) alone(y_.cells[k], false);
    }
    std::vector<Cell> cells;
    for (const auto& [x, y] : pairs_) {
      const Term index = joiner_.term(x.index, y.index);
      cells.push_back({index, joiner_.term(x.value, y.value)});
    }
    return cells;
  }

 private:
  size_t partner(const Cell& cell) const {
    Term index;
    const bool named = joiner_.translate(cell.index, true, index);
    const int held = cell.value.tracked();
    size_t like = y_.cells.size();
    // The key's own cell stays its own, also where one side knows the key's number.
    for (size_t k = 0; k < y_.cells.size() && cell.index == a_.key.note; ++k) {
      if (!used_[k] && y_.cells[k].index == b_.key.note && held == y_.cells[k].value.tracked()) return k;
    }
    for (size_t k = 0; k < y_.cells.size(); ++k) {
      const Cell& other = y_.cells[k];
      if (used_[k] || held != other.value.tracked()) continue;
      if (named && other.index == index) return k;
      if (like == y_.cells.size() && (held != 0 || (!named && other.index == cell.index))) like = k;
    }
    return like;
  }

  // Named by a constant or by the key's number: no new names come with every turn of a loop.
  bool lasts(const Term& index, bool left) const {
    Term difference;
    return index.is_constant() ||
           (combine(index, (left ? a_ : b_).key.note, -1, difference) && difference.is_constant());
  }

  void alone(const Cell& cell, bool left) {
    State& there = left ? b_ : a_;
    const ArrayState& array = left ? y_ : x_;
    Term index;
    std::optional<Interval> range;
    if (cell.value.tracked() == 0 && lasts(cell.index, left) && joiner_.translate(cell.index, left, index))
      range = content(there, array, index);
    if (range) {
      const Cell other{index, there.fresh_term(range->lo, range->hi)};
      pairs_.emplace_back(left ? cell : other, left ? other : cell);
      return;
    }
    const State& here = left ? a_ : b_;
    Interval& rest = left ? x_.rest : y_.rest;
    const Interval value = here.range(cell.value);
    rest.lo = std::min(rest.lo, value.lo);
    rest.hi = std::max(rest.hi, value.hi);
  }

  Joiner& joiner_;
  State& a_;
  State& b_;
  ArrayState& x_;
  ArrayState& y_;
  std::vector<bool> used_;
  std::vector<std::pair<Cell, Cell>> pairs_;
};

}  // namespace

size_t distance(const State& a, const State& b) {
  const std::vector<const Term*> ta = terms_of(a);
  const std::vector<const Term*> tb = terms_of(b);
  const auto is_count = [&](const Term* term) {
    return std::ranges::any_of(a.held, [&](const Term& one) { return &one == term; });
  };
  size_t cost = ta.size() > tb.size() ? ta.size() - tb.size() : tb.size() - ta.size();
  for (size_t i = 0; i < ta.size() && i < tb.size(); ++i) {
    const Interval x = a.range(*ta[i]);
    const Interval y = b.range(*tb[i]);
    if (x == y) continue;
    ++cost;
    // Two sides of a test: what lies between them would be lost. Counters that run on are meant to be joined.
    const bool tested = !(is_count(ta[i]) || x.lo == x.hi || y.lo == y.hi);
    if (tested && (x.hi < y.lo || y.hi < x.lo)) cost += 8;
  }
  return cost;
}

State join(const State& left, const State& right, const Thresholds* widen) {
  State a = left;
  State b = right;
  const std::vector<Fact> fa = std::move(a.facts);
  const std::vector<Fact> fb = std::move(b.facts);
  a.facts.clear();
  b.facts.clear();
  const std::vector<Term> na = std::move(a.not_zero);
  const std::vector<Term> nb = std::move(b.not_zero);
  const std::vector<Term> ga = std::move(a.not_negative);
  const std::vector<Term> gb = std::move(b.not_negative);
  a.not_zero.clear();
  b.not_zero.clear();
  a.not_negative.clear();
  b.not_negative.clear();
  Joiner joiner(a, b, widen);
  State out = a;
  std::vector<Term*> to;
  out.visit_outside_arrays([&](Term& term) { to.push_back(&term); });
  const std::vector<const Term*> ta = terms_outside_arrays(a);
  const std::vector<const Term*> tb = terms_outside_arrays(b);
  for (size_t i = 0; i < to.size(); ++i) *to[i] = joiner.term(*ta[i], *tb[i]);
  for (size_t i = 0; i < out.arrays.size(); ++i) {
    out.arrays[i].cells = CellJoiner(joiner, a, b, i).run();
    out.arrays[i].rest = joiner.hull(a.arrays[i].rest, b.arrays[i].rest);
  }
  out.not_zero.clear();
  for (const Term& x : na) {
    for (const Term& y : nb) {
      Term term;
      if (joiner.known(x, y, term)) out.not_zero.push_back(term);
    }
  }
  for (const Term& x : ga) {
    for (const Term& y : gb) {
      Term term;
      if (joiner.known(x, y, term)) out.not_negative.push_back(term);
    }
  }
  for (const Fact& x : fa) {
    for (const Fact& y : fb) {
      Fact fact = x;
      Term result;
      if (x.op != y.op || !joiner.known(x.a, y.a, fact.a) || !joiner.known(x.b, y.b, fact.b)) continue;
      if (!joiner.known(Term::symbol(x.result), Term::symbol(y.result), result) ||
          !result.is_symbol(result.parts[0].sym))
        continue;
      fact.result = result.parts[0].sym;
      out.facts.push_back(fact);
    }
  }
  out.syms = joiner.out_.syms;
  out.object.flags = a.object.flags | b.object.flags;
  normalise(out);
  return out;
}

}  // namespace fermata::ownership
