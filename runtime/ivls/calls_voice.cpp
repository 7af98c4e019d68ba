// Functions on single voices: making, sending and ending them.
#include <algorithm>

#include "runtime/fingerprint.h"
#include "runtime/ivls/core.h"
#include "runtime/ivls/owners.h"
#include "runtime/ivls/tree.h"

namespace fermata::runtime::ivls {
namespace {

KernelResult allocated(const Call& call, Handle voice) {
  if (voice != -1 && call.world().host.recording()) {
    call.world().tell("voice", voice, describe(call.world(), voice) + " is prepared, not yet played", "script");
    call.world().voices[voice].told = true;
  }
  return {voice};
}

// Sends an unfired voice on as the head child of `parent`.
void play_as_child(const Call& call, Handle voice, Handle parent) {
  if (call.world().voices[voice].modulation) {
    call.core.fades.start(voice, parent);
  } else {
    call.core.dispatcher.send(voice, parent);
  }
}

void set_sent(const Call& call, Handle voice) {
  if (!call.world().envs.is_live(call.nenv)) return;
  NodeEnv& env = call.world().envs[call.nenv];
  env.sent_voice = voice;
  env.passed = true;
}

bool names_node_env(const Call& call) {
  const Program& program = call.world().host.program();
  if (call[0] < 0 || static_cast<size_t>(call[0]) >= program.names.size()) return false;
  return std::ranges::equal(program.name(static_cast<NameId>(call[0])), std::string_view("nodeenv"),
                            [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

// Releasing what something else ends already: harmless, but not what its author meant.
std::string_view release_fault(const World& world, Handle slot) {
  const Voice& voice = world.voices[slot];
  if (voice.released_at != 0) return "double-release";
  return voice.fired && !voice.modulation && owner_of(world, slot) == Owner::duration ? "release-after-handover" : "";
}

}  // namespace

// Row "Voice.new()": allocated, unfired, a VMC of its own.
KernelResult voice_new(const Call& call) { return allocated(call, call.core.births.make()); }

// Row "Voice.copy(v)".
KernelResult voice_copy(const Call& call) { return new_voice(call); }

// Row "new_voice(v)": a copy on the same VMC.
KernelResult new_voice(const Call& call) {
  return call.voice(0) ? allocated(call, call.core.births.copy(call.handle(0), false)) : KernelResult{-1};
}

// Row "new_formal_voice(v)": a copy with a VMC of its own.
KernelResult new_formal_voice(const Call& call) {
  return call.voice(0) ? allocated(call, call.core.births.copy(call.handle(0), true)) : KernelResult{-1};
}

// The slot goes back without VOICE_OFF; an event of the voice sounds on.
KernelResult voice_delete(const Call& call) {
  if (!call.voice(0)) return {};
  Record& record = call.world().record(call.handle(0));
  record.lost = call.world().voices[call.handle(0)].fired;
  record.loss = Loss::detached;
  record.loss_at = call.world().place();
  record.since = call.world().host.now();
  call.core.births.end(call.handle(0), " is deleted");
  return {};
}

// Row "ivls.pass()".
KernelResult pass(const Call& call) {
  if (!call.outside_note_pass("pass-in-note-pass") || !call.world().check(call.self)) return {};
  const Handle child = call.core.births.copy(call.self, false);
  if (child == -1) return {};
  set_sent(call, child);
  call.core.dispatcher.send(child, call.self);
  return {};
}

// Row "ivls.play(v)". In a callback without a voice the new one hangs on the omni voice.
KernelResult play(const Call& call) {
  if (!call.outside_note_pass("play-in-note-pass") || !call.voice(0)) return {};
  if (call.world().voices[call.handle(0)].fired) return {};
  play_as_child(call, call.handle(0), call.world().voices.is_live(call.self) ? call.self : kOmni);
  return {};
}

// Row "ivls.play.oneshot(v, us)".
KernelResult play_oneshot(const Call& call) {
  if (!call.outside_note_pass("play-in-note-pass") || !call.voice(0)) return {};
  Voice& voice = call.world().voices[call.handle(0)];
  const Value us = call[1];
  if (!voice.fired) {
    if (us > 0) {
      voice[Field::duration] = us;
      voice[Field::duration_type] = 0;
    }
    return play(call);
  }
  if (us <= 0 || voice.released_at != 0) return {};
  if (voice.runtime != -1) call.world().host.fault("two-owners");
  const Watch watch(call.world(), call.handle(0));
  voice[Field::auto_release] = 0;
  for (const Handle env : voice.paths) call.world().envs[env].duration_limited = true;
  call.core.dispatcher.start_timer(call.handle(0), us);
  return {};
}

// Row "Stl.MonoLegato": as play, but under the given voice: the retriggered note belongs to its own held key.
KernelResult play_under(const Call& call) {
  if (!call.outside_note_pass("play-in-note-pass") || !call.voice(0) || !call.voice(1)) return {};
  if (!call.world().voices[call.handle(0)].fired && call[0] != call[1]) {
    play_as_child(call, call.handle(0), call.handle(1));
  }
  return {};
}

// Row "clone_voice(v, nenv)": a copy, fired at v's next stage as child of v's parent.
KernelResult clone_voice(const Call& call) {
  if (!call.outside_note_pass("play-in-note-pass") || !call.voice(0)) return {-1};
  const Handle clone = call.core.births.copy(call.handle(0), false);
  if (clone == -1) return {-1};
  if (call.world().envs.is_live(call[1])) {
    set_sent({call.core, call.arguments, call.self, call.handle(1)}, clone);
  }
  const Handle parent = call.world().voices[call.handle(0)].parent;
  call.core.dispatcher.send(clone, parent == -1 ? kOmni : parent);
  return {clone};
}

// Row "ivls.release_voice(v)".
KernelResult release_voice(const Call& call) {
  if (!call.voice(0)) return {};
  const std::string_view fault = release_fault(call.world(), call.handle(0));
  if (!fault.empty()) call.world().host.fault(fault);
  call.core.releaser.release(call.handle(0));
  return {};
}

// Row "release_voice_children(v)": the cascade alone.
KernelResult release_voice_children(const Call& call) {
  if (call.voice(0)) call.core.releaser.release_children(call.handle(0), UINT64_MAX);
  return {};
}

// Routing only: the next stage is the first of the other flow. NoteOff still runs where the voice stands.
KernelResult reflow_voice(const Call& call) {
  if (!call.voice(0)) return {};
  if (!call.core.flows.has(call[1])) {
    call.world().host.fault("flow-not-declared");
    return {};
  }
  Voice& voice = call.world().voices[call.handle(0)];
  voice[Field::flow] = call[1];
  voice[Field::stage] = -1;
  return {};
}

// check_ref(TYPE, ref): the slot is taken; by whom it does not say.
KernelResult check_ref(const Call& call) {
  const Value ref = call.arguments.empty() ? -1 : call.arguments.back();
  if (call.arguments.size() > 1 && names_node_env(call)) return {call.world().envs.is_live(ref)};
  return {call.world().voices.is_live(ref)};
}

// The number of a voice in order of birth, never used again; -1 when the slot is free. Tells a recycled slot apart.
KernelResult voice_number(const Call& call) {
  if (!call.world().voices.is_live(call[0])) return {-1};
  return {kFirstVoiceNumber + call.world().voices[call.handle(0)].number};
}

// Whether the key whose stroke led to the voice is still down.
KernelResult key_held(const Call& call) {
  const World& world = call.world();
  return {world.voices.is_live(call[0]) && world.keys.held(world.voices[call.handle(0)].press)};
}

// Whether the parent is there and not being released.
KernelResult parent_is_live(const Call& call) {
  const World& world = call.world();
  if (!world.voices.is_live(call[0])) return {0};
  const Handle parent = world.voices[call.handle(0)].parent;
  return {parent > kOmni && world.voices[parent].released_at == 0};
}

}  // namespace fermata::runtime::ivls
