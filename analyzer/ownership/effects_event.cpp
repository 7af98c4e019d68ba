// Effects on Kontakt events (semantics: plain KSP) and on MIDI notes of multi scripts.
#include "ownership/engine.h"

namespace fermata::ownership {

using ir::Effect;
using ir::EntryKind;

bool Engine::may_track(const State& state, uint32_t id) const {
  if (state.object.life != Life::none || query_.legato || !query_.births.contains(id)) return false;
  const Who who = state.act().who;
  return who != Who::other && who != Who::child;
}

void Engine::born_at(State& state, uint32_t id, Kind kind, Life life) {
  state.object = {};
  state.object.life = life;
  state.object.kind = kind;
  state.object.birth = id;
  born.insert(id);
}

// The object's life is over. Callbacks go on, so that what they still do to it can be remarked.
void Engine::end_object(State& state, uint32_t id, const char* how) {
  if (state.object.life != Life::live && state.object.life != Life::unfired) return;
  state.object.life = Life::ended;
  step(state, module_.instrs[id].span, how);
}

void Engine::lose(State& state, std::string fact, Span at) {
  if (!state.lost.empty()) return;
  state.lost = std::move(fact);
  state.lost_at = at;
}

void Engine::play_note(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  const Term duration = eval(state, instr.d);
  const EntryKind kind = module_.entries[state.act().entry].kind;
  const Who who = state.act().who;
  {
    State other = state;
    // Tied to a key that may be gone there may be no event at all.
    const Term made = other.fresh_term(other.range(duration).contains(-1) ? 0 : 1, INT32_MAX, SymKind::event);
    assign(other, instr.dst, made);
    out.push_back(std::move(other));
  }
  if (!may_track(state, id)) return;
  const bool literal = instr.d == kNone || module_.exprs[instr.d].kind == ir::ExprKind::constant;
  State tied = state;
  if (tied.assume_zero(tied.add(duration, Term::of(-1), -1))) {
    const bool in_release = kind == EntryKind::release;
    const bool in_note = kind == EntryKind::note || kind == EntryKind::note_on;
    const bool gone = who == Who::key && tied.key.phase == KeyPhase::up;
    if (in_release || (in_note && gone)) {
      // No event is made; the result is 0.
      assign(tied, instr.dst, Term::of(0));
    } else {
      born_at(tied, id, Kind::event, Life::live);
      tied.object.owner = in_note ? Owner::key : Owner::none;
      if (!in_note) tied.object.flags |= kNoKey;
      assign(tied, instr.dst, Term::symbol(kObject));
      step(tied, instr.span,
           in_note ? "a note is played, tied to its key" : "a note is played, tied to a key where there is none");
    }
    out.push_back(std::move(tied));
  }
  State timed = state;
  if (timed.assume_at_least(duration, 1)) {
    born_at(timed, id, Kind::event, Life::live);
    timed.object.owner = Owner::duration;
    assign(timed, instr.dst, Term::symbol(kObject));
    out.push_back(std::move(timed));
  }
  State open = std::move(state);
  if (open.assume_at_most(duration, 0) && open.assume_not_zero(open.add(duration, Term::of(-1), -1))) {
    born_at(open, id, Kind::event, Life::live);
    if (!literal) open.object.flags |= kDurationMayBeZero;
    if (who == Who::key && open.key.phase == KeyPhase::up && (kind == EntryKind::note || kind == EntryKind::note_on)) {
      open.object.flags |= kReleasedBeforeBirth;
    }
    if (who == Who::nobody) open.object.flags |= kNoKey;
    const bool release_sample = kind == EntryKind::release && instr.discarded && !assume_.zones_explicit;
    if (assume_.one_shot || release_sample) {
      open.object.owner = Owner::zones;
      rests_on.insert("zones");
    }
    assign(open, instr.dst, Term::symbol(kObject));
    step(open, instr.span,
         literal ? "a note of length 0 is played: it sounds until something ends it"
                 : "a note is played whose length is 0 here: it sounds until something ends it");
    out.push_back(std::move(open));
  }
}

namespace {

// Which events an operand means, as far as the tracked object is concerned.
enum class Aim : uint8_t { object, key_event, neither };

}  // namespace

// note_off and fade_out(..., 1); a fade without stop silences only.
void Engine::end_events(State state, uint32_t id, bool stops, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  const ir::Expr& target = module_.exprs[instr.a];
  Aim aim = Aim::neither;
  bool everything = target.kind == ir::ExprKind::env && target.env == ir::Env::all_events;
  if (target.kind == ir::ExprKind::pure && target.pure == ir::Pure::by_marks) {
    const Term mask = target.args.empty() ? Term::of(0) : eval(state, target.args[0]);
    const bool live = state.object.life == Life::live && state.object.kind != Kind::runtime;
    if (live && mask.is_constant() && state.object.marks_known) {
      if ((state.object.marks & static_cast<uint32_t>(mask.constant)) != 0) aim = Aim::object;
    } else if (live && state.object.marks_known && state.object.marks == 0) {
      aim = Aim::neither;
    } else if (live) {
      State missed = state;  // the mask or the marks are not known: both may be
      out.push_back(std::move(missed));
      aim = Aim::object;
    }
  } else if (!everything) {
    const Term term = eval(state, instr.a);
    if (term.is_symbol(kObject))
      aim = Aim::object;
    else if (term.is_symbol(kKeyEvent))
      aim = Aim::key_event;
  }
  const bool tied = state.object.owner == Owner::key && state.object.life == Life::live;
  if (everything || aim == Aim::object) {
    if (!stops) {
      if (state.object.life == Life::live) {
        state.object.flags |= kFadedWithoutStop;
        step(state, instr.span, "it is faded to silence, but not ended");
      }
    } else if (state.object.kind == Kind::event || state.object.kind == Kind::key_event) {
      end_object(state, id, "it is ended");
    }
  }
  if (stops && (everything || aim == Aim::key_event)) {
    if (tied || (state.object.kind == Kind::key_event && state.object.life == Life::live))
      end_object(state, id, "it ends with its key's note");
    if (state.key.swallowed) {
      state.key.swallowed = false;
      state.key.again = true;
    }
  }
  out.push_back(std::move(state));
}

void Engine::ignore_event(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  const ir::Expr& target = module_.exprs[instr.a];
  if (target.kind == ir::ExprKind::env && target.env == ir::Env::all_events) {
    end_events(std::move(state), id, true, out);
    return;
  }
  const Term term = eval(state, instr.a);
  const EntryKind kind = module_.entries[state.act().entry].kind;
  if (term.is_symbol(kObject)) {
    end_object(state, id, "it is ended");
  } else if (term.is_symbol(kKeyEvent) && state.act().who == Who::key) {
    if (kind == EntryKind::note) {
      state.key.ignored = true;
    } else if (kind == EntryKind::release && !state.key.again && !state.act().resumed) {
      state.key.swallowed = true;
      if (state.object.owner == Owner::key && state.object.life == Life::live) {
        state.object.owner = Owner::none;
        state.object.flags |= kSwallowed;
        state.object.blame = id;
        blamed.insert(id);
      }
      if (may_track(state, id) && !state.key.ignored) {
        State untracked = state;
        out.push_back(std::move(untracked));
        born_at(state, id, Kind::key_event, Life::live);
        state.object.marks = state.key.marks;
        state.object.flags |= kSwallowed;
        step(state, instr.span, "the key-up is swallowed: the note goes on sounding");
      }
    }
  }
  out.push_back(std::move(state));
}

void Engine::mark_event(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  const ir::Expr& target = module_.exprs[instr.a];
  const bool all = target.kind == ir::ExprKind::env && target.env == ir::Env::all_events;
  const bool marked = target.kind == ir::ExprKind::pure && target.pure == ir::Pure::by_marks && !target.args.empty();
  const Term target_term = all || marked ? Term::of(0) : eval(state, instr.a);
  const Term mask = eval(state, instr.b);
  bool meant = false;  // as one of the marked events
  if (marked && state.object.life == Life::live) {
    const Term which = eval(state, target.args[0]);
    const bool known = which.is_constant() && state.object.marks_known;
    meant = known && (state.object.marks & static_cast<uint32_t>(which.constant)) != 0;
    if (!known) state.object.marks_known = false;
  }
  if (target_term.is_symbol(kKeyEvent) && mask.is_constant()) {
    const auto bits = static_cast<uint32_t>(mask.constant);
    state.key.marks = instr.effect == Effect::set_mark ? state.key.marks | bits : state.key.marks & ~bits;
  }
  const bool own = target_term.is_symbol(kKeyEvent) && state.object.kind == Kind::key_event;
  if (all || own || meant || target_term.is_symbol(kObject)) {
    if (!mask.is_constant()) {
      state.object.marks_known = false;
    } else if (instr.effect == Effect::set_mark) {
      state.object.marks |= static_cast<uint32_t>(mask.constant);
    } else {
      state.object.marks &= ~static_cast<uint32_t>(mask.constant);
    }
  }
  out.push_back(std::move(state));
}

void Engine::change_note(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  const Term term = eval(state, instr.a);
  if (term == state.act().event) {
    const Term note = eval(state, instr.b);
    if (state.act().who == Who::key) {
      state.key.note = note;
      if (state.object.life == Life::live) {
        state.object.flags |= kKeyChanged;
        step(state, instr.span, "the key's note number is changed");
      }
    }
    state.act().note = note;
  }
  out.push_back(std::move(state));
}

// Multi scripts: what leaves is a note-on that must be followed by its note-off, same channel and pitch.
void Engine::midi(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  if (instr.effect == Effect::ignore_midi) {
    if (state.act().who == Who::key && state.key.phase == KeyPhase::up && state.key.passed && may_track(state, id)) {
      State tracked = state;
      born_at(tracked, id, Kind::midi_note, Life::live);
      tracked.object.pitch = tracked.key.note;
      tracked.object.channel = tracked.key.channel;
      tracked.key.message_ignored = true;
      step(tracked, instr.span, "the note-off is dropped, its note-on went through");
      out.push_back(std::move(tracked));
    }
    if (state.act().who == Who::key) state.key.message_ignored = true;
    out.push_back(std::move(state));
    return;
  }
  const Term channel = eval(state, instr.a);
  const Term command = eval(state, instr.b);
  const Term pitch = eval(state, instr.c);
  const Term velocity = eval(state, instr.d);
  State on = state;
  if (may_track(state, id) && on.assume_zero(on.add(command, Term::of(144), -1)) && on.assume_at_least(velocity, 1)) {
    State untracked = state;
    out.push_back(std::move(untracked));
    born_at(on, id, Kind::midi_note, Life::live);
    on.object.pitch = pitch;
    on.object.channel = channel;
    step(on, instr.span, "a note-on is sent");
    out.push_back(std::move(on));
    return;
  }
  const bool of_key = state.equal(pitch, state.key.note) == std::optional<bool>(true) &&
                      state.equal(channel, state.key.channel) == std::optional<bool>(true);
  if (of_key && state.equal(command, Term::of(128)) == std::optional<bool>(true)) state.key.passed = false;
  if (state.object.life == Life::live && state.object.kind == Kind::midi_note) {
    State off = state;
    const std::optional<bool> is_off = off.equal(command, Term::of(128));
    const bool off_command = is_off != std::optional<bool>(false);
    const bool zero_velocity = state.equal(command, Term::of(144)) != std::optional<bool>(false) &&
                               state.is_zero(velocity) != std::optional<bool>(false);
    if ((off_command || zero_velocity) && off.assume_zero(off.add(pitch, off.object.pitch, -1)) &&
        off.assume_zero(off.add(channel, off.object.channel, -1))) {
      end_object(off, id, "its note-off is sent");
      out.push_back(std::move(off));
    }
    if (off_command || zero_velocity) {
      for (const bool pitch_differs : {true, false}) {
        State missed = state;
        const Term difference =
            pitch_differs ? missed.add(pitch, missed.object.pitch, -1) : missed.add(channel, missed.object.channel, -1);
        if (!pitch_differs && !missed.assume_zero(missed.add(pitch, missed.object.pitch, -1))) continue;
        if (missed.assume_not_zero(difference)) out.push_back(std::move(missed));
      }
      return;
    }
  }
  out.push_back(std::move(state));
}

void Engine::unknown_call(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  for (const ir::ExprId arg : instr.args) {
    if (!eval(state, arg).mentions(kObject)) continue;
    lose(state, "nobody defines " + std::string(module_.program->name(instr.name)) + ", which receives the handle",
         instr.span);
  }
  assign(state, instr.dst, state.fresh_term(INT32_MIN, INT32_MAX));
  out.push_back(std::move(state));
}

void Engine::execute(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  switch (instr.effect) {
    case Effect::set: {
      const Term value = eval(state, instr.a);
      assign(state, instr.dst, value);
      out.push_back(std::move(state));
      break;
    }
    case Effect::load:
      load(std::move(state), instr, out);
      break;
    case Effect::store: {
      const Term index = eval(state, instr.a);
      const Term value = eval(state, instr.b);
      store(std::move(state), instr.array, index, value, out);
      break;
    }
    case Effect::play_note:
      play_note(std::move(state), id, out);
      break;
    case Effect::note_off:
      end_events(std::move(state), id, true, out);
      break;
    case Effect::fade_out: {
      const Term stop = eval(state, instr.c);
      State silent = state;
      if (state.assume_not_zero(stop)) end_events(std::move(state), id, true, out);
      if (silent.assume_zero(stop)) end_events(std::move(silent), id, false, out);
      break;
    }
    case Effect::ignore_event:
      ignore_event(std::move(state), id, out);
      break;
    case Effect::set_mark:
    case Effect::delete_mark:
      mark_event(std::move(state), id, out);
      break;
    case Effect::change_note:
      change_note(std::move(state), id, out);
      break;
    case Effect::set_midi:
    case Effect::ignore_midi:
      midi(std::move(state), id, out);
      break;
    case Effect::unknown_call:
      unknown_call(std::move(state), id, out);
      break;
    case Effect::wait:
      out.push_back(std::move(state));
      break;
    default:
      voice_effect(std::move(state), id, out);
      break;
  }
}

}  // namespace fermata::ownership
