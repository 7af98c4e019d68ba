// One run: the instrument's memory, its tasks and its time. Implements what the kernel asks of its host.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "runtime/agenda.h"
#include "runtime/bytecode.h"
#include "runtime/events.h"
#include "runtime/fingerprint.h"
#include "runtime/host.h"
#include "runtime/memory.h"
#include "runtime/midi_out.h"
#include "runtime/runtime.h"
#include "runtime/task.h"

namespace fermata::runtime {

// A listener's clock. Ticks are no pending work: they go on for ever.
struct Ticker {
  int64_t period_numerator = 0;  // period = numerator / denominator µs; 0: off
  int64_t period_denominator = 1;
  Microseconds start = 0;
  int64_t count = 0;

  bool on() const { return period_numerator > 0; }
  Microseconds next() const { return start + (count + 1) * period_numerator / period_denominator; }
};

// What a run has made so far, but for the script's memory, its tasks, events and the kernel: copied as a whole.
struct SessionState {
  Agenda agenda;
  MidiOut midi;
  Report report_;
  std::vector<std::vector<Cell>> lists_;
  std::vector<std::string> texts_;
  std::unordered_map<std::string, int32_t> text_ids_;
  std::unordered_map<int64_t, int32_t> stored_;  // control, engine and PGS values
  uint32_t next_serial_ = 1;
  uint64_t waits_ = 0;
  uint32_t slots_in_use_ = 0;
  uint64_t steps_ = 0;
  bool stopped_ = false;
  size_t charged_ = 0;  // bytes that lists and texts take
  int next_async_ = 1;
  std::unordered_set<int> async_running_;
  std::vector<std::pair<int, int>> held_;  // keys in order of press, with their channels
  std::array<int32_t, 130> cc_{};
  std::array<std::array<uint8_t, 128>, 16> channel_cc_{};
  std::array<int32_t, 128> poly_at_{};
  std::array<int, 128> key_down_{};
  std::array<int, 16> rpn_{};  // selected parameter + 1; negative: NRPN
  bool transport_ = false;
  Microseconds transport_start_ = 0, timer_start_ = 0;
  Ticker milliseconds_, beat_;
  bool hears_start_ = false, hears_stop_ = false;
  uint64_t random_ = 0x9e3779b97f4a7c15ull;
  std::unordered_set<uint64_t> faults_seen_;
};

// A run between two callbacks, to be gone on with any number of times.
struct Snapshot {
  SessionState state;
  Memory::Image memory;
  EventsState events;
  std::vector<Task> waiting;  // in the order in which they began
  std::unique_ptr<Kernel::State> kernel;
};

class Session : public Host, private SessionState {
 public:
  Session(const Program& program, const Assume& assume, const Code& code, const Bounds& bounds, bool record_timeline,
          const KernelOptions& options);
  // The whole of it: check, begin, play.
  Report run(const Scenario& scenario);

  // In parts. Why the scenario cannot be played, or "".
  std::string why_not(const Scenario& scenario) const;
  bool begin();  // on init and all that comes with it; false when a bound has ended the run
  Report play(const Scenario& scenario);
  // `save` and `load` while no callback runs; `load` only what a session of the same machine has saved since
  // `begin_here`.
  void begin_here() { memory_.begin_here(); }
  // Step by step, as the exploration needs it.
  void give(const ScenarioEvent& event) { input(event); }  // now
  void let_pass(Microseconds until);
  bool let_pass_next();  // until the next thing that is due; false when there is none
  bool pending() const { return agenda.pending() > 0; }
  Report close();  // the closing sequence, and what is left
  uint64_t fingerprint() const;
  uint64_t steps() const { return steps_; }
  bool key_is_down(int note) const { return key_down_[static_cast<size_t>(note)] != 0; }
  int controller_value(int channel, int number) const {
    return channel_cc_[static_cast<size_t>(channel)][static_cast<size_t>(number)];
  }
  Snapshot save() const;
  void load(const Snapshot& snapshot);

  // Host.
  Microseconds now() const override { return agenda.now(); }
  const Program& program() const override { return program_; }
  const Assume& assume() const override { return assume_; }
  bool start(TaskSpec spec) override;
  void after(Microseconds delay, KernelAction action) override;
  void post(KernelAction action) override { agenda.post({Action::Kind::kernel, 0, 0, action}); }
  Span here() const override;
  void fault(std::string_view kind) override;
  void record(TimelineEntry entry) override;
  bool event_alive(int event) const override { return events.alive(event); }
  bool event_gone(int event) const override { return !events.live(event); }
  Value random(Value lo, Value hi) override;
  bool in_note_pass() const override { return current_ != nullptr && current_->note_pass; }

