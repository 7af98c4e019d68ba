// The legato nodes, and nodes that stand alone.
#include <gtest/gtest.h>

#include "runtime/ivls/test/script.h"

namespace fermata::runtime::ivls::test {
namespace {

const std::string kTake = R"(
node Test.Take:
    cb NoteOn:
        if legato.found(self)
            ivls.release_voice(legato.get_src_vo(self))
        end if
        ivls.pass()
end node
)";

struct LegatoCase {
  const char* inputs;
  const char* ends;
};

class MonoLegato : public testing::TestWithParam<LegatoCase> {};

TEST_P(MonoLegato, WithANodeThatTakesTheSource) {
  const Report report =
      play(product("Stl.MonoLegato Test.Take Stl.LegatoSwitch Test.Play", kTake), inputs(GetParam().inputs));
  EXPECT_EQ(report.error, "");
  EXPECT_EQ(ends(report), GetParam().ends) << GetParam().inputs;
  EXPECT_TRUE(report.hung.empty());
  EXPECT_TRUE(report.leaked.empty());
  for (const Fault& fault : report.faults) ADD_FAILURE() << fault.kind << " in " << GetParam().inputs;
}

INSTANTIATE_TEST_SUITE_P(Orders, MonoLegato,
                         testing::Values(LegatoCase{"d60 u60", "1"}, LegatoCase{"d60 u60 d64 u64", "1 3"},
                                         LegatoCase{"d60 d64 u60 u64", "1 3"},
                                         // the key below is still held: its note sounds again
                                         LegatoCase{"d60 d64 u64 u60", "1 2 3"},
                                         LegatoCase{"d60 d62 d64 u62 u64 u60", "1 2 4 5"},
                                         LegatoCase{"d60 d62 u62 d64 u64 u60", "1 2 3 4 5"}));

TEST(MonoLegatoAlone, EachSourceHangs) {
  const Report report = play(product("Stl.MonoLegato Test.Play", ""), inputs("d60 d64 u64 u60"));
  ASSERT_EQ(report.hung.size(), 2u);
  EXPECT_EQ(report.hung[0].loss, Loss::legato_source);
  EXPECT_EQ(report.hung[0].flow, 0);
  EXPECT_EQ(report.hung[0].dest_stage, 1);
  EXPECT_TRUE(report.leaked.empty());
}

TEST(MonoLegatoAlone, OnlyAKeyStillHeldIsRetriggered) {
  const Report report =
      play(product("Stl.Pedals Stl.MonoLegato Test.Take Test.Play", kTake), inputs("s1 d60 u60 d64 u64 s0"));
  EXPECT_EQ(ends(report), "3 5");
  EXPECT_TRUE(report.hung.empty());
  EXPECT_TRUE(report.leaked.empty());
}

TEST(MonoLegatoAlone, OneStackForEachThread) {
  const std::string split = R"(
node Test.Split:
    cb NotePass:
        Voice[self].thread := Voice[self].note mod 2
end node
)";
  const std::string script = product("Test.Split Stl.MonoLegato Test.Take Test.Play", split + kTake);
  EXPECT_EQ(ends(play(script, inputs("d60 d61 d62 u60 u61 u62"))), "2 4 5");
}

TEST(LegatoSwitch, BothReadings) {
  const std::string script = product("Stl.MonoLegato Stl.LegatoSwitch Test.Play", "");
  Assume assume;
  EXPECT_EQ(play(script, inputs("d60 d64 u60 u64"), assume).hung.size(), 1u);
  assume.switch_releases_source = true;
  const Report report = play(script, inputs("d60 d64 u60 u64"), assume);
  EXPECT_TRUE(report.hung.empty());
  EXPECT_TRUE(report.leaked.empty());
  EXPECT_EQ(ends(report), "1 3");
}

TEST(LegatoSwitch, ClearsTheLinkForWhatComesBehindIt) {
  EXPECT_EQ(play(product("Stl.MonoLegato Stl.LegatoSwitch Test.Take Test.Play", kTake), inputs("d60 d64 u60 u64"))
                .hung.size(),
            1u);
}

