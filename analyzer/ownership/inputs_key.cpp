// The inputs of the tracked key.
#include "ownership/input_base.h"
#include "ownership/lattice.h"

namespace fermata::ownership {

namespace {

class KeyInputs : public InputBase {
 public:
  using InputBase::InputBase;

  void key_down(const State& from) {
    if (from.key.phase != KeyPhase::before || !query_.track_key) return;
    for (ir::EntryId entry = 0; entry < module_.entries.size(); ++entry) {
      const ir::Entry& info = module_.entries[entry];
      const bool mine = ivls_ ? info.kind == EntryKind::note_on && info.node == query_.node
                              : info.kind == EntryKind::note || info.kind == EntryKind::midi_in;
      if (!mine) continue;
      for (uint32_t note_class = 0; note_class < slice_.note_classes.size(); ++note_class)
        press(from, entry, note_class);
    }
    const bool runs =
        ivls_ ? has(EntryKind::note_on, query_.node) : has_kind(EntryKind::note) || has_kind(EntryKind::midi_in);
    if (!runs) {
      // No callback: the note, or the voice at this stage, is simply there.
      for (uint32_t note_class = 0; note_class < slice_.note_classes.size(); ++note_class) {
        for (State& state : take_key(from, note_class)) {
          engine_.input(state, {}, "a key goes down");
          normalise(state);
          take({std::move(state)});
        }
      }
    }
  }

  // The tracked key goes down.
  void press(const State& from, ir::EntryId entry, uint32_t note_class) {
    for (State& state : take_key(from, note_class)) run_press(std::move(state), entry);
  }

  void run_press(State state, ir::EntryId entry) {
    begin(state, entry, Who::key);
    const ir::Entry& info = module_.entries[entry];
    engine_.input(state, info.span, "a key goes down");
    reset_polyphonic(state);
    name_pedals(state);
    if (!query_.legato) {
      if (ivls_ && slice_.arrays[module_.field_source]) {
        State linked = state;
        linked.arrays[module_.field_source].cells.push_back(
            {linked.act().event, linked.fresh_term(1, INT32_MAX, SymKind::event)});
        take(engine_.run_entry(std::move(linked)));
        state.arrays[module_.field_source].cells.push_back({state.act().event, Term::of(-1)});
      }
      std::vector<State> after = engine_.run_entry(std::move(state));
      for (State& one : after) message_ran(one, info.kind);
      take(std::move(after));
      return;
    }
    state.object.life = Life::live;
    state.object.kind = Kind::voice;
    state.object.flags = kLegato;
    state.object.orphan = true;
    state.arrays[module_.field_source].cells.push_back({state.act().event, Term::symbol(kObject)});
    engine_.step(state, info.span, "a legato node hands over the voice of the note before, without an owner");
    take(engine_.run_entry(std::move(state)));
  }

  // A message that a multi script did not drop goes on to the instruments.
  static void message_ran(State& state, EntryKind kind) {
    state.key.passed = kind == EntryKind::midi_in && state.key.phase == KeyPhase::down && !state.key.message_ignored;
    state.key.message_ignored = false;
  }

  std::vector<State> take_key(const State& from, uint32_t note_class) {
    std::vector<State> taken = count_key(from, note_class, true, 0);
    for (State& state : taken) name_key(state, note_class);
    return taken;
  }

  void name_key(State& state, uint32_t note_class) {
    const auto [low, high] = slice_.note_classes[note_class];
    state.key.phase = KeyPhase::down;
    state.key.note_class = note_class;
    state.key.note = state.fresh_term(low, high);
    state.key.channel = state.fresh_term(0, 15);
    state.key.velocity = state.fresh_term(1, 127);
  }

  void key_up(const State& from) {
    const bool again = from.key.again;
    if (from.key.phase != KeyPhase::down && !again) return;
    if (again) {
      run_key_up(from);
      return;
    }
    for (State& state : count_key(from, from.key.note_class, false, 1)) {
      state.key.phase = KeyPhase::up;
      run_key_up(std::move(state));
    }
  }

  void run_key_up(State state) {
    bool ran = false;
    for (ir::EntryId entry = 0; entry < module_.entries.size(); ++entry) {
      const ir::Entry& info = module_.entries[entry];
      const bool mine = ivls_ ? info.kind == EntryKind::note_off && info.node == query_.node
                              : info.kind == EntryKind::release || info.kind == EntryKind::midi_in;
      if (!mine) continue;
      ran = true;
      for (int form = 0; form < (info.kind == EntryKind::midi_in ? 2 : 1); ++form) {
        State one = state;
        begin(one, entry, Who::key);
        if (info.kind == EntryKind::midi_in) {
          one.act().midi_command = Term::of(form == 0 ? 128 : 144);
          one.act().velocity = form == 0 ? one.fresh_term(0, 127) : Term::of(0);
        }
        engine_.input(one, info.span, "the key goes up");
        for (State& after : engine_.run_entry(std::move(one))) {
          after.key.again = false;
          message_ran(after, info.kind);
          finish_release(after);
          out.push_back(std::move(after));
        }
      }
    }
    if (!ran) {
      engine_.input(state, {}, "the key goes up");
      state.key.again = false;
      finish_release(state);
      take({std::move(state)});
    }
  }

  // What the engine does itself once the release callback has run to its end or first wait.
  void finish_release(State& state) {
    Object& object = state.object;
    if (object.life != Life::live) return;
    if (object.owner == Owner::key && !state.key.swallowed) object.life = Life::ended;
    if (object.owner == Owner::parent) object.life = Life::ended;
    if (object.owner == Owner::none && asks_pedal_ && pedal_is_down(state)) object.flags |= kPedalWasDown;
  }
};

}  // namespace

std::vector<State> key_inputs(Engine& engine, const ir::Module& module, const Slice& slice, const Assume& assume,
                              const Query& query, const State& from) {
  KeyInputs inputs(engine, module, slice, assume, query);
  inputs.key_down(from);
  inputs.key_up(from);
  return std::move(inputs.out);
}

}  // namespace fermata::ownership
