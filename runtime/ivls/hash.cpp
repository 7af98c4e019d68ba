// What of the kernel's world decides how a run goes on.
#include "runtime/fingerprint.h"
#include "runtime/ivls/kernel.h"

namespace fermata::runtime::ivls {

void IvlsKernel::name_voices(Fingerprint& print) const {
  const World& world = core_.world;
  print.know_voices(world.born);
  for (Handle slot = 0; world.voices.has(slot); ++slot) {
    if (world.voices.is_live(slot)) print.know_voice(world.voices[slot].number, slot);
  }
}

void IvlsKernel::add_to(Fingerprint& print) const {
  const World& world = core_.world;
  for (Handle slot = kOmni + 1; world.voices.has(slot); ++slot) {
    if (!world.voices.is_live(slot)) continue;
    const Voice& voice = world.voices[slot];
    print.add(slot);
    for (size_t i = 0; i < voice.fields.size(); ++i) {
      if (i != static_cast<size_t>(Field::note_on_time)) print.add_value(voice.fields[i]);
    }
    for (const Handle link : {voice.parent, voice.child, voice.right, voice.runtime, voice.at_flow, voice.at_stage})
      print.add(link);
    print.add(voice.key_voice | voice.fired << 1 | (voice.released_at != 0) << 2 | voice.cascaded << 3 |
              voice.modulation << 4 | world.keys.held(voice.press) << 5 | voice.record.lost << 6);
    print.add(voice.limit);
    print.add(static_cast<int64_t>(voice.tasks) << 32 | voice.node);
    print.add_voice(voice.target.number);
    for (const VoiceRef fade : voice.fades) print.add_voice(fade.number);
    for (const Handle path : voice.paths) print.add(path);
    print.add(voice.record.birth);
    print.add(voice.record.loss_at);
  }
  for (Handle slot = 0; world.envs.has(slot); ++slot) {
    if (!world.envs.is_live(slot)) continue;
    const NodeEnv& env = world.envs[slot];
    print.add_voice(env.voice.number);
    print.add(env.sent_voice);
    print.add(env.passed | env.duration_limited << 1 | env.path_cancelled << 2);
  }
  for (Handle slot = 0; world.runtimes.has(slot); ++slot) {
    if (!world.runtimes.is_live(slot)) continue;
    print.add(slot);
    print.add(world.runtimes[slot].created);
    for (const Handle member : world.runtimes[slot].members) print.add(member);
  }
  print.add(world.open);
}

}  // namespace fermata::runtime::ivls
