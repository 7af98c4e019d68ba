// The kernel as the interpreter sees it.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "runtime/ivls/core.h"

namespace fermata::runtime::ivls {

class IvlsKernel final : public Kernel {
 public:
  IvlsKernel(Host& host, KernelOptions options) : options_(std::move(options)), core_(host) {}

  std::unique_ptr<State> save() const override;
  void load(const State& state) override;
  void perform(const KernelAction& action) override;
  void boot() override;
  void key_down(int note, int velocity, int channel) override;
  void key_up(int note, int channel) override;
  void controller(int number, int value, int channel) override;
  void signal(std::string_view callback) override;
  std::optional<KernelResult> call(std::string_view name, std::span<const Value> arguments, Handle self,
                                   Handle nenv) override;
  bool knows(std::string_view name) const override { return find_function(name) != nullptr; }
  bool hears(std::string_view callback) const override { return core_.hooks.count(callback) > 0; }
  std::optional<Value> variable(std::string_view name) const override;
  Value read_field(std::string_view type, Value index, std::string_view field) override;
  void write_field(std::string_view type, Value index, std::string_view field, Value value) override;
  void event_born(int event, Handle voice) override;
  void name_voices(Fingerprint& print) const override;
  void add_to(Fingerprint& print) const override;
  bool pending() const override { return core_.world.outstanding > 0; }
  bool path_on(Handle self, Handle nenv) const override;
  int number_of(Handle voice) const override {
    return core_.world.voices.is_live(voice) ? core_.world.voices[voice].number : -1;
  }
  void collect(std::vector<Lost>& hung, std::vector<Lost>& leaked) const override;

 private:
  // Runs callbacks with the cluster closed; it opens when the last of them has ended.
  void run_closed(std::span<const std::string_view> names);
  void enter_flow(VoiceRef voice);
  Value read_link(Handle voice, LinkField which) const;
  Value read_env(Value index, std::string_view field);
  void write_env(Value index, std::string_view field, Value value);

  void closed_ended(size_t count);

  // Of the kernel itself, copied with the world.
  struct Own {
    std::array<VoiceRef, 128> key_voices;  // of the stroke that holds the key
    size_t closing = 0;                    // callbacks of run_closed that have not ended
    Handle key_voice = -1;                 // of the last stroke
  };
  struct Saved;

  KernelOptions options_;
  Core core_;
  Own own_;
};

}  // namespace fermata::runtime::ivls
