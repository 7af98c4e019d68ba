// Verdicts of events: who ends a note that a script plays, and by which rule it is said when nobody does.
#include <gmock/gmock.h>

#include <algorithm>

#include "ownership/test/script_support.h"

namespace fermata::ownership::test {

namespace {

using ::testing::ElementsAre;

struct Case {
  const char* name;
  const char* init;
  const char* note;  // the site is on the first line
  const char* release;
  const char* expected;
  const char* more = "";
};

// What a failing case is called.
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

std::string script(const Case& one) {
  return std::string("on init\n") + one.init + "\nend on\non note\n" + one.note + "\nend on\non release\n" +
         one.release + "\nend on\n" + one.more;
}

class Events : public ::testing::TestWithParam<Case> {};

TEST_P(Events, Verdict) {
  const std::string text = script(GetParam());
  const std::vector<std::string> got = verdicts(text);
  ASSERT_FALSE(got.empty()) << text;
  const std::string init = GetParam().init;
  const auto line = 5 + std::ranges::count(init, '\n');
  EXPECT_EQ(got.front(), std::to_string(line) + ": " + GetParam().expected) << text;
}

constexpr const char* kKey = "if get_event_par(EVENT_ID, EVENT_PAR_SOURCE) = -1\n";

const std::string kFilteredPoly = std::string(kKey) + "note_off(p)\nend if";
const std::string kFilteredCell = std::string(kKey) + "note_off(ids[EVENT_NOTE])\nend if";
const std::string kFilteredGlobal = std::string(kKey) + "note_off(last)\nend if";

const Case kCases[] = {
    // The owners.
    {"ADurationEndsIt", "declare x", "play_note(60, 100, 0, 500000)", "x := 1", "proved"},
    {"TheKeyEndsIt", "declare x", "play_note(60, 100, 0, -1)", "x := 1", "proved"},
    {"NobodyEndsIt", "declare x", "play_note(60, 100, 0, 0)", "x := 1", "hung event-never-ended"},
    {"APositiveSliderIsADuration", "declare ui_slider s (1, 100)", "play_note(60, 100, 0, s)", "s := s", "proved"},
    {"ASliderThatReachesZeroIsNone", "declare ui_slider s (0, 100)", "play_note(60, 100, 0, s)", "s := s",
     "hung duration-may-be-zero"},
    // Where the handle is kept.
    {"APolyphonicVariableKeepsItsHandle", "declare polyphonic p", "p := play_note(60, 100, 0, 0)",
     kFilteredPoly.c_str(), "proved"},
    {"ATableByNoteKeepsItsHandle", "declare ids[128]", "ids[EVENT_NOTE] := play_note(EVENT_NOTE, 100, 0, 0)",
     kFilteredCell.c_str(), "proved"},
    {"OneVariableForAllKeysLosesIt", "declare last", "last := play_note(60, 100, 0, 0)", kFilteredGlobal.c_str(),
     "hung event-handle-lost"},
    {"AHandleThatNobodyUsesEndsNothing", "declare last", "last := play_note(60, 100, 0, 0)", "last := last",
     "hung event-never-ended"},
    {"AnotherIndexFindsAnotherCell", "declare ids[129]", "ids[EVENT_NOTE] := play_note(EVENT_NOTE, 100, 0, 0)",
     "note_off(ids[128 - EVENT_NOTE])", "hung event-key-mismatch"},
    {"ChangeNoteMovesTheKey", "declare ids[128]",
     "ids[EVENT_NOTE] := play_note(60, 100, 0, 0)\nchange_note(EVENT_ID, 3)", kFilteredCell.c_str(),
     "hung event-key-mismatch"},
    // How it is ended.
    {"AFadeWithAStopEndsIt", "declare polyphonic p", "p := play_note(60, 100, 0, 0)", "fade_out(p, 1000, 1)", "proved"},
    {"AFadeWithoutAStopDoesNot", "declare polyphonic p", "p := play_note(60, 100, 0, 0)", "fade_out(p, 1000, 0)",
     "hung fade-without-stop"},
    {"ItsMarkEndsIt", "declare polyphonic p", "p := play_note(60, 100, 0, 0)\nset_event_mark(p, MARK_1)",
     "note_off(by_marks(MARK_1))", "proved"},
    {"AnotherMarkDoesNot", "declare polyphonic p", "p := play_note(60, 100, 0, 0)\nset_event_mark(p, MARK_1)",
     "note_off(by_marks(MARK_2))", "hung event-never-ended"},
    {"AMarkThatWasTakenAwayDoesNot", "declare polyphonic p",
     "p := play_note(60, 100, 0, 0)\nset_event_mark(p, MARK_1)\ndelete_event_mark(p, MARK_1)",
     "note_off(by_marks(MARK_1))", "hung event-never-ended"},
    {"TheNoteNumberIsNoHandle", "declare x", "play_note(60, 100, 0, 0)", "note_off(EVENT_NOTE)",
     "hung event-never-ended"},
    // When it is ended.
    {"AConditionThatMayFailLeavesIt", "declare polyphonic p\ndeclare ui_switch s", "p := play_note(60, 100, 0, 0)",
     "if s = 1\nnote_off(p)\nend if", "hung event-never-ended"},
    {"TheSameConditionOnBothSidesIsKeptInTheKey", "declare polyphonic p\ndeclare polyphonic q\ndeclare ui_switch s",
     "p := play_note(60, 100, 0, 0)\nq := s + 1", "if q > 0\nnote_off(p)\nend if", "proved"},
    {"BothArmsEndIt", "declare polyphonic p\ndeclare ui_switch s", "p := play_note(60, 100, 0, 0)",
     "if s = 1\nnote_off(p)\nelse\nfade_out(p, 1000, 1)\nend if", "proved"},
    {"AWaitInTheReleaseOnlyDelaysIt", "declare polyphonic p", "p := play_note(60, 100, 0, 0)",
     "wait(1000)\nnote_off(p)", "proved"},
    {"ExitBeforeTheNoteOffLeavesIt", "declare polyphonic p", "p := play_note(60, 100, 0, 0)",
     "if EVENT_NOTE > 60\nexit\nend if\nnote_off(p)", "hung event-never-ended"},
    {"TheAttackEndsItItself", "declare x", "x := play_note(60, 100, 0, 0)\nnote_off(x)", "x := 1", "proved"},
    {"ALoopOverAllCellsEndsIt", "declare ids[4]\ndeclare i", "ids[2] := play_note(60, 100, 0, 0)\nnote_off(ids[2])",
     "i := 1", "proved"},
    {"ThePedalKeepsItAndLetsItGo", "declare polyphonic p", "p := play_note(60, 100, 0, 0)",
     "if CC[64] > 63\nset_event_mark(p, MARK_1)\nelse\nnote_off(p)\nend if", "proved",
     "on controller\nif CC_NUM = 64 and CC[64] < 64\nnote_off(by_marks(MARK_1))\nend if\nend on\n"},
    {"ThePedalKeepsItForEver", "declare polyphonic p", "p := play_note(60, 100, 0, 0)",
     "if CC[64] > 63\nset_event_mark(p, MARK_1)\nelse\nnote_off(p)\nend if", "hung pedal-without-release"},
};

INSTANTIATE_TEST_SUITE_P(Table, Events, ::testing::ValuesIn(kCases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(Sites, AGuardIsAFactAboutTheDuration) {
  EXPECT_THAT(verdicts("on init\ndeclare ui_slider s (0, 100)\nend on\non note\nif s > 0\nplay_note(60, 100, 0, "
                       "s)\nend if\nend on\n"),
              ElementsAre("6: proved"));
}

TEST(Sites, AShortStrokeOvertakesADelayedAttack) {
  const std::string init = "on init\ndeclare polyphonic p\ndeclare polyphonic gone\nend on\n";
  const std::string bad =
      "on note\nwait(20000)\np := play_note(60, 100, 0, 0)\nend on\non release\nnote_off(p)\nend on\n";
  EXPECT_THAT(verdicts(init + bad), ElementsAre("7: hung release-overtakes-attack"));
  const std::string good =
      "on note\nwait(20000)\nif gone = 0\np := play_note(60, 100, 0, 0)\nend if\nend on\n"
      "on release\ngone := 1\nnote_off(p)\nend on\n";
  EXPECT_THAT(verdicts(init + good), ElementsAre("8: proved"));
}

TEST(Sites, AListenerHasNoKey) {
  EXPECT_THAT(
      verdicts(
          "on init\ndeclare x\nset_listener(NI_SIGNAL_TIMER_BEAT, 1)\nend on\non listener\nplay_note(60, 100, 0, -1)\n"
          "play_note(60, 100, 0, 40000)\nend on\n"),
      ElementsAre("6: hung event-never-ended", "7: proved"));
}

TEST(Sites, ASwallowedReleaseMustBePassedOn) {
  EXPECT_THAT(verdicts("on init\ndeclare x\nend on\non release\nignore_event(EVENT_ID)\nend on\n"),
              ElementsAre("5: hung release-swallowed"));
  EXPECT_THAT(verdicts("on init\ndeclare x\nend on\non note\nx := 1\nend on\n"), ElementsAre());
}

TEST(Sites, ANoteThatWentThroughNeedsItsNoteOff) {
  const std::string on = "if MIDI_COMMAND = MIDI_COMMAND_NOTE_ON and MIDI_BYTE_2 > 0\nignore_midi\nend if\n";
  const std::string off =
      "if MIDI_COMMAND = MIDI_COMMAND_NOTE_OFF or (MIDI_COMMAND = MIDI_COMMAND_NOTE_ON and MIDI_BYTE_2 = 0)\n";
  const std::string sent = "set_midi(MIDI_CHANNEL, MIDI_COMMAND_NOTE_OFF, MIDI_BYTE_1, 0)\n";
  EXPECT_THAT(verdicts("on midi_in\n" + off + "ignore_midi\nend if\nend on\n"),
              ElementsAre("3: hung midi-note-unpaired"));
  EXPECT_THAT(verdicts("on midi_in\n" + off + "ignore_midi\n" + sent + "end if\nend on\n"),
              ElementsAre("3: proved", "4: proved"));
  EXPECT_THAT(verdicts("on midi_in\n" + off + sent + "ignore_midi\nend if\nend on\n"),
              ElementsAre("3: proved", "4: proved"));
  EXPECT_THAT(verdicts("on midi_in\n" + on + off + "ignore_midi\nend if\nend on\n"),
              ElementsAre("3: proved", "6: proved"));
}

TEST(Sites, WhatIsBornPastALongLoopIsFollowed) {
  EXPECT_THAT(verdicts("on init\ndeclare id\ndeclare look\ndeclare best\nend on\non release\nnote_off(id)\nlook := 0\n"
                       "best := -1\nwhile look < 128\nif KEY_DOWN[look] = 1\nbest := look\nend if\ninc(look)\n"
                       "end while\nif best >= 0\nid := play_note(best, 90, 0, 0)\nend if\nend on\n"
                       "on note\nid := 0\nend on\n"),
              ElementsAre("17: hung event-never-ended"));
}

TEST(Sites, EachLineOfAFunctionIsOneSiteHoweverOftenItIsCalled) {
  EXPECT_THAT(verdicts("on init\ndeclare x\nend on\nfunction f(n)\nplay_note(n, 100, 0, -1)\nend function\n"
                       "on note\nf(60)\nf(62)\nf(64)\nend on\n"),
              ElementsAre("5: proved"));
}

TEST(Sites, OfOneLineAreTheWorstOfItsCopies) {
  EXPECT_THAT(verdicts("on init\ndeclare x\nend on\nfunction f(d)\nplay_note(60, 100, 0, d)\nend function\n"
                       "on note\nf(-1)\nf(0)\nend on\n"),
              ElementsAre("5: hung event-never-ended"));
}

TEST(Faults, AReleaseThatTakesItsOwnNotesForKeysLacksItsFilter) {
  EXPECT_THAT(faults("on init\ndeclare last\ndeclare held\nend on\non note\nnote_off(last)\nlast := play_note(60, 100, "
                     "0, 0)\ninc(held)\nend on\n"
                     "on release\ndec(held)\nif held = 0\nnote_off(last)\nend if\nend on\n"),
              ElementsAre("10: missing-source-filter"));
}

TEST(Paths, OfAFindingBeginWithTheKeyAndAreInOrder) {
  const Program program = program_of("on init\ndeclare x\nend on\non note\nplay_note(60, 100, 0, 0)\nend on\n");
  const Ownership found = analyse(program, {});
  ASSERT_EQ(found.sites.size(), 1u);
  ASSERT_FALSE(found.sites[0].candidates.empty());
  const std::vector<PathStep>& path = found.sites[0].candidates[0].path;
  ASSERT_FALSE(path.empty());
  EXPECT_EQ(path.front().message, "a key goes down");
  EXPECT_FALSE(found.sites[0].candidates[0].message.empty());
  EXPECT_GT(found.states, 0u);
}

TEST(Verdicts, AreTheSameInEveryRun) {
  for (const Case& one : kCases) EXPECT_EQ(verdicts(script(one)), verdicts(script(one))) << one.name;
}

}  // namespace

}  // namespace fermata::ownership::test
