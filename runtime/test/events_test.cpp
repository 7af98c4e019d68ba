// Section 4 of the semantics, row by row.
#include <gmock/gmock.h>

#include "script.h"

namespace fermata::runtime {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<ScenarioEvent> kShort = {down(0, 60), up(100'000, 60)};

std::string in_note(const std::string& body, const std::string& init = "", const std::string& rest = "") {
  return "on init\ndeclare $id\ndeclare polyphonic $p\n" + init + "\nend on\non note\n" + body + "\nend on\n" + rest;
}

TEST(IncomingNote, EndsWithItsKey) {
  EXPECT_EQ(Script("on init\nend on\n").hung(kShort), 0u);
  EXPECT_EQ(Script("on init\nend on\n").hung({down(0, 60)}), 0u);  // the closing sequence lets go of it
}

TEST(IncomingNote, IsHeldByTheSustainPedal) {
  const Script script(
      "on init\ndeclare $id\nend on\non note\n$id := $EVENT_ID\nend on\n"
      "on controller\nif ($CC_NUM = 1 and event_status($id) = $EVENT_STATUS_NOTE_QUEUE)\n"
      "play_note(60, 100, 0, 0)\nend if\nend on\n");
  EXPECT_EQ(script.hung({cc(0, 64, 127), down(1, 60), up(2, 60), cc(3, 1, 1)}), 1u);
  EXPECT_EQ(script.hung({cc(0, 64, 127), down(1, 60), up(2, 60), cc(3, 64, 0), cc(4, 1, 1)}), 0u);
  EXPECT_EQ(script.hung({cc(0, 64, 127, 3), down(1, 60), up(2, 60), cc(3, 1, 1)}), 0u);  // another channel's pedal
  EXPECT_EQ(script.hung({down(0, 60), up(1, 60), cc(2, 64, 127), cc(3, 1, 1)}), 0u);
}

TEST(IncomingNote, SystemPedalCanBeSwitchedOff) {
  const Script script(
      "on init\ndeclare $id\nSET_CONDITION(NO_SYS_SCRIPT_PEDAL)\nend on\non note\n$id := $EVENT_ID\nend on\n"
      "on controller\nif ($CC_NUM = 1 and event_status($id) = $EVENT_STATUS_NOTE_QUEUE)\n"
      "play_note(60, 100, 0, 0)\nend if\nend on\n");
  EXPECT_EQ(script.hung({cc(0, 64, 127), down(1, 60), up(2, 60), cc(3, 1, 1)}), 0u);
}

TEST(IncomingNote, SostenutoHoldsWhatIsDownWhenItComes) {
  Script script(
      "on init\ndeclare $id\nend on\non note\n$id := $EVENT_ID\nend on\n"
      "on controller\nif ($CC_NUM = 1 and event_status($id) = $EVENT_STATUS_NOTE_QUEUE)\n"
      "play_note(60, 100, 0, 0)\nend if\nend on\n");
  EXPECT_EQ(script.hung({down(0, 60), cc(1, 67, 127), up(2, 60), cc(3, 1, 1)}), 1u);
  EXPECT_EQ(script.hung({cc(0, 67, 127), down(1, 60), up(2, 60), cc(3, 1, 1)}), 0u);
  EXPECT_EQ(script.hung({down(0, 60), cc(1, 66, 127), up(2, 60), cc(3, 1, 1)}), 0u);
  script.assume.sostenuto_cc = 66;
  EXPECT_EQ(script.hung({down(0, 60), cc(1, 66, 127), up(2, 60), cc(3, 1, 1)}), 1u);
}

TEST(IncomingNote, HangsWhenThePedalNeverComesUpForTheEngine) {
  const Script script(
      "on init\nend on\non controller\nif ($CC_NUM = 64 and %CC[64] = 0)\nignore_controller\nend if\nend on\n");
  EXPECT_THAT(script.lines({cc(0, 64, 127), down(1, 60), up(2, 60)}), ElementsAre(5u));
}

TEST(PlayNote, TiedToItsKey) { EXPECT_EQ(Script(in_note("play_note(72, 100, 0, -1)")).hung(kShort), 0u); }

TEST(PlayNote, TiedToAKeyThatIsIgnored) {
  EXPECT_EQ(Script(in_note("ignore_event($EVENT_ID)\nplay_note(72, 100, 0, -1)")).hung(kShort), 0u);
}

TEST(PlayNote, TiedToANoteThatHasGone) {
  const std::string body =
      "wait(500000)\n$id := play_note(72, 100, 0, -1)\nif ($id = 0)\nplay_note(73, 100, 0, 0)\nend if";
  EXPECT_THAT(Script(in_note(body)).lines(kShort), ElementsAre(10u));
  EXPECT_EQ(Script(in_note(body)).hung({down(0, 60), up(600'000, 60)}), 0u);
}

TEST(PlayNote, TiedToNothing) {
  EXPECT_THAT(Script("on init\nend on\non controller\nplay_note(72, 100, 0, -1)\nend on\n").lines({cc(0, 1, 1)}),
              ElementsAre(4u));
}

TEST(PlayNote, TiedInReleaseMakesNoEvent) {
  EXPECT_EQ(Script("on init\nend on\non release\nplay_note(72, 100, 0, -1)\nend on\n").hung(kShort), 0u);
}

TEST(PlayNote, OfDurationZeroSoundsOn) {
  EXPECT_THAT(Script(in_note("\nplay_note(72, 100, 0, 0)")).lines(kShort), ElementsAre(8u));
}

TEST(PlayNote, OneShotZonesEndIt) {
  Script script(in_note("$id := play_note(72, 100, 0, 0)"));
  script.assume.one_shot = true;
  EXPECT_EQ(script.hung(kShort), 0u);
}

TEST(PlayNote, WithALengthEndsByItself) { EXPECT_EQ(Script(in_note("play_note(72, 100, 0, 5000)")).hung(kShort), 0u); }

TEST(PlayNote, ANegativeLengthIsNoLength) { EXPECT_EQ(Script(in_note("play_note(72, 100, 0, -50)")).hung(kShort), 1u); }

TEST(PlayNote, OutOfRangeMakesNoEvent) {
  EXPECT_EQ(Script(in_note("play_note(128, 100, 0, 0)")).hung(kShort), 0u);
  EXPECT_THAT(Script(in_note("play_note(60, 0, 0, 0)")).faults(kShort), ElementsAre("velocity-out-of-range"));
}

TEST(PlayNote, NotInInit) { EXPECT_EQ(Script("on init\nplay_note(60, 100, 0, 0)\nend on\n").hung({}), 0u); }

TEST(PlayNote, AtMost8192Events) {
  const Script script(
      "on init\ndeclare $i\nend on\non controller\nwhile ($i < 9000)\nplay_note(60, 100, 0, 0)\ninc($i)\nend "
      "while\nend on\n");
  EXPECT_EQ(script.hung({cc(0, 1, 1)}), 8192u);
  EXPECT_THAT(script.faults({cc(0, 1, 1)}), ElementsAre("too-many-events"));
}

TEST(ReleaseSample, IsListedOnlyWhenZonesAreSaidToBeLooped) {
  Script script(
      "on init\ndeclare $id\nend on\non release\nif (get_event_par($EVENT_ID, $EVENT_PAR_SOURCE) = -1)\n"
      "play_note(72, 100, 0, 0)\nend if\nend on\n");
  EXPECT_EQ(script.hung(kShort), 0u);
  script.assume.zones_explicit = true;
  EXPECT_EQ(script.hung(kShort), 1u);
  script.assume.one_shot = true;
  EXPECT_EQ(script.hung(kShort), 0u);
}

TEST(ReleaseSample, NotWhenItsIdIsKept) {
  EXPECT_EQ(Script("on init\ndeclare $id\nend on\non release\nif (get_event_par($EVENT_ID, $EVENT_PAR_SOURCE) = -1)\n"
                   "$id := play_note(72, 100, 0, 0)\nend if\nend on\n")
                .hung(kShort),
            1u);
}

TEST(NoteOff, EndsAnEvent) {
  EXPECT_EQ(Script(in_note("$id := play_note(72, 100, 0, 0)\nnote_off($id)")).hung(kShort), 0u);
  EXPECT_EQ(Script(in_note("$id := play_note(72, 100, 0, 0)\nnote_off(72)\nnote_off(0)\nnote_off(-1)")).hung(kShort),
            1u);
}

TEST(NoteOff, OfATimedEventDependsOnKontakt) {
  Script script(
      in_note("$id := play_note(72, 100, 0, 900000)\nnote_off($id)\nif (event_status($id) = 1)\n"
              "play_note(50, 100, 0, 0)\nend if"));
  EXPECT_EQ(script.hung(kShort), 0u);
  script.assume.kontakt = 7;
  EXPECT_EQ(script.hung(kShort), 1u);
}

TEST(NoteOff, OfAllEvents) {
  EXPECT_EQ(Script(in_note("play_note(72, 100, 0, 0)\nplay_note(73, 100, 0, 0)\nnote_off($ALL_EVENTS)")).hung(kShort),
            0u);
}

TEST(NoteOff, OfAKeyEndsWhatIsTiedToIt) {
  const Script script(
      in_note("$id := play_note(72, 100, 0, -1)\nnote_off($EVENT_ID)\nwait(1000)\n"
              "if (event_status($id) = 1)\nplay_note(50, 100, 0, 0)\nend if"));
  EXPECT_EQ(script.hung(kShort), 0u);
}

TEST(Marks, ChooseEvents) {
  const std::string body =
      "$id := play_note(72, 100, 0, 0)\nset_event_mark($id, $MARK_1)\nplay_note(73, 100, 0, 0)\n"
      "$id := play_note(74, 100, 0, 0)\nset_event_mark($id, $MARK_2 + $MARK_3)\n";
  EXPECT_EQ(Script(in_note(body + "note_off(by_marks($MARK_1))")).hung(kShort), 2u);
  EXPECT_EQ(Script(in_note(body + "note_off(by_marks($MARK_1 .or. $MARK_3))")).hung(kShort), 1u);
  EXPECT_EQ(Script(in_note(body + "delete_event_mark($id, $MARK_3)\nnote_off(by_marks($MARK_3))")).hung(kShort), 3u);
  EXPECT_EQ(Script(in_note(body + "fade_out(by_marks($MARK_2), 1000, 1)")).hung(kShort), 2u);
  EXPECT_EQ(Script(in_note(body + "if (get_event_mark($id, $MARK_2) = 0)\nnote_off($ALL_EVENTS)\nend if")).hung(kShort),
            3u);
}

TEST(FadeOut, WithStopEndsAfterItsTime) {
  const std::string begin = "$id := play_note(72, 100, 0, 0)\nfade_out($id, 10000, 1)\n";
  const std::string probe = "if (event_status($id) = 1)\nplay_note(50, 100, 0, 0)\nend if";
  EXPECT_EQ(Script(in_note(begin)).hung(kShort), 0u);
  EXPECT_EQ(Script(in_note(begin + "wait(9999)\n" + probe)).hung(kShort), 1u);
  EXPECT_EQ(Script(in_note(begin + "wait(10001)\n" + probe)).hung(kShort), 0u);
}

TEST(FadeOut, WithoutStopLeavesItAlive) {
  EXPECT_EQ(Script(in_note("$id := play_note(72, 100, 0, 0)\nfade_out($id, 10000, 0)")).hung(kShort), 1u);
  EXPECT_EQ(Script(in_note("$id := play_note(72, 100, 0, 0)\nfade_in($id, 10000)")).hung(kShort), 1u);
}

TEST(FadeOut, RunsNoReleaseCallback) {
  const std::string release =
      "on release\nif (get_event_par($EVENT_ID, $EVENT_PAR_SOURCE) # -1)\n$id := play_note(50, 100, 0, 0)\nend if\nend "
      "on\n";
  EXPECT_EQ(Script(in_note("fade_out(play_note(72, 100, 0, 0), 1000, 1)", "", release)).hung(kShort), 0u);
}

TEST(IgnoreEvent, InReleaseLeavesTheNoteWithoutAnOwner) {
  const Script script("on init\nend on\non release\nignore_event($EVENT_ID)\nend on\n");
  const Report report = script.run(kShort);
  ASSERT_EQ(report.hung.size(), 1u);
  EXPECT_EQ(report.hung[0].loss, Loss::swallowed);
  EXPECT_EQ(report.hung[0].since, 100'000);
  EXPECT_THAT(script.lines(kShort), ElementsAre(4u));
}

TEST(IgnoreEvent, InReleaseAfterAWaitIsTooLate) {
  EXPECT_EQ(Script("on init\nend on\non release\nwait(1)\nignore_event($EVENT_ID)\nend on\n").hung(kShort), 0u);
}

TEST(IgnoreEvent, OfANoteThatMakesNoSoundSwallowsNothingAudible) {
  EXPECT_EQ(
      Script(in_note("ignore_event($EVENT_ID)", "", "on release\nignore_event($EVENT_ID)\nend on\n")).hung(kShort), 0u);
}

TEST(IgnoreEvent, OfAParentHangsWhatIsTiedToIt) {
  const Script script(in_note("ignore_event($EVENT_ID)\nplay_note(72, 100, 0, -1)", "",
                              "on release\nignore_event($EVENT_ID)\nend on\n"));
  EXPECT_EQ(script.hung(kShort), 1u);
}

TEST(IgnoreEvent, OfAnotherEventEndsIt) {
  EXPECT_EQ(Script(in_note("$id := play_note(72, 100, 0, 0)\nignore_event($id)")).hung(kShort), 0u);
}

TEST(Release, RunsOnceMoreForASwallowedEventAndCannotBeSwallowedAgain) {
  const Script script(
      "on init\ndeclare $count\nend on\non release\nignore_event($EVENT_ID)\ninc($count)\n"
      "if ($count = 2)\nplay_note(50, 100, 0, 0)\n$count := play_note(51, 100, 0, 0)\nend if\n"
      "wait(1000)\nnote_off($EVENT_ID)\nend on\n");
  EXPECT_THAT(script.lines(kShort), ElementsAre(9u));  // the key's note is gone, the kept id of the second pass hangs
}

TEST(Release, RunsForGeneratedEvents) {
  const std::string release =
      "on release\nif (get_event_par($EVENT_ID, $EVENT_PAR_SOURCE) = 0)\n$id := play_note(50, 100, 0, 0)\nend if\nend "
      "on\n";
  EXPECT_EQ(Script(in_note("play_note(72, 100, 0, 1000)", "", release)).hung(kShort), 1u);
  EXPECT_EQ(Script(in_note("play_note(72, 100, 0, -1)", "", release)).hung(kShort), 1u);
  EXPECT_EQ(Script(in_note("$id := play_note(72, 100, 0, 0)\nnote_off($id)", "", release)).hung(kShort), 1u);
  EXPECT_EQ(Script(in_note("$id := play_note(72, 100, 0, 0)\nignore_event($id)", "", release)).hung(kShort), 0u);
}

TEST(Release, RunsAtKeyUpWhateverThePedalDoes) {
  const Script script("on init\nend on\non release\nif (%CC[64] > 0)\nplay_note(50, 100, 0, 0)\nend if\nend on\n");
  Script looped = script;
  looped.assume.zones_explicit = true;
  EXPECT_EQ(looped.hung({cc(0, 64, 127), down(1, 60), up(2, 60)}), 1u);
}

TEST(Polyphonic, OneCellForEachEvent) {
  const std::string release =
      "on release\nif (get_event_par($EVENT_ID, $EVENT_PAR_SOURCE) = -1)\nnote_off($p)\nend if\nend on\n";
  EXPECT_EQ(Script(in_note("$p := play_note($EVENT_NOTE, 100, 0, 0)", "", release))
                .hung({down(0, 60), down(1, 62), up(2, 60), up(3, 62)}),
            0u);
  EXPECT_EQ(Script(in_note("$id := play_note($EVENT_NOTE, 100, 0, 0)", "", release)).hung({down(0, 60), down(1, 62)}),
            2u);
}

TEST(Polyphonic, IsNothingOutsideANote) {
  EXPECT_THAT(Script("on init\ndeclare polyphonic $p\nend on\non controller\n$p := 1\nend on\n").faults({cc(0, 1, 1)}),
              ElementsAre("polyphonic-without-note"));
}

TEST(ChangeNote, ChangesTheNoteForTheReleaseToo) {
  const std::string rest = "on release\nif ($EVENT_NOTE = 65)\n$id := play_note(50, 100, 0, 0)\nend if\nend on\n";
  EXPECT_EQ(Script(in_note("change_note($EVENT_ID, 65)", "", rest)).hung(kShort), 1u);
  EXPECT_EQ(Script(in_note("wait(1)\nchange_note($EVENT_ID, 65)", "", rest)).hung(kShort), 0u);
  EXPECT_EQ(Script(in_note("set_event_par($EVENT_ID, $EVENT_PAR_NOTE, 65)", "", rest)).hung(kShort), 1u);
}

TEST(EventParameters, AreKept) {
  const std::string probe = "\nplay_note(50, 100, 0, 0)\nend if";
  EXPECT_EQ(
      Script(in_note("set_event_par($EVENT_ID, $EVENT_PAR_1, 77)\nif (get_event_par($EVENT_ID, $EVENT_PAR_1) = 77)" +
                     probe))
          .hung(kShort),
      1u);
  EXPECT_EQ(Script(in_note("change_vol($EVENT_ID, -600, 0)\nchange_vol($EVENT_ID, -400, 1)\n"
                           "if (get_event_par($EVENT_ID, $EVENT_PAR_VOLUME) = -1000)" +
                           probe))
                .hung(kShort),
            1u);
  EXPECT_EQ(Script(in_note("change_velo($EVENT_ID, 12)\nif ($EVENT_VELOCITY = 12)" + probe)).hung(kShort), 1u);
}

TEST(NoteHeld, IsOfThisNoteOn) {
  const Script script(in_note("wait(500000)\nif ($NOTE_HELD = 1)\nplay_note(50, 100, 0, 0)\nend if"));
  EXPECT_EQ(script.hung({down(0, 60), up(1, 60), down(2, 60), up(600'000, 60)}), 1u);  // only the second one
}

TEST(KeyDown, IsOfTheKey) {
  const std::string body =
      "wait(500000)\nif (%KEY_DOWN[60] = 1 and %KEY_DOWN_OCT[0] = 1)\nplay_note(50, 100, 0, 0)\nend if";
  EXPECT_EQ(Script(in_note(body)).hung({down(0, 60), up(1, 60), down(2, 60), up(600'000, 60)}), 2u);
  EXPECT_EQ(Script(in_note(body)).hung(kShort), 0u);
}

TEST(GetEventIds, ListsWhatLives) {
  const std::string body =
      "play_note(72, 100, 0, 0)\nget_event_ids(%ids)\nnote_off(%ids[1])\nif (%ids[2] # 0)\nplay_note(50, 100, 0, "
      "0)\nend if";
  EXPECT_EQ(Script(in_note(body, "declare %ids[8] := (9)")).hung(kShort), 0u);
}

TEST(Owners, AreTold) {
  Script script(
      in_note("$id := play_note(72, 100, 0, 0)\nplay_note(73, 100, 0, -1)\nplay_note(74, 100, 0, 10)\nplay_note(75, "
              "100, 0, 0)"));
  script.record = true;
  std::vector<std::string> owners;
  for (const TimelineEntry& entry : script.run(kShort).timeline) {
    if (entry.what == "event") owners.push_back(entry.owner);
  }
  EXPECT_THAT(owners, ElementsAre("parent", "script", "parent", "duration", "none"));
}

}  // namespace
}  // namespace fermata::runtime
