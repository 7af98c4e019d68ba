// What no template of a scenario has, the exploration finds.
#include "witness/exploration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>

#include "frontend/frontend.h"

namespace fermata::witness {
namespace {

Program load(const std::string& text) {
  FrontendOptions options;
  options.overlay = [&](const std::filesystem::path&) { return std::optional<std::string>(text); };
  return load_program("script.ksp", options);
}

// A lock of four keys: only the right order of two notes, a pedal and a control leaves a note behind.
TEST(Exploration, OpensALockOfFourInputs) {
  const Program program = load(R"(on init
  declare ui_switch $armed
  declare $place
  declare $id
end on
on note
  if ($place = 0 and $EVENT_NOTE = 60)
    $place := 1
  else
    if ($place = 2 and $EVENT_NOTE = 67)
      $place := 3
    else
      $place := 0
    end if
  end if
end on
on controller
  if ($CC_NUM = 64 and %CC[64] > 63 and $place = 1)
    $place := 2
  end if
end on
on ui_control ($armed)
  if ($armed = 1 and $place = 3)
    $id := play_note(48, 100, 0, 0)
  end if
end on
)");
  const runtime::Exploration what = exploration_of(vocabulary_of(program));
  runtime::Scenario found;
  const runtime::Explored explored =
      runtime::Machine(program, {})
          .explore(what, [&](const runtime::Scenario& scenario, const runtime::Report& report) {
            EXPECT_EQ(report.hung.size(), 1u);
            found = scenario;
            return true;
          });
  EXPECT_EQ(explored.error, "");
  EXPECT_EQ(found.events.size(), 4u) << runtime::scenario_to_json(found);
}

TEST(Exploration, HasTheInputsThatTheScriptReads) {
  const Program program = load(
      "on init\n  declare ui_slider $depth (0, 9)\nend on\non note\n  if ($depth > 4)\n    "
      "ignore_event($EVENT_ID)\n  end if\nend on\n");
  const runtime::Exploration what = exploration_of(vocabulary_of(program));
  const auto of = [&](runtime::ScenarioEvent::Kind kind) {
    return std::count_if(what.inputs.begin(), what.inputs.end(), [&](const auto& event) { return event.kind == kind; });
  };
  EXPECT_GE(of(runtime::ScenarioEvent::Kind::note_on), 2);
  EXPECT_GE(of(runtime::ScenarioEvent::Kind::ui_control), 2);
  EXPECT_EQ(of(runtime::ScenarioEvent::Kind::transport), 0);
  EXPECT_GT(of(runtime::ScenarioEvent::Kind::cc), 0);
}

}  // namespace
}  // namespace fermata::witness
