// The walk through one activation: blocks in order, all disjuncts of a point together, loops unrolled while constants
// decide them and widened otherwise; it ends at the callback's end or at a wait.
#include <algorithm>

#include "ownership/engine.h"
#include "ownership/lattice.h"

namespace fermata::ownership {

using ir::EntryKind;

State Engine::initial_state() {
  State state;
  state.syms.assign(kFirstFree, {{1, INT32_MAX}, SymKind::event});
  state.held.assign(slice_.note_classes.size(), Term::of(0));
  for (const ir::SlotId id : module_.globals) {
    const ir::Slot& slot = module_.slots[id];
    const bool known = slot.initial_known || !slice_.slots[id];
    state.globals.push_back(known ? Term::of(slot.initial) : state.fresh_term(slot.lo, slot.hi));
  }
  for (ir::ArrayId id = 0; id < module_.arrays.size(); ++id) {
    const ir::Array& array = module_.arrays[id];
    ArrayState cells;
    cells.rest = {array.lo, array.hi};
    if (array.initial_known && !array.initial.empty()) {
      const auto [lo, hi] = std::ranges::minmax(array.initial);
      cells.rest = {lo, hi};
    }
    if (id == module_.cc) {
      cells.rest = {0, 127};  // a controller may have been moved before the script was loaded
      for (const int number : slice_.controllers) cells.cells.push_back({Term::of(number), Term::of(0)});
    }
    if ((id == module_.pedal_sustain || id == module_.pedal_sostenuto) && !module_.asks_channel) {
      cells.cells.push_back({Term::of(0), Term::of(0)});
    }
    state.arrays.push_back(std::move(cells));
  }
  return state;
}

void Engine::start(State& state, ir::EntryId entry, Who who) {
  Activation at;
  at.entry = entry;
  at.who = who;
  at.frame.assign(module_.entries[entry].frame_size, Term::of(0));
  state.running.push_back(std::move(at));
}

void Engine::step(State& state, Span span, std::string message) {
  steps.push_back({state.trace, span, std::move(message)});
  state.trace = static_cast<uint32_t>(steps.size() - 1);
}

void Engine::input(State& state, Span span, std::string message) {
  step(state, span, std::move(message));
  steps.back().input = true;
}

std::vector<State> Engine::run_entry(State state) {
  const ir::BlockId block = module_.entries[state.act().entry].start;
  return run(std::move(state), block, module_.blocks[block].first);
}

std::vector<State> Engine::run(State state, ir::BlockId block, uint32_t instr) {
  pending_.clear();
  turns_.clear();
  splits_.clear();
  accumulated_.clear();
  long_loops_.clear();
  results_.clear();
  activation_states_ = 0;
  push(std::move(state), block, instr);
  while (!pending_.empty() && !out_of_budget) {
    const Point point = pending_.begin()->first;
    for (State& one : gather(point)) {
      ++explored_;
      work_ += 1 + (one.globals.size() + one.act().frame.size()) / 64;
      if (work_ > limits_.work_per_query || ++activation_states_ > limits_.states_per_activation) {
        out_of_budget = true;
        break;
      }
      walk(std::move(one), point.block, point.instr);
    }
  }
  return std::move(results_);
}

void Engine::push(State state, ir::BlockId block, uint32_t instr) {
  const Point point{-static_cast<int>(state.running.size()), block, instr};
  pending_[point].push_back(std::move(state));
}

void Engine::kill_dead(State& state, const std::vector<bool>& live) {
  kill_locals(state, live);
  const size_t locals = state.act().frame.size();
  // While a voice is being sent on, the callbacks further out have globals of their own to come back to.
  if (state.running.size() > 1) return;
  for (size_t i = 0; i < state.globals.size(); ++i) {
    if (live[locals + i]) continue;
    if (state.globals[i].is_symbol(kObject) && state.object.life == Life::live && slice_.lasting[i]) {
      state.object.flags |= kHandleOverwritten;  // as good as: nobody reads it before it is written
    }
    state.globals[i] = Term::of(0);
  }
}

void Engine::kill_locals(State& state, const std::vector<bool>& live) {
  std::vector<Term>& frame = state.act().frame;
  for (size_t i = 0; i < frame.size(); ++i) {
    if (!live[i]) frame[i] = Term::of(0);
  }
}

void Engine::forget(State& state) {
  for (size_t i = 0; i < state.globals.size(); ++i) {
    if (!slice_.lasting[i]) state.globals[i] = Term::of(0);
  }
  // The user may have moved any cell of a table on the panel.
  for (ir::ArrayId id = 0; id < module_.arrays.size(); ++id) {
    if (module_.arrays[id].ui) state.arrays[id].cells.clear();
  }
  // Copies of the link on voices that have gone through the flow: nobody comes back to them.
  if (query_.legato) {
    std::erase_if(state.arrays[module_.field_source].cells, [&](const Cell& cell) {
      if (cell.index.is_symbol(kKeyEvent)) return false;
      return std::ranges::none_of(state.tasks, [&](const Task& task) { return task.at.event == cell.index; });
    });
  }
  normalise(state);
}

// All states that wait at a point, in normal form, without repetition; too many are joined.
std::vector<State> Engine::gather(const Point& point) {
  std::vector<State> states = std::move(pending_[point]);
  pending_.erase(point);
  const ir::Block& block = module_.blocks[point.block];
  const bool at_start = point.instr == block.first;
  if (at_start) {
    for (State& state : states) {
      kill_dead(state, slice_.live_in[point.block]);
      normalise(state);
    }
  }
  std::vector<State> unique;
  std::unordered_multimap<size_t, size_t> known;
  for (State& state : states) {
    const size_t hash = hash_of(state);
    const auto [from, to] = known.equal_range(hash);
    if (std::any_of(from, to, [&](const auto& at) { return identical(state, unique[at.second]); })) continue;
    known.emplace(hash, unique.size());
    unique.push_back(std::move(state));
  }
  if (block.loop_head && at_start) unique = widen(point.block, std::move(unique));
  // The turns of a long loop leave it one after the other; the later ones say what the earlier ones say, too.
  if (!long_loops_.empty() && at_start && !block.loop_head) drop_included(unique);
  const bool hot = std::ranges::any_of(turns_, [&](const auto& turn) { return turn.second > limits_.hot_turns; });
  if (unique.size() <= (hot ? limits_.hot_states : limits_.states_per_block) || !at_start) return unique;
  std::map<std::string, State> joined;
  for (State& state : unique) {
    const auto [at, fresh] = joined.try_emplace(ownership_key(state) + standing(state), state);
    if (!fresh) {
      const uint32_t trace = at->second.trace;
      at->second = join(at->second, state, nullptr);
      keep_standing(at->second, standing(state));
      at->second.trace = trace;
    }
  }
  std::vector<State> out;
  for (auto& [key, state] : joined) out.push_back(std::move(state));
  return out;
}

std::vector<State> Engine::widen(ir::BlockId head, std::vector<State> states) {
  const size_t turn = ++turns_[head];
  const auto runs_on = [&](const State& state) { return is_long(head, state); };
  if (turn == 1 && std::ranges::any_of(states, runs_on)) long_loops_.insert(head);
  if (long_loops_.contains(head)) return widen_scan(head, std::move(states));
  const bool undecided = splits_[head] > limits_.loop_splits;
  if (turn <= limits_.loop_turns && !undecided) return states;
  std::vector<State>& seen = accumulated_[head];
  std::vector<State> out;
  for (State& state : states) {
    const std::string key = ownership_key(state);
    State* same = nullptr;
    for (State& other : seen) {
      if (ownership_key(other) == key) same = &other;
    }
    if (same == nullptr) {
      seen.push_back(state);
      out.push_back(std::move(state));
      continue;
    }
    if (included(state, *same)) continue;
    const uint32_t trace = state.trace;
    *same = join(*same, state, &slice_.thresholds);
    same->trace = trace;
    out.push_back(*same);
  }
  return out;
}

void Engine::walk(State state, ir::BlockId block_id, uint32_t instr) {
  const ir::Block& block = module_.blocks[block_id];
  std::vector<State> states;
  states.push_back(std::move(state));
  for (uint32_t i = instr; i < block.first + block.count; ++i) {
    if (!slice_.instrs[i]) continue;
    const ir::Effect effect = module_.instrs[i].effect;
    if (effect == ir::Effect::wait) {
      for (State& one : states) suspend(std::move(one), block_id, i);
      return;
    }
    std::vector<State> next;
    for (State& one : states) execute(std::move(one), i, next);
    states = std::move(next);
    if (effect == ir::Effect::pass && query_.legato) {
      for (State& one : states) enter_chain(std::move(one), block_id, i + 1);
      return;
    }
    if (states.size() > limits_.states_per_block && i + 1 < block.first + block.count) {
      for (State& one : states) push(std::move(one), block_id, i + 1);
      return;
    }
  }
  for (State& one : states) leave(std::move(one), block_id);
}

void Engine::leave(State state, ir::BlockId block_id) {
  const ir::Block& block = module_.blocks[block_id];
  if (block.jump == ir::Jump::end) {
    finish(std::move(state));
    return;
  }
  const auto go = [&](State one, ir::BlockId to) { push(std::move(one), to, module_.blocks[to].first); };
  if (block.jump == ir::Jump::go) {
    go(std::move(state), block.then_block);
    return;
  }
  if (!slice_.branches[block_id]) {
    go(std::move(state), block.join);
    return;
  }
  std::vector<State> yes = assume(state, block.condition, true);
  std::vector<State> no = assume(std::move(state), block.condition, false);
  if (block.loop != kNone && !yes.empty() && !no.empty()) ++splits_[block.loop];
  for (State& one : yes) go(std::move(one), block.then_block);
  for (State& one : no) go(std::move(one), block.else_block);
}

// The innermost callback has ended.
void Engine::finish(State state) {
  const Activation ended = std::move(state.running.back());
  state.running.pop_back();
  if (!state.running.empty()) {
    push(std::move(state), ended.return_block, ended.return_instr);
    return;
  }
  forget(state);
  results_.push_back(std::move(state));
}

void Engine::suspend(State state, ir::BlockId block, uint32_t instr) {
  const Term length = module_.orders_waits ? eval(state, module_.instrs[instr].a) : Term::of(0);
  kill_locals(state, slice_.live_after.at(instr));
  if (state.object.life == Life::live && state.object.owner == Owner::none && state.object.kind == Kind::voice) {
    state.object.flags |= kWaitedOwnerless;
  }
  Task task;
  task.at = state.act();
  task.at.resumed = true;
  task.block = block;
  task.instr = instr + 1;
  task.length = length;
  const Who who = task.at.who;
  bool own = who == Who::key || who == Who::child || task.at.sent.tracked() != 0;
  for (const Term& term : task.at.frame) own = own || term.tracked() != 0;
  // Its polyphonic variables, or its voice's fields, hold the handle.
  for (const ArrayState& array : state.arrays) {
    for (const Cell& cell : array.cells) own = own || (cell.value.tracked() != 0 && cell.index == task.at.event);
  }
  if (own) {
    // A wait that began earlier and is no longer than this one is over first.
    for (size_t i = 0; i < state.tasks.size() && who == Who::key; ++i) {
      const Task& earlier = state.tasks[i];
      if (earlier.at.resumed && state.range(state.add(length, earlier.length, -1)).lo >= 0 && earlier.length_known) {
        task.after = static_cast<int>(i);
      }
    }
    task.length_known = module_.orders_waits;
    for (Task& earlier : state.tasks) earlier.length_known = earlier.length_known && who == Who::key;
    const ir::BlockId return_block = task.at.return_block;
    const uint32_t return_instr = task.at.return_instr;
    state.tasks.push_back(std::move(task));
    state.running.pop_back();
    if (!state.running.empty()) {
      push(std::move(state), return_block, return_instr);
      return;
    }
  } else {
    park(state, block, instr + 1);
    state.running.pop_back();
  }
  forget(state);
  results_.push_back(std::move(state));
}

void Engine::park(const State& state, ir::BlockId block, uint32_t instr) {
  const Activation& at = state.act();
  const auto found = std::ranges::find_if(pool, [&](const Parked& one) {
    return one.entry == at.entry && one.who == at.who && one.block == block && one.instr == instr;
  });
  if (found == pool.end()) {
    Parked parked{at.entry, at.who, block, instr, {}};
    for (const Term& term : at.frame) parked.frame.push_back(state.range(term));
    pool.push_back(std::move(parked));
    pool_grew = true;
    return;
  }
  for (size_t i = 0; i < at.frame.size(); ++i) {
    const Interval range = state.range(at.frame[i]);
    Interval& known = found->frame[i];
    if (range.lo < known.lo) {
      known.lo = -kInfinity;
      pool_grew = true;
    }
    if (range.hi > known.hi) {
      known.hi = kInfinity;
      pool_grew = true;
    }
  }
}

// A voice was sent on: the next stages run now, up to their first wait, with the link it carries.
void Engine::enter_chain(State state, ir::BlockId block, uint32_t instr) {
  const uint32_t stage = state.act().stage + 1;
  const bool whole = state.object.life == Life::live && state.object.owner == Owner::none;
  if (!whole || stage >= query_.chain.size()) {
    push(std::move(state), block, instr);
    return;
  }
  const ChainStage& next = query_.chain[stage];
  if (next.ends) {
    push(std::move(state), block, instr);
    return;
  }
  const Term sent = state.act().sent;
  const Term note = state.act().note;
  const Term channel = state.act().channel;
  if (next.note_on == kNone) {
    // A standard node: it sends the voice on; only the legato switch touches the link.
    if (next.clears_link) {
      rests_on.insert("legato-switch");
      if (assume_.switch_releases_source) {
        state.object.life = Life::ended;
        push(std::move(state), block, instr);
        return;
      }
      std::vector<State> cleared;
      store(std::move(state), module_.field_source, sent, Term::of(-1), cleared);
      for (State& one : cleared) {
        one.act().stage = stage;
        enter_chain(std::move(one), block, instr);
      }
      return;
    }
    state.act().stage = stage;
    enter_chain(std::move(state), block, instr);
    return;
  }
  start(state, next.note_on, Who::child);
  Activation& child = state.act();
  child.event = sent;
  child.note = note;
  child.channel = channel;
  child.velocity = state.fresh_term(1, 127);
  child.stage = stage;
  child.return_block = block;
  child.return_instr = instr;
  const ir::BlockId first = module_.entries[next.note_on].start;
  push(std::move(state), first, module_.blocks[first].first);
}

}  // namespace fermata::ownership
