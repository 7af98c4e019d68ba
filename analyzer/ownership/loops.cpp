// Loops. Short ones are unrolled while constants decide them. A long scan over an array is not: its counter becomes a
// symbol, and what is kept apart is where it stands to the cells of the tracked key and object: before, at or past
// them. So a scan costs a few turns however long the array, and at its end the one cell that counts is known to have
// been visited (segments of an array by symbolic bounds: Cousot, Cousot, Logozzo, POPL 2011, with one bound a cell).
#include <algorithm>

#include "ownership/engine.h"
#include "ownership/lattice.h"

namespace fermata::ownership {

namespace {

constexpr int64_t kUnrolled = 16;    // turns
constexpr size_t kMaxAnchors = 3;    // cells
constexpr size_t kMaxDisjuncts = 6;  // for each key at the head of a long loop

void slots_in(const ir::Module& module, ir::ExprId id, std::vector<ir::SlotId>& out) {
  std::vector<ir::ExprId> todo{id};
  while (!todo.empty()) {
    if (todo.back() == kNone) {
      todo.pop_back();
      continue;
    }
    const ir::Expr& expr = module.exprs[todo.back()];
    todo.pop_back();
    if (expr.kind == ir::ExprKind::slot) out.push_back(expr.slot);
    todo.insert(todo.end(), expr.args.begin(), expr.args.end());
  }
}

ir::BlockId test_of(const ir::Module& module, ir::BlockId head) {
  for (ir::BlockId b = head; b < module.blocks.size(); ++b) {
    if (module.blocks[b].loop == head) return b;
  }
  return kNone;
}

// The cells that a scan must not miss: the tracked key's, and those that hold the object.
std::vector<Term> anchor_cells(const State& state) {
  std::vector<Term> found;
  const auto take = [&](const Term& term) {
    if (found.size() < kMaxAnchors && std::ranges::find(found, term) == found.end()) found.push_back(term);
  };
  bool by_note = false;  // something is kept under the key's number
  for (const ArrayState& array : state.arrays) {
    for (const Cell& cell : array.cells) {
      by_note = by_note || cell.index == state.key.note;
      if (cell.value.tracked() != 0 && !cell.index.mentions(kObject) && !cell.index.mentions(kKeyEvent))
        take(cell.index);
    }
  }
  if (state.key.phase != KeyPhase::before && by_note) take(state.key.note);
  return found;
}

}  // namespace

// What a loop counts with: variables of its condition that its body changes.
const std::vector<Engine::Counter>& Engine::counters_of(ir::BlockId head) {
  const auto [at, fresh] = counters_.try_emplace(head);
  std::vector<Counter>& found = at->second;
  const ir::BlockId test = fresh ? test_of(module_, head) : kNone;
  if (test == kNone) return found;
  std::vector<ir::SlotId> mentioned;
  slots_in(module_, module_.blocks[test].condition, mentioned);
  const auto each = [&](const auto& visit) {
    for (ir::BlockId b = head; b < module_.blocks[test].region_end; ++b) {
      const ir::Block& block = module_.blocks[b];
      for (uint32_t i = block.first; i < block.first + block.count; ++i) visit(module_.instrs[i]);
    }
  };
  for (const ir::SlotId slot : mentioned) {
    bool set = false;
    ir::ArrayId loaded = kNone;
    each([&](const ir::Instr& instr) {
      set = set || (instr.effect == ir::Effect::set && instr.dst == slot);
      const bool own = instr.effect == ir::Effect::load && instr.dst == slot &&
                       module_.arrays[instr.array].kind == ir::ArrayKind::polyphonic;
      if (own) loaded = instr.array;
    });
    if (set) found.push_back({slot, kNone});
    if (loaded == kNone) continue;
    bool stored = false;
    each([&](const ir::Instr& instr) {
      stored = stored || (instr.effect == ir::Effect::store && instr.array == loaded);
    });
    if (stored) found.push_back({kNone, loaded});
  }
  return found;
}

// The counter's location; nullptr where it is not kept apart.
Term* Engine::counter_in(State& state, const Counter& counter) const {
  if (counter.slot != kNone) {
    if (!slice_.slots[counter.slot]) return nullptr;
    const ir::Slot& slot = module_.slots[counter.slot];
    if (slot.kind == ir::SlotKind::global) return &state.globals[slot.index];
    return slot.entry == state.act().entry ? &state.act().frame[slot.index] : nullptr;
  }
  for (Cell& cell : state.arrays[counter.array].cells) {
    if (cell.index == state.act().event) return &cell.value;
  }
  return nullptr;
}

// Does the loop have more turns before it than are worth unrolling?
bool Engine::is_long(ir::BlockId head, State state) {
  if (counters_of(head).empty()) return false;
  const ir::BlockId test = test_of(module_, head);
  std::vector<ir::ExprId> todo{module_.blocks[test].condition};
  while (!todo.empty()) {
    const ir::Expr& expr = module_.exprs[todo.back()];
    todo.pop_back();
    if (expr.kind != ir::ExprKind::binary) continue;
    if (expr.op == Op::logical_and || expr.op == Op::logical_or) {
      todo.insert(todo.end(), expr.args.begin(), expr.args.end());
      continue;
    }
    std::vector<ir::SlotId> mentioned;
    slots_in(module_, expr.args[0], mentioned);
    slots_in(module_, expr.args[1], mentioned);
    const bool counts = std::ranges::any_of(mentioned, [&](ir::SlotId slot) {
      return std::ranges::any_of(counters_of(head), [&](const Counter& counter) { return counter.slot == slot; });
    });
    const bool by_cell = counters_of(head)[0].slot == kNone;
    if (!counts && !by_cell) continue;
    // A polyphonic counter is loaded in the head: its bound alone tells how far it may run.
    const Term left = eval(state, expr.args[0]);
    const Term right = eval(state, expr.args[1]);
    const Interval range = by_cell && !counts ? state.range(right) : state.range(state.add(left, right, -1));
    if (std::max(std::abs(range.lo), std::abs(range.hi)) > kUnrolled) return true;
  }
  return false;
}

std::vector<Term> Engine::distances(State& state) {
  std::vector<Term> found;
  const std::vector<Term> to = anchor_cells(state);
  for (const ir::BlockId head : long_loops_) {
    for (const Counter& counter : counters_of(head)) {
      const Term* at = counter_in(state, counter);
      if (at == nullptr) continue;
      for (const Term& anchor : to) found.push_back(state.add(anchor, *at, -1));
    }
  }
  return found;
}

// Before, at or past each of the cells that count.
std::string Engine::standing(State state) {
  std::string text;
  for (const Term& distance : distances(state)) {
    const Interval range = state.range(distance);
    text += range.lo > 0 ? '<' : range.hi < 0 ? '>' : range.lo == 0 && range.hi == 0 ? '=' : '?';
  }
  return text;
}

void Engine::keep_standing(State& state, const std::string& standing) {
  const std::vector<Term> now = distances(state);
  for (size_t i = 0; i < now.size() && i < standing.size(); ++i) {
    if (standing[i] == '<') state.assume_at_least(now[i], 1);
    if (standing[i] == '>') state.assume_at_most(now[i], -1);
  }
}

std::vector<State> Engine::split_by_standing(State state) {
  std::vector<State> done;
  std::vector<State> todo{std::move(state)};
  while (!todo.empty()) {
    State one = std::move(todo.back());
    todo.pop_back();
    const std::vector<Term> now = distances(one);
    const auto undecided = [](const State& at, const Term& distance) {
      const Interval range = at.range(distance);
      return range.contains(0) && range.lo != range.hi;
    };
    const auto open = std::ranges::find_if(now, [&](const Term& distance) { return undecided(one, distance); });
    if (open == now.end()) {
      done.push_back(std::move(one));
      continue;
    }
    State before = one;
    State past = one;
    const bool may_be_before = before.assume_at_least(*open, 1);
    const bool may_be_past = past.assume_at_most(*open, -1);
    // There is room for so many facts only: then it stays open where the counter stands.
    if ((may_be_before && undecided(before, *open)) || (may_be_past && undecided(past, *open))) {
      done.push_back(std::move(one));
      continue;
    }
    if (may_be_before) todo.push_back(std::move(before));
    if (may_be_past) todo.push_back(std::move(past));
    if (one.assume_zero(*open)) todo.push_back(std::move(one));
  }
  return done;
}

State Engine::without_counters(State state) {
  for (const ir::BlockId head : long_loops_) {
    for (const Counter& counter : counters_of(head)) {
      if (Term* at = counter_in(state, counter)) *at = Term::of(0);
    }
  }
  normalise(state);
  return state;
}

// The cells that the scan has been at say nothing that the summary could not: only the tracked ones are followed.
void Engine::fold_scanned(State& state) {
  const std::vector<Term> kept = anchor_cells(state);
  for (const ir::BlockId head : long_loops_) {
    for (const Counter& counter : counters_of(head)) {
      const Term* at = counter_in(state, counter);
      if (at == nullptr || at->is_constant()) continue;
      const Sym sym = at->parts[at->count - 1].sym;
      for (ArrayState& array : state.arrays) {
        std::erase_if(array.cells, [&](const Cell& cell) {
          const bool scanned = cell.value.tracked() == 0 && cell.index.mentions(sym) &&
                               std::ranges::find(kept, cell.index) == kept.end();
          if (!scanned) return false;
          const Interval value = state.range(cell.value);
          array.rest.lo = std::min(array.rest.lo, value.lo);
          array.rest.hi = std::max(array.rest.hi, value.hi);
          return true;
        });
      }
    }
  }
}

// A counter grows to the loop's own bounds at once.
Thresholds Engine::bounds_of(ir::BlockId head) const {
  Thresholds found{INT32_MIN, -1, 0, 1, 127, INT32_MAX};
  std::vector<ir::ExprId> todo{module_.blocks[test_of(module_, head)].condition};
  while (!todo.empty()) {
    const ir::Expr& expr = module_.exprs[todo.back()];
    todo.pop_back();
    if (expr.kind == ir::ExprKind::constant) found.insert(found.end(), {expr.value - 1, expr.value, expr.value + 1});
    todo.insert(todo.end(), expr.args.begin(), expr.args.end());
  }
  std::ranges::sort(found);
  return found;
}

void Engine::drop_included(std::vector<State>& states) const {
  std::map<std::string, std::vector<State>> kept;  // by ownership key: no state says anything of another key's
  for (size_t i = states.size(); i-- > 0;) {
    std::vector<State>& same = kept[ownership_key(states[i])];
    if (std::ranges::any_of(same, [&](const State& other) { return included(states[i], other); })) continue;
    same.push_back(std::move(states[i]));
  }
  states.clear();
  for (auto& [key, same] : kept) std::ranges::move(same, std::back_inserter(states));
}

std::vector<State> Engine::widen_scan(ir::BlockId head, std::vector<State> states) {
  std::vector<State>& seen = accumulated_[head];
  const Thresholds thresholds = bounds_of(head);
  std::vector<State> out;
  for (State& whole : states) {
    for (State& state : split_by_standing(std::move(whole))) {
      fold_scanned(state);
      normalise(state);
      const std::string stands = standing(state);
      const std::string key = ownership_key(state) + stands;
      std::vector<size_t> same;
      for (size_t i = 0; i < seen.size(); ++i) {
        if (ownership_key(seen[i]) + standing(seen[i]) == key) same.push_back(i);
      }
      if (std::ranges::any_of(same, [&](size_t i) { return included(state, seen[i]); })) continue;
      const State bare = without_counters(state);
      auto like = std::ranges::find_if(same, [&](size_t i) {
        const State other = without_counters(seen[i]);
        return included(bare, other) || included(other, bare);
      });
      if (like == same.end() && same.size() >= kMaxDisjuncts)
        like = std::ranges::min_element(same, {}, [&](size_t i) { return distance(seen[i], state); });
      if (like == same.end()) {
        seen.push_back(state);
        out.push_back(std::move(state));
        continue;
      }
      const uint32_t trace = state.trace;
      State& old = seen[*like];
      old = join(old, state, &thresholds);
      keep_standing(old, stands);
      normalise(old);
      old.trace = trace;
      out.push_back(old);
    }
  }
  return out;
}

}  // namespace fermata::ownership
