#include "runtime/ivls/fades.h"

#include <algorithm>

#include "runtime/ivls/owners.h"

namespace fermata::runtime::ivls {

// Row "fades.out / curve_out, ivls.fire_modulation".
Handle Fades::make(const FadeOrder& order) {
  const Handle slot = births_.copy(order.target, false);
  if (slot == -1) return -1;
  Voice& fade = world_.voices[slot];
  fade.modulation = true;
  fade[Field::mod_target] = order.target;
  fade[Field::mod_time] = order.ms;
  fade[Field::mod_kill_on_end] = order.kill ? 1 : 0;
  fade[Field::mod_curve] = order.curve;
  fade[Field::flow] = order.flow;
  fade[Field::stage] = -1;
  fade[Field::delay] = fade[Field::duration] = 0;
  if (!world_.host.assume().fade_starts_on_play) start(slot, -1);
  return slot;
}

void Fades::start(Handle slot, Handle parent) {
  Voice& fade = world_.voices[slot];
  const VoiceRef self = world_.ref(slot);
  const Value target = fade[Field::mod_target];
  const Microseconds time = std::max<Value>(fade[Field::mod_time], 0) * 1000;
  fade[Field::duration] = std::max<Microseconds>(time, 1);  // it owns itself: a key-up of self does not cancel it
  fade[Field::duration_type] = 0;
  fade.limit = fade[Field::duration];
  fade.fired = true;
  if (world_.voices.is_live(target) && target != kOmni) {
    const Watch watch(world_, static_cast<Handle>(target));
    fade.target = world_.ref(static_cast<Handle>(target));
    auto& fades = world_.voices[fade.target.slot].fades;
    std::erase_if(fades, [this](VoiceRef old) { return !world_.same(old); });
    fades.push_back(self);
  }
  if (world_.host.recording())
    world_.tell("fade", slot, "a fade of " + std::to_string(time / 1000) + " ms begins", "duration");
  fade.told = true;
  fade.timer = 1;  // its time runs from here, not from the end of its nodes' logic
  world_.after(time, Deferred::fade_end, self);
  dispatcher_.send(slot, parent);
}

// At its end it releases its target if kill; released first, it is cancelled.
void Fades::finish(VoiceRef self) {
  if (!world_.same(self)) return;
  const Voice& fade = world_.voices[self.slot];
  if (fade.released_at != 0) return;
  const VoiceRef target = fade.target;
  if (fade[Field::mod_kill_on_end] != 0 && world_.same(target)) releaser_.release(target.slot);
  if (world_.same(self)) releaser_.release(self.slot);
}

}  // namespace fermata::runtime::ivls
