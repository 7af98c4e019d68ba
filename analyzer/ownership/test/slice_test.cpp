// What of a script can matter to ownership, and which locals are still read.
#include "ownership/slice.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "ownership/test/script_support.h"

namespace fermata::ownership::test {

namespace {

struct Sliced {
  Program program;
  ir::Module module;
  Slice slice;

  explicit Sliced(const std::string& text)
      : program(program_of(text)), module(ir::lower(program)), slice(ownership::slice(module)) {
    module.program = &program;
  }
  Sliced(const Sliced&) = delete;

  ir::SlotId slot(const std::string& name) const {
    for (ir::SlotId id = 0; id < module.slots.size(); ++id) {
      const SymbolId symbol = module.slots[id].symbol;
      if (symbol != kNone && program.name(program.symbols[symbol].name) == name) return id;
    }
    return kNone;
  }
  bool matters(const std::string& name) const { return slot(name) != kNone && slice.slots[slot(name)]; }
  bool array_matters(const std::string& name) const {
    const auto found = std::ranges::find(module.arrays, name, &ir::Array::name);
    return found != module.arrays.end() && slice.arrays[static_cast<size_t>(found - module.arrays.begin())];
  }
  ir::EntryId entry(const std::string& name) const {
    return static_cast<ir::EntryId>(std::ranges::find(module.entries, name, &ir::Entry::name) - module.entries.begin());
  }
  bool lasts(const std::string& name) const { return slice.lasting[module.slots[slot(name)].index]; }
};

TEST(Slice, LeavesOutWhatOnlyThePitchDependsOn) {
  const Sliced one(
      "on init\ndeclare pitch\ndeclare length\nend on\non note\npitch := EVENT_NOTE + 12\nlength := 500\n"
      "play_note(pitch, 100, 0, length)\nend on\n");
  EXPECT_FALSE(one.matters("pitch"));
  EXPECT_TRUE(one.matters("length"));
}

TEST(Slice, FollowsDataBackThroughVariablesAndArrays) {
  const Sliced one(
      "on init\ndeclare a\ndeclare b\ndeclare t[8]\ndeclare u[8]\nend on\non note\na := 3\nb := a + 1\nt[0] := b\nu[0] "
      ":= b\n"
      "play_note(60, 100, 0, t[0])\nend on\n");
  EXPECT_TRUE(one.matters("b"));
  EXPECT_TRUE(one.matters("a"));
  EXPECT_TRUE(one.array_matters("t"));
  EXPECT_FALSE(one.array_matters("u"));
}

TEST(Slice, FollowsTheConditionsOfWhatMatters) {
  const Sliced one(
      "on init\ndeclare ui_switch on_off\ndeclare ui_switch colour\ndeclare shown\nend on\non note\nif on_off = 1\n"
      "play_note(60, 100, 0, 0)\nend if\nif colour = 1\nshown := 2\nend if\nend on\n");
  EXPECT_TRUE(one.matters("on_off"));
  EXPECT_FALSE(one.matters("colour"));
  EXPECT_FALSE(one.matters("shown"));
}

TEST(Slice, AConditionThatLeavesTheCallbackMatters) {
  const Sliced one("on init\ndeclare x\nend on\non note\nif x = 1\nexit\nend if\nplay_note(60, 100, 0, 0)\nend on\n");
  EXPECT_TRUE(one.matters("x"));
}

TEST(Slice, AConditionOfContinueMatters) {
  const Sliced one(
      "on init\ndeclare x\ndeclare i\nend on\non note\nfor i := 0 to 3\nif x = 1\ncontinue\nend if\n"
      "play_note(60, 100, 0, 0)\nend for\nend on\n");
  EXPECT_TRUE(one.matters("x"));
  EXPECT_TRUE(one.matters("i"));
}

TEST(Slice, AnIndexMattersWithItsArray) {
  const Sliced one(
      "on init\ndeclare i\ndeclare ids[8]\nend on\non note\nids[i] := play_note(60, 100, 0, 0)\nend on\n"
      "on release\nnote_off(ids[i])\nend on\n");
  EXPECT_TRUE(one.matters("i"));
  EXPECT_TRUE(one.array_matters("ids"));
  EXPECT_TRUE(one.slice.written[static_cast<size_t>(std::ranges::find(one.module.arrays, "ids", &ir::Array::name) -
                                                    one.module.arrays.begin())]);
}

TEST(Slice, CallbacksThatOnlyCountDoNotInterfere) {
  const Sliced one(
      "on init\ndeclare shown\ndeclare polyphonic p\nend on\non note\np := play_note(60, 100, 0, 0)\nend on\n"
      "on release\nnote_off(p)\nend on\non controller\nshown := CC_NUM\nend on\n");
  EXPECT_FALSE(one.slice.interferes[one.entry("on controller")]);
  EXPECT_TRUE(one.slice.interferes[one.entry("on release")]);
}

TEST(Slice, ThresholdsAreWhatTheScriptComparesWith) {
  const Sliced one(
      "on init\ndeclare ui_slider s (3, 40)\nend on\non note\nif s > 17\nplay_note(60, 100, 0, s)\nend if\nend on\n");
  for (const int64_t value : {3, 40, 16, 17, 18})
    EXPECT_TRUE(std::ranges::binary_search(one.slice.thresholds, value)) << value;
  EXPECT_TRUE(std::ranges::is_sorted(one.slice.thresholds));
}

TEST(Liveness, ALocalIsLiveAcrossAWaitOnlyIfItIsReadAfterIt) {
  const Sliced one(
      "on init\ndeclare x\nend on\non note\ndeclare kept\ndeclare dead\nkept := play_note(60, 100, 0, 0)\n"
      "dead := play_note(62, 100, 0, 0)\nnote_off(dead)\nwait(1000)\nnote_off(kept)\nend on\n");
  ASSERT_EQ(one.slice.live_after.size(), 1u);
  const std::vector<bool>& live = one.slice.live_after.begin()->second;
  EXPECT_TRUE(live[one.module.slots[one.slot("kept")].index]);
  EXPECT_FALSE(live[one.module.slots[one.slot("dead")].index]);
}

TEST(Liveness, AtTheStartOfACallbackNoLocalIsLive) {
  const Sliced one(
      "on init\ndeclare x\nend on\non note\ndeclare a\na := play_note(60, 100, 0, 0)\nwhile a > 0\nnote_off(a)\na := "
      "0\nend while\nend on\n");
  for (const ir::Entry& entry : one.module.entries) {
    for (uint32_t i = 0; i < entry.frame_size; ++i) EXPECT_FALSE(one.slice.live_in[entry.start][i]) << entry.name;
  }
}

TEST(Liveness, AGlobalLastsWhenSomeCallbackReadsItBeforeItWrites) {
  const Sliced one(
      "on init\ndeclare last\ndeclare scratch\nend on\non note\nscratch := play_note(60, 100, 0, "
      "0)\nnote_off(scratch)\n"
      "last := play_note(62, 100, 0, 0)\nend on\non release\nnote_off(last)\nend on\n");
  EXPECT_TRUE(one.lasts("last"));
  EXPECT_FALSE(one.lasts("scratch"));
}

TEST(Liveness, AGlobalThatIsReadAfterAWaitLasts) {
  const Sliced one(
      "on init\ndeclare x\nend on\non note\nx := play_note(60, 100, 0, 0)\nwait(1000)\nnote_off(x)\nend on\n");
  EXPECT_TRUE(one.lasts("x"));
}

}  // namespace

}  // namespace fermata::ownership::test
