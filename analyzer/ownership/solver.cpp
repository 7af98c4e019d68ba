#include "ownership/solver.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "ownership/inputs.h"
#include "ownership/lattice.h"

namespace fermata::ownership {

using ir::Effect;
using ir::EntryKind;

namespace {

constexpr int kMaxRounds = 5;
constexpr int kClosingTurns = 90;
constexpr size_t kMaxWaitChecks = 24;

bool is_key_entry(EntryKind kind) {
  return kind == EntryKind::note || kind == EntryKind::release || kind == EntryKind::note_on ||
         kind == EntryKind::note_off || kind == EntryKind::midi_in;
}

class Solver {
 public:
  Solver(const ir::Module& module, const Slice& slice, const Assume& assume, const Query& query,
         const SolveLimits& limits)
      : module_(module),
        slice_(slice),
        assume_(assume),
        query_(query),
        limits_(limits),
        engine_(module, slice, assume, query_) {
    engine_.limit_work(limits.work);
    for (const ir::Entry& entry : module.entries) {
      for (ir::BlockId b = entry.start; b < entry.stop; ++b) {
        const ir::Block& block = module.blocks[b];
        for (uint32_t i = block.first; i < block.first + block.count; ++i) look_at(entry, i);
      }
    }
    if (query.legato) key_births_ = true;
    query_.track_key = key_births_;
  }

  Outcome run() {
    for (int round = 0; round < kMaxRounds; ++round) {
      engine_.pool_grew = false;
      explore();
      if (!engine_.pool_grew || outcome_.lost) break;
    }
    if (engine_.pool_grew) lose("what suspended callbacks hold keeps growing", {});
    check_waits();
    outcome_.born = engine_.born;
    outcome_.blamed = engine_.blamed;
    outcome_.remarks = engine_.remarks;
    outcome_.rests_on = engine_.rests_on;
    outcome_.steps = std::move(engine_.steps);
    outcome_.states = engine_.states_explored();
    outcome_.work = engine_.work();
    return std::move(outcome_);
  }

 private:
  void look_at(const ir::Entry& entry, uint32_t id) {
    if (!slice_.instrs[id]) return;
    const ir::Instr& instr = module_.instrs[id];
    if (query_.births.contains(id)) (is_key_entry(entry.kind) ? key_births_ : other_births_) = true;
    if (instr.effect == Effect::ignore_event && entry.kind == EntryKind::release && !is_note_number(module_, instr.a))
      swallows_ = true;
    if (instr.effect == Effect::unparent_children) unparents_children_ = true;
    if (instr.effect == Effect::note_off || instr.effect == Effect::fade_out || instr.effect == Effect::ignore_event) {
      const ir::Expr& target = module_.exprs[instr.a];
      ends_many_ = ends_many_ || (target.kind == ir::ExprKind::env && target.env == ir::Env::all_events) ||
                   (target.kind == ir::ExprKind::pure && target.pure == ir::Pure::by_marks);
    }
    if ((entry.kind == EntryKind::listener || entry.kind == EntryKind::node_tick) &&
        (instr.effect != Effect::set && instr.effect != Effect::load && instr.effect != Effect::store)) {
      listener_acts_ = true;
    }
  }

  void lose(std::string fact, Span at) {
    if (!outcome_.lost) outcome_.lost = Lost{std::move(fact), at};
  }

  void explore() {
    states_.clear();
    by_key_.clear();
    todo_.clear();
    over_.clear();
    outcome_ = {};
    for (State& state : boot(engine_, module_)) add(std::move(state));
    while (!todo_.empty()) {
      if (engine_.out_of_budget || states_.size() > limits_.instants) {
        lose("too many states: the budget of the analysis is used up", {});
        break;
      }
      const size_t next_up = todo_.front();
      todo_.pop_front();
      if (over_.contains(next_up)) continue;
      const State state = states_[next_up];
      for (State& next : successors(engine_, module_, slice_, assume_, query_, state, {})) add(std::move(next));
    }
    if (engine_.out_of_budget) lose("too many states in one callback: the budget of the analysis is used up", {});
  }

  // Nothing can go wrong with this object any more, on the assumption that each other line keeps its own promise.
  bool is_safe(const State& state) const {
    const Object& object = state.object;
    switch (object.owner) {
      case Owner::none:
        return false;
      case Owner::duration:
      case Owner::zones:
        return true;
      case Owner::key:
        return !swallows_ && !(state.key.phase == KeyPhase::up && state.key.swallowed);
      case Owner::parent:
        return !state.holds_object() && !unparents_children_;
      case Owner::runtime:
        return !state.holds_object();
      case Owner::fade:
        return !keeps_fade(state);
    }
    return false;
  }

