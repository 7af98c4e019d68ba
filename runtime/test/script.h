// A script in a test: loaded from text, run with a scenario in short form.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "frontend/frontend.h"
#include "runtime/runtime.h"

namespace fermata::runtime {

inline ScenarioEvent down(Microseconds at, int note, int channel = 0) {
  ScenarioEvent event;
  event.at = at;
  event.note = note;
  event.channel = channel;
  return event;
}

inline ScenarioEvent up(Microseconds at, int note) {
  ScenarioEvent event = down(at, note);
  event.kind = ScenarioEvent::Kind::note_off;
  return event;
}

inline ScenarioEvent cc(Microseconds at, int number, int value, int channel = 0) {
  ScenarioEvent event;
  event.at = at;
  event.kind = ScenarioEvent::Kind::cc;
  event.number = number;
  event.value = value;
  event.channel = channel;
  return event;
}

inline ScenarioEvent transport(Microseconds at, bool start) {
  ScenarioEvent event;
  event.at = at;
  event.kind = ScenarioEvent::Kind::transport;
  event.value = start;
  return event;
}

inline ScenarioEvent control(Microseconds at, std::string name, int value) {
  ScenarioEvent event;
  event.at = at;
  event.kind = ScenarioEvent::Kind::ui_control;
  event.name = std::move(name);
  event.value = value;
  return event;
}

inline ScenarioEvent assign(Microseconds at, std::string name, int value) {
  ScenarioEvent event = control(at, std::move(name), value);
  event.kind = ScenarioEvent::Kind::assign;
  return event;
}

struct Script {
  Program program;
  Assume assume;
  Bounds bounds;
  bool record = false;

  explicit Script(const std::string& text) {
    FrontendOptions options;
    options.overlay = [text](const std::filesystem::path&) { return text; };
    program = load_program("script.ksp", options);
    for (const FrontendDiagnostic& problem : program.diagnostics) {
      EXPECT_NE(problem.level, "error") << problem.rule << ": " << problem.message << "\n" << text;
    }
  }

  Report run(std::vector<ScenarioEvent> events = {}) const {
    return Machine(program, assume).run({std::move(events)}, bounds, record);
  }
  size_t hung(std::vector<ScenarioEvent> events) const {
    const Report report = run(std::move(events));
    EXPECT_TRUE(report.ran) << report.error;
    return report.hung.size();
  }
  // Lines of what hangs.
  std::vector<uint32_t> lines(std::vector<ScenarioEvent> events) const {
    std::vector<uint32_t> out;
    for (const Lost& lost : run(std::move(events)).hung) {
      const Span span = program.user_span(lost.birth);
      out.push_back(span.file == kNone ? 0 : program.files[span.file].position(span.begin).line);
    }
    return out;
  }
  std::vector<std::string> faults(std::vector<ScenarioEvent> events = {}) const {
    std::vector<std::string> out;
    for (const Fault& fault : run(std::move(events)).faults) out.push_back(fault.kind);
    return out;
  }
};

// Does a condition hold in `on controller`? Each time it does, an event is left hanging.
inline bool holds(const std::string& condition, const std::string& declarations = "", const std::string& before = "",
                  const std::string& functions = "") {
  const Script script("on init\n" + declarations + "\nend on\n" + functions + "\non controller\n" + before + "\nif (" +
                      condition + ")\nplay_note(60, 100, 0, 0)\nend if\nend on\n");
  return script.hung({cc(0, 1, 1)}) == 1;
}

}  // namespace fermata::runtime
