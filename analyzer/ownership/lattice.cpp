#include "ownership/lattice.h"

#include <algorithm>
#include <optional>

namespace fermata::ownership {

namespace {

constexpr size_t kMaxConstantCells = 8;

void mark(const Term& term, std::vector<bool>& seen) {
  for (uint8_t i = 0; i < term.count; ++i) seen[term.parts[i].sym] = true;
}

bool all_marked(const Term& term, const std::vector<bool>& seen) {
  for (uint8_t i = 0; i < term.count; ++i) {
    if (!seen[term.parts[i].sym]) return false;
  }
  return true;
}

// Symbols that later callbacks can speak of: the tracked key's, suspended tasks', and those that name the cell in
// which the tracked handle lies.
std::vector<bool> anchors(const State& state) {
  std::vector<bool> seen(state.syms.size(), false);
  seen[kObject] = seen[kKeyEvent] = true;
  mark(state.key.note, seen);
  mark(state.key.channel, seen);
  mark(state.object.runtime, seen);
  mark(state.object.pitch, seen);
  mark(state.object.channel, seen);
  const auto activation = [&](const Activation& at) {
    mark(at.event, seen);
    mark(at.note, seen);
    mark(at.channel, seen);
    mark(at.sent, seen);
    for (const Term& term : at.frame) mark(term, seen);
  };
  for (const Task& task : state.tasks) activation(task.at);
  for (const Activation& at : state.running) activation(at);
  for (const Term& term : state.globals) mark(term, seen);
  for (const ArrayState& array : state.arrays) {
    for (const Cell& cell : array.cells) {
      if (cell.value.mentions(kObject)) mark(cell.index, seen);
    }
  }
  return seen;
}

// How often each symbol is used, apart from facts about it.
std::vector<uint32_t> uses(const State& state) {
  std::vector<uint32_t> count(state.syms.size(), 0);
  const_cast<State&>(state).visit([&](const Term& term) {
    for (uint8_t i = 0; i < term.count; ++i) ++count[term.parts[i].sym];
  });
  return count;
}

void fold_cells(State& state) {
  const std::vector<bool> seen = anchors(state);
  const std::vector<uint32_t> used = uses(state);
  // Constant indices that the tracked key or object has.
  std::vector<Term> own{state.key.note, state.key.channel};
  for (const ArrayState& array : state.arrays) {
    for (const Cell& cell : array.cells) {
      if (cell.value.mentions(kObject)) own.push_back(cell.index);
    }
  }
  const auto is_own = [&](const Term& index) { return std::ranges::find(own, index) != own.end(); };
  for (ArrayState& array : state.arrays) {
    // A cell that a scan over the array has read, that says no more than the summary and that nothing else refers to.
    std::erase_if(array.cells, [&](const Cell& cell) {
      if (!cell.index.is_constant() || is_own(cell.index)) return false;
      const bool lone = cell.value.count == 1 && cell.value.constant == 0 && cell.value.parts[0].factor == 1 &&
                        cell.value.parts[0].sym >= kFirstFree && used[cell.value.parts[0].sym] == 1;
      return lone && state.range(cell.value) == array.rest;
    });
    size_t constants = 0;
    std::vector<Cell> kept;
    for (const Cell& cell : array.cells) {
      // An equality that was assumed since can have made two cells one.
      const auto twin = std::ranges::find(kept, cell.index, &Cell::index);
      if (twin != kept.end()) {
        if (cell.value.mentions(kObject)) twin->value = cell.value;
        continue;
      }
      bool keep = cell.value.mentions(kObject);
      if (!keep) keep = cell.index.is_constant() ? is_own(cell.index) || ++constants <= kMaxConstantCells : all_marked(cell.index, seen);
      if (keep) {
        kept.push_back(cell);
        continue;
      }
      const Interval value = state.range(cell.value);
      array.rest.lo = std::min(array.rest.lo, value.lo);
      array.rest.hi = std::max(array.rest.hi, value.hi);
    }
    array.cells = std::move(kept);
  }
}

void drop_unused_facts(State& state) {
  std::vector<Fact> facts;
  std::vector<Term> not_zero;
  std::vector<Term> not_negative;
  facts.swap(state.facts);
  not_zero.swap(state.not_zero);
  not_negative.swap(state.not_negative);
  std::vector<bool> seen(state.syms.size(), false);
  seen[kObject] = seen[kKeyEvent] = true;
  state.visit([&](Term& term) { mark(term, seen); });
  for (Fact& fact : facts) {
    if (seen[fact.result] && all_marked(fact.a, seen) && all_marked(fact.b, seen)) state.facts.push_back(fact);
  }
  for (Term& term : not_zero) {
    if (term.count > 0 && all_marked(term, seen) && state.range(term).contains(0)) state.not_zero.push_back(term);
  }
  for (Term& term : not_negative) {
    if (term.count >= 2 && all_marked(term, seen) && state.range(term).lo < 0) state.not_negative.push_back(term);
  }
}

struct TermOrder {
  bool operator()(const Term& a, const Term& b) const {
    if (a.count != b.count) return a.count < b.count;
    for (uint8_t i = 0; i < a.count; ++i) {
      if (a.parts[i].sym != b.parts[i].sym) return a.parts[i].sym < b.parts[i].sym;
      if (a.parts[i].factor != b.parts[i].factor) return a.parts[i].factor < b.parts[i].factor;
    }
    return a.constant < b.constant;
  }
};

void sort_parts(Term& term) {
  std::sort(term.parts.begin(), term.parts.begin() + term.count,
            [](const Term::Part& a, const Term::Part& b) { return a.sym < b.sym; });
}

void renumber(State& state) {
  std::vector<Sym> names(state.syms.size(), kNone);
  std::vector<SymInfo> kept{state.syms[kObject], state.syms[kKeyEvent]};
  names[kObject] = kObject;
  names[kKeyEvent] = kKeyEvent;
  // not_zero has no order of its own: it takes its names from the rest.
  std::vector<Term> not_zero;
  std::vector<Term> not_negative;
  not_zero.swap(state.not_zero);
  not_negative.swap(state.not_negative);
  const auto give_names = [&](const Term& term) {
    for (uint8_t i = 0; i < term.count; ++i) {
      Sym& name = names[term.parts[i].sym];
      if (name != kNone) continue;
      name = static_cast<Sym>(kept.size());
      kept.push_back(state.syms[term.parts[i].sym]);
    }
  };
  const auto rename = [&](Term& term) {
    give_names(term);
    for (uint8_t i = 0; i < term.count; ++i) term.parts[i].sym = names[term.parts[i].sym];
    sort_parts(term);
  };
  // What names the tracked object comes first, so that states that agree on it agree on its symbols.
  for (const Term* term : {&state.key.note, &state.key.channel, &state.key.velocity, &state.object.pitch, &state.object.channel}) give_names(*term);
  for (const ArrayState& array : state.arrays) {
    for (const Cell& cell : array.cells) {
      if (cell.value.mentions(kObject)) give_names(cell.index);
    }
  }
  // Then everything that can name a cell; the cells are put into the order of those names.
  for (const Term& term : state.held) give_names(term);
  for (const Term& term : state.globals) give_names(term);
  const auto activation = [&](const Activation& at) {
    for (const Term* term : {&at.event, &at.note, &at.channel, &at.velocity, &at.sent}) give_names(*term);
    for (const Term& term : at.frame) give_names(term);
  };
  for (const Task& task : state.tasks) activation(task.at);
  for (const Activation& at : state.running) activation(at);
  const auto renamed = [&](Term term) {
    for (uint8_t i = 0; i < term.count; ++i) term.parts[i].sym = names[term.parts[i].sym];
    sort_parts(term);
    return term;
  };
  for (ArrayState& array : state.arrays) {
    std::ranges::stable_sort(array.cells, [&](const Cell& a, const Cell& b) { return TermOrder()(renamed(a.index), renamed(b.index)); });
  }
  state.visit(rename);
  for (Fact& fact : state.facts) {
    Term result = Term::symbol(fact.result);
    rename(result);
    fact.result = result.parts[0].sym;
  }
  for (Term& term : not_zero) {
    rename(term);
    if (term.parts[0].factor < 0) combine(Term::of(0), term, -1, term);
  }
  std::sort(not_zero.begin(), not_zero.end(), TermOrder());
  not_zero.erase(std::unique(not_zero.begin(), not_zero.end()), not_zero.end());
  state.not_zero = std::move(not_zero);
  for (Term& term : not_negative) rename(term);
  std::sort(not_negative.begin(), not_negative.end(), TermOrder());
  not_negative.erase(std::unique(not_negative.begin(), not_negative.end()), not_negative.end());
  state.not_negative = std::move(not_negative);
  state.syms = std::move(kept);
}

// Symbol values that differ from a constant by nothing are constants.
void fold_singletons(State& state) {
  for (Sym sym = kFirstFree; sym < state.syms.size(); ++sym) {
    const SymInfo info = state.syms[sym];
    if (info.range.lo == info.range.hi) state.substitute(sym, Term::of(info.range.lo));
  }
}

}  // namespace

void normalise(State& state) {
  fold_singletons(state);
  fold_cells(state);
  drop_unused_facts(state);
  renumber(state);
}

std::string ownership_key(const State& state) {
  std::string key;
  const auto put = [&](int64_t value) {
    key += std::to_string(value);
    key += ',';
  };
  const auto put_index = [&](const Term& term) {
    if (term.is_constant() && state.key.note.is_constant() && state.key.phase != KeyPhase::before) {
      // The key's number has become known: its cells are still those at the same distance from it.
      put(1);
      put(term.constant - state.key.note.constant);
      put(1);
      return;
    }
    put(term.count);
    put(term.constant);
    for (uint8_t i = 0; i < term.count; ++i) put(term.parts[i].factor);
  };
  const Object& object = state.object;
  for (const int64_t value :
       {static_cast<int64_t>(object.life), static_cast<int64_t>(object.kind), static_cast<int64_t>(object.owner),
        static_cast<int64_t>(object.marks_known), static_cast<int64_t>(object.marks),
        static_cast<int64_t>(object.birth), static_cast<int64_t>(object.blame),
        static_cast<int64_t>(state.key.phase), static_cast<int64_t>(state.key.marks), static_cast<int64_t>(state.key.note_class), static_cast<int64_t>(state.key.ignored),
        static_cast<int64_t>(state.key.swallowed), static_cast<int64_t>(state.key.again),
        static_cast<int64_t>(state.key.passed), static_cast<int64_t>(state.key.message_ignored),
        static_cast<int64_t>(!state.lost.empty())}) {
    put(value);
  }
  put(object.fade.count);
  for (const Task& task : state.tasks) {
    key += 't';
    put(task.at.entry);
    put(task.block);
    put(task.instr);
    put(static_cast<int64_t>(task.at.who));
    put(task.after);
    for (size_t i = 0; i < task.at.frame.size(); ++i) {
      if (task.at.frame[i].mentions(kObject)) put(static_cast<int64_t>(i));
    }
    put(task.at.sent.mentions(kObject));
  }
  for (const Activation& at : state.running) {
    key += 'r';
    put(at.entry);
    put(static_cast<int64_t>(at.who));
    put(at.resumed);
    put(at.controller);
    put(at.sent_valid);
    for (size_t i = 0; i < at.frame.size(); ++i) {
      if (at.frame[i].mentions(kObject)) put(static_cast<int64_t>(i));
    }
    put(at.sent.mentions(kObject));
  }
  for (size_t i = 0; i < state.globals.size(); ++i) {
    if (!state.globals[i].mentions(kObject)) continue;
    key += 'g';
    put(static_cast<int64_t>(i));
  }
  for (size_t i = 0; i < state.arrays.size(); ++i) {
    for (const Cell& cell : state.arrays[i].cells) {
      if (!cell.value.mentions(kObject)) continue;
      key += 'a';
      put(static_cast<int64_t>(i));
      put_index(cell.index);
    }
  }
  return key;
}

namespace {

// The flags of the past only name a violation: a state that differs in them alone has no future of its own.
// Finds the substitution of `b`'s symbols by `a`'s terms under which `b` describes `a`.
class Matcher {
 public:
  Matcher(const State& a, const State& b) : a_(a), b_(b), map_(b.syms.size()), known_(b.syms.size(), false) {
    bind(kObject, Term::symbol(kObject));
    bind(kKeyEvent, Term::symbol(kKeyEvent));
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
    if (info.kind == SymKind::event && !(to.count == 1 && a_.syms[to.parts[0].sym].kind == SymKind::event) && sym >= kFirstFree) {
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

std::vector<const Term*> terms_of(const State& state) {
  std::vector<const Term*> terms;
  const_cast<State&>(state).visit([&](Term& term) { terms.push_back(&term); });
  terms.resize(terms.size() - state.not_zero.size() - state.not_negative.size());
  return terms;
}

bool same_cells(const State& a, const State& b) {
  for (size_t i = 0; i < a.arrays.size(); ++i) {
    if (a.arrays[i].cells.size() != b.arrays[i].cells.size()) return false;
  }
  return true;
}

// What reading the cell under a constant index can give where that cell is not kept apart. Empty: the tracked handle
// may lie there, which no range can say.
std::optional<Interval> content(const State& state, const ArrayState& array, const Term& index) {
  Interval range = array.rest;
  for (const Cell& cell : array.cells) {
    if (state.equal(cell.index, index) == std::optional<bool>(false)) continue;
    if (cell.value.mentions(kObject)) return std::nullopt;
    const Interval value = state.range(cell.value);
    range.lo = std::min(range.lo, value.lo);
    range.hi = std::max(range.hi, value.hi);
  }
  return range;
}

// Gives `a` the cells apart that `b` has: what b has folded must fit b's summary, what a has folded is its summary.
bool take_shape(State& a, const State& b) {
  for (size_t i = 0; i < a.arrays.size(); ++i) {
    ArrayState& x = a.arrays[i];
    const ArrayState& y = b.arrays[i];
    std::vector<Cell> cells;
    for (const Cell& wanted : y.cells) {
      const auto same = [&](const Cell& cell) {
        return cell.index == wanted.index && cell.value.mentions(kObject) == wanted.value.mentions(kObject);
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
      if (cell.value.mentions(kObject) || value.lo < y.rest.lo || value.hi > y.rest.hi) return false;
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
      if (matcher.unknowns(*tb[i]) > 1) later.push_back(i);
      else if (!matcher.match(*ta[i], *tb[i])) return false;
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

// Builds the upper bound of two states term by term. Pairs of terms that keep their distance in both states keep it
// in the result: that is how "the counter is the number of held keys" survives.
class Joiner {
 public:
  Joiner(const State& a, const State& b, const Thresholds* widen) : a_(a), b_(b), widen_(widen) {
    out_.syms = {{hull(a.syms[kObject].range, b.syms[kObject].range), SymKind::event},
                 {hull(a.syms[kKeyEvent].range, b.syms[kKeyEvent].range), SymKind::event}};
  }

  Interval hull(const Interval& x, const Interval& y) const {
    if (widen_ == nullptr) return {std::min(x.lo, y.lo), std::max(x.hi, y.hi)};
    return {widened_low(x.lo, y.lo, *widen_), widened_high(x.hi, y.hi, *widen_)};
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

  State out_;

 private:
  struct Pair {
    Term x, y;
    Sym name;
  };

  bool find(const Term& x, const Term& y, Term& out) const {
    for (const Sym fixed : {kObject, kKeyEvent}) {
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
                        b_.syms[y.parts[0].sym].kind == SymKind::event &&
                        x.parts[0].sym >= kFirstFree && y.parts[0].sym >= kFirstFree;
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

// Cells that only one side keeps apart go into the summary of their array on that side.
void align_cells(State& a, State& b) {
  for (size_t i = 0; i < a.arrays.size(); ++i) {
    ArrayState& x = a.arrays[i];
    ArrayState& y = b.arrays[i];
    std::vector<Cell> kx;
    std::vector<Cell> ky;
    std::vector<bool> used(y.cells.size(), false);
    const auto fold = [](const State& state, ArrayState& array, const Cell& cell) {
      const Interval value = state.range(cell.value);
      array.rest.lo = std::min(array.rest.lo, value.lo);
      array.rest.hi = std::max(array.rest.hi, value.hi);
    };
    for (const Cell& cell : x.cells) {
      bool found = false;
      for (size_t k = 0; k < y.cells.size() && !found; ++k) {
        const Cell& other = y.cells[k];
        const bool held = cell.value.mentions(kObject);
        if (used[k] || held != other.value.mentions(kObject)) continue;
        if (!(cell.index == other.index) && !held) continue;
        used[k] = true;
        kx.push_back(cell);
        ky.push_back(other);
        found = true;
      }
      if (found) continue;
      const std::optional<Interval> range = cell.index.is_constant() ? content(b, y, cell.index) : std::nullopt;
      if (range) {
        kx.push_back(cell);
        ky.push_back({cell.index, b.fresh_term(range->lo, range->hi)});
      } else {
        fold(a, x, cell);
      }
    }
    for (size_t k = 0; k < y.cells.size(); ++k) {
      if (used[k]) continue;
      const std::optional<Interval> range = y.cells[k].index.is_constant() ? content(a, x, y.cells[k].index) : std::nullopt;
      if (range) {
        kx.push_back({y.cells[k].index, a.fresh_term(range->lo, range->hi)});
        ky.push_back(y.cells[k]);
      } else {
        fold(b, y, y.cells[k]);
      }
    }
    x.cells = std::move(kx);
    y.cells = std::move(ky);
  }
}

}  // namespace

size_t distance(const State& a, const State& b) {
  const std::vector<const Term*> ta = terms_of(a);
  const std::vector<const Term*> tb = terms_of(b);
  const auto is_count = [&](const Term* term) { return std::ranges::any_of(a.held, [&](const Term& one) { return &one == term; }); };
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
  align_cells(a, b);
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
  out.visit([&](Term& term) { to.push_back(&term); });
  const std::vector<const Term*> ta = terms_of(a);
  const std::vector<const Term*> tb = terms_of(b);
  for (size_t i = 0; i < to.size(); ++i) *to[i] = joiner.term(*ta[i], *tb[i]);
  for (size_t i = 0; i < out.arrays.size(); ++i) out.arrays[i].rest = joiner.hull(a.arrays[i].rest, b.arrays[i].rest);
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
      if (!joiner.known(Term::symbol(x.result), Term::symbol(y.result), result) || !result.is_symbol(result.parts[0].sym)) continue;
      fact.result = result.parts[0].sym;
      out.facts.push_back(fact);
    }
  }
  out.syms = joiner.out_.syms;
  out.object.flags = a.object.flags | b.object.flags;
  normalise(out);
  return out;
}

bool identical(const State& a, const State& b) {
  return a.syms == b.syms && a.globals == b.globals && a.arrays == b.arrays && a.running == b.running &&
         a.tasks == b.tasks && a.not_zero == b.not_zero && a.not_negative == b.not_negative && a.facts == b.facts && a.object == b.object &&
         a.key == b.key && a.held == b.held && a.lost.empty() == b.lost.empty();
}

size_t hash_of(const State& state) {
  size_t hash = 1469598103934665603ull;
  const auto mix = [&](int64_t value) { hash = (hash ^ static_cast<size_t>(value)) * 1099511628211ull; };
  const_cast<State&>(state).visit([&](Term& term) {
    mix(term.constant);
    for (uint8_t i = 0; i < term.count; ++i) {
      mix(term.parts[i].sym);
      mix(term.parts[i].factor);
    }
  });
  for (const SymInfo& info : state.syms) {
    mix(info.range.lo);
    mix(info.range.hi);
  }
  mix(static_cast<int64_t>(state.object.flags));
  mix(static_cast<int64_t>(state.object.owner));
  mix(static_cast<int64_t>(state.object.life));
  mix(static_cast<int64_t>(state.key.phase));
  mix(static_cast<int64_t>(state.tasks.size()));
  return hash;
}

}  // namespace fermata::ownership
