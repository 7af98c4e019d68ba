// The rows of the contract that move a voice from one owner to another.
#include <gtest/gtest.h>

#include "runtime/ivls/test/rig.h"

namespace fermata::runtime::ivls::test {
namespace {

// A key whose node sends one voice on and then does `action` with it; the key is held for 10 ms.
struct Held {
  explicit Held(std::function<void(const Frame&, Value sent)> action) {
    const NodeId sender = rig.node("Sender", {{"NoteOn", {pass(), run([action, this](const Frame& frame) {
                                                            self = frame.self;
                                                            sent = frame.sent();
                                                            rig.at_line(5);
                                                            action(frame, sent);
                                                          })}}});
    rig.flow({sender, rig.play_node("Play")});
    rig.boot();
    rig.key_down(60);
    rig.pass_time(10'000);
  }
  void key_up() { rig.key_up(60); }
  Value field(std::string_view name) { return rig.kernel().read_field("voice", sent, name); }

  Rig rig;
  Value self = -1;
  Value sent = -1;
};

TEST(Runtimes, AtMost1024) {
  Rig rig;
  rig.flow({rig.play_node("Play")});
  rig.boot();
  const Frame frame = rig.outside();
  for (int i = 0; i < 1023; ++i) frame.call("ivls.create_runtime");
  EXPECT_NE(frame.call("ivls.create_runtime"), -1);
  EXPECT_EQ(rig.faults("too-many-runtimes"), 0u);
  EXPECT_EQ(frame.call("ivls.create_runtime"), -1);
  EXPECT_EQ(rig.faults("too-many-runtimes"), 1u);
  frame.call("ivls.release_runtime", {17});
  EXPECT_EQ(frame.call("ivls.create_runtime"), 17);
}

TEST(Runtimes, AdoptionKeepsTheVoiceAndTheTreeLinks) {
  Value runtime = -1;
  Held held([&](const Frame& frame, Value sent) {
    runtime = frame.call("ivls.create_runtime");
    frame.call("ivls.add_voice_to_runtime", {runtime, sent});
  });
  EXPECT_EQ(held.field("runtime"), runtime);
  EXPECT_EQ(held.field("auto_release"), 0);
  EXPECT_EQ(held.field("vo_parent"), held.self);
  held.key_up();
  EXPECT_EQ(held.rig.sounding_count(), 1);
  EXPECT_EQ(held.rig.lost(true).front().loss, Loss::runtime_leaked);
  EXPECT_EQ(held.rig.lost(true).front().runtime_at.begin, 5u);
  held.rig.outside().call("ivls.release_runtime", {runtime});
  held.rig.finish();
  EXPECT_EQ(held.rig.sounding_count(), 0);
  EXPECT_EQ(held.rig.leaked(), 0u);
}

TEST(Runtimes, AFreedOneAdoptsNothing) {
  Held held([](const Frame& frame, Value sent) {
    const Value runtime = frame.call("ivls.create_runtime");
    frame.call("ivls.release_runtime", {runtime});
    frame.call("ivls.add_voice_to_runtime", {runtime, sent});
    frame.call("ivls.reparent_voice", {sent, -1});
    frame.call("ivls.release_runtime", {runtime});
  });
  EXPECT_EQ(held.rig.faults("runtime-not-live"), 3u);
  EXPECT_EQ(held.field("auto_release"), 1);
  held.key_up();
  EXPECT_EQ(held.rig.hung(), 0u);
}

TEST(Runtimes, ASecondOneTakesTheVoiceOutOfTheFirst) {
  Held held([](const Frame& frame, Value sent) {
    const Value first = frame.call("ivls.create_runtime");
    const Value second = frame.call("ivls.create_runtime");
    frame.call("ivls.reparent_voice", {sent, first});
    frame.call("ivls.reparent_voice", {sent, second});
    frame.call("ivls.release_runtime", {first});
  });
  EXPECT_EQ(held.rig.sounding_count(), 1);
  EXPECT_NE(held.field("runtime"), -1);
}

TEST(Runtimes, AVoiceWithADurationHasTwoOwnersThen) {
  Held held([](const Frame& frame, Value sent) {
    frame.call("ivls.play.oneshot", {sent, 500});
    frame.call("ivls.add_voice_to_runtime", {frame.call("ivls.create_runtime"), sent});
  });
  EXPECT_EQ(held.rig.faults("two-owners"), 1u);
}

TEST(RestoreParent, WhileTheKeyIsDownIsSound) {
  Held held([](const Frame& frame, Value sent) {
    frame.call("ivls.add_voice_to_runtime", {frame.call("ivls.create_runtime"), sent});
    frame.call("ivls.restore_parent", {sent});
  });
  EXPECT_EQ(held.field("auto_release"), 1);
  EXPECT_EQ(held.field("runtime"), -1);
  held.key_up();
  EXPECT_EQ(held.rig.sounding_count(), 0);
}

TEST(RestoreParent, ToAParentThatIsGoneLeavesTheVoiceOwnerless) {
  Held held([](const Frame& frame, Value sent) {
    frame.call("ivls.add_voice_to_runtime", {frame.call("ivls.create_runtime"), sent});
  });
  held.key_up();
  held.rig.at_line(9);
  held.rig.outside().call("ivls.restore_parent", {held.sent});
  held.rig.outside().call("ivls.release_runtime", {0});
  held.rig.finish();
  ASSERT_EQ(held.rig.hung(), 1u);
  EXPECT_EQ(held.rig.lost(true).front().loss, Loss::detached);
  EXPECT_EQ(held.rig.lost(true).front().loss_at.begin, 9u);
}

TEST(Unparent, LeavesTheVoiceUnderTheOmniVoice) {
  Held held([](const Frame& frame, Value sent) { frame.call("ivls.unparent_voice", {sent}); });
  EXPECT_EQ(held.field("vo_parent"), held.rig.kernel().variable("ivls.omni_voice"));
  held.key_up();
  EXPECT_EQ(held.rig.hung(), 1u);
  held.rig.outside().call("ivls.play.oneshot", {held.sent, 100});
  held.rig.finish();
  EXPECT_EQ(held.rig.hung(), 0u);
}

TEST(Unparent, ChildrenOfAVoice) {
  Held held([](const Frame& frame, Value) { frame.call("ivls.unparent_children", {frame.self}); });
  held.key_up();
  EXPECT_EQ(held.rig.hung(), 1u);
}

TEST(AutoRelease, SetToFalseByHandEndsParentOwnership) {
  Held held([](const Frame& frame, Value sent) { frame.rig.kernel().write_field("voice", sent, "auto_release", 0); });
  held.key_up();
  ASSERT_EQ(held.rig.hung(), 1u);
  EXPECT_EQ(held.rig.lost(true).front().loss, Loss::detached);
  EXPECT_EQ(held.rig.lost(true).front().loss_at.begin, 5u);
  EXPECT_EQ(held.rig.lost(true).front().since, 1);
}

TEST(Tree, ANewParentEndsTheVoiceWhenItEnds) {
  Rig rig;
  Value first = -1;
  const NodeId sender =
      rig.node("Sender", {{"NoteOn", {pass(), run([&](const Frame& frame) {
                                        if (first == -1) {
                                          first = frame.sent();
                                        } else {
                                          frame.call("ivls.reparent_voice_to_voice", {first, frame.self});
                                        }
                                      })}}});
  rig.flow({sender, rig.play_node("Play")});
  rig.boot();
  rig.key_down(60);
  rig.pass_time(10);
  rig.key_down(64);
  rig.pass_time(10);
  rig.key_up(60);
  EXPECT_EQ(rig.sounding_count(), 2);
  rig.key_up(64);
  EXPECT_EQ(rig.sounding_count(), 0);
  EXPECT_EQ(rig.leaked(), 0u);
}

TEST(Tree, NoVoiceBecomesItsOwnAncestor) {
  Held held([](const Frame& frame, Value sent) { frame.call("ivls.reparent_voice_to_voice", {frame.self, sent}); });
  EXPECT_EQ(held.rig.faults("tree-cycle"), 1u);
  held.key_up();
  EXPECT_EQ(held.rig.leaked(), 0u);
}

TEST(Tree, ChildrenMoveInOrder) {
  Held held([](const Frame& frame, Value sent) {
    const Value second = frame.call("ivls.new_voice", {frame.self});
    frame.call("ivls.play", {second});
    const Value other = frame.call("ivls.new_voice", {frame.self});
    frame.call("ivls.move_children", {frame.self, other});
    EXPECT_EQ(frame.rig.kernel().read_field("voice", other, "vo_child"), second);
    EXPECT_EQ(frame.rig.kernel().read_field("voice", second, "vo_right"), sent);
    frame.call("ivls.move_children", {other, frame.self});
    frame.call("voice.delete", {other});
  });
  held.key_up();
  EXPECT_EQ(held.rig.hung() + held.rig.leaked(), 0u);
}

TEST(Clone, IsAChildOfTheParent) {
  Value clone = -1;
  Held held([&](const Frame& frame, Value sent) {
    frame.rig.kernel().write_field("voice", sent, "stage", 0);
    clone = frame.call("ivls.clone_voice", {sent, frame.nenv});
    EXPECT_EQ(frame.sent(), clone);
  });
  EXPECT_EQ(held.rig.kernel().read_field("voice", clone, "vo_parent"), held.self);
  EXPECT_EQ(held.rig.sounding_count(), 2);
  held.key_up();
  EXPECT_EQ(held.rig.sounding_count(), 0);
}

TEST(Prune, FreesAncestorsThatOnlyLeadToTheVoice) {
  Rig rig;
  Value last = -1;
  const NodeId step = rig.node("Step", {{"NoteOn", {pass()}}});
  const NodeId play = rig.node("Last", {{"NoteOn", {run([&](const Frame& frame) { last = frame.self; })}}});
  rig.flow({step, step, step, play});
  rig.boot();
  rig.key_down(60);
  rig.pass_time(10);
  EXPECT_EQ(rig.leaked(), 4u);
  rig.outside().call("ivls.prune_branch_to_voice", {last});
  EXPECT_EQ(rig.leaked(), 4u);
  rig.outside().call("ivls.node_prunable", {step, 1});
  rig.outside().call("ivls.prune_branch_to_voice", {last});
  EXPECT_EQ(rig.leaked(), 2u);
  rig.key_up(60);
  EXPECT_EQ(rig.leaked(), 0u);
}

TEST(Fields, LinksAreTheFrameworksOwn) {
  Held held([](const Frame& frame, Value) { frame.set("vo_parent", -1); });
  EXPECT_EQ(held.rig.faults("read-only-field"), 1u);
  held.rig.kernel().read_field("voice", -1, "note");
  held.rig.kernel().write_field("voice", 999, "note", 1);
  EXPECT_EQ(held.rig.faults("voice-not-live"), 2u);
}

}  // namespace
}  // namespace fermata::runtime::ivls::test
