#include "witness/search.h"

#include <algorithm>

namespace fermata::witness {

using runtime::Scenario;
using runtime::ScenarioEvent;

namespace {

// Writes one scenario: each call adds an input `gap` after the last one.
class Script {
 public:
  Script(const std::vector<ScenarioEvent>& prelude, int velocity, int channel = 0)
      : velocity_(velocity), channel_(channel) {
    scenario_.events = prelude;
    if (!prelude.empty()) at_ = 1000;
  }
  Script& on(int note) { return put(ScenarioEvent::Kind::note_on, note, 0, 0); }
  Script& off(int note) { return put(ScenarioEvent::Kind::note_off, note, 0, 0); }
  Script& cc(int number, int value) { return put(ScenarioEvent::Kind::cc, 0, number, value); }
  Script& transport(bool start) { return put(ScenarioEvent::Kind::transport, 0, 0, start ? 1 : 0); }
  Script& set(const Control& control, int value) {
    put(ScenarioEvent::Kind::ui_control, 0, 0, value);
    scenario_.events.back().name = control.name;
    return *this;
  }
  Script& velocity(int value) {
    velocity_ = value;
    return *this;
  }
  Script& wait(int64_t gap) {
    at_ += gap;
    return *this;
  }
  Scenario done() { return std::move(scenario_); }

 private:
  Script& put(ScenarioEvent::Kind kind, int note, int number, int value) {
    ScenarioEvent event;
    event.at = at_;
    event.kind = kind;
    event.note = note;
    event.velocity = velocity_;
    event.channel = channel_;
    event.number = number;
    event.value = value;
    scenario_.events.push_back(event);
    return *this;
  }
  Scenario scenario_;
  int64_t at_ = 0;
  int velocity_;
  int channel_;
};

class Writer {
 public:
  Writer(const Vocabulary& words, bool thorough) : words_(words), thorough_(thorough) {
    preludes_.push_back({});
    // Each control at each value, alone; then all at their least and all at their greatest.
    for (const Control& control : words.controls) {
      for (const int value : control.values) preludes_.push_back({setting(control, value)});
    }
    for (const bool greatest : {false, true}) {
      std::vector<ScenarioEvent> all;
      for (const Control& control : words.controls)
        all.push_back(setting(control, greatest ? control.values.back() : control.values.front()));
      if (all.size() > 1) preludes_.push_back(std::move(all));
    }
    for (size_t i = 0; thorough && i < words.controls.size() && i < 5; ++i) {
      for (size_t k = i + 1; k < words.controls.size() && k < 5; ++k) {
        for (const int a : {words.controls[i].values.front(), words.controls[i].values.back()}) {
          for (const int b : {words.controls[k].values.front(), words.controls[k].values.back()}) {
            preludes_.push_back({setting(words.controls[i], a), setting(words.controls[k], b)});
          }
        }
      }
    }
  }

