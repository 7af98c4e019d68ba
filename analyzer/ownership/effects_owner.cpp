// Effects that give a voice another owner, or take one away: runtimes, detaching, fades, legato links.
#include "ownership/engine.h"

namespace fermata::ownership {

using ir::Effect;
using ir::EntryKind;

void Engine::adopt(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  const Term runtime = eval(state, instr.a);
  const Term voice = eval(state, instr.b);
  if (runtime.is_symbol(kObject) && state.object.kind == Kind::runtime && state.object.life == Life::ended) {
    remarks.insert({"runtime-used-after-release", id});
  }
  if (voice.is_symbol(kObject) && state.object.kind == Kind::runtime) remarks.insert({"adopt-arguments-swapped", id});
  if (runtime.is_symbol(kObject) && state.object.kind == Kind::voice) remarks.insert({"adopt-arguments-swapped", id});
  if (!voice.is_symbol(kObject) || state.object.kind != Kind::voice || state.object.life == Life::ended) {
    out.push_back(std::move(state));
    return;
  }
  State none = state;
  if (none.assume_at_most(runtime, -1)) out.push_back(std::move(none));  // no live runtime: nothing changes
  if (!state.assume_at_least(runtime, 0)) return;
  if (state.object.owner == Owner::duration) remarks.insert({"two-owners", id});
  state.object.owner = Owner::runtime;
  state.object.runtime = runtime;
  step(state, instr.span, "a runtime adopts it");
  out.push_back(std::move(state));
}

// unparent_*, restore_parent, auto_release := FALSE, reparent_voice_to_voice.
void Engine::detach(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  const Term voice = eval(state, instr.a);
  Object& object = state.object;
  const bool children = instr.effect == Effect::unparent_children;
  const bool hit = object.kind == Kind::voice && object.life == Life::live &&
                   (children ? voice == state.act().event && object.owner == Owner::parent : voice.is_symbol(kObject));
  if (!hit) {
    out.push_back(std::move(state));
    return;
  }
  if (object.owner == Owner::duration || object.owner == Owner::fade) {
    out.push_back(std::move(state));
    return;
  }
  blamed.insert(id);
  if (instr.effect == Effect::restore_parent && object.orphan && object.owner == Owner::none) {
    step(state, instr.span, "it has no parent to go back to");  // the line that took it away is to blame
    out.push_back(std::move(state));
    return;
  }
  if ((object.flags & kLegato) == 0) object.blame = id;
  const bool alive = state.act().who == Who::key && state.key.phase == KeyPhase::down &&
                     module_.entries[state.act().entry].kind != EntryKind::note_off;
  if (instr.effect == Effect::restore_parent) {
    object.runtime = Term::of(0);
    object.owner = alive && !object.orphan ? Owner::parent : Owner::none;
    if (object.owner == Owner::none) {
      object.flags |= kRestored;
      step(state, instr.span,
           object.orphan ? "it has no parent to go back to"
                         : "it goes back to its parent, which is gone or being released");
    }
  } else if (instr.effect == Effect::reparent_voice) {
    const ir::Expr& to = module_.exprs[instr.b];
    const bool omni = to.kind == ir::ExprKind::env && to.env == ir::Env::omni_voice;
    if (object.owner != Owner::runtime) object.owner = omni ? Owner::none : Owner::parent;
    if (omni) object.flags |= kDetached;
    object.orphan = omni;
    return out.push_back(std::move(state));
  }
  object.orphan = object.orphan || (instr.effect != Effect::restore_parent && !instr.keeps_link);
  if (instr.effect != Effect::restore_parent && object.owner != Owner::runtime) {
    object.owner = Owner::none;
    object.flags |= kDetached;
    step(state, instr.span, "it is taken from its parent: nobody owns it now");
  }
  out.push_back(std::move(state));
}

void Engine::fade_voice(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  const Term target = eval(state, instr.a);
  if (!target.is_symbol(kObject) || state.object.life != Life::live) {
    assign(state, instr.dst, state.fresh_term(1, INT32_MAX, SymKind::event));
    out.push_back(std::move(state));
    return;
  }
  const Term kill = eval(state, instr.b);
  State keeps = state;
  if (state.assume_not_zero(kill)) {
    if (state.object.owner == Owner::none || state.object.owner == Owner::parent) {
      if (!assume_.fade_starts_on_play) {
        state.object.owner = Owner::fade;
      }
      rests_on.insert("fade-start");
    }
    // Of several fades the last one is followed.
    state.substitute(kFade, state.fresh_term(1, INT32_MAX, SymKind::event));
    state.object.faded = true;
    assign(state, instr.dst, Term::symbol(kFade));
    step(state, instr.span, "a fade takes it over and releases it at its end");
    out.push_back(std::move(state));
  }
  if (keeps.assume_zero(kill)) {
    keeps.object.flags |= kFadedWithoutStop;
    assign(keeps, instr.dst, keeps.fresh_term(1, INT32_MAX, SymKind::event));
    step(keeps, instr.span, "it is faded to silence, but lives on: kill is NO");
    out.push_back(std::move(keeps));
  }
}

void Engine::legato(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  const Term voice = eval(state, instr.a);
  if (instr.effect == Effect::legato_clear) {
    store(std::move(state), module_.field_source, voice, Term::of(-1), out);
    return;
  }
  for (auto& [one, source] : read(std::move(state), module_.field_source, voice)) {
    if (instr.effect == Effect::legato_found) {
      const bool certain = source.is_symbol(kObject) || source.is_constant() ||
                           (source.count == 1 && one.syms[source.parts[0].sym].kind == SymKind::event);
      assign(one, instr.dst, certain ? Term::of(source.is_constant(-1) ? 0 : 1) : one.fresh_term(0, 1));
      if (source.is_symbol(kObject) && one.object.blame == kNone && (one.object.flags & kLegato) != 0) {
        blamed.insert(id);
      }
    } else {
      if (source.is_constant(-1) && one.act().who == Who::key) remarks.insert({"legato-link-unchecked", id});
      if (source.is_symbol(kObject) && (one.object.flags & kLegato) != 0) {
        one.object.blame = id;
        one.object.flags |= kSourceRead;
        blamed.insert(id);
        step(one, instr.span, "the source is read: it is this node's to end now");
      }
      assign(one, instr.dst, source);
    }
    out.push_back(std::move(one));
  }
}

void Engine::create_runtime(State state, uint32_t id, std::vector<State>& out) {
  const ir::Instr& instr = module_.instrs[id];
  if (may_track(state, id)) {
    State tracked = state;
    born_at(tracked, id, Kind::runtime, Life::live);
    assign(tracked, instr.dst, Term::symbol(kObject));
    step(tracked, instr.span, "a runtime is created");
    out.push_back(std::move(tracked));
  }
  assign(state, instr.dst, state.fresh_term(1, INT32_MAX, SymKind::event));
  out.push_back(std::move(state));
}

void Engine::release_runtime(State state, uint32_t id, std::vector<State>& out) {
  const Term runtime = eval(state, module_.instrs[id].a);
  if (runtime.is_symbol(kObject) && state.object.kind == Kind::runtime) {
    if (state.object.life == Life::ended) remarks.insert({"runtime-used-after-release", id});
    end_object(state, id, "the runtime is released");
  } else if (state.object.owner == Owner::runtime && !runtime.is_constant() && runtime == state.object.runtime) {
    end_object(state, id, "its runtime is released");
  }
  out.push_back(std::move(state));
}

}  // namespace fermata::ownership
