#include "runtime/ivls/kernel.h"

#include <algorithm>
#include <array>
#include <utility>

#include "runtime/ivls/owners.h"

namespace fermata::runtime {
namespace ivls {

struct IvlsKernel::Saved final : Kernel::State {
  WorldState world;
  Flows flows;
  Keymaps keymaps;
  Value modbits;
  Own own;
  Saved(const Core& core, const Own& own_)
      : world(core.world), flows(core.flows), keymaps(core.keymaps), modbits(core.modbits), own(own_) {}
};

std::unique_ptr<Kernel::State> IvlsKernel::save() const { return std::make_unique<Saved>(core_, own_); }

void IvlsKernel::load(const State& state) {
  const auto& saved = static_cast<const Saved&>(state);
  static_cast<WorldState&>(core_.world) = saved.world;
  core_.flows = saved.flows;
  core_.keymaps = saved.keymaps;
  core_.modbits = saved.modbits;
  own_ = saved.own;
}

void IvlsKernel::perform(const KernelAction& action) {
  const auto what = static_cast<Deferred>(action.what);
  const VoiceRef voice{action.slot, action.number};
  if (what == Deferred::body_end) {
    return core_.dispatcher.body_ended(voice, static_cast<Handle>(action.detail >> 1), (action.detail & 1) != 0);
  }
  if (what == Deferred::closed_end) return closed_ended(1);
  --core_.world.outstanding;
  if (what == Deferred::enter_after_delay) core_.dispatcher.enter_after_delay(voice);
  if (what == Deferred::enter_flow) enter_flow(voice);
  if (what == Deferred::duration_end) core_.dispatcher.duration_ended(voice, action.detail);
  if (what == Deferred::fade_end) core_.fades.finish(voice);
  if (what == Deferred::voice_off) core_.releaser.voice_off(voice);
}

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
  ++own_.closing;
  KernelAction ended;
  ended.what = static_cast<uint8_t>(Deferred::closed_end);
  for (const std::string_view name : names) {
    own_.closing += core_.hooks.count(name);
    closed_ended(core_.hooks.run(name, ended));
  }
  closed_ended(1);
}

void IvlsKernel::closed_ended(size_t count) {
  own_.closing -= count;
  if (own_.closing == 0) core_.world.open = true;
}

// Row "key down": a key voice owned by the held key; it enters its flow after the key latency.
void IvlsKernel::key_down(int note, int velocity, int channel) {
  World& world = core_.world;
  const int press = world.keys.strike(note);
  if (press == -1) return;
  own_.key_voices[static_cast<size_t>(note)] = {};
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
  own_.key_voice = slot;
  own_.key_voices[static_cast<size_t>(note)] = world.ref(slot);
  if (world.host.recording())
    world.tell("voice", slot, describe(world, slot) + " begins and belongs to its key", "key");
  voice.told = true;
  world.after(key.latency, Deferred::enter_flow, world.ref(slot));
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
  const VoiceRef voice = own_.key_voices[static_cast<size_t>(note)];
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
  if (!reload) {
    core_.hooks.run(callback);
    return;
  }
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
  if (name == "ivls.key_parent_vo" || name == "ivls.play_vo") return own_.key_voice;
  if (name == "cluster.legal") return core_.world.open ? 1 : 0;
  return std::nullopt;
}

void IvlsKernel::event_born(int event, Handle voice) {
  World& world = core_.world;
  if (!world.voices.is_live(voice) || voice == kOmni) return;
  const Span here = world.host.here();
  const Span birth = world.user_text(here) ? here : world.voices[voice].at;
  if (world.events.size() >= world.events_to_sift) {
    std::erase_if(world.events, [&](const EventRecord& old) { return world.host.event_gone(old.event); });
    world.events_to_sift = std::max<size_t>(64, world.events.size() * 2);
  }
  world.voices[voice].has_event = true;
  world.events.push_back({event, world.voices[voice].number, voice, birth, {}});
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
