// How much faster than real time the reference runtime plays a dense performance, and whether its memory stays flat:
// 20 notes a second that overlap, legato with a fade on every source, sustain and sostenuto pedals.
//
//   runtime_bench            a table: minutes played, times real time, resident memory after it
//   runtime_bench MINUTES    that length only; status 1 when it is slower than 1,000 times real time
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>
#include <string>

#include "frontend/frontend.h"
#include "runtime/runtime.h"

namespace fermata::bench {
namespace {

using runtime::Scenario;
using runtime::ScenarioEvent;

constexpr const char* kProduct = R"(define IVLS_NODES += Ivls.STL, Dense.Flow, Dense.Legato, Dense.Play

node Dense.Flow:
    cb Flows:
        define FLOWS += dense.flow
        ivls.register_node(dense.flow, Stl.MonoLegato)
        ivls.register_node(dense.flow, Dense.Legato)
        ivls.register_node(dense.flow, Stl.Pedals)
        ivls.register_node(dense.flow, Dense.Play)
end node

node Dense.Legato:
    cb NoteOn:
        declare src
        declare fade
        if legato.found(self)
            src := legato.get_src_vo(self)
            fade := fades.curve_out(src, 80, -30, YES)
            ivls.play(fade)
        end if
        ivls.pass()
end node

node Dense.Play from Stl.PlayEvent.Template:
    cb EventGroups:
        event.groups[0] := TRUE
end node

import "_IVLS/builder.ksp"
)";

ScenarioEvent event(ScenarioEvent::Kind kind, int64_t at, int number, int value = 0) {
  ScenarioEvent out;
  out.kind = kind;
  out.at = at;
  out.note = out.number = number;
  out.value = value;
  return out;
}

Scenario performance(int64_t minutes) {
  constexpr int64_t kPeriod = 50'000;  // 20 notes a second
  std::minstd_rand random(1);
  std::array<int64_t, 128> up_at{};
  Scenario out;
  for (int64_t i = 0; i < minutes * 60'000'000 / kPeriod; ++i) {
    const int64_t at = i * kPeriod;
    int key = 30 + static_cast<int>(random() % 60);
    while (up_at[static_cast<size_t>(key)] >= at && at > 0) key = 30 + (key - 29) % 60;
    up_at[static_cast<size_t>(key)] = at + 25'000 + static_cast<int64_t>(random() % 150'000);
    out.events.push_back(event(ScenarioEvent::Kind::note_on, at, key));
    out.events.push_back(event(ScenarioEvent::Kind::note_off, up_at[static_cast<size_t>(key)], key));
    if (i % 40 == 10 || i % 40 == 30)
      out.events.push_back(event(ScenarioEvent::Kind::cc, at + 1000, 64, i % 40 == 10 ? 127 : 0));
    if (i % 100 == 50 || i % 100 == 70)
      out.events.push_back(event(ScenarioEvent::Kind::cc, at + 2000, 67, i % 100 == 50 ? 127 : 0));
  }
  std::stable_sort(out.events.begin(), out.events.end(),
                   [](const ScenarioEvent& a, const ScenarioEvent& b) { return a.at < b.at; });
  return out;
}

double resident_megabytes() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  statm >> pages >> pages;
  return pages * 4096 / 1e6;
}

// Times real time, by processor time.
double play(const Program& program, int64_t minutes) {
  const Scenario scenario = performance(minutes);
  const runtime::Machine machine(program, {});
  runtime::Bounds bounds;
  bounds.steps = UINT64_MAX;
  const double before = resident_megabytes();
  const std::clock_t start = std::clock();
  const runtime::Report report = machine.run(scenario, bounds, false);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  const double times = static_cast<double>(minutes) * 60 / seconds;
  fmt::print(
      "{:4} min {:7} inputs {:8.3f} s {:8.0f} times real time, memory {:6.1f} MB before, {:6.1f} MB after, {} hung\n",
      minutes, scenario.events.size(), seconds, times, before, resident_megabytes(), report.hung.size());
  return report.ran && report.hung.empty() && report.quiescent ? times : 0;
}

}  // namespace
}  // namespace fermata::bench

int main(int argc, char** argv) {
  using namespace fermata;
  FrontendOptions options;
  options.overlay = [](const std::filesystem::path& path) -> std::optional<std::string> {
    return path.filename() == "dense.ksp" ? std::optional<std::string>(bench::kProduct) : std::nullopt;
  };
  const Program program = load_program("dense.ksp", options);
  if (argc > 1) return bench::play(program, std::max(std::atoll(argv[1]), 1LL)) >= 1000 ? 0 : 1;
  for (const int64_t minutes : {1, 10, 60}) bench::play(program, minutes);
  return 0;
}