  std::vector<Scenario> write() {
    const int64_t usual = 250'000;
    simple({}, usual, words_.velocities[0]);
    if (!thorough_) return std::move(out_);
    for (const int64_t gap : words_.gaps) simple({}, gap, words_.velocities[0]);
    pedals({}, usual);
    for (const auto& prelude : preludes_) {
      simple(prelude, usual, words_.velocities[0]);
      simple(prelude, words_.gaps.front(), words_.velocities[0]);
    }
    pairs(usual);
    channels(usual);
    touches(usual);
    for (const int64_t gap : {int64_t{20'000}, usual}) changes(gap);
    for (size_t i = 1; i < words_.velocities.size(); ++i) simple({}, usual, words_.velocities[i]);
    for (const int64_t gap : words_.gaps) pedals({}, gap);
    listeners();
    controllers(usual);
    many();
    uneven();
    for (const auto& prelude : preludes_) {
      pedals(prelude, usual);
      for (size_t i = 1; i < words_.velocities.size(); ++i) simple(prelude, usual, words_.velocities[i]);
      for (const int64_t gap : words_.gaps) simple(prelude, gap, words_.velocities[0]);
    }
    return std::move(out_);
  }

 private:
  static ScenarioEvent setting(const Control& control, int value) {
    ScenarioEvent event;
    event.kind = ScenarioEvent::Kind::ui_control;
    event.name = control.name;
    event.value = value;
    return event;
  }

  void keep(Script& script) { out_.push_back(script.done()); }
  // One key, two keys in each order, the same key again.
  void simple(const std::vector<ScenarioEvent>& prelude, int64_t gap, int velocity) {
    const int a = words_.notes[0];
    const int b = words_.notes[1];
    for (const int note : words_.notes) keep(Script(prelude, velocity).on(note).wait(gap).off(note));
    keep(Script(prelude, velocity).on(a).wait(gap).on(b).wait(gap).off(a).wait(gap).off(b));
    keep(Script(prelude, velocity).on(a).wait(gap).on(b).wait(gap).off(b).wait(gap).off(a));
    keep(Script(prelude, velocity).on(a).wait(gap).off(a).wait(gap).on(b).wait(gap).off(b));
    keep(Script(prelude, velocity).on(a).wait(gap).off(a).wait(gap).on(a).wait(gap).off(a));
    keep(Script(prelude, velocity).on(b).wait(gap).on(a).wait(gap).off(b).wait(gap).off(a));
    keep(Script(prelude, velocity)
             .on(a)
             .wait(gap)
             .on(b)
             .wait(gap)
             .on(words_.notes[2])
             .wait(gap)
             .off(words_.notes[2])
             .wait(gap)
             .off(b)
             .wait(gap)
             .off(a));
    keep(Script(prelude, velocity)
             .on(a)
             .wait(gap)
             .on(b)
             .wait(gap)
             .off(a)
             .wait(gap)
             .on(a)
             .wait(gap)
             .off(b)
             .wait(gap)
             .off(a));
    // A step, a fifth, an octave and a leap, up and down.
    for (const int step : {1, 5, 12, 24}) {
      keep(Script(prelude, velocity).on(a).wait(gap).on(a + step).wait(gap).off(a).wait(gap).off(a + step));
      keep(Script(prelude, velocity).on(a + step).wait(gap).on(a).wait(gap).off(a + step).wait(gap).off(a));
      if (step == 1) keep(Script(prelude, velocity).on(a).wait(gap).off(a).wait(1000).on(a + 1).wait(1000).off(a + 1));
    }
  }

  void pedals(const std::vector<ScenarioEvent>& prelude, int64_t gap) {
    const int a = words_.notes[0];
    const int b = words_.notes[1];
    for (const int pedal : words_.controllers) {
      keep(Script(prelude, 100).cc(pedal, 127).wait(gap).on(a).wait(gap).off(a).wait(gap).cc(pedal, 0));
      keep(Script(prelude, 100).on(a).wait(gap).cc(pedal, 127).wait(gap).off(a).wait(gap).cc(pedal, 0));
      keep(Script(prelude, 100)
               .on(a)
               .wait(gap)
               .cc(pedal, 80)
               .wait(gap)
               .off(a)
               .wait(gap)
               .cc(pedal, 127)
               .wait(gap)
               .on(b)
               .wait(gap)
               .cc(pedal, 0)
               .wait(gap)
               .off(b));
      keep(Script(prelude, 100).on(a).wait(gap).cc(pedal, 127).wait(gap).cc(pedal, 0).wait(gap).off(a));
      keep(Script(prelude, 100)
               .cc(pedal, 127)
               .wait(gap)
               .on(a)
               .wait(gap)
               .off(a)
               .wait(gap)
               .on(a)
               .wait(gap)
               .off(a)
               .wait(gap)
               .cc(pedal, 0));
      keep(Script(prelude, 100).cc(pedal, 127).wait(gap).on(a).wait(gap).cc(pedal, 0).wait(gap).off(a));
      keep(Script(prelude, 100)
               .cc(pedal, 127)
               .wait(gap)
               .on(a)
               .wait(gap)
               .on(b)
               .wait(gap)
               .off(a)
               .wait(gap)
               .off(b)
               .wait(gap)
               .cc(pedal, 0));
      keep(Script(prelude, 100)
               .on(a)
               .wait(gap)
               .on(b)
               .wait(gap)
               .cc(pedal, 127)
               .wait(gap)
               .off(b)
               .wait(gap)
               .off(a)
               .wait(gap)
               .cc(pedal, 0));
      keep(Script(prelude, 100)
               .on(a)
               .wait(gap)
               .cc(pedal, 127)
               .wait(gap)
               .off(a)
               .wait(gap)
               .on(a)
               .wait(gap)
               .off(a)
               .wait(gap)
               .cc(pedal, 0));
      keep(Script(prelude, 100).cc(pedal, 30).wait(gap).on(a).wait(gap).off(a).wait(gap).cc(pedal, 0));
      if (pedal == 67) break;
    }
  }

  void pairs(int64_t gap) {
    for (const int a : words_.notes) {
      for (const int b : words_.notes) {
        if (a == b) continue;
        keep(Script({}, 100).on(a).wait(gap).on(b).wait(gap).off(b).wait(gap).off(a));
        keep(Script({}, 100).on(a).wait(gap).on(b).wait(gap).off(a).wait(gap).off(b));
      }
    }
  }

  void touches(int64_t gap) {
    const int a = words_.notes[0];
    const int b = words_.notes[1];
    for (const int first : words_.velocities) {
      for (const int second : words_.velocities) {
        if (first == second) continue;
        keep(Script({}, first).on(a).wait(gap).velocity(second).on(b).wait(gap).off(a).wait(gap).off(b));
        keep(Script({}, first).on(a).wait(gap).velocity(second).on(b).wait(gap).off(b).wait(gap).off(a));
        keep(Script({}, first).on(a).wait(gap).off(a).wait(gap).velocity(second).on(a).wait(gap).off(a));
      }
    }
  }

  void channels(int64_t gap) {
    const int a = words_.notes[0];
    const int b = words_.notes[1];
    for (const int channel : {2, 15}) {
      keep(Script({}, 100, channel).on(a).wait(gap).off(a));
      keep(Script({}, 100, channel).on(a).wait(gap).on(b).wait(gap).off(a).wait(gap).off(b));
      keep(Script({}, 100, channel).on(a).wait(gap).cc(64, 127).wait(gap).off(a).wait(gap).cc(64, 0));
      keep(Script({}, 100, channel).cc(64, 127).wait(gap).on(a).wait(gap).off(a).wait(gap).cc(64, 0));
    }
  }

  // A setting changes while a key is down, or between two keys.
  void changes(int64_t gap) {
    const int a = words_.notes[0];
    const int b = words_.notes[1];
    for (const Control& control : words_.controls) {
      for (const int from : control.values) {
        for (const int to : control.values) {
          if (from == to) continue;
          const std::vector<ScenarioEvent> prelude{setting(control, from)};
          for (const int note : words_.notes)
            keep(Script(prelude, 100).on(note).wait(gap).set(control, to).wait(gap).off(note));
          keep(Script(prelude, 100).on(a).wait(gap).set(control, to).wait(gap).on(b).wait(gap).off(a).wait(gap).off(b));
          keep(Script(prelude, 100).on(a).wait(gap).off(a).wait(5000).set(control, to));
        }
      }
    }
  }

  void listeners() {
    if (!words_.transport) return;
    for (const auto& prelude : preludes_) {
      keep(Script(prelude, 100).transport(true).wait(2'500'000).transport(false));
      keep(Script(prelude, 100)
               .transport(true)
               .wait(100'000)
               .on(words_.notes[0])
               .wait(1'500'000)
               .off(words_.notes[0])
               .wait(100'000)
               .transport(false));
      keep(Script(prelude, 100).on(words_.notes[0]).wait(1'500'000).off(words_.notes[0]).wait(1'000'000));
    }
  }

  void controllers(int64_t gap) {
    const int a = words_.notes[0];
    for (size_t i = 3; i < words_.controllers.size() && i < 10; ++i) {
      const int number = words_.controllers[i];
      keep(Script({}, 100).cc(number, 127).wait(gap).on(a).wait(gap).off(a));
      keep(Script({}, 100).cc(number, 127).wait(gap).on(a).wait(gap).cc(number, 0).wait(gap).off(a));
      keep(Script({}, 100).on(a).wait(gap).cc(number, 127).wait(gap).off(a));
      keep(Script({}, 100).on(a).wait(gap).cc(number, 127).wait(gap).off(a).wait(gap).cc(number, 0));
      keep(Script({}, 100).cc(number, 127).wait(gap).cc(number, 0));
    }
  }

  // Rings, stacks and counters overflow only with many keys.
  void many() {
    for (const int count : {4, 5, 9, 17, 33, 65, 100}) {
      Script chord({}, 100);
      for (int i = 0; i < count; ++i) chord.on(14 + i).wait(20'000);
      for (int i = 0; i < count; ++i) chord.off(14 + i).wait(20'000);
      keep(chord);
      Script reversed({}, 100);
      for (int i = 0; i < count; ++i) reversed.on(14 + i).wait(20'000);
      for (int i = count; i-- > 0;) reversed.off(14 + i).wait(20'000);
      keep(reversed);
      Script held({}, 100);
      held.cc(64, 127).wait(20'000);
      for (int i = 0; i < count; ++i) held.on(14 + i).wait(20'000).off(14 + i).wait(20'000);
      held.cc(64, 0);
      keep(held);
    }
  }

  // Two keys whose inputs fall into each other's waits.
  void uneven() {
    const int a = words_.notes[0];
    const int b = words_.notes[1];
    for (const int64_t first : words_.gaps) {
      for (const int64_t second : words_.gaps) {
        keep(Script({}, 100).on(a).wait(first).off(a).wait(second).on(a).wait(first).off(a));
        keep(Script({}, 100).on(a).wait(first).on(b).wait(second).off(b).wait(first).off(a));
        keep(Script({}, 100).on(a).wait(first).on(b).wait(second).off(a).wait(second).off(b));
        keep(Script({}, 100).on(a).wait(first).off(a).wait(second).on(b).wait(second).off(b));
      }
    }
  }

  const Vocabulary& words_;
  bool thorough_;
  std::vector<std::vector<ScenarioEvent>> preludes_;
  std::vector<Scenario> out_;
};

}  // namespace

std::vector<Scenario> scenarios(const Vocabulary& words, bool thorough) { return Writer(words, thorough).write(); }

size_t search(const runtime::Machine& machine, const std::vector<Scenario>& all, const SearchLimits& limits,
              const std::function<bool(const Scenario&, const runtime::Report&)>& report) {
  size_t runs = 0;
  for (const Scenario& scenario : all) {
    if (runs >= limits.runs) break;
    ++runs;
    runtime::Bounds bounds;
    bounds.steps = limits.steps_per_run;
    const runtime::Report answer = machine.run(scenario, bounds, false);
    if (!answer.ran || !answer.bound.empty() || (answer.hung.empty() && answer.leaked.empty())) continue;
    if (report(scenario, answer)) break;
  }
  return runs;
}

Scenario shrink(Scenario scenario, const std::function<bool(const Scenario&)>& still_hangs) {
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (size_t i = scenario.events.size(); i-- > 0 && !smaller;) {
      Scenario fewer = scenario;
      const ScenarioEvent gone = fewer.events[i];
      fewer.events.erase(fewer.events.begin() + static_cast<std::ptrdiff_t>(i));
      if (gone.kind == ScenarioEvent::Kind::note_off) continue;  // goes with its note-on
      if (gone.kind == ScenarioEvent::Kind::note_on) {
        const auto off = std::find_if(fewer.events.begin() + static_cast<std::ptrdiff_t>(i), fewer.events.end(),
                                      [&](const ScenarioEvent& event) {
                                        return event.kind == ScenarioEvent::Kind::note_off && event.note == gone.note;
                                      });
        if (off != fewer.events.end()) fewer.events.erase(off);
      }
      if (!still_hangs(fewer)) continue;
      scenario = std::move(fewer);
      smaller = true;
    }
  }
  return scenario;
}

}  // namespace fermata::witness
