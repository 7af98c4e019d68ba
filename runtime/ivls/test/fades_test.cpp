// Fades, and what a legato node hands over.
#include <gtest/gtest.h>

#include "runtime/ivls/test/rig.h"

namespace fermata::runtime::ivls::test {
namespace {

// A node that sends its voice on and then calls `action`.
struct Scene {
  explicit Scene(bool starts_on_play = false) { rig.switches.fade_starts_on_play = starts_on_play; }
  void boot(std::function<void(const Frame&, Value sent)> action) {
    const NodeId sender =
        rig.node("Sender", {{"NoteOn", {pass(), run([action](const Frame& frame) { action(frame, frame.sent()); })}}});
    rig.flow({sender, rig.play_node("Play")});
    rig.boot();
    rig.key_down(60);
    rig.pass_time(1'000);
  }
  Rig rig;
};

TEST(Fade, WithKillReleasesItsTargetAtItsEnd) {
  Scene scene;
  scene.boot([](const Frame& frame, Value sent) {
    frame.rig.kernel().write_field("voice", sent, "auto_release", 0);
    frame.call("ivls.play", {frame.call("fades.curve_out", {sent, 100, -30, 1})});
  });
  scene.rig.key_up(60);
  scene.rig.pass_time(98'000);
  EXPECT_EQ(scene.rig.sounding_count(), 1);
  scene.rig.pass_time(2'000);
  EXPECT_EQ(scene.rig.sounding_count(), 0);
  EXPECT_EQ(scene.rig.leaked(), 0u);
}

TEST(Fade, WithoutKillLeavesItsTargetAlive) {
  Scene scene;
  scene.boot([](const Frame& frame, Value sent) {
    frame.rig.kernel().write_field("voice", sent, "auto_release", 0);
    frame.call("ivls.play", {frame.call("fades.out", {sent, 100, 0})});
  });
  scene.rig.key_up(60);
  scene.rig.finish();
  EXPECT_EQ(scene.rig.hung(), 1u);
  EXPECT_EQ(scene.rig.leaked(), 0u) << "the fade voice itself has ended";
}

TEST(Fade, ReleasedFirstIsCancelled) {
  Scene scene;
  Value fade = -1;
  scene.boot([&](const Frame& frame, Value sent) {
    frame.rig.kernel().write_field("voice", sent, "auto_release", 0);
    fade = frame.call("fades.out", {sent, 100, 1});
  });
  scene.rig.at_line(4);
  scene.rig.outside().call("ivls.release_voice", {fade});
  scene.rig.key_up(60);
  scene.rig.finish();
  ASSERT_EQ(scene.rig.hung(), 1u);
  EXPECT_EQ(scene.rig.lost(true).front().loss_at.begin, 4u);
}

TEST(Fade, AKeyUpOfSelfDoesNotCancelIt) {
  for (const bool starts_on_play : {false, true}) {
    Scene scene(starts_on_play);
    scene.boot([](const Frame& frame, Value sent) {
      frame.call("ivls.unparent_voice", {sent});
      frame.call("ivls.play", {frame.call("fades.out", {sent, 50, 1})});
    });
    scene.rig.key_up(60);
    scene.rig.finish();
    EXPECT_EQ(scene.rig.hung() + scene.rig.leaked(), 0u) << starts_on_play;
  }
}

TEST(Fade, NeverPlayedRunsOnlyWhenTheCallStartsIt) {
  for (const bool starts_on_play : {false, true}) {
    Scene scene(starts_on_play);
    scene.boot([](const Frame& frame, Value sent) {
      frame.call("ivls.unparent_voice", {sent});
      frame.call("fades.out", {sent, 50, 1});
    });
    scene.rig.key_up(60);
    scene.rig.finish();
    EXPECT_EQ(scene.rig.hung(), starts_on_play ? 1u : 0u);
    EXPECT_EQ(scene.rig.leaked(), starts_on_play ? 1u : 0u) << "the fade voice";
  }
}

TEST(Fade, ReleasingWhatItWillEndIsAFault) {
  Scene scene;
  scene.boot([](const Frame& frame, Value sent) {
    frame.call("ivls.unparent_voice", {sent});
    frame.call("fades.out", {sent, 50, 1});
    frame.call("ivls.release_voice", {sent});
  });
  EXPECT_EQ(scene.rig.faults("release-after-handover"), 1u);
  scene.rig.key_up(60);
  scene.rig.finish();
  EXPECT_EQ(scene.rig.leaked(), 0u);
}

TEST(Fade, ThroughAFlowOfItsOwn) {
  Scene scene;
  int shaped = 0;
  const NodeId shape = scene.rig.node("Shape", {{"NoteOn", {run([&](const Frame& frame) {
                                                   ++shaped;
                                                   EXPECT_EQ(frame.get("mod_time"), 70);
                                                   EXPECT_EQ(frame.get("mod_curve"), -20);
                                                 })}}});
  const FlowId flow = scene.rig.flow({});
  const FlowId shaping = scene.rig.flow({shape});
  EXPECT_EQ(flow, 0u);
  scene.rig.node(
      "Maps", {{"Keymaps", {run([](const Frame& frame) { frame.call("keymap.request", {0, 0, 60, 2, 0, 0, 0}); })}}});
  scene.boot([shaping](const Frame& frame, Value sent) {
    frame.call("ivls.unparent_voice", {sent});
    frame.call("ivls.fire_modulation", {sent, 70, 1, -20, shaping});
  });
  scene.rig.key_up(60);
  scene.rig.finish();
  EXPECT_EQ(shaped, 1);
  EXPECT_EQ(scene.rig.hung() + scene.rig.leaked(), 0u);
}

TEST(HandOver, LeavesTheSourceOwnerlessAndLinksTheTwo) {
  Scene scene;
  scene.boot([](const Frame& frame, Value sent) {
    const Value runtime = frame.call("ivls.create_runtime");
    frame.call("ivls.reparent_voice", {sent, runtime});
    const Value next = frame.call("ivls.new_voice", {frame.self});
    EXPECT_EQ(frame.call("legato.found", {next}), 0);
    frame.call("legato.hand_over", {sent, next});
    EXPECT_EQ(frame.call("legato.found", {next}), 1);
    EXPECT_EQ(frame.call("legato.check_current", {next}), 1);
    EXPECT_EQ(frame.call("legato.get_src_vo", {next}), sent);
    EXPECT_EQ(frame.rig.kernel().read_field("voice", sent, "runtime"), -1);
    frame.call("ivls.release_runtime", {runtime});
    frame.call("ivls.play", {next});
    frame.call("legato.unlink", {next});
    EXPECT_EQ(frame.call("legato.found", {next}), 0);
  });
  scene.rig.key_up(60);
  scene.rig.finish();
  ASSERT_EQ(scene.rig.hung(), 1u);
  const Lost lost = scene.rig.lost(true).front();
  EXPECT_EQ(lost.loss, Loss::legato_source);
  EXPECT_EQ(lost.flow, 0);
  EXPECT_EQ(lost.dest_stage, 1);
}

TEST(Depth, AFlowThatLeadsIntoItselfIsAFaultAndNoMore) {
  Rig rig;
  const NodeId again = rig.node("Again", {{"NoteOn", {run([](const Frame& frame) {
                                             frame.call("ivls.reflow_voice", {frame.self, 0});
                                             frame.call("ivls.pass");
                                           })}}});
  rig.flow({again});
  rig.boot();
  rig.press(60, 10);
  rig.finish();
  EXPECT_EQ(rig.faults("dispatch-too-deep"), 1u);
  EXPECT_EQ(rig.leaked(), 0u);
}

TEST(Depth, AFlowThatMovesToItselfIsAFaultAndNoMore) {
  Rig rig;
  const FlowId flow = rig.flow({});
  rig.node("Moves", {{"Flows", {run([flow](const Frame& frame) { frame.call("ivls.register_move", {flow, flow}); })}}});
  rig.boot();
  rig.press(60, 10);
  EXPECT_EQ(rig.faults("flow-without-end"), 1u);
  EXPECT_EQ(rig.leaked(), 0u);
}

}  // namespace
}  // namespace fermata::runtime::ivls::test
