#include "runtime/ivls/dispatch.h"

#include <algorithm>
#include <utility>

#include "runtime/ivls/owners.h"
#include "runtime/ivls/release.h"
#include "runtime/ivls/tree.h"

namespace fermata::runtime::ivls {

Microseconds to_us(Value amount, Value type) { return type == 1 ? amount * 500'000 / 960 : amount; }

// Rows "ivls.pass", "ivls.play": the child is dispatched at its next stage, synchronously up to its first wait.
void Dispatcher::send(Handle slot, Handle parent) {
  const VoiceRef self = world_.ref(slot);
  Microseconds delay = 0;
  {
    const Watch watch(world_, slot);
    Voice& voice = world_.voices[slot];
    if (parent != -1) link(world_, slot, parent);
    voice[Field::auto_release] = 1;
    voice.fired = true;
    voice[Field::input] = 0;
    voice[Field::note_on_time] = world_.host.now() / 1000;
    delay = to_us(std::exchange(voice[Field::delay], 0), voice[Field::delay_type]);
    if (delay <= 0) enter(slot);
  }
  if (!world_.same(self)) return;
  if (delay > 0) {
    world_.after(delay, Deferred::enter_after_delay, self);
    return;
  }
  walk_on(self);
}

void Dispatcher::enter_after_delay(VoiceRef self) {
  if (!world_.same(self) || world_.voices[self.slot].released_at != 0) return;
  {
    const Watch watch(world_, self.slot);
    enter(self.slot);
  }
  walk_on(self);
}

// Row "duration > 0 on entry to processing".
void Dispatcher::enter(Handle slot) {
  Voice& voice = world_.voices[slot];
  ++voice[Field::stage];
  const Value duration = voice[Field::duration];
  if (duration <= 0) return;
  voice[Field::auto_release] = 0;
  voice[Field::duration] = 0;
  voice.limit = std::max<Microseconds>(to_us(duration, voice[Field::duration_type]), 1);
}

void Dispatcher::walk_on(VoiceRef self) {
  const bool stands = walk(self.slot);
  if (!world_.same(self)) return;
  if (!stands || !run_body(self.slot, "NoteOn")) logic_done(self.slot);
}

// Goes on to the next stage that is no move and no NotePass. False: the flow ends; the voice stays, silent.
bool Dispatcher::walk(Handle slot) {
  const VoiceRef self = world_.ref(slot);
  for (uint32_t hops = 0; hops < kMaxHops; ++hops) {
    Voice& voice = world_.voices[slot];
    voice.node = kNone;
    const auto flow = static_cast<Handle>(voice[Field::flow]);
    const auto stage = static_cast<Handle>(voice[Field::stage]);
    const Entry* entry = flows_.entry(flow, stage);
    if (entry == nullptr) return false;
    if (entry->node == kNone) {
      voice[Field::flow] = entry->move;
      voice[Field::stage] = 0;
      continue;
    }
    voice.node = entry->node;
    voice.at_flow = flow;
    voice.at_stage = stage;
    voice.at = entry->span;
    const NodeCallback* pass = world_.host.program().find_callback(entry->node, "NotePass");
    if (pass == nullptr) return true;
    if (!pass_inline(slot, *entry, pass->body) || !world_.same(self)) return false;
  }
  world_.host.fault("flow-without-end");
  return false;
}

// Row "stage with NotePass": inline; then the voice moves on, to the start of the new flow when it was rerouted.
bool Dispatcher::pass_inline(Handle slot, const Entry& entry, BlockId body) {
  const VoiceRef self = world_.ref(slot);
  TaskSpec spec;
  spec.body = body;
  spec.node = entry.node;
  spec.self = slot;
  world_.start(std::move(spec));
  if (!world_.same(self)) return false;
  ++world_.voices[slot][Field::stage];
  return true;
}

bool Dispatcher::run_body(Handle slot, std::string_view name) {
  Voice& voice = world_.voices[slot];
  if (voice.node == kNone) return false;
  const NodeCallback* callback = world_.host.program().find_callback(voice.node, name);
  if (callback == nullptr) return false;
  const Handle env = world_.envs.take();
  if (env == -1) {
    world_.host.fault("too-many-node-environments");
    return false;
  }
  const VoiceRef self = world_.ref(slot);
  const bool note_on = name == "NoteOn";
  NodeEnv& node_env = world_.envs[env];
  const Handle stale = node_env.sent_voice;
  node_env = NodeEnv{};
  node_env.live = true;
  node_env.voice = self;
  node_env.node = voice.node;
  node_env.sent_voice = stale;
  node_env.duration_limited = voice.limit > 0;
  ++voice.tasks;
  if (note_on) voice.paths.push_back(env);
  TaskSpec spec;
  spec.body = callback->body;
  spec.node = voice.node;
  spec.self = slot;
  spec.nenv = env;
  spec.on_end = {static_cast<uint8_t>(Deferred::body_end), self.slot, self.number, int64_t{env} * 2 + note_on};
  if (!world_.start(std::move(spec))) body_ended(self, env, note_on);
  return true;
}

void Dispatcher::body_ended(VoiceRef self, Handle env, bool note_on) {
  world_.envs.give_back(env);
  if (!world_.same(self)) return;
  Voice& voice = world_.voices[self.slot];
  --voice.tasks;
  std::erase(voice.paths, env);
  if (note_on) logic_done(self.slot);
  end_if_done(self.slot);
}

// Row "duration": the timer starts when the node logic is done.
void Dispatcher::logic_done(Handle slot) {
  Voice& voice = world_.voices[slot];
  if (voice.limit > 0 && voice.timer == 0 && voice.released_at == 0) start_timer(slot, voice.limit);
}

void Dispatcher::start_timer(Handle slot, Microseconds duration) {
  const VoiceRef self = world_.ref(slot);
  Voice& voice = world_.voices[slot];
  voice.limit = duration;
  const uint32_t generation = ++voice.timer;
  world_.after(duration, Deferred::duration_end, self, generation);
}

void Dispatcher::duration_ended(VoiceRef self, int64_t generation) {
  if (world_.same(self) && world_.voices[self.slot].timer == generation) releaser_->release(self.slot);
}

void Dispatcher::end_if_done(Handle slot) {
  const Voice& voice = world_.voices[slot];
  if (voice.cascaded && voice.tasks == 0) births_.end(slot, " has ended");
}

}  // namespace fermata::runtime::ivls
