#include "runtime/ivls/test/script.h"

#include <map>
#include <sstream>

namespace fermata::runtime::ivls::test {

std::string product(const std::string& flow, const std::string& nodes) {
  std::istringstream names(flow);
  std::string name;
  std::string text = "define IVLS_NODES += Ivls.STL, Test.Flow, Test.Play";
  std::string registers;
  while (names >> name) {
    if (name.starts_with("Test.") && name != "Test.Play") text += ", " + name;
    registers += "        ivls.register_node(test.flow, " + name + ")\n";
  }
  text +=
      "\n\nnode Test.Flow:\n    cb Flows:\n        define FLOWS += test.flow\n" + registers + "end node\n\n" + nodes;
  text +=
      "\nnode Test.Play from Stl.PlayEvent.Template:\n    cb EventGroups:\n        event.groups[0] := TRUE\nend node\n";
  return text + "\nimport \"_IVLS/builder.ksp\"\n";
}

Report play(const std::string& script, const Scenario& scenario, const Assume& assume) {
  FrontendOptions options;
  options.overlay = [&](const std::filesystem::path& path) -> std::optional<std::string> {
    return path.filename() == "test.ksp" ? std::optional(script) : std::nullopt;
  };
  const Program program = load_program("test.ksp", options);
  Report report = Machine(program, assume).run(scenario, Bounds{}, true);
  for (const FrontendDiagnostic& diagnostic : program.diagnostics) {
    if (diagnostic.level == "error") report.error += diagnostic.rule + ": " + diagnostic.message + "\n";
  }
  return report;
}

Scenario inputs(const std::string& line) {
  Scenario scenario;
  std::istringstream tokens(line);
  std::string token;
  for (Microseconds at = 0; tokens >> token; at += kStep) {
    ScenarioEvent event;
    event.at = at;
    const int number = std::stoi(token.substr(1));
    const bool key = token[0] == 'd' || token[0] == 'u';
    event.kind = !key              ? ScenarioEvent::Kind::cc
                 : token[0] == 'd' ? ScenarioEvent::Kind::note_on
                                   : ScenarioEvent::Kind::note_off;
    event.note = key ? number : 0;
    event.number = token[0] == 's' ? 64 : 67;
    event.value = number * 127;
    scenario.events.push_back(event);
  }
  return scenario;
}

std::string ends(const Report& report) {
  std::map<int, std::string> ended;
  for (const TimelineEntry& entry : report.timeline) {
    if (entry.event < 0) continue;
    std::string& when = ended.try_emplace(entry.event, "-").first->second;
    if (entry.what == "end" && entry.at % kStep <= 1) when = std::to_string(entry.at / kStep);
  }
  std::string text;
  for (const auto& [event, when] : ended) text += (text.empty() ? "" : " ") + when;
  return text;
}

}  // namespace fermata::runtime::ivls::test
