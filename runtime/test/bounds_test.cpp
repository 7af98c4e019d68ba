// A run ends: by itself, or by a bound whose name it tells.
#include <gmock/gmock.h>

#include "runtime/test/script.h"

namespace fermata::runtime {
namespace {

using testing::Contains;
using testing::IsEmpty;

std::string bound(const Script& script, std::vector<ScenarioEvent> events = {down(0, 60), up(1000, 60)}) {
  const Report report = script.run(std::move(events));
  EXPECT_TRUE(report.ran) << report.error;
  EXPECT_EQ(report.bound.empty(), report.quiescent);
  return report.bound;
}

TEST(Bounds, ARunThatEndsNamesNone) { EXPECT_EQ(bound(Script("on note\nexit\nend on\n")), ""); }

TEST(Bounds, Steps) {
  Script script(
      "on init\ndeclare $i\nend on\non note\nwhile (1 = 1)\nwhile ($i < 1000)\ninc($i)\nend while\n$i := 0\nend "
      "while\nend on\n");
  script.bounds.steps = 100'000;
  EXPECT_EQ(bound(script), "steps");
}

TEST(Bounds, StepsAreCountedInInitToo) {
  Script script("on init\ndeclare $i\nwhile (1 = 1)\n$i := $i + 1\nend while\nend on\n");
  script.bounds.steps = 100'000;
  EXPECT_EQ(bound(script, {}), "steps");
}

TEST(Bounds, AListenerThatHearsEveryMicrosecondTakesSteps) {
  Script script("on init\nset_listener($NI_SIGNAL_TIMER_MS, 1)\nend on\non listener\nexit\nend on\n");
  script.bounds.steps = 100'000;
  EXPECT_EQ(bound(script, {down(0, 60), up(1'000'000'000, 60)}), "steps");
}

TEST(Bounds, Time) {
  Script script("on note\nwhile (1 = 1)\nwait(1000)\nend while\nend on\n");
  script.bounds.time = 500'000;
  EXPECT_EQ(bound(script), "time");
  EXPECT_EQ(bound(Script(script), {down(400'000, 60), up(600'000, 60)}), "time");
}

TEST(Bounds, Memory) {
  Script list(
      "on init\ndeclare list n[]\ndeclare $i\nend on\non note\nfor $i := 1 to 900000\nlist_add(n, $i)\nend for\nend "
      "on\n");
  list.bounds.memory = 1 << 20;
  EXPECT_EQ(bound(list), "memory");
  Script array(
      "on init\ndeclare %a[1000000]\ndeclare $i\nend on\non note\nfor $i := 0 to 999999\n%a[$i] := 1\nend for\nend "
      "on\n");
  array.bounds.memory = 1 << 20;
  EXPECT_EQ(bound(array), "memory");
  Script text(
      "on init\ndeclare @s\ndeclare $i\nend on\non note\nfor $i := 1 to 90000\n@s := \"a text \" & $i\nend for\nend "
      "on\n");
  text.bounds.memory = 1 << 20;
  EXPECT_EQ(bound(text), "memory");
  text.bounds.memory = Bounds{}.memory;
  EXPECT_EQ(bound(text), "");
}

TEST(Bounds, WhatARunReachedLeavesTheNextOneFree) {
  const Script script("on init\ndeclare $i\nend on\non note\nfor $i := 0 to 100000\n$i := $i\nend for\nend on\n");
  const Machine machine(script.program, script.assume);
  Bounds tight;
  tight.steps = 1000;
  const Scenario key{{down(0, 60), up(1000, 60)}};
  EXPECT_EQ(machine.run(key, tight, false).bound, "steps");
  EXPECT_EQ(machine.run(key, {}, false).bound, "");
  EXPECT_EQ(machine.run(key, tight, false).bound, "steps");
}

TEST(Bounds, AWhileWithoutEndIsCutOffByTheEngineItself) {
  Script script("on note\nwhile (1 = 1)\nend while\nend on\n");
  EXPECT_EQ(bound(script), "");
  EXPECT_THAT(script.faults({down(0, 60), up(1000, 60)}), Contains("loop-cut-off"));
}

TEST(Bounds, AScriptThatWaitsForeverIsNotQuiescent) {
  const Report report =
      Script("on note\nwhile (1 = 1)\nwait(1000000)\nend while\nend on\n").run({down(0, 60), up(1000, 60)});
  EXPECT_EQ(report.bound, "");
  EXPECT_FALSE(report.quiescent);
}

TEST(Bounds, AStormOfAHundredThousandKeys) {
  std::vector<ScenarioEvent> events;
  for (int i = 0; i < 100'000; ++i) {
    events.push_back(down(i * 100, i % 128));
    events.push_back(up(i * 100 + 50, i % 128));
  }
  Script script("on note\nplay_note($EVENT_NOTE, 100, 0, -1)\nwait(30000000)\nend on\n");
  const Report report = script.run(std::move(events));
  EXPECT_TRUE(report.ran) << report.error;
  EXPECT_TRUE(report.quiescent);
  EXPECT_THAT(report.hung, IsEmpty());
}

TEST(Bounds, TasksHaveAnEnd) {
  std::vector<ScenarioEvent> events;
  for (int i = 0; i < 210'000; ++i) {
    events.push_back(down(i * 10, i % 128));
    events.push_back(up(i * 10 + 5, i % 128));
  }
  EXPECT_EQ(bound(Script("on note\nwait(30000000)\nend on\n"), std::move(events)), "tasks");
}

TEST(Timeline, SaysThatItIsCutOff) {
  Script script("on note\nplay_note(60, 100, 0, 1000)\nend on\n");
  script.record = true;
  script.bounds.timeline_entries = 3;
  const Report report = script.run({down(0, 60), up(1000, 60)});
  EXPECT_EQ(report.timeline.size(), 3u);
  EXPECT_TRUE(report.timeline_cut);
  EXPECT_THAT(report_to_text(script.program, report), testing::HasSubstr("cut off"));
}

}  // namespace
}  // namespace fermata::runtime