// Two keys change for two others; the inputs come 1 ms apart.
Scenario chord_change() {
  Scenario scenario = inputs("d60 d64 u60 d62 u64 d67 u62 u67");
  const Microseconds at[] = {0, 0, 500'000, 501'000, 502'000, 503'000, 900'000, 901'000};
  for (size_t i = 0; i < scenario.events.size(); ++i) scenario.events[i].at = at[i];
  return scenario;
}

TEST(PolyLegato, PairsOldNotesWithNewOnes) {
  const Report alone = play(product("Stl.PolyLegato Test.Play", ""), chord_change());
  EXPECT_EQ(alone.error, "");
  EXPECT_EQ(alone.hung.size(), 2u);
  for (const Lost& lost : alone.hung) EXPECT_EQ(lost.loss, Loss::legato_source);
  const Report taken = play(product("Stl.PolyLegato Test.Take Test.Play", kTake), chord_change());
  EXPECT_TRUE(taken.hung.empty());
  EXPECT_TRUE(taken.leaked.empty());
  for (const Fault& fault : taken.faults) ADD_FAILURE() << fault.kind;
}

TEST(PolyLegato, PairsSoThatTheWidestStepIsSmall) {
  const std::string pairs = R"(
node Test.Pairs:
    cb Init:
        declare test.widest
    cb NoteOn:
        declare src
        if legato.found(self)
            src := legato.get_src_vo(self)
            if Voice[self].note - Voice[src].note > 3
                ivls.unparent_voice(self)
            end if
            ivls.release_voice(src)
        end if
        ivls.pass()
end node
)";
  const Report report = play(product("Stl.PolyLegato Test.Pairs Test.Play", pairs), chord_change());
  EXPECT_EQ(report.error, "");
  EXPECT_TRUE(report.hung.empty()) << "60 goes to 62 and 64 to 67";
}

TEST(PolyLegato, WithoutAPairNotesAreJustNotes) {
  for (const char* line : {"d60 u60", "d60 d64 u60 u64", "d60 d64 d67 u67 u64 u60"}) {
    const Report report = play(product("Stl.PolyLegato Test.Play", ""), inputs(line));
    EXPECT_TRUE(report.hung.empty()) << line;
    EXPECT_TRUE(report.leaked.empty()) << line;
  }
  Scenario tap = inputs("d60 u60");
  tap.events[1].at = 5'000;
  const Report report = play(product("Stl.PolyLegato Test.Play", ""), tap);
  EXPECT_EQ(ends(report), "") << "gone before its batch was settled";
  EXPECT_TRUE(report.leaked.empty());
}

TEST(RoundRobins, CountTheStrokesOfEachNote) {
  const std::string nodes = R"(
node Test.Odd:
    cb NoteOn:
        if Voice[self].rr mod 2 = 1
            ivls.pass()
        end if
end node
)";
  const std::string script = product("Stl.RoundRobins Test.Odd Test.Play", nodes);
  EXPECT_EQ(ends(play(script, inputs("d60 u60 d60 u60 d62 u62 d60 u60 d60 u60"))), "3 9");
}

TEST(RoundRobins, AProductSaysHowManyThereAre) {
  const std::string nodes = R"(
function ivls.RoundRobins.hooks.get_max_rr(vo) -> r override
    r := 1
end function

node Test.First:
    cb NoteOn:
        if Voice[self].rr = 0
            ivls.pass()
        end if
end node
)";
  EXPECT_EQ(ends(play(product("Stl.RoundRobins Test.First Test.Play", nodes), inputs("d60 u60 d60 u60"))), "1 3");
}

TEST(NodesAlone, StandInAFlowOfTheirOwn) {
  const Report lost = play(
      "node My.Ask:\n    cb NoteOn:\n        declare src\n        if legato.found(self)\n"
      "            src := legato.get_src_vo(self)\n        end if\n        ivls.pass()\nend node\n",
      inputs("d60 d64 u60 u64"));
  EXPECT_EQ(lost.error, "");
  EXPECT_EQ(lost.hung.size(), 1u);
  EXPECT_EQ(lost.leaked.size(), 1u);
  const Report plain =
      play("node My.Pass:\n    cb NoteOn:\n        ivls.pass()\nend node\n", inputs("d60 d64 u60 u64"));
  EXPECT_EQ(ends(plain), "2 3");
}

}  // namespace
}  // namespace fermata::runtime::ivls::test
