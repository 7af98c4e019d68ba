// Effects on IVLS voices and runtimes: one function per row of the primitives' table.
#include <algorithm>

#include "ownership/engine.h"

namespace fermata::ownership {

using ir::Effect;
using ir::EntryKind;

void Engine::voice_effect(State state, uint32_t id, std::vector<State>& out) {
  switch (module_.instrs[id].effect) {
    case Effect::pass:
      pass(std::move(state), id, out);
      break;
    case Effect::new_voice:
      new_voice(std::move(state), id, out);
      break;
    case Effect::clone_voice:
      clone_voice(std::move(state), id, out);
      break;
    case Effect::play:
      play_voice(std::move(state), id, out);
      break;
    case Effect::play_oneshot:
      play_oneshot(std::move(state), id, out);
      break;
    case Effect::release_voice:
    case Effect::release_children:
    case Effect::delete_voice:
      release_voice(std::move(state), id, out);
      break;
    case Effect::adopt:
      adopt(std::move(state), id, out);
      break;
    case Effect::restore_parent:
    case Effect::unparent:
    case Effect::unparent_children:
    case Effect::reparent_voice:
      detach(std::move(state), id, out);
      break;
    case Effect::fade_voice:
      fade_voice(std::move(state), id, out);
      break;
    case Effect::legato_source:
    case Effect::legato_found:
    case Effect::legato_clear:
      legato(std::move(state), id, out);
      break;
    case Effect::create_runtime:
      create_runtime(std::move(state), id, out);
      break;
    case Effect::release_runtime:
      release_runtime(std::move(state), id, out);
      break;
    default:
      out.push_back(std::move(state));
      break;
  }
}

// The object becomes a child of the running voice: owned while that voice is certain to be released after this.
void Engine::join_parent(State& state, uint32_t id, const Term& parent) {
  const EntryKind kind = module_.entries[state.act().entry].kind;
  Object& object = state.object;
  object.life = Life::live;
  const bool own = parent == state.act().event;
  if (state.act().who == Who::key && own) {
    if (kind == EntryKind::note_off) {
      object.owner = Owner::none;
      object.flags |= kBornInNoteOff;
      step(state, module_.instrs[id].span,
           "it becomes a child of a voice that is already being released: nothing will cascade to it");
    } else if (state.key.phase == KeyPhase::up) {
      object.owner = Owner::none;
      object.flags |= kReleasedBeforeBirth;
      step(state, module_.instrs[id].span, "it is sent on after its parent was released: nothing will cascade to it");
    } else {
      object.owner = Owner::parent;
    }
    return;
  }
  object.owner = Owner::parent;
}

// A copy has all fields of its model but the tree links, runtime and event; a duration was consumed on entry.
std::vector<State> Engine::copy_fields(State state, const Term& from, const Term& to) {
  std::vector<State> states;
  states.push_back(std::move(state));
  for (ir::ArrayId id = 0; id < module_.arrays.size(); ++id) {
    const bool copied = module_.arrays[id].kind == ir::ArrayKind::voice_field && slice_.arrays[id] &&
                        id != module_.field_source && id != module_.field_event && id != module_.field_duration &&
                        !slice_.stays[id];
    if (!copied) continue;
    std::vector<State> next;
    for (State& one : states) {
      // The names may be changed by a split: keep them where they are renamed too.
      one.act().frame.push_back(from);
      one.act().frame.push_back(to);
      for (auto& [read_state, value] : read(std::move(one), id, from)) {
        const Term target = read_state.act().frame.back();
        read_state.act().frame.pop_back();
        read_state.act().frame.pop_back();
        store(std::move(read_state), id, target, value, next);
      }
    }
    states = std::move(next);
  }
  return states;
}

void Engine::pass(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  if (may_track(state, id)) {
    State tracked = state;
    born_at(tracked, id, Kind::voice, Life::live);
    join_parent(tracked, id, tracked.act().event);
    tracked.act().sent = Term::symbol(kObject);
    tracked.act().sent_valid = true;
    assign(tracked, instr.dst, Term::symbol(kObject));
    const Term model = tracked.act().event;
    std::ranges::move(copy_fields(std::move(tracked), model, Term::symbol(kObject)), std::back_inserter(out));
  }
  const Term child = state.fresh_term(1, INT32_MAX, SymKind::event);
  state.act().sent = child;
  state.act().sent_valid = true;
  assign(state, instr.dst, child);
  const Term model = state.act().event;
  for (State& one : copy_fields(std::move(state), model, child)) send_link(std::move(one), out);
}

// The link travels with the copy.
void Engine::send_link(State state, std::vector<State>& out) {
  const Term self = state.act().event;
  const bool followed = state.act().who == Who::key || state.act().who == Who::child;
  if (query_.legato && followed && state.act().stage + 1 < query_.chain.size() && slice_.arrays[module_.field_source]) {
    for (auto& [one, value] : read(std::move(state), module_.field_source, self)) {
      const Term sent = one.act().sent;
      store(std::move(one), module_.field_source, sent, value, out);
    }
    return;
  }
  out.push_back(std::move(state));
}

void Engine::new_voice(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  std::vector<State> made;
  if (may_track(state, id)) {
    State tracked = state;
    born_at(tracked, id, Kind::voice, Life::unfired);
    assign(tracked, instr.dst, Term::symbol(kObject));
    made.push_back(std::move(tracked));
  }
  const Term copy = state.fresh_term(1, INT32_MAX, SymKind::event);
  assign(state, instr.dst, copy);
  made.push_back(std::move(state));
  // A copy of all fields but the tree links, runtime and event; the duration was consumed on entry.
  std::vector<State> copied;
  for (State& one : made) {
    if (!slice_.arrays[module_.field_duration]) {
      copied.push_back(std::move(one));
      continue;
    }
    const bool object = one.object.life == Life::unfired && one.object.birth == id;
    const Term index = object ? Term::symbol(kObject) : copy;
    store(std::move(one), module_.field_duration, index, Term::of(0), copied);
  }
  for (State& one : copied) {
    const bool object = one.object.life == Life::unfired && one.object.birth == id;
    const Term model = eval(one, instr.a);
    std::ranges::move(copy_fields(std::move(one), model, object ? Term::symbol(kObject) : copy),
                      std::back_inserter(out));
  }
}

namespace {

// The voice at the first stage of a flow is the key's own: it has no parent. Nodes without a NoteOn let it through.
bool meets_the_key_itself(const ir::Module& module, NodeId node) {
  const auto sends = [&](const FlowEntry& entry) {
    if (entry.node == kNone || module.program->nodes[entry.node].library) return true;
    return std::ranges::any_of(
        module.entries, [&](const ir::Entry& one) { return one.node == entry.node && one.kind == EntryKind::note_on; });
  };
  return std::ranges::any_of(module.program->flows, [&](const Flow& flow) {
    const auto here = std::ranges::find(flow.entries, node, &FlowEntry::node);
    return here != flow.entries.end() && std::none_of(flow.entries.begin(), here, sends);
  });
}

}  // namespace

void Engine::clone_voice(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  const Term of = eval(state, instr.a);
  if (may_track(state, id)) {
    State tracked = state;
    born_at(tracked, id, Kind::voice, Life::live);
    const bool own = of == tracked.act().event && tracked.act().who == Who::key;
    const bool top = meets_the_key_itself(module_, module_.entries[tracked.act().entry].node);
    const bool alive = own && !top && tracked.key.phase == KeyPhase::down &&
                       module_.entries[tracked.act().entry].kind != EntryKind::note_off;
    tracked.object.orphan = top;
    tracked.object.owner = alive ? Owner::parent : Owner::none;
    if (!alive) {
      tracked.object.flags |= kCloned;
      step(tracked, instr.span,
           top ? "the clone becomes a child of its model's parent, and a key's own voice has none"
               : "the clone becomes a child of its model's parent, which may be gone");
    }
    assign(tracked, instr.dst, Term::symbol(kObject));
    out.push_back(std::move(tracked));
  }
  assign(state, instr.dst, state.fresh_term(1, INT32_MAX, SymKind::event));
  out.push_back(std::move(state));
}

void Engine::play_voice(State state, uint32_t id, std::vector<State>& out) {
  const Term voice = eval(state, module_.instrs[id].a);
  if (!voice.is_symbol(kObject) || state.object.life != Life::unfired) {
    if (state.object.faded && voice.is_symbol(kFade) && assume_.fade_starts_on_play) {
      state.object.owner = Owner::fade;
    }
    out.push_back(std::move(state));
    return;
  }
  for (auto& [one, duration] : read(std::move(state), module_.field_duration, Term::symbol(kObject))) {
    State timed = one;
    if (timed.assume_at_least(duration, 1)) {
      timed.object.life = Life::live;
      timed.object.owner = Owner::duration;
      out.push_back(std::move(timed));
    }
    if (one.assume_at_most(duration, 0)) {
      if (!duration.is_constant()) one.object.flags |= kDurationMayBeZero;
      const Term self = one.act().event;
      join_parent(one, id, self);
      out.push_back(std::move(one));
    }
  }
}

void Engine::play_oneshot(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  const Term voice = eval(state, instr.a);
  if (!voice.is_symbol(kObject) || state.object.life == Life::ended) {
    out.push_back(std::move(state));
    return;
  }
  const Term duration = eval(state, instr.b);
  if (state.object.owner == Owner::runtime) remarks.insert({"two-owners", id});
  State timed = state;
  if (timed.assume_at_least(duration, 1)) {
    timed.object.life = Life::live;
    timed.object.owner = Owner::duration;
    step(timed, instr.span, "a duration owns it");
    out.push_back(std::move(timed));
  }
  if (!state.assume_at_most(duration, 0)) return;
  step(state, instr.span, "the duration is 0 here and gives no owner");
  if (state.object.life == Life::unfired) {
    const Term self = state.act().event;
    join_parent(state, id, self);
  }
  if (state.object.owner == Owner::none) state.object.flags |= kDurationMayBeZero;
  out.push_back(std::move(state));
}

void Engine::release_voice(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  const Term voice = eval(state, instr.a);
  Object& object = state.object;
  if (instr.effect == Effect::release_children) {
    if (voice == state.act().event && object.owner == Owner::parent)
      end_object(state, id, "its parent's children are released");
    out.push_back(std::move(state));
    return;
  }
  if (voice.is_symbol(kObject)) {
    const bool taken = object.life == Life::live && (object.owner == Owner::fade || object.owner == Owner::duration);
    if (object.life == Life::ended || taken) remarks.insert({"release-after-handover", id});
    end_object(state, id, instr.effect == Effect::delete_voice ? "it is deleted" : "it is released");
  } else if (object.life == Life::live && object.owner == Owner::fade && voice.is_symbol(kFade)) {
    object.owner = Owner::none;
    object.flags |= kFadeCancelled;
    step(state, instr.span, "the fade that was to end it is released first, which cancels it");
  } else if (voice == state.act().event && state.act().who == Who::key && state.key.phase == KeyPhase::down) {
    state.key.phase = KeyPhase::up;
    state.key.again = true;  // its NoteOff follows
  }
  out.push_back(std::move(state));
}

}  // namespace fermata::ownership
