#include "ownership/inputs.h"

#include <algorithm>

#include "ownership/input_base.h"
#include "ownership/lattice.h"

namespace fermata::ownership {

namespace {

class Inputs : public InputBase {
 public:
  using InputBase::InputBase;

  void others(const State& from) {
    bool downs = false;
    bool ups = false;
    for (ir::EntryId entry = 0; entry < module_.entries.size(); ++entry) {
      const EntryKind kind = module_.entries[entry].kind;
      if (!slice_.interferes[entry]) continue;
      const bool down = kind == EntryKind::note || kind == EntryKind::note_on;
      const bool up = kind == EntryKind::release || kind == EntryKind::note_off;
      downs = downs || down;
      ups = ups || up;
      for (uint32_t note_class = 0; (down || up) && note_class < slice_.note_classes.size(); ++note_class)
        other_key(from, entry, down, note_class);
      if (kind == EntryKind::release) generated(from, entry);
      if (kind == EntryKind::controller || kind == EntryKind::node_cc) controllers(from, entry);
      if (kind == EntryKind::midi_in) other_message(from, entry);
      if (kind == EntryKind::listener || kind == EntryKind::other || kind == EntryKind::node_tick) plain(from, entry);
    }
    for (uint32_t note_class = 0; note_class < slice_.note_classes.size(); ++note_class) {
      if (!downs && ups) silent_key(from, note_class, true);
      if (!ups && downs) silent_key(from, note_class, false);
    }
    const bool runs = std::ranges::any_of(module_.entries, [&](const ir::Entry& entry) {
      return (entry.kind == EntryKind::controller || entry.kind == EntryKind::node_cc) &&
             slice_.interferes[static_cast<size_t>(&entry - module_.entries.data())];
    });
    if (!runs) silent_controllers(from);
    user_interface(from);
  }

  void listener(const State& from) {
    for (ir::EntryId entry = 0; entry < module_.entries.size(); ++entry) {
      const EntryKind kind = module_.entries[entry].kind;
      if (slice_.interferes[entry] && (kind == EntryKind::listener || kind == EntryKind::node_tick)) plain(from, entry);
    }
  }

  void tasks(const State& from, bool own_only) {
    for (size_t i = 0; i < from.tasks.size(); ++i) {
      if (from.tasks[i].after >= 0) continue;
      State state = from;
      const Task task = state.tasks[i];
      state.tasks.erase(state.tasks.begin() + static_cast<std::ptrdiff_t>(i));
      for (Task& other : state.tasks) {
        if (other.after == static_cast<int>(i))
          other.after = -1;
        else if (other.after > static_cast<int>(i))
          --other.after;
      }
      state.running.push_back(task.at);
      state.running.back().return_block = kNone;
      engine_.input(state, module_.instrs[task.instr - 1].span, "the wait is over");
      take(engine_.run(std::move(state), task.block, task.instr));
    }
    if (own_only) return;
    const std::vector<Engine::Parked> pool = engine_.pool;
    for (const Engine::Parked& parked : pool) {
      State state = from;
      begin(state, parked.entry, parked.who);
      state.act().resumed = true;
      for (size_t i = 0; i < parked.frame.size(); ++i) {
        const Interval range = parked.frame[i];
        state.act().frame[i] = range.lo == range.hi ? Term::of(range.lo) : state.fresh_term(range.lo, range.hi);
      }
      take(engine_.run(std::move(state), parked.block, parked.instr));
    }
  }

  // Another key moves and no callback that matters runs.
  void silent_key(const State& from, uint32_t note_class, bool down) {
    for (State& state : count_key(from, note_class, down, others_down(from, note_class))) {
      engine_.input(state, {}, down ? "another key goes down" : "another key goes up");
      normalise(state);
      take({std::move(state)});
    }
  }

  // The least number of keys that are down when another key than the tracked one goes up.
  static int64_t others_down(const State& state, uint32_t note_class) {
    return state.key.phase == KeyPhase::down && state.key.note_class == note_class ? 2 : 1;
  }

  void other_key(const State& from, ir::EntryId entry, bool down, uint32_t note_class) {
    for (State& state : count_key(from, note_class, down, others_down(from, note_class)))
      run_other_key(std::move(state), entry, down, note_class);
  }

