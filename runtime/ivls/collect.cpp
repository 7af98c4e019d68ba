// What is left after the closing sequence: voices whose event sounds on (hung), and voices that never ended (leaked).
#include <unordered_set>

#include "runtime/ivls/owners.h"

namespace fermata::runtime::ivls {
namespace {

// Fills in why the live voice at `slot` was not ended.
void blame(const World& world, Handle slot, Lost& lost) {
  Handle root = slot;
  while (owner_of(world, root) == Owner::parent) root = world.voices[root].parent;
  const Voice& voice = world.voices[root];
  const Record& record = world.record(root);
  lost.loss_at = record.lost ? record.loss_at : record.birth;
  lost.loss = record.lost ? record.loss : Loss::never_owned;
  lost.since = record.since;
  lost.flow = record.flow;
  lost.dest_stage = record.dest_stage;
  if (voice.runtime != -1 && voice.released_at == 0) {
    lost.loss = Loss::runtime_leaked;
    lost.loss_at = record.adopted_at;
    lost.runtime_at = world.runtimes[voice.runtime].created;
  }
  if (root == slot) return;
  lost.loss = Loss::parent_lost;
  lost.root = voice.number;
}

Lost hung_event(const World& world, const EventRecord& event) {
  Lost lost;
  lost.voice = event.voice;
  lost.event = event.event;
  const VoiceRef voice{event.slot, event.voice};
  const Record& record = world.same(voice) ? world.record(voice.slot) : event.record;
  if (world.same(voice) && world.voices[voice.slot].released_at == 0) {
    lost.birth = record.birth;
    blame(world, voice.slot, lost);
  } else {
    // Its voice went without ending it.
    lost.birth = event.birth;
    lost.loss_at = record.lost ? record.loss_at : event.birth;
    lost.loss = record.lost ? record.loss : Loss::never_owned;
    lost.since = record.since;
  }
  return lost;
}

}  // namespace

void collect_lost(const World& world, std::vector<Lost>& hung, std::vector<Lost>& leaked) {
  std::unordered_set<int> counted;
  for (const EventRecord& event : world.events) {
    if (!world.host.event_alive(event.event) || !counted.insert(event.voice).second) continue;
    hung.push_back(hung_event(world, event));
  }
  for (Handle slot = kOmni + 1; world.voices.has(slot); ++slot) {
    if (!world.voices.is_live(slot) || counted.contains(world.voices[slot].number)) continue;
    Lost lost;
    lost.voice = world.voices[slot].number;
    lost.birth = world.record(slot).birth;
    blame(world, slot, lost);
    leaked.push_back(lost);
  }
}

}  // namespace fermata::runtime::ivls
