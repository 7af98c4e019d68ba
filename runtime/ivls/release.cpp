#include "runtime/ivls/release.h"

#include <optional>
#include <utility>

#include "runtime/ivls/owners.h"
#include "runtime/ivls/tree.h"

namespace fermata::runtime::ivls {

// Row "ivls.release_voice": VOICE_OFF is handed over; the paths of the voice are cancelled.
void Releaser::release(Handle slot) {
  Voice& voice = world_.voices[slot];
  if (voice.released_at != 0) return;
  if (!world_.open) {  // row "cluster.legal FALSE": a release arriving then is dropped
    world_.host.fault("release-while-closed");
    return;
  }
  {
    const Watch watch(world_, slot);
    std::optional<Watch> target;  // a fade that is released before its end gives up the voice it was to end
    if (world_.same(voice.target)) target.emplace(world_, voice.target.slot);
    leave_runtime(world_, slot);
    voice.released_at = ++world_.tick;
  }
  for (const Handle env : voice.paths) world_.envs[env].path_cancelled = true;
  if (world_.host.recording()) world_.tell("release", slot, describe(world_, slot) + " is released");
  world_.post(Deferred::voice_off, world_.ref(slot));
}

// NoteOff's part up to its first wait or end, then the cascade; the slot is freed when all tasks of the voice are done.
void Releaser::voice_off(VoiceRef self) {
  if (!world_.same(self)) return;
  Voice& voice = world_.voices[self.slot];
  voice[Field::input] = 1;
  if (!voice.paths.empty()) hooks_.run(Hook::path_cancellation, self.slot);
  if (world_.same(self)) dispatcher_.run_body(self.slot, "NoteOff");
  if (!world_.same(self)) return;
  release_children(self.slot, voice.released_at);
  voice.cascaded = true;
  dispatcher_.end_if_done(self.slot);
}

void Releaser::release_children(Handle slot, uint64_t before) {
  for (const Handle child : children(world_, slot)) {
    const Voice& voice = world_.voices[child];
    if (voice[Field::auto_release] != 0 && voice.linked_at < before) release(child);
  }
}

// Row "release_runtime".
void Releaser::release_runtime(Handle runtime) {
  const std::vector<Handle> members = world_.runtimes[runtime].members;
  for (const Handle member : members) release(member);
  for (const Handle member : std::vector<Handle>(world_.runtimes[runtime].members)) {
    const Watch watch(world_, member);
    leave_runtime(world_, member);
  }
  world_.runtimes.give_back(runtime);
}

}  // namespace fermata::runtime::ivls
