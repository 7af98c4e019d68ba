// The exploration finds the shortest scenario that hangs, and what it finds is so.
#include <gmock/gmock.h>

#include "runtime/test/script.h"

namespace fermata::runtime {
namespace {

using testing::SizeIs;

struct Seen {
  std::vector<Scenario> scenarios;
  Explored explored;
};

Seen explore(const Script& script, std::vector<ScenarioEvent> inputs, size_t most_inputs = 4, size_t wanted = 1) {
  const Machine machine(script.program, script.assume);
  Exploration what;
  what.inputs = std::move(inputs);
  what.most_inputs = most_inputs;
  Seen seen;
  seen.explored = machine.explore(what, [&](const Scenario& scenario, const Report& report) {
    // The judge says the same of the scenario as a whole, in a machine that has never run before.
    const Machine fresh(script.program, script.assume);
    EXPECT_EQ(report_to_json(script.program, report),
              report_to_json(script.program, fresh.run(scenario, script.bounds, false)));
    seen.scenarios.push_back(scenario);
    return seen.scenarios.size() >= wanted;
  });
  EXPECT_EQ(seen.explored.error, "");
  return seen;
}

const std::vector<ScenarioEvent> kKeys = {down(0, 60), down(0, 64)};

TEST(Explore, OneKeyIsEnough) {
  const Seen seen = explore(Script("on note\nplay_note(72, 100, 0, 0)\nend on\n"), kKeys);
  ASSERT_THAT(seen.scenarios, SizeIs(1));
  EXPECT_THAT(seen.scenarios[0].events, SizeIs(1));
}

TEST(Explore, TheSecondKeyWithinTheFirst) {
  // One id for all keys: the first note is lost when the second comes before the first has gone.
  const Seen seen =
      explore(Script("on init\ndeclare $id\nend on\n"
                     "on note\nignore_event($EVENT_ID)\n$id := play_note($EVENT_NOTE, 100, 0, 0)\nend on\n"
                     "on release\nif (get_event_par($EVENT_ID, $EVENT_PAR_SOURCE) = -1)\n"
                     "note_off($id)\nend if\nend on\n"),
              kKeys);
  ASSERT_THAT(seen.scenarios, SizeIs(1));
  EXPECT_THAT(seen.scenarios[0].events, SizeIs(2));
}

TEST(Explore, AMomentWithinAWait) {
  // Lost only when another key goes up between 30 and 50 ms after this one went down.
  const Script script(
      "on init\ndeclare $gap\ndeclare $n\ndeclare $lost\nend on\n"
      "on note\nignore_event($EVENT_ID)\ninc($n)\nif ($n = 2)\nwait(30000)\n$gap := 1\nwait(20000)\n"
      "$gap := 0\nend if\nend on\n"
      "on release\nif ($gap = 1)\n$lost := play_note(40, 100, 0, 0)\nend if\nend on\n");
  const Seen seen = explore(script, kKeys);
  ASSERT_THAT(seen.scenarios, SizeIs(1));
  EXPECT_THAT(seen.scenarios[0].events, SizeIs(testing::Le(3u)));
}

TEST(Explore, APedalAndAControl) {
  const Script script(
      "on init\ndeclare ui_slider $mode (0, 3)\ndeclare $lost\nend on\n"
      "on release\nif (%CC[64] > 64 and $mode = 2)\n$lost := play_note(40, 100, 0, 0)\nend if\nend on\n");
  std::vector<ScenarioEvent> inputs = {down(0, 60), cc(0, 64, 127), cc(0, 64, 0)};
  for (const int value : {0, 1, 2, 3}) inputs.push_back(control(0, "$mode", value));
  const Seen seen = explore(script, inputs);
  ASSERT_THAT(seen.scenarios, SizeIs(1));
  // The closing sequence lets the key up while the pedal is still down.
  EXPECT_THAT(seen.scenarios[0].events, SizeIs(3));
}

TEST(Explore, AScriptThatIsRightIsExploredToTheEnd) {
  const Script script(
      "on init\ndeclare %id[128]\nend on\n"
      "on note\nignore_event($EVENT_ID)\n%id[$EVENT_NOTE] := play_note($EVENT_NOTE, 100, 0, 0)\nend on\n"
      "on release\nif (get_event_par($EVENT_ID, $EVENT_PAR_SOURCE) = -1)\n"
      "note_off(%id[$EVENT_NOTE])\nend if\nend on\n");
  const Seen seen = explore(script, kKeys, 6);
  EXPECT_THAT(seen.scenarios, SizeIs(0));
  EXPECT_TRUE(seen.explored.complete);
  // Keys that have come and gone leave nothing behind: the states are few however long the scenarios are.
  EXPECT_LT(seen.explored.states, 40u);
}

TEST(Explore, EndsWithItsBounds) {
  const Script script("on init\ndeclare $n\nend on\non note\ninc($n)\nend on\n");
  const Machine machine(script.program, script.assume);
  Exploration what;
  what.inputs = kKeys;
  what.most_inputs = 100;
  what.states = 50;
  const Explored explored = machine.explore(what, [](const Scenario&, const Report&) { return false; });
  EXPECT_FALSE(explored.complete);
  EXPECT_LE(explored.states, 50u);
}

TEST(Explore, RefusesWhatTheScriptDoesNotHave) {
  const Script script("on note\nexit\nend on\n");
  const Explored explored =
      Machine(script.program, script.assume).explore({{control(0, "$mode", 1)}, {}}, [](const auto&, const auto&) {
        return true;
      });
  EXPECT_THAT(explored.error, testing::HasSubstr("$mode"));
}

TEST(Snapshots, ARunGoesOnFromACopyAsItWouldHaveByItself) {
  const Script script(
      "on init\ndeclare $n\ndeclare @s\ndeclare list l[]\ndeclare polyphonic $p\nend on\n"
      "on note\n$p := $EVENT_NOTE\ninc($n)\nlist_add(l, $n)\n@s := @s & $n\nwait(5000)\n"
      "if ($p = $EVENT_NOTE and l[$n - 1] = $n)\nplay_note($p, 100, 0, 3000 * $n)\nend if\nwait(5000)\n"
      "if ($n > 2)\nplay_note(random(1, 100), 100, 0, 0)\nend if\nend on\n");
  const Machine machine(script.program, script.assume);
  const Scenario all{{down(0, 60), up(2000, 60), down(4000, 61), up(12'000, 61), down(13'000, 62), up(20'000, 62)}};
  std::vector<std::string> first;
  for (size_t length = 0; length <= all.events.size(); ++length) {
    const Scenario part{{all.events.begin(), all.events.begin() + static_cast<long>(length)}};
    const Machine fresh(script.program, script.assume);
    first.push_back(report_to_json(script.program, fresh.run(part, {}, false)));
    EXPECT_EQ(first.back(), report_to_json(script.program, machine.run(part, {}, false)));
  }
  for (size_t length = all.events.size() + 1; length-- > 0;) {
    const Scenario part{{all.events.begin(), all.events.begin() + static_cast<long>(length)}};
    EXPECT_EQ(first[length], report_to_json(script.program, machine.run(part, {}, false)));
  }
}

}  // namespace
}  // namespace fermata::runtime
