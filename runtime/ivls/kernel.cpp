#include "runtime/ivls/kernel.h"

#include <array>
#include <utility>

#include "runtime/ivls/owners.h"

namespace fermata::runtime {
namespace ivls {

void IvlsKernel::boot() {
  constexpr auto kStart =
      std::to_array<std::string_view>({"Init", "ICB", "PostInit", "Post_ICB", "FirstLoad", "Flows"});
  run_closed(kStart);
  if (core_.flows.empty() && !core_.world.host.program().product) {
    core_.flows.make_harness(core_.world.host.program(), options_.harness_flow);
  }
  constexpr auto kLoad = std::to_array<std::string_view>(
      {"Pre_PCCB", "PreReload", "PCCB", "Reload", "Keymaps", "Post_PCCB", "PostReload"});
  run_closed(kLoad);
}

// Row "cluster.legal FALSE (init, reload)".
void IvlsKernel::run_closed(std::span<const std::string_view> names) {
  core_.world.open = false;
  ++closing_;
  const auto ended = [this] {
    if (--closing_ == 0) core_.world.open = true;
  };
  for (const std::string_view name : names) {
    closing_ += core_.hooks.count(name);
    core_.hooks.run(name, ended);
  }
  ended();
}

// Row "key down": a key voice owned by the held key; it enters its flow after the key latency.
void IvlsKernel::key_down(int note, int velocity, int channel) {
  World& world = core_.world;
  const int press = world.keys.strike(note);
  if (press == -1) return;
  strokes_.push_back({});
  const Keymaps::Key key = core_.keymaps.of_key(note, core_.flows.first_declared());
  if (!world.open || !core_.flows.has(key.flow)) return;
  const Handle slot = core_.births.make();
  if (slot == -1) return;
  Voice& voice = world.voices[slot];
  voice.press = press;
  voice.key_voice = true;
  voice[Field::note] = note;
  voice[Field::vel] = velocity;
  voice[Field::midi_ch] = channel;
  voice[Field::flow] = key.flow;
  key_voice_ = slot;
  strokes_.back() = world.ref(slot);
  if (world.host.recording())
    world.tell("voice", slot, describe(world, slot) + " begins and belongs to its key", "key");
  voice.told = true;
  world.after(key.latency, [this, self = world.ref(slot)] { enter_flow(self); });
}

// A key voice released before its dispatch never enters its flow.
void IvlsKernel::enter_flow(VoiceRef self) {
  if (!core_.world.same(self) || core_.world.voices[self.slot].released_at != 0) return;
  core_.dispatcher.send(self.slot, -1);
  core_.hooks.run("KNCB");
}

void IvlsKernel::key_up(int note, int /*channel*/) {
  World& world = core_.world;
  const int press = world.keys.lift(note);
  if (press == -1) return;
  const VoiceRef voice = strokes_[static_cast<size_t>(press)];
  if (world.same(voice)) {
    // Its key had owned it until now; a release that is dropped leaves it without an owner.
    if (!world.open) {
      Record& record = world.record(voice.slot);
      record.lost = owner_of(world, voice.slot) == Owner::none || owner_of(world, voice.slot) == Owner::script;
      record.loss = Loss::detached;
      record.since = world.host.now();
    }
    core_.releaser.release(voice.slot);
  }
  core_.hooks.run("KRCB");
}

void IvlsKernel::controller(int number, int value, int channel) {
  core_.world.keys.set_controller(number, value, channel);
  core_.hooks.run("CC");
}

void IvlsKernel::signal(std::string_view callback) {
  const bool reload = callback == "Pre_PCCB" || callback == "PreReload" || callback == "PCCB" || callback == "Reload" ||
                      callback == "Keymaps" || callback == "Post_PCCB" || callback == "PostReload";
  if (!reload) return core_.hooks.run(callback);
  run_closed(std::span(&callback, 1));
}

std::optional<KernelResult> IvlsKernel::call(std::string_view name, std::span<const Value> arguments, Handle self,
                                             Handle nenv) {
  const Function function = find_function(name);
  if (function == nullptr) return std::nullopt;
  const Handle outer = std::exchange(core_.world.caller, self);
  const KernelResult result = function({core_, arguments, self, nenv});
  core_.world.caller = outer;
  return result;
}

std::optional<Value> IvlsKernel::variable(std::string_view name) const {
  if (name == "ivls.omni_voice") return kOmni;
  if (name == "ivls.key_parent_vo" || name == "ivls.play_vo") return key_voice_;
  if (name == "cluster.legal") return core_.world.open ? 1 : 0;
  return std::nullopt;
}

void IvlsKernel::event_born(int event, Handle voice) {
  World& world = core_.world;
  if (!world.voices.is_live(voice) || voice == kOmni) return;
  const Span here = world.host.here();
  const Span birth = world.user_text(here) ? here : world.voices[voice].at;
  world.events.push_back({event, world.voices[voice].number, voice, birth});
}

// Row "ivls.wait": FALSE once self has been released.
bool IvlsKernel::path_on(Handle self, Handle nenv) const {
  const World& world = core_.world;
  if (world.envs.is_live(nenv)) return !world.envs[nenv].path_cancelled && world.same(world.envs[nenv].voice);
  return self != kOmni && world.voices.is_live(self);
}

void IvlsKernel::collect(std::vector<Lost>& hung, std::vector<Lost>& leaked) const {
  collect_lost(core_.world, hung, leaked);
}

}  // namespace ivls

std::unique_ptr<Kernel> make_kernel(Host& host, const KernelOptions& options) {
  return std::make_unique<ivls::IvlsKernel>(host, options);
}

}  // namespace fermata::runtime
