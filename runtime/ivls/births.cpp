#include "runtime/ivls/births.h"

#include <algorithm>

#include "runtime/ivls/owners.h"
#include "runtime/ivls/tree.h"

namespace fermata::runtime::ivls {

Handle Births::allocate() {
  const Handle slot = world_.voices.take();
  if (slot == -1) {
    world_.host.fault("too-many-voices");
    return -1;
  }
  Voice& voice = world_.voices[slot];
  voice = Voice{};
  voice.live = true;
  voice.number = world_.born++;
  voice.record.birth = world_.place();
  voice.record.since = world_.host.now();
  return slot;
}

Handle Births::make() {
  const Handle slot = allocate();
  if (slot == -1) return -1;
  Voice& voice = world_.voices[slot];
  voice.fields = world_.schema.defaults();
  voice.vmc = new_vmc(-1);
  hooks_.run(Hook::constructor, slot);
  return slot;
}

Handle Births::copy(Handle source, bool own_vmc) {
  const Handle slot = allocate();
  if (slot == -1) return -1;
  Voice& voice = world_.voices[slot];
  const Voice& from = world_.voices[source];
  voice.fields = from.fields;
  voice[Field::event] = -1;
  voice.press = from.press;
  voice.vmc = from.vmc;
  if (own_vmc || from.vmc == -1) {
    voice.vmc = new_vmc(from.vmc);
  } else {
    ++world_.vmcs[from.vmc].voices;
  }
  hooks_.run(Hook::copy_constructor, slot);
  return slot;
}

void Births::end(Handle slot, std::string_view how) {
  const VoiceRef self = world_.ref(slot);
  hooks_.run(Hook::destructor, slot);
  if (!world_.same(self)) return;
  Voice& voice = world_.voices[slot];
  for (const Handle child : children(world_, slot)) {
    const Watch watch(world_, child);
    unlink(world_, child);
  }
  leave_runtime(world_, slot);
  if (world_.host.recording()) world_.tell("end", slot, describe(world_, slot).append(how));
  unlink(world_, slot);
  drop_vmc(voice.vmc);
  if (!voice.record.lost) voice.record.since = world_.host.now();
  if (voice.has_event) {
    for (EventRecord& event : world_.events) {
      if (event.voice == voice.number) event.record = voice.record;
    }
  }
  world_.voices.give_back(slot);
}

Handle Births::new_vmc(Handle parent) {
  const Handle slot = world_.vmcs.take();
  if (slot == -1) {
    world_.host.fault("too-many-vmcs");
    return -1;
  }
  world_.vmcs[slot] = Vmc{true, parent, 1, 0};
  if (parent != -1) ++world_.vmcs[parent].children;
  return slot;
}

// A container is cleaned when no voice and no live child container holds it.
void Births::drop_vmc(Handle slot) {
  if (slot == -1) return;
  --world_.vmcs[slot].voices;
  while (slot != -1 && world_.vmcs[slot].voices == 0 && world_.vmcs[slot].children == 0) {
    const Handle parent = world_.vmcs[slot].parent;
    world_.vmcs.give_back(slot);
    if (parent != -1) --world_.vmcs[parent].children;
    slot = parent;
  }
}

void join_runtime(World& world, Handle slot, Handle runtime) {
  leave_runtime(world, slot);
  world.voices[slot].runtime = runtime;
  world.runtimes[runtime].members.push_back(slot);
}

void leave_runtime(World& world, Handle slot) {
  Voice& voice = world.voices[slot];
  if (voice.runtime == -1) return;
  std::erase(world.runtimes[voice.runtime].members, slot);
  voice.runtime = -1;
}

}  // namespace fermata::runtime::ivls