  // For the builtins.
  using SessionState::agenda;
  using SessionState::midi;
  Events events;
  const Code& code() const { return code_; }
  Task* current() { return current_; }
  bool recording() const override { return recording_; }
  void story(std::string_view what, std::string text, int event = -1, std::string_view owner = {});
  void input_story(std::string text, int key, int controller, int value);
  // The sound of an event, by the number that the first one gives.
  int tone_begins(int note, int velocity);
  void tone_fades(int tone, Microseconds time);
  void tone_ends(int tone);
  void wait(Task& task, Microseconds duration, bool counts);
  void wait_async(Task& task, int id, bool counts);
  void stop_wait(uint32_t serial, bool later_ones);
  int start_async();
  void set_listener(int32_t signal, int32_t parameter);
  void changed_pgs();
  void charge(size_t bytes) { charged_ += bytes; }
  std::span<Cell> array(Task& task, int32_t array);
  std::vector<Cell>* list(int32_t array);
  const std::string& text(int32_t id) const;
  int32_t intern(std::string text);
  Cell variable(const Task& task, int32_t variable);
  Cell variable_item(const Task& task, int32_t variable, int64_t index);
  int32_t control_parameter(int32_t ui, int32_t parameter) const;
  void set_control_parameter(int32_t ui, int32_t parameter, int32_t value);
  int32_t stored(int64_t key) const;
  void store(int64_t key, int32_t value) { stored_[key] = value; }
  bool knows(int64_t key) const { return stored_.contains(key); }
  void controller_from_script(int number, int value);
  bool in_init() const { return in_init_; }
  bool transport_running() const { return transport_; }
  void reset_timer() { timer_start_ = now(); }
  // Runs the release callback of an event; true when it was swallowed before its first wait.
  bool run_release(int event, Span& swallowed_at);
  bool has_release_callback() const { return release_chunk_ >= 0; }
  Kernel* kernel() { return kernel_.get(); }
  bool stopped() const { return stopped_; }
  void set_bounds(const Bounds& bounds) { bounds_ = bounds; }

 private:
  // tasks.cpp
  bool run_callback(int32_t chunk, CallbackKind kind, const Occasion& occasion, bool* swallowed = nullptr,
                    Span* swallowed_at = nullptr);
  Task& place_for_task();
  Task* new_task(uint32_t chunk, CallbackKind kind);
  bool resume(Task& task);
  void wake(uint32_t serial, uint64_t number);
  void recycle(Task& task);
  void set_occasion(Task& task, const Occasion& occasion);
  Task* find_task(uint32_t serial);
  void perform(const Action& action);
  void finish_async(int id);

  // interpreter.cpp
  bool execute(Task& task);
  void enter_chunk(Task& task, uint32_t chunk, uint32_t arguments);
  bool leave_chunk(Task& task, uint32_t results);
  bool control(Task& task, const Instruction& instruction);
  void memory(Task& task, const Instruction& instruction);
  void numbers(Task& task, const Instruction& instruction);
  void call_kernel(Task& task, const Instruction& instruction);
  Cell load_item(Task& task, const ArrayInfo& info, int64_t index);
  void store_item(Task& task, const ArrayInfo& info, int64_t index, Cell value, bool grow);
  void stop(std::string_view bound);
  void unknown(std::string_view name);

  // inputs.cpp
  std::string check(const Scenario& scenario) const;
  std::string check_variable(const ScenarioEvent& event) const;
  void input(const ScenarioEvent& event);
  void note_on(int note, int velocity, int channel);
  void note_off(int note, int channel);
  void controller(int number, int value, int channel);
  void registered_parameter(int number, int value, int channel);
  void midi_message(int channel, int command, int byte_1, int byte_2);
  void transport(bool running);
  void signal_kernel(std::string_view callback, const Occasion& occasion);
  void ui_control(const ScenarioEvent& event);
  void assign(const ScenarioEvent& event);
  int32_t find_variable(std::string_view name, int64_t& index) const;
  void poly_at(int note, int value, int channel);

  void add_tasks(Fingerprint& print) const;

  // closing.cpp
  void drain();
  bool step(Microseconds limit);
  Microseconds next_due() const;
  bool hears_ticks() const { return listener_chunk_ >= 0 || kernel_ticks_; }
  bool too_much();
  void tick(bool beat);
  void closing_sequence();
  void settle(Microseconds limit);
  Report finish();

  const Program& program_;
  const Assume& assume_;
  const Code& code_;
  Bounds bounds_;
  KernelOptions options_;
  bool recording_ = false;
  Memory memory_;

  std::vector<std::unique_ptr<Task>> tasks_;     // of any state
  std::unordered_map<uint32_t, Task*> waiting_;  // by serial
  std::vector<Task*> free_;
  Task* current_ = nullptr;
  Occasion ambient_;  // of what the kernel starts while no task runs
  uint32_t nesting_ = 0;
  bool in_init_ = false;

  std::unique_ptr<Kernel> kernel_;
  bool kernel_ticks_ = false;  // some node hears a listener's ticks
  int32_t note_chunk_ = -1, release_chunk_ = -1, controller_chunk_ = -1, listener_chunk_ = -1, midi_chunk_ = -1;
};

}  // namespace fermata::runtime