  static bool keeps_fade(const State& state) {
    const auto is = [](const Term& term) { return term.mentions(kFade); };
    if (std::ranges::any_of(state.globals, is)) return true;
    for (const ArrayState& array : state.arrays) {
      if (std::ranges::any_of(array.cells, [&](const Cell& cell) { return is(cell.value); })) return true;
    }
    return std::ranges::any_of(state.tasks, [&](const Task& task) { return std::ranges::any_of(task.at.frame, is); });
  }

  void add(State state) {
    if (!state.lost.empty()) {
      lose(state.lost, state.lost_at);
      return;
    }
    Object& object = state.object;
    if (object.life == Life::ended) return;
    if (object.life == Life::none) {
      if (!other_births_ && state.key.phase == KeyPhase::up && state.tasks.empty() && !state.key.again &&
          !state.key.swallowed)
        return;
    } else {
      if (object.life == Life::live && is_safe(state)) return;
      if (check(state)) return;
      if (object.life == Life::live && object.owner == Owner::none && object.kind == Kind::voice &&
          state.tasks.empty() && is_parked(state)) {
        object.flags |= kParked;
      }
    }
    insert(std::move(state));
  }

  // Kept in a location of the script's own, not only in the link that the framework made.
  bool is_parked(const State& state) const {
    if (std::ranges::any_of(state.globals, [](const Term& term) { return term.mentions(kObject); })) return true;
    for (ir::ArrayId id = 0; id < state.arrays.size(); ++id) {
      if (id == module_.field_source) continue;
      for (const Cell& cell : state.arrays[id].cells) {
        if (cell.value.mentions(kObject)) return true;
      }
    }
    return false;
  }

  void insert(State state) {
    const std::string key = ownership_key(state);
    std::vector<size_t>& same = by_key_[key];
    for (const size_t other : same) {
      if (included(state, states_[other])) return;
    }
    std::erase_if(same, [&](size_t other) { return takes_over(state, other); });
    if (same.size() >= limits_.disjuncts) {
      const auto nearest =
          std::ranges::min_element(same, {}, [&](size_t other) { return distance(states_[other], state); });
      const uint32_t trace = states_[*nearest].trace;
      state = join(states_[*nearest], state, &slice_.thresholds);
      state.trace = trace;
      same.erase(nearest);
    }
    states_.push_back(std::move(state));
    same.push_back(states_.size() - 1);
    todo_.push_back(states_.size() - 1);
  }

  // The new state says what the other one says, but for the summaries of arrays, which it then unites.
  bool takes_over(State& state, size_t other) {
    State whole = state;
    State old = states_[other];
    for (size_t i = 0; i < whole.arrays.size(); ++i) {
      const Interval before = old.arrays[i].rest;
      const Interval now = whole.arrays[i].rest;
      const Interval hull = widened(before, now, slice_.thresholds);
      whole.arrays[i].rest = old.arrays[i].rest = hull;
    }
    const bool forward = included(old, whole);
    if (!forward && !included(whole, old)) return false;
    const uint32_t trace = state.trace;
    state = forward ? std::move(whole) : std::move(old);
    state.trace = trace;
    over_.insert(other);
    return true;
  }

  // True when the object cannot be saved: the violation is recorded and the state not followed.
  bool check(const State& state) {
    const Object& object = state.object;
    const bool held = state.holds_object();
    if (object.life == Life::unfired) {
      if (held) return false;
      violation(state, false);
      return true;
    }
    if (object.owner != Owner::none && object.owner != Owner::key) return false;
    if (object.owner == Owner::key) return false;
    const bool out_of_reach = !held && object.kind != Kind::key_event && object.kind != Kind::midi_note &&
                              (object.kind != Kind::event || !ends_many_);
    if (out_of_reach || hangs_when_quiet(state)) {
      violation(state, held);
      return true;
    }
    return false;
  }

