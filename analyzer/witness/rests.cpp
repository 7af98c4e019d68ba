#include "witness/rests.h"

#include <algorithm>

#include "witness/match.h"

namespace fermata::witness {

namespace {

constexpr int kTasksWithoutEnd = 1'000'000;

bool moves_sostenuto(const runtime::Scenario& scenario) {
  return std::ranges::any_of(scenario.events, [](const runtime::ScenarioEvent& event) {
    return event.kind == runtime::ScenarioEvent::Kind::cc && (event.number == 66 || event.number == 67);
  });
}

bool runs_out_of_tasks(const runtime::Report& report) {
  return std::ranges::any_of(report.faults, [](const runtime::Fault& fault) { return fault.kind == "too-many-tasks"; });
}

}  // namespace

std::vector<std::string> switches_of(const Program& program, const Assume& assume, const ownership::Site& site,
                                     const runtime::Scenario& scenario) {
  std::vector<std::string> names;
  const auto run = [&](const Assume& with) { return runtime::Machine(program, with).run(scenario, {}, false); };
  const auto try_with = [&](const char* name, auto change) {
    Assume other = assume;
    change(other);
    const runtime::Report report = run(other);
    if (report.ran && !hangs_at(program, site, report)) names.emplace_back(name);
  };
  if (program.ivls) {
    try_with("fade-start", [](Assume& other) { other.fade_starts_on_play = !other.fade_starts_on_play; });
    try_with("legato-switch", [](Assume& other) { other.switch_releases_source = !other.switch_releases_source; });
  }
  if (moves_sostenuto(scenario)) {
    try_with("sostenuto-cc", [](Assume& other) { other.sostenuto_cc = other.sostenuto_cc == 67 ? 66 : 67; });
  }
  if (runs_out_of_tasks(run(assume))) {
    try_with("tcm-tasks", [](Assume& other) { other.tcm_tasks = kTasksWithoutEnd; });
  }
  return names;
}

}  // namespace fermata::witness