  void run_other_key(State state, ir::EntryId entry, bool down, uint32_t note_class) {
    const bool key_is_down = state.key.phase == KeyPhase::down;
    begin(state, entry, Who::other);
    const auto [low, high] = slice_.note_classes[note_class];
    if (slice_.note_classes.size() > 1 &&
        (!state.assume_at_least(state.act().note, low) || !state.assume_at_most(state.act().note, high)))
      return;
    // Two keys that are down at once have two note numbers.
    const bool here = !ivls_ || (query_.distinct_notes && module_.entries[entry].node == query_.node);
    if (key_is_down && here && !state.assume_not_zero(state.add(state.act().note, state.key.note, -1))) return;
    if (down) reset_polyphonic(state);
    engine_.input(state, module_.entries[entry].span, down ? "another key goes down" : "another key goes up");
    take(engine_.run_entry(std::move(state)));
  }

  void generated(const State& from, ir::EntryId entry) {
    const bool plays = std::ranges::any_of(
        module_.instrs, [](const ir::Instr& instr) { return instr.effect == ir::Effect::play_note; });
    if (!plays || !query_.generated) return;
    State state = from;
    begin(state, entry, Who::generated);
    reset_polyphonic(state);
    engine_.input(state, module_.entries[entry].span, "on release runs for a note that the script made");
    take(engine_.run_entry(std::move(state)));
  }

  void controllers(const State& from, ir::EntryId entry) {
    for (const int number : slice_.controllers) controller(from, entry, number);
    State state = from;
    begin(state, entry, Who::nobody);
    state.act().note = state.fresh_term(0, 129);
    for (const int number : slice_.controllers)
      state.assume_not_zero(state.add(state.act().note, Term::of(number), -1));
    const Term value = state.fresh_term(0, 127);
    state.arrays[module_.cc].cells.push_back({state.act().note, value});
    take(engine_.run_entry(std::move(state)));
  }

  void controller(const State& from, ir::EntryId entry, int number) {
    for (const bool zero : {false, true}) {
      State state = from;
      begin(state, entry, Who::nobody);
      state.act().note = Term::of(number);
      const Term value = zero ? Term::of(0) : state.fresh_term(1, 127);
      for (State& one : set_controller(std::move(state), number, value)) {
        engine_.input(one, module_.entries[entry].span,
                      "controller " + std::to_string(number) + (zero ? " goes to 0" : " goes above 0"));
        take(engine_.run_entry(std::move(one)));
      }
    }
  }

  // CC[number] and, for a pedal, its state on the channel of the message.
  std::vector<State> set_controller(State state, int number, const Term& value) {
    ArrayState& cc = state.arrays[module_.cc];
    std::erase_if(cc.cells, [&](const Cell& cell) { return cell.index.is_constant(number); });
    cc.cells.push_back({Term::of(number), value});
    const bool sustain = number == 64;
    if (!sustain && number != assume_.sostenuto_cc) return {std::move(state)};
    const ir::ArrayId pedal = sustain ? module_.pedal_sustain : module_.pedal_sostenuto;
    if (!module_.asks_channel) {
      state.act().channel = Term::of(0);
      state.arrays[pedal].cells = {{Term::of(0), value}};
      return {std::move(state)};
    }
    std::vector<State> out_states;
    std::vector<State> todo{std::move(state)};
    while (!todo.empty()) {
      State one = std::move(todo.back());
      todo.pop_back();
      bool done = true;
      for (Cell& cell : one.arrays[pedal].cells) {
        const Term difference = one.add(cell.index, one.act().channel, -1);
        const std::optional<bool> same = one.is_zero(difference);
        if (same == std::optional<bool>(true)) {
          cell.value = value;
          out_states.push_back(std::move(one));
          done = false;
          break;
        }
        if (same == std::optional<bool>(false)) continue;
        State equal = one;
        if (equal.assume_zero(difference)) todo.push_back(std::move(equal));
        if (one.assume_not_zero(difference)) todo.push_back(std::move(one));
        done = false;
        break;
      }
      if (!done) continue;
      one.arrays[pedal].cells.push_back({one.act().channel, value});
      out_states.push_back(std::move(one));
    }
    return out_states;
  }

  void silent_controllers(const State& from) {
    if (module_.entries.empty()) return;
    for (const int number : slice_.controllers) {
      for (const bool zero : {false, true}) {
        State state = from;
        begin(state, 0, Who::nobody);
        const Term value = zero ? Term::of(0) : state.fresh_term(1, 127);
        for (State& one : set_controller(std::move(state), number, value)) {
          one.running.clear();
          normalise(one);
          take({std::move(one)});
        }
      }
    }
  }

