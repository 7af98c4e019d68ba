#include <algorithm>
#include <optional>

#include "ownership/lattice.h"

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
  seen[kObject] = seen[kKeyEvent] = seen[kFade] = true;
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
      if (cell.value.tracked() != 0) mark(cell.index, seen);
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
  // Indices that the tracked key, object or a callback on its way has.
  std::vector<Term> own{state.key.note, state.key.channel, Term::symbol(kKeyEvent), Term::symbol(kObject)};
  for (const Task& task : state.tasks) own.push_back(task.at.event);
  for (const Activation& at : state.running) own.push_back(at.event);
  for (const ArrayState& array : state.arrays) {
    for (const Cell& cell : array.cells) {
      if (cell.value.tracked() != 0) own.push_back(cell.index);
    }
  }
  const auto is_own = [&](const Term& index) { return std::ranges::find(own, index) != own.end(); };
  for (ArrayState& array : state.arrays) {
    // A cell that says no more than the summary and that nothing else refers to.
    std::erase_if(array.cells, [&](const Cell& cell) {
      if (is_own(cell.index)) return false;
      if (cell.value.is_constant() && array.rest == Interval{cell.value.constant, cell.value.constant}) return true;
      if (!cell.index.is_constant()) return false;
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
        if (cell.value.tracked() != 0) twin->value = cell.value;
        continue;
      }
      bool keep = cell.value.tracked() != 0;
      if (!keep)
        keep = cell.index.is_constant() ? is_own(cell.index) || ++constants <= kMaxConstantCells
                                        : all_marked(cell.index, seen);
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
  seen[kObject] = seen[kKeyEvent] = seen[kFade] = true;
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
  std::vector<SymInfo> kept{state.syms[kObject], state.syms[kKeyEvent], state.syms[kFade]};
  names[kObject] = kObject;
  names[kKeyEvent] = kKeyEvent;
  names[kFade] = kFade;
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
  for (const Term* term :
       {&state.key.note, &state.key.channel, &state.key.velocity, &state.object.pitch, &state.object.channel})
    give_names(*term);
  for (const ArrayState& array : state.arrays) {
    for (const Cell& cell : array.cells) {
      if (cell.value.tracked() != 0) give_names(cell.index);
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
    std::ranges::stable_sort(
        array.cells, [&](const Cell& a, const Cell& b) { return TermOrder()(renamed(a.index), renamed(b.index)); });
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

}  // namespace fermata::ownership
