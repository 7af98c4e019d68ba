// Multi scripts: what leaves them must be balanced.
#include <gmock/gmock.h>

#include "script.h"

namespace fermata::runtime {
namespace {

using testing::ElementsAre;

const std::vector<ScenarioEvent> kTap = {down(0, 60), up(100, 60)};

Script multi(const std::string& body) {
  return Script("on init\ndeclare ui_switch $s\nend on\non midi_in\n" + body + "\nend on\n");
}

TEST(Multi, PassesMessages) { EXPECT_EQ(multi("$s := $s").hung(kTap), 0u); }

TEST(Multi, ADroppedNoteOffHangsAtTheIgnore) {
  EXPECT_THAT(multi("if ($MIDI_COMMAND = $MIDI_COMMAND_NOTE_OFF)\nignore_midi\nend if").lines(kTap), ElementsAre(6u));
}

TEST(Multi, AMadeNoteOnNeedsItsNoteOff) {
  const std::string on =
      "ignore_midi\nif ($MIDI_COMMAND = $MIDI_COMMAND_NOTE_ON)\nset_midi(1, $MIDI_COMMAND_NOTE_ON, 70, 100)\nend if\n";
  EXPECT_THAT(multi(on).lines(kTap), ElementsAre(7u));
  const std::string off =
      "if ($MIDI_COMMAND = $MIDI_COMMAND_NOTE_OFF)\nset_midi(CH, $MIDI_COMMAND_NOTE_OFF, 70, 0)\nend if";
  std::string right = off, wrong = off;
  right.replace(right.find("CH"), 2, "1");
  wrong.replace(wrong.find("CH"), 2, "2");
  EXPECT_EQ(multi(on + right).hung(kTap), 0u);
  EXPECT_EQ(multi(on + wrong).hung(kTap), 1u);
}

TEST(Multi, ANoteOnOfVelocityZeroIsANoteOff) {
  EXPECT_EQ(
      multi(
          "ignore_midi\nif ($MIDI_COMMAND = $MIDI_COMMAND_NOTE_ON)\nset_midi(0, $MIDI_COMMAND_NOTE_ON, 70, 100)\nelse\n"
          "set_midi(0, $MIDI_COMMAND_NOTE_ON, 70, 0)\nend if")
          .hung(kTap),
      0u);
}

TEST(Multi, HasNoPlayNote) { EXPECT_EQ(multi("play_note(60, 100, 0, 0)").hung(kTap), 0u); }

}  // namespace
}  // namespace fermata::runtime