  void other_message(const State& from, ir::EntryId entry) {
    State state = from;
    begin(state, entry, Who::other);
    state.act().midi_command = state.fresh_term(128, 239);
    state.act().velocity = state.fresh_term(0, 127);
    // The tracked key's own messages are the tracked key's inputs.
    const Term note = state.add(state.act().note, state.key.note, -1);
    const Term channel = state.add(state.act().channel, state.key.channel, -1);
    if (state.key.phase != KeyPhase::down) {
      take(engine_.run_entry(std::move(state)));
      return;
    }
    State elsewhere = state;
    if (elsewhere.assume_not_zero(channel)) take(engine_.run_entry(std::move(elsewhere)));
    if (state.assume_zero(channel) && state.assume_not_zero(note)) take(engine_.run_entry(std::move(state)));
  }

  void plain(const State& from, ir::EntryId entry) {
    State state = from;
    begin(state, entry, Who::nobody);
    state.act().note = state.fresh_term(INT32_MIN, INT32_MAX);
    engine_.input(state, module_.entries[entry].span, module_.entries[entry].name + " runs");
    take(engine_.run_entry(std::move(state)));
  }

  // A control changes only together with its callback, if it has one.
  void user_interface(const State& from) {
    for (const ir::SlotId id : module_.globals) {
      const ir::Slot& slot = module_.slots[id];
      if (!slot.ui) continue;
      const auto callback = std::ranges::find_if(module_.entries, [&](const ir::Entry& entry) {
        return entry.kind == EntryKind::ui_control && entry.control == slot.symbol;
      });
      const bool runs = callback != module_.entries.end() &&
                        slice_.interferes[static_cast<size_t>(callback - module_.entries.begin())];
      if (!slice_.slots[id] && !runs) continue;
      State state = from;
      state.globals[slot.index] = state.fresh_term(slot.lo, slot.hi);
      engine_.input(
          state, module_.program->symbols[slot.symbol].span,
          std::string(module_.program->name(module_.program->symbols[slot.symbol].name)) + " is set to another value");
      if (!runs) {
        normalise(state);
        take({std::move(state)});
        continue;
      }
      begin(state, static_cast<ir::EntryId>(callback - module_.entries.begin()), Who::nobody);
      take(engine_.run_entry(std::move(state)));
    }
  }
};

}  // namespace

std::vector<State> successors(Engine& engine, const ir::Module& module, const Slice& slice, const Assume& assume,
                              const Query& query, const State& state, InputFilter filter) {
  Inputs inputs(engine, module, slice, assume, query);
  inputs.tasks(state, filter.own_tasks_only);
  if (filter.own_tasks_only) return std::move(inputs.out);
  if (filter.closing_only) {
    inputs.listener(state);
    return std::move(inputs.out);
  }
  std::ranges::move(key_inputs(engine, module, slice, assume, query, state), std::back_inserter(inputs.out));
  inputs.others(state);
  return std::move(inputs.out);
}

std::vector<State> boot(Engine& engine, const ir::Module& module) {
  std::vector<State> states{engine.initial_state()};
  normalise(states[0]);
  for (ir::EntryId entry = 0; entry < module.entries.size(); ++entry) {
    const ir::EntryKind kind = module.entries[entry].kind;
    if (kind != ir::EntryKind::init && kind != ir::EntryKind::node_init) continue;
    std::vector<State> next;
    for (State& state : states) {
      engine.start(state, entry, Who::nobody);
      std::ranges::move(engine.run_entry(std::move(state)), std::back_inserter(next));
    }
    states = std::move(next);
  }
  // A control without a callback may stand anywhere in its range from the start.
  for (State& state : states) {
    for (const ir::SlotId id : module.globals) {
      const ir::Slot& slot = module.slots[id];
      const bool called = std::ranges::any_of(
          module.entries, [&](const ir::Entry& entry) { return entry.control == slot.symbol && slot.symbol != kNone; });
      if (!slot.ui || called || !engine.matters(id)) continue;
      const Interval now = state.range(state.globals[slot.index]);
      state.globals[slot.index] = state.fresh_term(std::min(now.lo, slot.lo), std::max(now.hi, slot.hi));
    }
    normalise(state);
  }
  return states;
}

}  // namespace fermata::ownership