  std::optional<State> quiet(const State& state, bool with_tasks) const {
    if (state.key.phase == KeyPhase::down || state.key.again) return std::nullopt;
    if (state.tasks.empty() == with_tasks) return std::nullopt;
    State closed = state;
    for (size_t i = 0; i < closed.held.size(); ++i) {
      if (!closed.assume_zero(closed.held[i])) return std::nullopt;
    }
    for (const ir::ArrayId pedal : {module_.pedal_sustain, module_.pedal_sostenuto}) {
      for (size_t i = 0; i < closed.arrays[pedal].cells.size(); ++i) {
        const Term value = closed.arrays[pedal].cells[i].value;
        if (!closed.assume_zero(value)) return std::nullopt;
      }
      if (!closed.arrays[pedal].rest.contains(0)) return std::nullopt;
      closed.arrays[pedal].rest = {0, 0};
    }
    for (size_t i = 0; i < closed.arrays[module_.cc].cells.size(); ++i) {
      const Cell cell = closed.arrays[module_.cc].cells[i];
      const bool pedal = cell.index.is_constant(64) || cell.index.is_constant(assume_.sostenuto_cc);
      if (pedal && !closed.assume_zero(cell.value)) return std::nullopt;
    }
    normalise(closed);
    return closed;
  }

  bool hangs_when_quiet(const State& state) {
    std::optional<State> closed = quiet(state, false);
    if (!closed) return false;
    if (!listener_acts_) return true;
    // A listener goes on ticking: it may still find and end the object.
    return survives(std::move(*closed), {.closing_only = true}) != Survival::ended;
  }

  enum class Survival { ended, repeats, unknown };

  Survival survives(State start, InputFilter filter) {
    std::vector<State> seen;
    std::vector<State> now;
    now.push_back(std::move(start));
    for (int turn = 0; turn < kClosingTurns; ++turn) {
      std::vector<State> next;
      for (const State& state : now) {
        for (State& after : successors(engine_, module_, slice_, assume_, query_, state, filter)) {
          if (after.object.life == Life::ended || (after.object.life == Life::live && is_safe(after))) continue;
          const auto known = [&](const State& other) { return included(after, other); };
          if (std::ranges::any_of(seen, known) || std::ranges::any_of(next, known)) {
            if (ownership_key(after) == ownership_key(state)) return Survival::repeats;
            continue;
          }
          next.push_back(std::move(after));
        }
      }
      std::ranges::move(now, std::back_inserter(seen));
      now = std::move(next);
      if (now.empty()) return Survival::ended;
      if (now.size() > 200) return Survival::unknown;
    }
    return Survival::unknown;
  }

  // A suspended callback that can wake for ever while the object lives is never fine.
  void check_waits() {
    size_t checks = 0;
    for (const State& state : states_) {
      if (outcome_.lost) return;
      if (state.object.life != Life::live || state.object.owner != Owner::none) continue;
      const std::optional<State> closed = quiet(state, true);
      if (!closed || ++checks > kMaxWaitChecks) continue;
      if (survives(*closed, {.own_tasks_only = true}) == Survival::repeats) {
        lose("a callback may go on waiting for ever while the voice sounds",
             module_.instrs[state.tasks[0].instr - 1].span);
      }
    }
  }

  void violation(const State& state, bool held) {
    const Object& object = state.object;
    const auto known = std::ranges::find_if(outcome_.violations, [&](const Violation& one) {
      return one.birth == object.birth && one.blame == object.blame;
    });
    // A handle that is overwritten after the fact explains less than a path on which it is not.
    const bool overwritten = (object.flags & kHandleOverwritten) != 0;
    if (known != outcome_.violations.end() && (overwritten || (known->flags & kHandleOverwritten) == 0)) return;
    Violation one;
    one.birth = object.birth;
    one.blame = object.blame;
    one.flags = object.flags;
    one.kind = object.kind;
    one.handle_kept = held;
    one.unfired = object.life == Life::unfired;
    one.trace = state.trace;
    if (known != outcome_.violations.end())
      *known = one;
    else
      outcome_.violations.push_back(one);
  }

  const ir::Module& module_;
  const Slice& slice_;
  const Assume& assume_;
  Query query_;
  SolveLimits limits_;
  Engine engine_;
  Outcome outcome_;
  std::vector<State> states_;
  std::unordered_map<std::string, std::vector<size_t>> by_key_;
  std::deque<size_t> todo_;
  std::set<size_t> over_;  // states that a later one has taken over
  bool key_births_ = false, other_births_ = false;
  bool swallows_ = false, unparents_children_ = false, ends_many_ = false, listener_acts_ = false;
};

}  // namespace

Outcome solve(const ir::Module& module, const Slice& slice, const Assume& assume, const Query& query,
              const SolveLimits& limits) {
  return Solver(module, slice, assume, query, limits).run();
}

}  // namespace fermata::ownership
