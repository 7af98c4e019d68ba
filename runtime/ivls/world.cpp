#include "runtime/ivls/world.h"

#include <utility>

namespace fermata::runtime::ivls {

WorldState::WorldState(size_t most_voices)
    : voices(most_voices), envs(524'288 / 8), runtimes(kMaxRuntimes), vmcs(524'288 / 4) {
  voices[voices.take()].fired = true;
}

bool World::check(Value slot) {
  if (slot != kOmni && voices.is_live(slot)) return true;
  host.fault("voice-not-live");
  return false;
}

bool World::user_text(Span span) const {
  const auto& files = host.program().files;
  return span.file >= files.size() || !files[span.file].library;
}

Span World::place() const {
  const Span here = host.here();
  if (user_text(here) || !voices.is_live(caller) || voices[caller].at.file == kNone) return here;
  return voices[caller].at;
}

void World::post(Deferred what, VoiceRef voice) {
  ++outstanding;
  host.post({static_cast<uint8_t>(what), voice.slot, voice.number, 0});
}

void World::after(Microseconds delay, Deferred what, VoiceRef voice, int64_t detail) {
  ++outstanding;
  host.after(delay, {static_cast<uint8_t>(what), voice.slot, voice.number, detail});
}

bool World::start(TaskSpec spec) {
  if (spec.body == kNone) return false;
  if (depth >= kMaxDepth) {
    host.fault("dispatch-too-deep");
    return false;
  }
  ++depth;
  host.start(std::move(spec));
  --depth;
  return true;
}

void World::tell(const char* what, Handle slot, std::string text, std::string owner) {
  if (!host.recording()) return;
  TimelineEntry entry;
  entry.what = what;
  entry.text = std::move(text);
  entry.owner = std::move(owner);
  if (slot >= 0) {
    entry.voice = voices[slot].number;
    entry.name = describe(*this, slot);
    const Handle parent = voices[slot].parent;
    if (parent > kOmni) entry.parent = voices[parent].number;
  }
  host.record(std::move(entry));
}

std::string describe(const World& world, Handle slot) {
  const Voice& voice = world.voices[slot];
  const Program& program = world.host.program();
  std::string text = voice.modulation ? "a fade" : "note " + std::to_string(voice[Field::note]);
  if (voice.node != kNone) text.append(" at ").append(program.name(program.nodes[voice.node].name));
  return text;
}

}  // namespace fermata::runtime::ivls
