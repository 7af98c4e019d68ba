// The seam between the interpreter (tasks, events, time) and the IVLS kernel (voices, runtimes, flows).
// The interpreter implements Host, the kernel in runtime/ivls/ implements Kernel; neither knows more of the other.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "runtime/runtime.h"

namespace fermata::runtime {

class Fingerprint;
using TaskId = uint32_t;
using Value = int64_t;
using Handle = int;  // a voice, runtime or NodeEnv index; -1: none

// What the kernel wants to be called back for: plain data, so that a run can be copied while it is pending.
struct KernelAction {
  uint8_t what = 0;  // a number of the kernel's own; 0: nothing
  Handle slot = -1;  // the voice it is about, and its number
  int number = -1;
  int64_t detail = 0;
};

// What a task of the interpreter runs for the kernel.
struct TaskSpec {
  BlockId body = kNone;  // a node callback's block
  NodeId node = kNone;
  Handle self = -1;     // bound to `self`
  Handle nenv = -1;     // bound to `nenv`
  KernelAction on_end;  // once, when the body has ended (after all its waits)
};

class Host {
 public:
  virtual ~Host() = default;
  virtual Microseconds now() const = 0;
  virtual const Program& program() const = 0;
  virtual const Assume& assume() const = 0;
  // Runs the task at once, nested, until its first wait or its end. Returns true when it ended, false when it waits.
  virtual bool start(TaskSpec spec) = 0;
  // A timer of the kernel; pending until it fires. Timers of one instant fire in the order they were set.
  virtual void after(Microseconds delay, KernelAction action) = 0;
  // Runs `action` in this same instant, after everything that is running now and all posted before (FIFO).
  virtual void post(KernelAction action) = 0;
  // Statement being executed: where a voice was born, detached, ...
  virtual Span here() const = 0;
  virtual void fault(std::string_view kind) = 0;
  virtual void record(TimelineEntry entry) = 0;    // fills in `at` and `span` when they are empty
  virtual bool recording() const { return true; }  // false: entries are dropped, the kernel makes no texts
  // Kontakt events of play nodes: silent engine side effects go through here.
  virtual bool event_alive(int event) const = 0;
  virtual bool event_gone(int event) const = 0;  // for good; an event whose release is due is neither
  virtual Value random(Value lo, Value hi) = 0;  // deterministic
  // True while the running task is a NotePass body (inline), where pass/play/waits are faults.
  virtual bool in_note_pass() const = 0;
};

// Result of a kernel function called from a script.
struct KernelResult {
  Value value = 0;
  // The calling task waits this long before it goes on (ivls.wait and its kin); < 0: it does not wait.
  Microseconds wait = -1;
};

// Flow variables (`Flow::symbol`) hold their FlowId before boot(). A node's name as an argument arrives as its NodeId;
// a string or a bare word, as the type in check_ref(Voice, v), as its NameId.
class Kernel {
 public:
  // All that a kernel knows of a run, of its own kind.
  struct State {
    virtual ~State() = default;
  };
  virtual ~Kernel() = default;
  virtual std::unique_ptr<State> save() const = 0;
  virtual void load(const State& state) = 0;  // of a kernel for the same program
  virtual void perform(const KernelAction& action) = 0;
  // After on init: runs Init/ICB/PostInit/FirstLoad/Flows/Keymaps bodies through Host::start; cluster.legal becomes
  // true.
  virtual void boot() = 0;
  virtual void key_down(int note, int velocity, int channel) = 0;
  virtual void key_up(int note, int channel) = 0;
  virtual void controller(int number, int value, int channel) = 0;  // runs every listed node's `cb CC`
  virtual void signal(std::string_view callback) = 0;               // "LCB", "TransportStart", "TimerMsTick", ...
  // A call by lower-case name ("ivls.pass", "fades.curve_out", "check_ref", ...). nullopt: not the kernel's.
  virtual std::optional<KernelResult> call(std::string_view name, std::span<const Value> arguments, Handle self,
                                           Handle nenv) = 0;
  virtual bool knows(std::string_view name) const = 0;      // for compile time
  virtual bool hears(std::string_view callback) const = 0;  // some live node has that callback
  // A variable of the framework by lower-case name ("ivls.omni_voice", "cluster.legal", ...). nullopt: not the
  // kernel's.
  virtual std::optional<Value> variable(std::string_view name) const = 0;
  // Voice[v].field, NodeEnv[n].field; lower-case names. Out of range: fault and 0 / ignored.
  virtual Value read_field(std::string_view type, Value index, std::string_view field) = 0;
  virtual void write_field(std::string_view type, Value index, std::string_view field, Value value) = 0;
  // Ties the event that play_note just made in a task of `voice` to the voice (for blame).
  virtual void event_born(int event, Handle voice) = 0;
  // For the fingerprint of a run: first the names of the voices, then all that decides how they go on.
  virtual void name_voices(Fingerprint& print) const = 0;
  virtual void add_to(Fingerprint& print) const = 0;
  virtual bool pending() const = 0;  // something of the kernel's own that the closing sequence must wait for
  virtual bool path_on(Handle self, Handle nenv) const = 0;
  virtual int number_of(Handle voice) const = 0;  // in order of birth; -1: no voice
  // After the closing sequence.
  virtual void collect(std::vector<Lost>& hung, std::vector<Lost>& leaked) const = 0;
};

struct KernelOptions {
  std::vector<NodeId> harness_flow;  // see MachineOptions
};

std::unique_ptr<Kernel> make_kernel(Host& host, const KernelOptions& options = {});

}  // namespace fermata::runtime
