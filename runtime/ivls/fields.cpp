// Voice[v].field and NodeEnv[n].field.
#include <optional>

#include "runtime/ivls/kernel.h"
#include "runtime/ivls/owners.h"

namespace fermata::runtime::ivls {

Value IvlsKernel::read_link(Handle slot, LinkField which) const {
  const Voice& voice = core_.world.voices[slot];
  switch (which) {
    case LinkField::parent:
      return voice.parent;
    case LinkField::child:
      return voice.child;
    case LinkField::left:
      return voice.left;
    case LinkField::right:
      return voice.right;
    case LinkField::runtime:
      return voice.runtime;
    case LinkField::vmc:
      return voice.vmc;
    case LinkField::release_fired:
      break;
  }
  return voice.released_at != 0 ? 1 : 0;
}

Value IvlsKernel::read_field(std::string_view type, Value index, std::string_view field) {
  if (type == "nodeenv") return read_env(index, field);
  if (type != "voice") return 0;
  World& world = core_.world;
  if (!world.voices.is_live(index)) {
    world.host.fault("voice-not-live");
    return 0;
  }
  const auto slot = static_cast<Handle>(index);
  const auto place = world.schema.find(field);
  if (!place) {
    world.host.fault("unknown-field");
    return 0;
  }
  return place->link ? read_link(slot, place->which) : world.voices[slot].fields[place->index];
}

// Row "Voice[v].auto_release := FALSE": parent ownership ends, nothing replaces it.
void IvlsKernel::write_field(std::string_view type, Value index, std::string_view field, Value value) {
  if (type == "nodeenv") return write_env(index, field, value);
  World& world = core_.world;
  if (type != "voice") return;
  if (!world.check(index)) return;
  const auto slot = static_cast<Handle>(index);
  const auto place = world.schema.find(field);
  if (!place || place->link) {
    world.host.fault(place ? "read-only-field" : "unknown-field");
    return;
  }
  Voice& voice = world.voices[slot];
  if (place->index == static_cast<size_t>(Field::auto_release)) {
    const Watch watch(world, slot);
    voice[Field::auto_release] = value;
    return;
  }
  std::optional<Watch> target;  // whether a fade ends its target may be decided while it runs
  if (voice.modulation && world.same(voice.target)) target.emplace(world, voice.target.slot);
  voice.fields[place->index] = value;
}

Value IvlsKernel::read_env(Value index, std::string_view field) {
  World& world = core_.world;
  if (!world.envs.is_live(index)) {
    world.host.fault("node-environment-not-live");
    return 0;
  }
  const NodeEnv& env = world.envs[static_cast<Handle>(index)];
  if (field == "sentvoice") {
    if (!env.passed) world.host.fault("stale-sent-voice");
    return env.sent_voice;
  }
  if (field == "duration_limited") return env.duration_limited ? 1 : 0;
  if (field == "info.path_cancelled" || field == "path_cancelled") return env.path_cancelled ? 1 : 0;
  if (field == "voice") return env.voice.slot;
  if (field == "node") return static_cast<Value>(env.node);
  world.host.fault("unknown-field");
  return 0;
}

void IvlsKernel::write_env(Value index, std::string_view field, Value value) {
  World& world = core_.world;
  if (!world.envs.is_live(index)) {
    world.host.fault("node-environment-not-live");
    return;
  }
  NodeEnv& env = world.envs[static_cast<Handle>(index)];
  if (field == "sentvoice") {
    env.sent_voice = static_cast<Handle>(value);
  } else if (field == "info.path_cancelled" || field == "path_cancelled") {
    env.path_cancelled = value != 0;
  } else {
    world.host.fault("read-only-field");
  }
}

}  // namespace fermata::runtime::ivls
