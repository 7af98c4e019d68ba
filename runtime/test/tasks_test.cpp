// Time: waits, callbacks beside each other, listeners, the task control module, the closing sequence.
#include <gmock/gmock.h>

#include "script.h"

namespace fermata::runtime {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<ScenarioEvent> kTouch = {cc(0, 1, 1)};
const char kProbe[] = "play_note(60, 100, 0, 0)\n";

TEST(Wait, EndsAtItsExactTime) {
  const Script script(
      "on init\nend on\non controller\nwait(1500)\nplay_note(60, 100, 0, 0)\nwait_ticks(960)\nplay_note(61, 100, 0, "
      "0)\nend on\n");
  const Report report = script.run(kTouch);
  ASSERT_EQ(report.hung.size(), 2u);
  EXPECT_EQ(report.hung[0].since, 1500);
  EXPECT_EQ(report.hung[1].since, 501'500);
}

TEST(Wait, LetsOtherCallbacksRun) {
  const Script script(
      "on init\ndeclare $x\nend on\non note\n$x := 1\nwait(1000)\nif ($x = 2)\nplay_note(60, 100, 0, 0)\nend if\nend "
      "on\n"
      "on controller\n$x := 2\nend on\n");
  EXPECT_EQ(script.hung({down(0, 60), cc(500, 1, 1), up(600, 60)}), 1u);
  EXPECT_EQ(script.hung({down(0, 60), up(600, 60), cc(1500, 1, 1)}), 0u);
}

TEST(Wait, KeepsLocalsAndTheNote) {
  const Script script(
      "on init\nend on\non note\ndeclare local $n\n$n := $EVENT_NOTE\nwait(1000)\nif ($n = $EVENT_NOTE)\n" +
      std::string(kProbe) + "end if\nend on\n");
  EXPECT_EQ(script.hung({down(0, 60), down(1, 62), up(2, 60), up(3, 62)}), 2u);
}

TEST(Wait, InALoopKeepsTheGuardFromCuttingItOff) {
  Script script(
      "on init\ndeclare $i\nend on\non note\nwhile ($i < 5000)\ninc($i)\nwait(100)\nend while\n"
      "if ($i = 5000)\nplay_note(60, 100, 0, 0)\nend if\nend on\n");
  script.bounds.loop_turns = 1000;
  EXPECT_EQ(script.hung({down(0, 60), up(1000, 60)}), 1u);
  EXPECT_TRUE(script.faults({down(0, 60), up(1000, 60)}).empty());
}

TEST(Wait, OfNothingGoesOn) {
  EXPECT_EQ(
      Script(std::string("on init\nend on\non controller\nwait(0)\nwait(-5)\n") + kProbe + "end on\n").hung(kTouch),
      1u);
}

TEST(Wait, PastTheHorizonIsNotQuiescent) {
  Script script("on init\nend on\non controller\nwhile (1 = 1)\nwait(1000000)\nend while\nend on\n");
  EXPECT_FALSE(script.run(kTouch).quiescent);
  EXPECT_TRUE(script.run({}).quiescent);
  script.assume.horizon_us = 1000;
  EXPECT_LE(script.run(kTouch).end, 3000);
}

TEST(StopWait, EndsTheWait) {
  const std::string text =
      "on init\ndeclare $cb\nend on\non note\n$cb := $NI_CALLBACK_ID\nwait(900000000)\nplay_note(60, 100, 0, 0)\n"
      "wait(5000)\nplay_note(61, 100, 0, 0)\nend on\non controller\nstop_wait($cb, MODE)\nend on\n";
  const auto since = [&](const std::string& mode) {
    std::string script = text;
    script.replace(script.find("MODE"), 4, mode);
    std::vector<Microseconds> out;
    for (const Lost& lost : Script(script).run({down(0, 60), cc(1000, 1, 1)}).hung) out.push_back(lost.since);
    return out;
  };
  EXPECT_THAT(since("0"), ElementsAre(1000, 6000));
  EXPECT_THAT(since("1"), ElementsAre(1000, 1000));
}

TEST(WaitAsync, WaitsForTheOperation) {
  const Script script(
      "on init\ndeclare $id\ndeclare %a[4]\nend on\non controller\n$id := load_array(%a, 0)\nwait_async($id)\n"
      "wait_async(77)\nplay_note(60, 100, 0, 0)\nend on\non async_complete\nif ($NI_ASYNC_ID = $id)\n"
      "play_note(61, 100, 0, 0)\nend if\nend on\n");
  EXPECT_EQ(script.hung(kTouch), 2u);
}

TEST(TaskControl, WaitsAreLimited) {
  Script script(
      "on init\ntcm.init(100)\nend on\ntaskfunc t\ntcm.wait(1000)\nplay_note(60, 100, 0, 0)\nend taskfunc\non "
      "note\nt\nend on\n");
  script.assume.tcm_tasks = 2;
  const Report report = script.run({down(0, 60), down(1, 61), down(2, 62)});
  ASSERT_EQ(report.faults.size(), 1u);
  EXPECT_EQ(report.faults[0].kind, "too-many-tasks");
  ASSERT_EQ(report.hung.size(), 3u);
  EXPECT_EQ(report.hung[0].since, 2);  // the wait that found no place returned at once
}

TEST(TaskControl, StackOfATask) {
  EXPECT_TRUE(
      holds("x = 2 and y = 1", "declare x\ndeclare y\ntcm.init(100)", "tcm.push(1, 2)\ntcm.pop(x)\ntcm.pop(y)"));
}

TEST(Listener, TicksInMicroseconds) {
  const Script script(
      "on init\ndeclare $n\nset_listener($NI_SIGNAL_TIMER_MS, 10000)\nend on\non listener\ninc($n)\n"
      "if ($n = 3)\nplay_note(60, 100, 0, 1000)\nend if\nend on\non controller\nif ($n = 4)\nplay_note(60, 100, 0, "
      "0)\nend if\nend on\n");
  EXPECT_EQ(script.hung({cc(45'000, 1, 1)}), 1u);
  EXPECT_EQ(script.hung({cc(55'000, 1, 1)}), 0u);
}

TEST(Listener, BeatsAt120) {
  const Script script(
      "on init\ndeclare $n\nset_listener($NI_SIGNAL_TIMER_BEAT, 4)\nend on\non listener\nif ($NI_SIGNAL_TYPE = "
      "$NI_SIGNAL_TIMER_BEAT)\n"
      "inc($n)\nend if\nend on\non controller\nif ($n = 4)\nplay_note(60, 100, 0, 0)\nend if\nend on\n");
  EXPECT_EQ(script.hung({cc(500'001, 1, 1)}), 1u);
}

TEST(Listener, HearsTheTransport) {
  const Script script(
      "on init\nset_listener($NI_SIGNAL_TRANSP_START, 1)\nset_listener($NI_SIGNAL_TRANSP_STOP, 1)\nend on\n"
      "on listener\nif ($NI_SIGNAL_TYPE = $NI_SIGNAL_TRANSP_START and $NI_TRANSPORT_RUNNING = 1)\nplay_note(60, 100, "
      "0, 0)\nend if\n"
      "if ($NI_SIGNAL_TYPE = $NI_SIGNAL_TRANSP_STOP)\nplay_note(61, 100, 0, 0)\nend if\nend on\n");
  EXPECT_EQ(script.hung({transport(0, true)}), 2u);  // the closing sequence stops it
  EXPECT_EQ(script.hung({}), 0u);
}

TEST(Listener, MayEndWhatStillSounds) {
  const Script script(
      "on init\ndeclare $id\nset_listener($NI_SIGNAL_TIMER_MS, 100000)\nend on\non controller\n$id := play_note(60, "
      "100, 0, 0)\nend on\n"
      "on listener\nif ($ENGINE_UPTIME > 20000)\nnote_off($id)\nend if\nend on\n");
  const Report report = script.run(kTouch);
  EXPECT_THAT(report.hung, IsEmpty());
  EXPECT_TRUE(report.quiescent);
}

TEST(Listener, IsNotPendingByItself) {
  const Script script("on init\nset_listener($NI_SIGNAL_TIMER_MS, 1000)\nend on\non listener\nend on\n");
  const Report report = script.run(kTouch);
  EXPECT_TRUE(report.quiescent);
  EXPECT_LT(report.end, 10'000);
}

TEST(Closing, LetsKeysUpInTheOrderOfTheirPressThenThePedals) {
  const Script script(
      "on init\ndeclare $n\nend on\non release\ninc($n)\nif ($EVENT_NOTE = 60 and $n = 2 and %CC[64] = 127)\n"
      "$n := play_note(50, 100, 0, 0)\nend if\nend on\n");
  EXPECT_EQ(script.hung({cc(0, 64, 127), down(1, 72), down(2, 60)}), 1u);
}

TEST(Closing, PutsPedalsDownOnEveryChannel) {
  const Script script(
      "on init\nend on\non controller\nif ($CC_NUM = 64 and %CC[64] = 0)\nplay_note(60, 100, 0, 0)\nend if\nend on\n");
  EXPECT_EQ(script.hung({cc(0, 64, 127, 0), cc(1, 64, 127, 5), cc(2, 64, 127, 6), cc(3, 64, 0, 6)}), 3u);
}

TEST(Callbacks, PersistenceRunsOnceAfterInit) {
  EXPECT_EQ(Script("on init\ndeclare $x := 3\nend on\non persistence_changed\nif ($x = 3)\nplay_note(60, 100, 0, "
                   "0)\nend if\nend on\n")
                .hung({}),
            1u);
}

TEST(Callbacks, PgsRunsAfterAKeyIsSet) {
  EXPECT_EQ(
      Script("on init\npgs_create_key(K, 1)\nend on\non pgs_changed\nplay_note(60, 100, 0, 0)\nend on\non controller\n"
             "pgs_set_key_val(K, 0, 4)\nend on\n")
          .hung(kTouch),
      1u);
}

TEST(Callbacks, ControlRunsWithItsValue) {
  const Script script(
      "on init\ndeclare ui_knob $k (0, 9, 1)\nend on\non ui_control ($k)\nif ($k = 4)\nplay_note(60, 100, 0, 0)\nend "
      "if\nend on\n");
  EXPECT_EQ(script.hung({control(0, "$k", 4)}), 1u);
  EXPECT_EQ(script.hung({assign(0, "k", 4)}), 0u);
}

TEST(Callbacks, RegisteredParameters) {
  const Script script(
      "on init\nend on\non rpn\nif ($RPN_ADDRESS = 1 and $RPN_VALUE = 640)\nplay_note(60, 100, 0, 0)\nend if\nend on\n"
      "on nrpn\nif ($RPN_ADDRESS = 130)\nplay_note(61, 100, 0, 0)\nend if\nend on\n");
  EXPECT_EQ(script.hung({cc(0, 101, 0), cc(1, 100, 1), cc(2, 6, 5), cc(3, 99, 1), cc(4, 98, 2), cc(5, 6, 1)}), 2u);
}

TEST(Runs, AreTheSameToTheByte) {
  Script script(
      "on init\ndeclare $x\nend on\non note\nwait(random(1, 1000))\nplay_note(60, random(1, 127), 0, 0)\nend on\n");
  script.record = true;
  const Machine machine(script.program, script.assume);
  const Scenario scenario{{down(0, 60), down(5, 62), up(10, 60)}};
  const std::string first = report_to_json(script.program, machine.run(scenario, {}, true));
  EXPECT_EQ(first, report_to_json(script.program, machine.run(scenario, {}, true)));
  EXPECT_THAT(first, testing::HasSubstr("\"hung\""));
}

}  // namespace
}  // namespace fermata::runtime
