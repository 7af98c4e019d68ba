#include "runtime/ivls/owners.h"

#include <algorithm>

namespace fermata::runtime::ivls {
namespace {

bool parent_will_end(const World& world, const Voice& voice) {
  if (voice.parent <= kOmni || voice[Field::auto_release] == 0) return false;
  const Voice& parent = world.voices[voice.parent];
  return parent.released_at == 0 || (!parent.cascaded && voice.linked_at < parent.released_at);
}

bool kill_fade_runs(const World& world, const Voice& voice) {
  return std::ranges::any_of(voice.fades, [&](VoiceRef fade) {
    return world.same(fade) && world.voices[fade.slot].released_at == 0 &&
           world.voices[fade.slot][Field::mod_kill_on_end] != 0;
  });
}

const char* word(Owner owner) {
  constexpr const char* kWords[] = {"none", "key", "parent", "runtime", "duration", "script", ""};
  return kWords[static_cast<size_t>(owner)];
}

// How a voice comes into the story.
const char* first_sentence(Owner owner) {
  switch (owner) {
    case Owner::parent:
      return " begins and will end with its parent";
    case Owner::runtime:
      return " begins in a runtime";
    case Owner::duration:
      return " begins and will end when its time is up";
    case Owner::none:
      return " begins, and nobody will end it";
    default:
      return " begins";
  }
}

const char* sentence(Owner owner, Loss loss) {
  switch (owner) {
    case Owner::none:
      return loss == Loss::legato_source ? " is handed over without an owner" : " has no owner any more";
    case Owner::key:
      return " belongs to its key";
    case Owner::parent:
      return " ends with its parent";
    case Owner::runtime:
      return " is kept in a runtime";
    case Owner::duration:
      return " ends when its time is up";
    case Owner::script:
      return " is in the script's hands";
    case Owner::releasing:
      break;
  }
  return " is being released";
}

}  // namespace

Owner owner_of(const World& world, Handle slot) {
  const Voice& voice = world.voices[slot];
  if (voice.released_at != 0) return Owner::releasing;
  if (voice.key_voice && world.keys.held(voice.press)) return Owner::key;
  if (!voice.fired) return Owner::script;
  if (voice.runtime != -1) return Owner::runtime;
  if (voice.limit > 0 || kill_fade_runs(world, voice)) return Owner::duration;
  return parent_will_end(world, voice) ? Owner::parent : Owner::none;
}

Watch::Watch(World& world, Handle voice, Loss loss)
    : world_(world), voice_(world.ref(voice)), loss_(loss), before_(owner_of(world, voice)) {}

Watch::~Watch() {
  if (!world_.same(voice_)) return;
  const Owner after = owner_of(world_, voice_.slot);
  const bool handed_over = loss_ == Loss::legato_source && after == Owner::none;
  if (after == before_ && !handed_over) return;
  Record& record = world_.record(voice_.slot);
  record.lost = after == Owner::none;
  if (record.lost) {
    record.loss = before_ == Owner::script ? Loss::never_owned : loss_;
    record.loss_at = record.loss == Loss::never_owned ? record.birth : world_.place();
    record.since = world_.host.now();
  }
  if (after == Owner::runtime) {
    record.adopted_at = world_.place();
    record.since = world_.host.now();
  }
  if (after == Owner::releasing || !world_.host.recording()) return;
  Voice& voice = world_.voices[voice_.slot];
  const char* said = voice.told ? sentence(after, loss_) : first_sentence(after);
  world_.tell(voice.told ? "owner" : "voice", voice_.slot, describe(world_, voice_.slot) + said, word(after));
  voice.told = true;
}

}  // namespace fermata::runtime::ivls
