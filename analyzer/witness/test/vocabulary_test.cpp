// The words of a script: what it compares with is what a player tries.
#include "witness/vocabulary.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "frontend/frontend.h"

namespace fermata::witness {

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using ::testing::Not;

Vocabulary words(const std::string& text) {
  FrontendOptions options;
  options.overlay = [&text](const std::filesystem::path&) { return text; };
  const Program program = load_program("script.ksp", options);
  for (const FrontendDiagnostic& problem : program.diagnostics) EXPECT_NE(problem.level, "error") << problem.message;
  return vocabulary_of(program);
}

Vocabulary of_condition(const std::string& condition, const std::string& init = "declare x") {
  return words("on init\n" + init + "\nend on\non note\nif " + condition +
               "\nplay_note(60, 100, 0, 0)\nend if\nend on\n");
}

TEST(Vocabulary, HasThreeDifferentNotesWithoutAnyComparison) {
  const Vocabulary plain = of_condition("x = 1");
  ASSERT_GE(plain.notes.size(), 3u);
  EXPECT_THAT(plain.notes, IsSupersetOf({60, 64, 67}));
  EXPECT_FALSE(plain.velocities.empty());
  EXPECT_TRUE(plain.controls.empty());
  EXPECT_FALSE(plain.transport);
}

TEST(Vocabulary, TakesNotesOnBothSidesOfAComparison) {
  EXPECT_THAT(of_condition("EVENT_NOTE >= 41").notes, IsSupersetOf({40, 41, 42}));
  EXPECT_THAT(of_condition("41 < EVENT_NOTE").notes, IsSupersetOf({40, 41, 42}));
}

TEST(Vocabulary, TakesTheEndsOfARange) {
  EXPECT_THAT(of_condition("in_range(EVENT_NOTE, 24, 30)").notes, IsSupersetOf({23, 24, 25, 29, 30, 31}));
}

TEST(Vocabulary, SeesThroughDeclaredConstants) {
  EXPECT_THAT(of_condition("EVENT_NOTE = LOWEST", "declare const LOWEST := 33").notes, Contains(33));
}

TEST(Vocabulary, LeavesOutNotesThatNoKeyHas) {
  const Vocabulary high = of_condition("EVENT_NOTE < 200");
  for (const int note : high.notes) {
    EXPECT_GE(note, 0);
    EXPECT_LE(note, 127);
  }
}

TEST(Vocabulary, TakesVelocitiesAroundAThreshold) {
  EXPECT_THAT(of_condition("EVENT_VELOCITY > 112").velocities, IsSupersetOf({111, 112, 113}));
}

TEST(Vocabulary, TakesTheControllersThatAreAskedFor) {
  EXPECT_THAT(of_condition("CC[20] > 10").controllers, IsSupersetOf({64, 66, 67, 20}));
  EXPECT_THAT(of_condition("CC_NUM = 21").controllers, Contains(21));
  EXPECT_EQ(of_condition("CC[64] > 10").controllers.front(), 64);
  EXPECT_EQ(std::ranges::count(of_condition("CC[64] > 10").controllers, 64), 1);
}

TEST(Vocabulary, SetsAControlToTheEndsOfItsRangeAndToWhatItIsComparedWith) {
  const Vocabulary some = of_condition("s = 17", "declare ui_slider s (3, 40)");
  ASSERT_EQ(some.controls.size(), 1u);
  EXPECT_THAT(some.controls[0].values, IsSupersetOf({3, 40, 17}));
  for (const int value : some.controls[0].values) {
    EXPECT_GE(value, 3);
    EXPECT_LE(value, 40);
  }
  EXPECT_FALSE(some.controls[0].has_callback);
}

TEST(Vocabulary, KnowsWhichControlsHaveACallback) {
  const Vocabulary some =
      words("on init\ndeclare ui_switch a\ndeclare ui_switch b\nend on\non ui_control(b)\na := b\nend on\n");
  ASSERT_EQ(some.controls.size(), 2u);
  EXPECT_NE(some.controls[0].has_callback, some.controls[1].has_callback);
}

TEST(Vocabulary, FallsIntoEachWaitAndPassesIt) {
  const Vocabulary some = words("on init\ndeclare x\nend on\non note\nwait(30000)\nplay_note(60, 100, 0, 0)\nend on\n");
  EXPECT_THAT(some.gaps, IsSupersetOf({int64_t{15000}, int64_t{31000}}));
  EXPECT_TRUE(std::ranges::is_sorted(some.gaps));
}

TEST(Vocabulary, HasATransportOnlyWithAListener) {
  EXPECT_TRUE(words("on init\ndeclare x\nset_listener(NI_SIGNAL_TIMER_BEAT, 1)\nend on\non listener\nx := 1\nend on\n")
                  .transport);
}

TEST(Vocabulary, DoesNotRepeatItself) {
  const Vocabulary some = of_condition("EVENT_NOTE = 60 or EVENT_NOTE = 61 or EVENT_NOTE = 60");
  const std::set<int> notes(some.notes.begin(), some.notes.end());
  EXPECT_EQ(notes.size(), some.notes.size());
}

}  // namespace

}  // namespace fermata::witness
