// Verdicts of voices: parent, runtime, duration and fade as owners, in nodes that stand alone.
#include <gmock/gmock.h>

#include <algorithm>

#include "ownership/test/script_support.h"

namespace fermata::ownership::test {

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

std::string indent(const std::string& body) {
  std::string out = "        ";
  for (const char c : body) {
    out += c;
    if (c == '\n') out += "        ";
  }
  return out + "\n";
}

// Lines: 1 node, 2 cb Init, 3 a variable, 4 a field, 5 cb NoteOn, 6 the first line of `on`.
std::string node(const std::string& on, const std::string& off = "", const std::string& more = "") {
  std::string text =
      "node A.One:\n    cb Init:\n        declare rt := -1\n        vo_field kept = -1 if (kept >= -1)\n    cb "
      "NoteOn:\n" +
      indent(on);
  if (!off.empty()) text += "    cb NoteOff:\n" + indent(off);
  return text + more + "end node\n";
}

struct Case {
  const char* name;
  const char* on;
  const char* off;
  const char* expected;  // one of the verdicts
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class Voices : public ::testing::TestWithParam<Case> {};

TEST_P(Voices, Verdict) {
  const std::string text = node(GetParam().on, GetParam().off);
  EXPECT_THAT(verdicts(text), Contains(std::string(GetParam().expected))) << text;
}

const Case kCases[] = {
    // The parent.
    {"TheParentReleasesWhatIsPassedOn", "ivls.pass()", "", "6: proved"},
    {"AWaitBeforeItLetsTheKeyGoUp", "ivls.wait_ms(20)\nivls.pass()", "", "7: hung release-overtakes-attack"},
    {"AskingForThePathAfterTheWaitIsEnough", "ivls.wait_ms(20)\nif path_on\nivls.pass()\nend if", "", "8: proved"},
    {"ANewVoiceThatIsPlayedHasItsParent", "declare v\nv := ivls.new_voice(self)\nivls.play(v)", "", "7: proved"},
    {"AChildOfAReleasedVoiceHasNone", "ivls.pass()", "declare v\nv := ivls.new_formal_voice(self)\nivls.play(v)",
     "9: hung release-spawn-unowned"},
    {"AChildOfAReleasedVoiceWithADurationEnds", "ivls.pass()",
     "declare v\nv := ivls.new_formal_voice(self)\nivls.play.oneshot(v, 200000)", "9: proved"},
    // Taken away and given back.
    {"ADetachedVoiceHasNobody", "ivls.pass()\nivls.unparent_voice(NodeEnv[nenv].sentVoice)", "",
     "7: hung voice-detached"},
    {"ADurationTakesItOver",
     "ivls.pass()\nivls.unparent_voice(NodeEnv[nenv].sentVoice)\nivls.play.oneshot(NodeEnv[nenv].sentVoice, 500000)",
     "", "7: proved"},
    {"AReleaseEndsIt",
     "ivls.pass()\nivls.unparent_voice(NodeEnv[nenv].sentVoice)\nivls.release_voice(NodeEnv[nenv].sentVoice)", "",
     "7: proved"},
    {"TheKeyUpFindsItInItsField",
     "ivls.pass()\nVoice[self].kept := NodeEnv[nenv].sentVoice\nivls.unparent_voice(Voice[self].kept)",
     "ivls.release_voice(Voice[self].kept)", "8: proved"},
    // The runtime.
    {"ARuntimeIsReleasedAtOnce", "declare r\nr := ivls.create_runtime()\nivls.release_runtime(r)\nivls.pass()", "",
     "7: proved"},
    {"ARuntimeInALocalIsLost", "declare r\nr := ivls.create_runtime()\nivls.pass()", "", "7: hung runtime-leaked"},
    {"ARuntimeInOneVariableForAllKeysIsOverwritten", "rt := ivls.create_runtime()\nivls.pass()",
     "if rt # -1\nivls.release_runtime(rt)\nrt := -1\nend if", "6: hung runtime-leaked"},
    {"ARuntimeThatIsMadeOnlyWhenThereIsNoneIsKept", "if rt = -1\nrt := ivls.create_runtime()\nend if\nivls.pass()",
     "if rt # -1\nivls.release_runtime(rt)\nrt := -1\nend if", "7: proved"},
    // The fade and the source of a legato.
    {"AFadeThatKillsOwnsTheSource",
     "declare f\nif legato.found(self)\nf := fades.out(legato.get_src_vo(self), 100, YES)\nivls.play(f)\nend "
     "if\nivls.pass()",
     "", "8: proved"},
    {"AFadeThatDoesNotKillLeavesIt",
     "declare f\nif legato.found(self)\nf := fades.out(legato.get_src_vo(self), 100, NO)\nivls.play(f)\nend "
     "if\nivls.pass()",
     "", "8: hung fade-keeps-source"},
    {"ASourceThatIsReleasedIsFine",
     "if legato.found(self)\nivls.release_voice(legato.get_src_vo(self))\nend if\nivls.pass()", "", "7: proved"},
    {"ASourceThatIsOnlyReadIsLeft",
     "declare s\nif legato.found(self)\ns := legato.get_src_vo(self)\nend if\nivls.pass()", "",
     "8: hung legato-source-unowned"},
    {"ASourceHeldAcrossAWaitNeedsMoreThanThePath",
     "declare s\nif legato.found(self)\ns := legato.get_src_vo(self)\nivls.wait_ms(45)\nif "
     "path_on\nivls.release_voice(s)\nend if\nend if\nivls.pass()",
     "", "8: hung wait-before-owner"},
};

INSTANTIATE_TEST_SUITE_P(Table, Voices, ::testing::ValuesIn(kCases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(VoiceFaults, ARuntimeAndADurationAreTwoOwners) {
  EXPECT_THAT(
      faults(node(
          "declare r\ndeclare v\nv := ivls.new_voice(self)\nr := ivls.create_runtime()\nivls.play(v)\n"
          "ivls.add_voice_to_runtime(r, v)\nivls.play.oneshot(v, 500000)\nivls.wait_ms(900)\nivls.release_runtime(r)")),
      Contains("12: two-owners"));
}

TEST(VoiceFaults, AVoiceThatIsNotAlwaysPlayedLeaks) {
  EXPECT_THAT(faults(node("declare v\nv := ivls.new_voice(self)\nif rt = 1\nivls.play(v)\nend if", "",
                          "    cb CC:\n        rt := CC[1]\n")),
              Contains("7: voice-never-played"));
}

TEST(VoiceFaults, ReleasingASourceThatAFadeOwnsCutsTheFadeOff) {
  EXPECT_THAT(faults(node("declare f\ndeclare s\nif legato.found(self)\ns := legato.get_src_vo(self)\nf := "
                          "fades.out(s, 100, YES)\nivls.play(f)\n"
                          "ivls.release_voice(s)\nend if\nivls.pass()")),
              Contains("12: release-after-handover"));
}

TEST(VoiceVerdicts, RestOnTheSwitchesTheyDependOn) {
  const Program program =
      program_of(node("declare f\nif legato.found(self)\nf := fades.out(legato.get_src_vo(self), 100, "
                      "YES)\nivls.play(f)\nend if\nivls.pass()"));
  for (const Site& site : analyse(program, {}).sites) {
    EXPECT_TRUE(std::ranges::is_sorted(site.rests_on));
    if (site.kind == SiteKind::pass) {
      EXPECT_THAT(site.rests_on, ElementsAre());
    }
  }
}

}  // namespace

}  // namespace fermata::ownership::test
