// A kernel on a host that executes nothing but callbacks given as functions: a body is a list of steps, each step may
// ask for a wait before the next one.
#pragma once

#include <deque>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/host.h"

namespace fermata::runtime::ivls::test {

class Rig;

struct Frame {
  Rig& rig;
  Handle self = -1;
  Handle nenv = -1;
  Value call(std::string_view name, std::initializer_list<Value> arguments = {}) const;
  Value get(std::string_view field) const;  // of self
  void set(std::string_view field, Value value) const;
  Value sent() const;  // NodeEnv[nenv].sentVoice
};

constexpr Microseconds kGoOn = -1;
using Step = std::function<Microseconds(const Frame&)>;  // kGoOn, or how long to wait
using Body = std::vector<Step>;

Step run(std::function<void(const Frame&)> action);
Step wait(Microseconds time);
Step pass();

class Rig final : public Host {
 public:
  Rig() { program_.intern(""); }

  // Before boot().
  NodeId node(const std::string& name, std::initializer_list<std::pair<std::string, Body>> callbacks);
  NodeId play_node(const std::string& name);  // an event on NoteOn that NoteOff ends
  FlowId flow(std::initializer_list<NodeId> nodes);
  void boot();

  void key_down(int note) { kernel_->key_down(note, 100, 0), drain(); }
  void key_up(int note) { kernel_->key_up(note, 0), drain(); }
  void press(int note, Microseconds length);  // down, wait, up
  void pass_time(Microseconds time);
  void finish() { pass_time(60'000'000); }
  Frame outside() { return {*this}; }  // a callback without a voice
  Kernel& kernel() { return *kernel_; }
  size_t hung() const;
  size_t leaked() const;
  std::vector<Lost> lost(bool sounding) const;
  size_t faults(std::string_view kind) const;
  bool sounding(int event) const { return events_[static_cast<size_t>(event)]; }
  size_t events() const { return events_.size(); }
  int sounding_count() const;
  int play_event(Handle voice);
  void note_off(Value event);
  void at_line(uint32_t line) { line_ = line; }  // what here() says from now on
  const std::vector<TimelineEntry>& story() const { return story_; }

  Assume switches;

  Microseconds now() const override { return now_; }
  const Program& program() const override { return program_; }
  const Assume& assume() const override { return switches; }
  bool start(TaskSpec spec) override;
  void after(Microseconds delay, KernelAction action) override;
  void post(KernelAction action) override { posted_.push_back(action); }
  Span here() const override { return {0, line_, line_, kNone}; }
  void fault(std::string_view kind) override { faults_.emplace_back(kind); }
  void record(TimelineEntry entry) override { story_.push_back(std::move(entry)); }
  bool event_alive(int event) const override { return sounding(event); }
  bool event_gone(int event) const override { return !sounding(event); }
  Value random(Value lo, Value) override { return lo; }
  bool in_note_pass() const override { return in_note_pass_; }

 private:
  bool resume(const std::shared_ptr<TaskSpec>& spec, size_t step);
  void drain();
  void set_timer(Microseconds delay, std::function<void()> action);

  Program program_;
  std::vector<Body> bodies_;  // by BlockId
  std::vector<std::pair<FlowId, NodeId>> registrations_;
  std::unique_ptr<Kernel> kernel_;
  Microseconds now_ = 0;
  uint64_t sequence_ = 0;
  uint32_t line_ = 0;
  bool in_note_pass_ = false;
  std::map<std::pair<Microseconds, uint64_t>, std::function<void()>> timers_;
  std::deque<KernelAction> posted_;
  std::vector<bool> events_;
  std::vector<std::string> faults_;
  std::vector<TimelineEntry> story_;
};

}  // namespace fermata::runtime::ivls::test
