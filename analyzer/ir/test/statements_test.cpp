// The control-flow graph of each statement.
#include <gtest/gtest.h>

#include "ir/test/module_support.h"

namespace fermata::ir::test {

namespace {

constexpr const char* kInit =
    "on init\n declare x\n declare y\n declare n\n declare a[8]\n declare ids[128]\n declare grid[4, 5]\n"
    " declare polyphonic p\nend on\n";

// The body of an `on note`, lowered.
Lines note(const std::string& body, const std::string& functions = "") {
  const Lowered lowered(kInit + functions + "on note\n" + body + "\nend on\n");
  expect_well_formed(lowered.module);
  return lowered.text("on note");
}

TEST(Statements, AnIfWithoutElseGoesAroundItsBody) {
  EXPECT_EQ(note("if x = 1\n y := 2\nend if\ny := 3"),
            (Lines{"0: if (x = 1) then 1 else 2", "1: y := 2; go 2", "2: y := 3; go 3", "3: end"}));
}

TEST(Statements, AnIfWithElseHasTwoArmsThatMeet) {
  EXPECT_EQ(note("if x = 1\n y := 2\nelse\n y := 4\nend if\ny := 3"),
            (Lines{"0: if (x = 1) then 1 else 2", "1: y := 2; go 3", "2: y := 4; go 3", "3: y := 3; go 4", "4: end"}));
}

TEST(Statements, AnElseIfIsAnIfInTheElseArm) {
  EXPECT_EQ(note("if x = 1\n y := 2\nelse if x = 2\n y := 4\nend if"),
            (Lines{"0: if (x = 1) then 1 else 2", "1: y := 2; go 3", "2: if (x = 2) then 4 else 3", "3: end",
                   "4: y := 4; go 3"}));
}

TEST(Statements, AWhileTestsItsConditionBeforeEachTurn) {
  EXPECT_EQ(note("while x < 5\n y := 2\nend while"),
            (Lines{"0: if (x < 5) then 1 else 2", "1: y := 2; go 0", "2: end"}));
}

TEST(Statements, ALoopTestKnowsItsHead) {
  const Lowered lowered(std::string(kInit) + "on note\n while a[x] < 5\n inc(x)\n end while\nend on\n");
  int heads = 0;
  for (const Block& block : lowered.module.blocks) {
    if (block.loop == kNone) continue;
    ++heads;
    EXPECT_EQ(block.jump, Jump::branch);
    EXPECT_TRUE(lowered.module.blocks[block.loop].loop_head);
    EXPECT_EQ(block.join, block.else_block);
  }
  EXPECT_EQ(heads, 1);
}

TEST(Statements, AForCountsUpAndEndsOnePastItsBound) {
  EXPECT_EQ(note("for x := 0 to 3\n y := x\nend for"), (Lines{"0: x := 0; go 1", "1: if (x <= 3) then 2 else 3",
                                                              "2: y := x; go 4", "3: end", "4: x := (x + 1); go 1"}));
}

TEST(Statements, AForCountsDown) {
  EXPECT_EQ(
      note("for x := 7 downto 0\n y := x\nend for"),
      (Lines{"0: x := 7; go 1", "1: if (x >= 0) then 2 else 3", "2: y := x; go 4", "3: end", "4: x := (x - 1); go 1"}));
}

TEST(Statements, AForTakesItsStep) {
  EXPECT_EQ(note("for x := 0 to 9 step n\n y := x\nend for").back(), "4: x := (x + n); go 1");
}

TEST(Statements, TheBoundOfAForIsReadAgainEachTurn) {
  EXPECT_EQ(note("for x := 0 to a[n]\n y := x\nend for"),
            (Lines{"0: x := 0; go 1", "1: t0 := a[n]; if (x <= t0) then 2 else 3", "2: y := x; go 4", "3: end",
                   "4: x := (x + 1); go 1"}));
}

TEST(Statements, ASelectReadsItsSubjectOnceAndTriesCaseAfterCase) {
  EXPECT_EQ(note("select a[x]\n case 1\n y := 1\n case 2 to 4\n y := 2\nend select"),
            (Lines{"0: t1 := a[x]; t0 := t1; if (t0 = 1) then 1 else 2", "1: y := 1; go 3",
                   "2: if in_range(t0, 2, 4) then 4 else 3", "3: end", "4: y := 2; go 3"}));
}

TEST(Statements, TheElseOfASelectIsWhatRemains) {
  EXPECT_EQ(note("select x\n case 1\n y := 1\n else\n y := 9\nend select"),
            (Lines{"0: t0 := x; if (t0 = 1) then 1 else 2", "1: y := 1; go 3", "2: y := 9; go 3", "3: end"}));
}

TEST(Statements, ContinueInAWhileGoesToTheTest) {
  EXPECT_EQ(
      note("while x < 5\n inc(x)\n if y = 1\n continue\n end if\n n := 1\nend while"),
      (Lines{"0: if (x < 5) then 1 else 2", "1: x := (x + 1); if (y = 1) then 0 else 3", "2: end", "3: n := 1; go 0"}));
}

TEST(Statements, ContinueInAForGoesToTheStep) {
  EXPECT_EQ(note("for x := 0 to 3\n if y = 1\n continue\n end if\n n := 1\nend for"),
            (Lines{"0: x := 0; go 1", "1: if (x <= 3) then 2 else 3", "2: if (y = 1) then 4 else 5", "3: end",
                   "4: x := (x + 1); go 1", "5: n := 1; go 4"}));
}

TEST(Statements, ExitLeavesTheCallback) {
  EXPECT_EQ(note("if x = 1\n exit\nend if\ny := 2"),
            (Lines{"0: if (x = 1) then 1 else 2", "1: end", "2: y := 2; go 1"}));
}

TEST(Statements, WhatFollowsAnExitIsNotReached) { EXPECT_EQ(note("exit\ny := 2"), (Lines{"0: end"})); }

TEST(Expressions, LoadsAndCallsBecomeInstructionsInTheOrderOfTheText) {
  EXPECT_EQ(note("x := a[1] + play_note(60, a[2], 0, -1)"),
            (Lines{"0: t0 := a[1]; t1 := a[2]; t2 := play_note(60, t1, 0, -1); x := (t0 + t2); go 1", "1: end"}));
}

TEST(Expressions, ATableOfTwoDimensionsIsOneRowAfterAnother) {
  EXPECT_EQ(note("grid[x, y] := 1")[0], "0: grid[((x * 5) + y)] := 1; go 1");
}

TEST(Expressions, APolyphonicVariableIsACellUnderTheEvent) {
  EXPECT_EQ(note("p := p + 1")[0], "0: t0 := p[EVENT_ID]; p[EVENT_ID] := (t0 + 1); go 1");
}

TEST(Expressions, TheSourceOfAnEventIsReadByCallOrByArrow) {
  EXPECT_EQ(note("x := get_event_par(EVENT_ID, EVENT_PAR_SOURCE)\ny := EVENT_ID -> source")[0],
            "0: x := source(EVENT_ID); y := source(EVENT_ID); go 1");
}

TEST(Expressions, IncAndDecOfACellReadAndWriteIt) {
  EXPECT_EQ(note("inc(a[x])\ndec(y)")[0], "0: t0 := a[x]; a[x] := (t0 + 1); y := (y - 1); go 1");
}

TEST(Expressions, ACallThatNobodyDefinesIsKept) {
  const Lowered lowered(std::string(kInit) + "on note\n mystery(EVENT_ID)\nend on\n");
  ASSERT_EQ(lowered.module.unknown_calls.size(), 1u);
  EXPECT_EQ(lowered.program.name(lowered.module.unknown_calls[0].first), "mystery");
}

TEST(Expressions, AFunctionOfKontaktThatOwnsNothingIsNoInstruction) {
  EXPECT_EQ(note("change_vol(EVENT_ID, -6000, 1)"), (Lines{"0: end"}));
}

TEST(Entries, InitComesFirstWhereverItStands) {
  const Lowered lowered("on note\nend on\non release\nend on\non init\n declare x\nend on\n");
  ASSERT_EQ(lowered.module.entries.size(), 3u);
  EXPECT_EQ(lowered.module.entries[0].kind, EntryKind::init);
  EXPECT_EQ(lowered.module.entries[1].kind, EntryKind::note);
  EXPECT_EQ(lowered.module.entries[2].kind, EntryKind::release);
}

TEST(Entries, AControlKnowsItsRangeAndItsCallback) {
  const Lowered lowered("on init\n declare ui_slider s (3, 40)\nend on\non ui_control(s)\nend on\n");
  const Entry& callback = lowered.module.entries[lowered.entry("on ui_control")];
  const auto slot = std::ranges::find_if(lowered.module.slots, &Slot::ui);
  if (slot != lowered.module.slots.end()) {
    EXPECT_EQ(slot->symbol, callback.control);
    EXPECT_EQ(slot->lo, 3);
    EXPECT_EQ(slot->hi, 40);
    EXPECT_FALSE(slot->initial_known);
  }
  EXPECT_NE(callback.control, kNone);
}

TEST(Entries, ControllersThatTheScriptTellsApartAreListed) {
  const Lowered lowered(
      "on init\n declare x\nend on\non controller\n x := CC[1]\n if CC_NUM = 20\n x := 1\n end if\nend on\n");
  EXPECT_EQ(lowered.module.controllers, (std::vector<int>{1, 20}));
}

TEST(Entries, TheItemsOfAnArrayThatOnInitWritesAreKnown) {
  const Lowered lowered("on init\n declare a[4] := (3, -1)\nend on\non note\n a[0] := a[1]\nend on\n");
  const auto array = std::ranges::find(lowered.module.arrays, "a", &Array::name);
  ASSERT_NE(array, lowered.module.arrays.end());
  EXPECT_TRUE(array->initial_known);
  EXPECT_EQ(array->initial, (std::vector<int64_t>{3, -1}));
}

}  // namespace

}  // namespace fermata::ir::test
