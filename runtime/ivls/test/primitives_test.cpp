// The rows of the contract, one test each.
#include <gtest/gtest.h>

#include "runtime/ivls/test/rig.h"

namespace fermata::runtime::ivls::test {
namespace {

TEST(KeyDown, GivesAVoiceThatEntersItsFlowAfterTheLatencyAndEndsWithTheKey) {
  Rig rig;
  rig.flow({rig.play_node("Play")});
  rig.boot();
  rig.key_down(60);
  EXPECT_EQ(rig.sounding_count(), 0);
  rig.pass_time(1);
  EXPECT_EQ(rig.sounding_count(), 1);
  rig.key_up(60);
  EXPECT_EQ(rig.sounding_count(), 0);
  EXPECT_EQ(rig.hung() + rig.leaked(), 0u);
}

TEST(KeyDown, ReleasedBeforeItsDispatchNeverEntersItsFlow) {
  Rig rig;
  rig.flow({rig.play_node("Play")});
  rig.boot();
  rig.key_down(60);
  rig.key_up(60);
  rig.finish();
  EXPECT_EQ(rig.events(), 0u);
  EXPECT_EQ(rig.leaked(), 0u);
}

TEST(KeyDown, AKeyMappedToNoFlowMakesNoVoice) {
  Rig rig;
  const FlowId flow = rig.flow({rig.play_node("Play")});
  rig.node("Maps", {{"Keymaps", {run([flow](const Frame& frame) {
                       frame.call("keymap.request", {0, 0, 60, flow, 0, 0, 0});
                       frame.call("keymap.request", {0, 0, 61, -1, 0, 0, 0});
                     })}}});
  rig.boot();
  rig.press(60, 10);
  rig.press(61, 10);
  rig.press(62, 10);
  EXPECT_EQ(rig.events(), 1u);
}

TEST(Cluster, ClosedDuringReloadMakesNoVoiceAndDropsAReleaseThatArrives) {
  Rig rig;
  rig.flow({rig.play_node("Play")});
  rig.node("Slow", {{"Reload", {wait(5'000)}}});
  rig.boot();
  rig.press(60, 100);
  EXPECT_EQ(rig.events(), 0u);
  rig.pass_time(10'000);
  rig.key_down(62);
  rig.pass_time(10);
  rig.kernel().signal("Reload");
  EXPECT_EQ(rig.kernel().variable("cluster.legal"), 0);
  rig.key_up(62);
  rig.finish();
  EXPECT_EQ(rig.faults("release-while-closed"), 1u);
  EXPECT_EQ(rig.hung(), 1u);
}

TEST(NotePass, RunsInlineAndTheSameVoiceMovesOn) {
  Rig rig;
  const NodeId inline_node = rig.node("Inline", {{"NotePass", {run([](const Frame& frame) {
                                                    frame.set("vel", 7);
                                                    frame.call("ivls.pass");
                                                    frame.call("ivls.play", {frame.self});
                                                    frame.call("ivls.wait_ms", {1});
                                                  })}}});
  rig.flow({inline_node, rig.play_node("Play")});
  rig.boot();
  rig.press(60, 10);
  EXPECT_EQ(rig.events(), 1u);
  EXPECT_EQ(rig.faults("pass-in-note-pass"), 1u);
  EXPECT_EQ(rig.faults("play-in-note-pass"), 1u);
  EXPECT_EQ(rig.faults("wait-in-note-pass"), 1u);
  EXPECT_EQ(rig.hung() + rig.leaked(), 0u);
}

TEST(Pass, MakesAChildAndTellsItOnlyAfterwards) {
  Rig rig;
  Value sent = -1;
  const NodeId sender =
      rig.node("Sender", {{"NoteOn", {run([&](const Frame& frame) {
                             frame.sent();
                             frame.call("ivls.pass");
                             sent = frame.sent();
                             EXPECT_EQ(rig.kernel().read_field("voice", sent, "vo_parent"), frame.self);
                             EXPECT_EQ(rig.kernel().read_field("voice", sent, "vmc"), frame.get("vmc"));
                             EXPECT_EQ(rig.sounding_count(), 1) << "its synchronous work is done";
                           })}}});
  rig.flow({sender, rig.play_node("Play")});
  rig.boot();
  rig.press(60, 10);
  EXPECT_NE(sent, -1);
  EXPECT_EQ(rig.faults("stale-sent-voice"), 1u);
  EXPECT_EQ(rig.sounding_count(), 0);
  EXPECT_EQ(rig.leaked(), 0u);
}

TEST(Pass, AtTheEndOfTheFlowTheChildStaysSilentAndEndsWithItsParent) {
  Rig rig;
  rig.flow({rig.node("Last", {{"NoteOn", {pass()}}})});
  rig.boot();
  rig.key_down(60);
  rig.pass_time(10);
  EXPECT_EQ(rig.leaked(), 2u);
  rig.key_up(60);
  EXPECT_EQ(rig.leaked(), 0u);
}

TEST(Pass, AfterTheReleaseMakesAChildThatNobodyOwns) {
  Rig rig;
  const NodeId late = rig.node("Late", {{"NoteOn", {wait(9'000), run([&](const Frame& frame) {
                                                      EXPECT_FALSE(rig.kernel().path_on(frame.self, frame.nenv));
                                                      rig.at_line(3);
                                                      frame.call("ivls.pass");
                                                    })}}});
  rig.flow({late, rig.play_node("Play")});
  rig.boot();
  rig.press(60, 5'000);
  rig.finish();
  ASSERT_EQ(rig.hung(), 1u);
  EXPECT_EQ(rig.leaked(), 0u);
  const Lost lost = rig.lost(true).front();
  EXPECT_EQ(lost.loss, Loss::never_owned);
  EXPECT_EQ(lost.loss_at.begin, 3u);
  EXPECT_EQ(lost.voice, 1);
}

TEST(NewVoice, NeverPlayedLeaksAndDeletedDoesNot) {
  Rig rig;
  const NodeId maker =
      rig.node("Maker", {{"NoteOn", {run([](const Frame& frame) {
                            frame.call("ivls.new_voice", {frame.self});
                            const Value own = frame.call("ivls.new_formal_voice", {frame.self});
                            EXPECT_NE(frame.rig.kernel().read_field("voice", own, "vmc"), frame.get("vmc"));
                            frame.call("voice.delete", {own});
                            frame.call("voice.delete", {frame.call("voice.new")});
                            EXPECT_EQ(frame.call("check_ref", {own}), 0);
                          })}}});
  rig.flow({maker});
  rig.boot();
  rig.press(60, 10);
  rig.finish();
  EXPECT_EQ(rig.leaked(), 1u);
  EXPECT_EQ(rig.hung(), 0u);
}

TEST(Play, IsAChildOfSelfAndHasNoEffectTwice) {
  Rig rig;
  const NodeId fan = rig.node("Fan", {{"NoteOn", {run([](const Frame& frame) {
                                         const Value voice = frame.call("ivls.new_voice", {frame.self});
                                         frame.call("ivls.play", {voice});
                                         frame.call("ivls.play", {voice});
                                       })}}});
  rig.flow({fan, rig.play_node("Play")});
  rig.boot();
  rig.press(60, 10);
  EXPECT_EQ(rig.events(), 1u);
  EXPECT_EQ(rig.sounding_count(), 0);
}

// The child's duration and what then ends it, for `us` and a key held for 10 ms.
struct OneshotCase {
  Value us;
  int sounding_after_key_up;
};

class Oneshot : public testing::TestWithParam<OneshotCase> {};

TEST_P(Oneshot, OfAnUnfiredVoice) {
  Rig rig;
  const NodeId spawn = rig.node("Spawn", {{"NoteOn", {run([](const Frame& frame) {
                                             frame.call("ivls.play.oneshot",
                                                        {frame.call("ivls.new_voice", {frame.self}), GetParam().us});
                                           })}}});
  rig.flow({spawn, rig.play_node("Play")});
  rig.boot();
  rig.press(60, 10'000);
  EXPECT_EQ(rig.sounding_count(), GetParam().sounding_after_key_up);
  rig.finish();
  EXPECT_EQ(rig.hung() + rig.leaked(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Durations, Oneshot,
                         testing::Values(OneshotCase{50'000, 1}, OneshotCase{0, 0}, OneshotCase{-5, 0}));

TEST(Duration, TimerStartsWhenTheNodeLogicIsDone) {
  Rig rig;
  Microseconds ended = 0;
  const NodeId slow =
      rig.node("Slow", {{"NoteOn", {wait(30'000)}}, {"NoteOff", {run([&](const Frame&) { ended = rig.now(); })}}});
  const NodeId spawn =
      rig.node("Spawn", {{"NoteOn", {run([](const Frame& frame) {
                            frame.call("ivls.play.oneshot", {frame.call("ivls.new_voice", {frame.self}), 10'000});
                          })}}});
  rig.flow({spawn, slow});
  rig.boot();
  rig.press(60, 1);
  rig.finish();
  EXPECT_EQ(ended, 1 + 30'000 + 10'000);
  EXPECT_EQ(rig.leaked(), 0u);
}

TEST(Release, OnceAndTheSecondCallIsAFault) {
  Rig rig;
  int offs = 0;
  const NodeId last = rig.node("Last", {{"NoteOn", {run([](const Frame& frame) {
                                           frame.call("ivls.release_voice", {frame.self});
                                           frame.call("ivls.release_voice", {frame.self});
                                         })}},
                                        {"NoteOff", {run([&](const Frame&) { ++offs; })}}});
  rig.flow({last});
  rig.boot();
  rig.press(60, 10);
  EXPECT_EQ(offs, 1);
  EXPECT_EQ(rig.faults("double-release"), 1u);
  EXPECT_EQ(rig.leaked(), 0u);
}

TEST(Release, NoteOffFirstThenTheChildrenNewestFirst) {
  Rig rig;
  std::string order;
  const NodeId tell =
      rig.node("Tell", {{"NoteOff", {run([&](const Frame& frame) { order += std::to_string(frame.get("vel")); })}}});
  const NodeId fan = rig.node("Fan", {{"NoteOn", {run([&](const Frame& frame) {
                                         for (const Value vel : {1, 2, 3}) {
                                           const Value voice = frame.call("ivls.new_voice", {frame.self});
                                           rig.kernel().write_field("voice", voice, "vel", vel);
                                           frame.call("ivls.play", {voice});
                                         }
                                       })}},
                                      {"NoteOff", {run([&](const Frame&) { order += "p"; })}}});
  rig.flow({fan, tell});
  rig.boot();
  rig.press(60, 10);
  EXPECT_EQ(order, "p321");
}

TEST(Release, ChildrenThatNoteOffFreesOfItStayWithoutAParent) {
  Rig rig;
  Value child = -1;
  const NodeId sender =
      rig.node("Sender", {{"NoteOn", {pass(), run([&](const Frame& frame) { child = frame.sent(); })}},
                          {"NoteOff", {run([&](const Frame&) {
                             rig.at_line(8);
                             rig.kernel().write_field("voice", child, "auto_release", 0);
                           })}}});
  rig.flow({sender, rig.play_node("Play")});
  rig.boot();
  rig.press(60, 10);
  rig.finish();
  ASSERT_EQ(rig.hung(), 1u);
  EXPECT_EQ(rig.kernel().read_field("voice", child, "vo_parent"), -1);
  EXPECT_EQ(rig.lost(true).front().loss, Loss::detached);
  EXPECT_EQ(rig.lost(true).front().loss_at.begin, 8u);
}

TEST(Release, AChildThatNoteOffPlaysIsNotReleased) {
  Rig rig;
  const NodeId play = rig.play_node("Play");
  const NodeId noisy = rig.node("Noisy", {{"NoteOff", {run([](const Frame& frame) {
                                             frame.call("ivls.play", {frame.call("ivls.new_voice", {frame.self})});
                                           })}}});
  rig.flow({noisy, play});
  rig.boot();
  rig.press(60, 10);
  rig.finish();
  EXPECT_EQ(rig.hung(), 1u);
  EXPECT_EQ(rig.leaked(), 0u);
  EXPECT_EQ(rig.lost(true).front().loss, Loss::never_owned);
}

TEST(Release, TheSlotIsFreedWhenNoteOffAndAllSuspendedTasksHaveEnded) {
  Rig rig;
  Value self = -1;
  const NodeId slow = rig.node("Slow", {{"NoteOn", {run([&](const Frame& frame) { self = frame.self; }), wait(50'000)}},
                                        {"NoteOff", {wait(20'000)}}});
  rig.flow({slow});
  rig.boot();
  rig.press(60, 10'000);
  rig.pass_time(39'000);
  EXPECT_EQ(rig.outside().call("check_ref", {self}), 1);
  rig.pass_time(2'000);
  EXPECT_EQ(rig.outside().call("check_ref", {self}), 0);
}

TEST(Release, ChildrenAloneOnRequest) {
  Rig rig;
  const NodeId sender = rig.node("Sender", {{"NoteOn", {pass(), wait(10), run([](const Frame& frame) {
                                                          frame.call("ivls.release_voice_children", {frame.self});
                                                        })}}});
  rig.flow({sender, rig.play_node("Play")});
  rig.boot();
  rig.key_down(60);
  rig.pass_time(100);
  EXPECT_EQ(rig.sounding_count(), 0);
  EXPECT_EQ(rig.leaked(), 1u);
}

TEST(Slots, AreRecycledAndTheNumberTellsThemApart) {
  Rig rig;
  rig.flow({rig.play_node("Play")});
  rig.boot();
  const Frame frame = rig.outside();
  const Value first = frame.call("voice.new");
  const Value number = frame.call("ivls.voice_number", {first});
  frame.call("voice.delete", {first});
  const Value second = frame.call("voice.new");
  EXPECT_EQ(first, second);
  EXPECT_NE(frame.call("ivls.voice_number", {second}), number);
  EXPECT_EQ(frame.call("check_ref", {first}), 1);
}

}  // namespace
}  // namespace fermata::runtime::ivls::test
