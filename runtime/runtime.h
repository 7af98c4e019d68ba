// The reference runtime: executes an expanded program in virtual time and says what hangs. It is the judge of the
// analyzer and shares nothing with it beyond the front end. Deterministic to the byte; never throws.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/assume.h"
#include "frontend/program.h"

namespace fermata::runtime {

using Microseconds = int64_t;

struct ScenarioEvent {
  enum class Kind : uint8_t { note_on, note_off, cc, transport, ui_control, assign, poly_at, pitch_bend };
  Microseconds at = 0;
  Kind kind = Kind::note_on;
  int note = 0, velocity = 100, channel = 0;  // note_on, note_off, poly_at (velocity = pressure)
  int number = 0, value = 0;                  // cc; value also for ui_control, assign; transport: 1 start, 0 stop
  std::string name;                           // ui_control, assign: variable as written, sigil optional
};

struct Scenario {
  std::vector<ScenarioEvent> events;
};

// Reads the JSON of the command line's format. On failure `error` is one line that says what and where.
struct ScenarioResult {
  Scenario scenario;
  std::string error;
};
ScenarioResult parse_scenario_json(std::string_view text);
ScenarioResult parse_scenario_midi(std::string_view bytes);
std::string scenario_to_json(const Scenario& scenario);  // {"events":[...]}, one event a line

enum class Loss : uint8_t {  // how the last owner went, for what is hung or leaked
  never_owned,               // born without an owner (duration 0, child of a releasing voice, unfired and never played)
  detached,                  // unparent_*, auto_release := FALSE, restore_parent to a parent that is gone
  legato_source,             // handed over by a legato node
  runtime_leaked,            // in a runtime that was never released
  parent_lost,               // its parent (see `root`) is itself hung or leaked, or went without releasing it
  swallowed                  // ignore_event in on release
};

struct Lost {
  int voice = -1;   // IVLS voice number in order of birth, or -1
  int event = -1;   // Kontakt event number in order of birth, or -1
  Span birth;       // play_note / pass / new_voice / ... that made it
  Span loss_at;     // statement that took the last owner away; == birth when never owned
  Span runtime_at;  // create_runtime that made the runtime it sits in, file == kNone if none
  Loss loss = Loss::never_owned;
  int root = -1;           // parent_lost: the voice whose loss is to blame
  Microseconds since = 0;  // when the last owner went
  int flow = -1;  // legato_source: where the destination entered, as (FlowId, index of its entry): the consumer is
  int dest_stage = -1;  // that entry or a later one
};

struct Fault {
  std::string
      kind;  // "too-many-tasks", "too-many-runtimes", "runtime-not-live", "double-release", "pass-in-note-pass", ...
  Span at;
  Microseconds when = 0;
};

// One line of the run's story. `what`: "input", "voice", "event", "owner", "release", "end", "wait", "wake", "runtime",
// "runtime-end", "fade", "callback"
struct TimelineEntry {
  Microseconds at = 0;
  std::string what;
  std::string text;  // a sentence without names of internals: "key 60 goes down", "handed over without an owner"
  int voice = -1;
  int event = -1;
  int parent = -1;
  std::string owner;  // "key" | "parent" | "runtime" | "duration" | "script" | "none" | ""
  Span span;
  // For pictures: what the voice or event is called, and what an input is about.
  std::string name;
  int key = -1;                     // of a key's input
  int controller = -1, value = -1;  // of a controller's input; value also of a key's: 1 down, 0 up
};

// What one Kontakt event of a recorded run sounds like.
struct Tone {
  int note = 60, velocity = 100;
  Microseconds from = 0;
  Microseconds to = -1;                    // -1: it never ended
  Microseconds fades_from = -1, fade = 0;  // falls silent within `fade` µs; -1: it does not
};

// What a run may take. One that is reached ends the run, whose report names it: "steps", "time", "memory"; a report may
// also name the fixed bounds "tasks", "calls" and "nesting".
struct Bounds {
  uint64_t steps = 200'000'000;           // interpreter instructions and timers
  Microseconds time = 2'000'000'000'000;  // virtual
  uint64_t memory = 512 << 20;            // bytes of the script's variables, lists, texts, tasks and events
  uint64_t loop_turns = 10'000'000;       // of one while without a wait
  size_t timeline_entries = 100'000;
};

struct Report {
  bool ran = false;  // false: see `error`
  std::string error;
  bool quiescent = true;
  std::string bound;  // name of the bound that ended the run, or ""
  std::vector<Lost> hung;
  std::vector<Lost> leaked;
  std::vector<Fault> faults;
  std::vector<TimelineEntry> timeline;
  bool timeline_cut = false;               // it had more entries than the bound allows
  std::vector<Tone> tones;                 // in order of birth
  std::vector<std::string> unknown_calls;  // names nobody defines, once each
  Microseconds end = 0;
};

struct MachineOptions {
  std::vector<NodeId>
      harness_flow;  // nodes that stand alone: the made-up flow every key enters; empty: the default one
};

// What an exploration may do.
struct Exploration {
  std::vector<ScenarioEvent>
      inputs;                      // any of them at any time, `at` does not count; a note_on lets its key up when down
  std::vector<Microseconds> gaps;  // waits to try beside those until something is due
  size_t most_inputs = 6;
  size_t states = 20'000;
  uint64_t steps = 500'000'000;          // of the interpreter, for all states together
  uint64_t steps_per_state = 2'000'000;  // a state that needs more is not gone on with
};

struct Explored {
  std::string error;  // not empty: the program or its inputs cannot be played
  size_t states = 0;  // different ones, after each of which the closing sequence was played
  size_t inputs = 0;  // length of the longest scenarios that were tried
  uint64_t steps = 0;
  bool complete = false;  // nothing was left out for want of states or steps, unless `found` stopped it
};

// A program compiled once and run many times (the search for a witness does thousands of runs): on init is executed
// once, each run goes on from there. For one thread at a time; `program` must outlive it.
class Machine {
 public:
  Machine(const Program& program, const Assume& assume, const MachineOptions& options = {});
  ~Machine();
  Machine(Machine&&) noexcept;
  // Plays the scenario, then the closing sequence. `record_timeline` off makes it faster.
  Report run(const Scenario& scenario, const Bounds& bounds, bool record_timeline) const;
  // Every order of the inputs at the times that matter, fewest inputs first. `found` is told each scenario after which
  // something is hung or leaked, with the report that `run` gives for it, and answers whether to stop.
  using Found = std::function<bool(const Scenario&, const Report&)>;
  Explored explore(const Exploration& what, const Found& found) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The answer of `fermata run --format json`.
std::string report_to_json(const Program& program, const Report& report);
std::string report_to_text(const Program& program, const Report& report);

}  // namespace fermata::runtime
