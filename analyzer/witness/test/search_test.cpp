// Scenarios that the runtime understands, found and made shorter without losing what they show.
#include "witness/search.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "frontend/frontend.h"
#include "ownership/sites.h"
#include "witness/check.h"
#include "witness/match.h"

namespace fermata::witness {

namespace {

using runtime::Machine;
using runtime::Report;
using runtime::Scenario;
using runtime::ScenarioEvent;

Program program_of(const std::string& text) {
  FrontendOptions options;
  options.overlay = [&text](const std::filesystem::path&) { return text; };
  Program program = load_program("script.ksp", options);
  for (const FrontendDiagnostic& problem : program.diagnostics)
    EXPECT_NE(problem.level, "error") << problem.message << "\n" << text;
  return program;
}

const std::string kLayer =
    "on init\ndeclare layer\ndeclare ui_slider s (0, 100)\nend on\non note\nlayer := play_note(60, 100, 0, 0)\nend on\n"
    "on release\nif get_event_par(EVENT_ID, EVENT_PAR_SOURCE) = -1\nnote_off(layer)\nend if\nend on\n";
const std::string kPedal =
    "on init\ndeclare polyphonic p\nend on\non note\np := play_note(60, 100, 0, 0)\nend on\n"
    "on release\nif CC[64] < 64\nnote_off(p)\nend if\nend on\n";
const std::string kListener =
    "on init\ndeclare ui_switch click\ndeclare ui_menu which\nadd_menu_item(which, \"a\", 0)\nadd_menu_item(which, "
    "\"b\", 3)\n"
    "set_listener(NI_SIGNAL_TIMER_BEAT, 1)\nend on\non listener\nif click = 1\nplay_note(76, 100, 0, 1000)\nend "
    "if\nend on\n"
    "on ui_control(click)\nwhich := 0\nend on\n";
const std::string kMulti =
    "on init\ndeclare x\nend on\non midi_in\nif MIDI_COMMAND = MIDI_COMMAND_CC and MIDI_BYTE_1 = 64\nignore_midi\nend "
    "if\nend on\n";
const std::string kNode =
    "node A.One:\n    cb Init:\n        declare ui_slider a.ms(20, 400)\n    cb NoteOn:\n        if Voice[self].vel > "
    "64\n"
    "            ivls.wait_ms(20)\n        end if\n        ivls.pass()\nend node\n";

TEST(Scenarios, AreAllUnderstoodByTheRuntime) {
  for (const std::string& text : {kLayer, kPedal, kListener, kMulti, kNode}) {
    const Program program = program_of(text);
    const Machine machine(program, {});
    const std::vector<Scenario> all = scenarios(vocabulary_of(program), true);
    ASSERT_GT(all.size(), 50u);
    runtime::Bounds bounds;
    bounds.steps = 200'000;
    for (size_t i = 0; i < all.size(); i += 3) {
      const Report report = machine.run(all[i], bounds, false);
      ASSERT_TRUE(report.ran) << report.error << "\n" << runtime::scenario_to_json(all[i]) << text;
    }
  }
}

TEST(Scenarios, CanBeWrittenAndReadAgain) {
  const Program program = program_of(kListener);
  for (const Scenario& scenario : scenarios(vocabulary_of(program), true)) {
    const std::string json = runtime::scenario_to_json(scenario);
    const runtime::ScenarioResult again = runtime::parse_scenario_json(json);
    ASSERT_EQ(again.error, "") << json;
    ASSERT_EQ(runtime::scenario_to_json(again.scenario), json);
  }
}

TEST(Scenarios, AreInTheOrderOfTheirTimes) {
  for (const Scenario& scenario : scenarios(vocabulary_of(program_of(kLayer)), true)) {
    EXPECT_TRUE(std::ranges::is_sorted(scenario.events, {}, &ScenarioEvent::at));
    EXPECT_FALSE(scenario.events.empty());
  }
}

TEST(Scenarios, LetEveryKeyGoUpAgain) {
  for (const Scenario& scenario : scenarios(vocabulary_of(program_of(kPedal)), true)) {
    std::map<int, int> down;
    for (const ScenarioEvent& event : scenario.events) {
      if (event.kind == ScenarioEvent::Kind::note_on) ++down[event.note];
      if (event.kind == ScenarioEvent::Kind::note_off) --down[event.note];
    }
    for (const auto& [note, count] : down) EXPECT_EQ(count, 0) << note << " in " << runtime::scenario_to_json(scenario);
  }
}

TEST(Scenarios, BeginWithOneKey) {
  const std::vector<Scenario> few = scenarios(vocabulary_of(program_of(kLayer)), false);
  ASSERT_FALSE(few.empty());
  EXPECT_EQ(few.front().events.size(), 2u);
  EXPECT_GT(scenarios(vocabulary_of(program_of(kLayer)), true).size(), few.size());
}

TEST(Scenarios, AreTheSameEveryTime) {
  const Program program = program_of(kListener);
  const std::vector<Scenario> one = scenarios(vocabulary_of(program), true);
  const std::vector<Scenario> two = scenarios(vocabulary_of(program), true);
  ASSERT_EQ(one.size(), two.size());
  for (size_t i = 0; i < one.size(); ++i)
    EXPECT_EQ(runtime::scenario_to_json(one[i]), runtime::scenario_to_json(two[i]));
}

TEST(Search, FindsTwoKeysForAHandleThatIsOverwritten) {
  const Program program = program_of(kLayer);
  const Machine machine(program, {});
  std::optional<Scenario> found;
  search(machine, scenarios(vocabulary_of(program), true), {}, [&](const Scenario& scenario, const Report& report) {
    EXPECT_FALSE(report.hung.empty() && report.leaked.empty());
    found = scenario;
    return true;
  });
  ASSERT_TRUE(found);
  EXPECT_FALSE(machine.run(*found, {}, false).hung.empty());
}

TEST(Search, StopsAtItsLimit) {
  const Program program = program_of(kLayer);
  const Machine machine(program, {});
  const std::vector<Scenario> all = scenarios(vocabulary_of(program), true);
  EXPECT_EQ(search(machine, all, {.runs = 5}, [](const Scenario&, const Report&) { return false; }), 5u);
  EXPECT_EQ(search(machine, {}, {}, [](const Scenario&, const Report&) { return true; }), 0u);
}

TEST(Search, NeedsThePedalWhereOnlyThePedalHangs) {
  const Program program = program_of(kPedal);
  const Machine machine(program, {});
  std::optional<Scenario> found;
  search(machine, scenarios(vocabulary_of(program), true), {}, [&](const Scenario& scenario, const Report&) {
    found = scenario;
    return true;
  });
  ASSERT_TRUE(found);
  EXPECT_TRUE(std::ranges::any_of(found->events,
                                  [](const ScenarioEvent& event) { return event.kind == ScenarioEvent::Kind::cc; }));
}

TEST(Shrink, KeepsThePropertyAndLosesTheRest) {
  const Program program = program_of(kPedal);
  const Machine machine(program, {});
  const auto hangs = [&](const Scenario& scenario) { return !machine.run(scenario, {}, false).hung.empty(); };
  size_t shrunk = 0;
  for (const Scenario& scenario : scenarios(vocabulary_of(program), true)) {
    if (scenario.events.size() > 12 || !hangs(scenario)) continue;
    const Scenario less = shrink(scenario, hangs);
    EXPECT_TRUE(hangs(less)) << runtime::scenario_to_json(less);
    EXPECT_LE(less.events.size(), scenario.events.size());
    // Nothing more can be taken away: shrinking again changes nothing.
    EXPECT_EQ(shrink(less, hangs).events.size(), less.events.size());
    if (++shrunk == 20) break;
  }
  EXPECT_GT(shrunk, 0u);
}

TEST(Shrink, TakesAKeyAwayWithItsKeyUp) {
  const Program program = program_of(kLayer);
  const Machine machine(program, {});
  const auto hangs = [&](const Scenario& scenario) { return !machine.run(scenario, {}, false).hung.empty(); };
  Scenario scenario;
  for (const int note : {60, 62, 64, 65, 67}) {
    for (const auto kind : {ScenarioEvent::Kind::note_on, ScenarioEvent::Kind::note_off}) {
      ScenarioEvent event;
      event.note = note;
      event.kind = kind;
      event.at = (kind == ScenarioEvent::Kind::note_on ? 0 : 1'000'000) + note * 1000;
      scenario.events.push_back(event);
    }
  }
  std::ranges::sort(scenario.events, {}, &ScenarioEvent::at);
  ASSERT_TRUE(hangs(scenario));
  const Scenario less = shrink(scenario, hangs);
  EXPECT_EQ(less.events.size(), 4u) << runtime::scenario_to_json(less);
}

TEST(Match, IsByTheLineOfTheUsersText) {
  const Program program = program_of(kLayer);
  const Machine machine(program, {});
  const ownership::Ownership found = ownership::analyse(program, {});
  ASSERT_EQ(found.sites.size(), 1u);
  bool matched = false;
  search(machine, scenarios(vocabulary_of(program), true), {}, [&](const Scenario&, const Report& report) {
    matched = hangs_at(program, found.sites[0], report);
    return true;
  });
  EXPECT_TRUE(matched);
  EXPECT_FALSE(same_line(program, {}, found.sites[0].span));
}

TEST(Check, ShowsAScenarioForWhatHangsAndNoneForWhatIsProved) {
  const CheckResult bad = check_program(program_of(kPedal), {});
  ASSERT_EQ(bad.findings.size(), 1u);
  EXPECT_TRUE(bad.findings[0].replayed);
  EXPECT_EQ(bad.findings[0].level, Level::error);
  EXPECT_EQ(runtime::parse_scenario_json(bad.findings[0].scenario_json).error, "");
  const CheckResult good = check_program(program_of(kListener), {});
  EXPECT_TRUE(good.findings.empty());
  ASSERT_EQ(good.sites.size(), 1u);
  EXPECT_EQ(good.sites[0].verdict, Verdict::proved);
}

}  // namespace

}  // namespace fermata::witness
