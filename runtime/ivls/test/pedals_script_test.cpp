// The pedals as their page describes them: every order of keys, sustain and sostenuto.
#include <gtest/gtest.h>

#include "runtime/ivls/test/script.h"

namespace fermata::runtime::ivls::test {
namespace {

struct PedalCase {
  const char* inputs;
  const char* ends;  // of the notes in the order of their strokes: number of the input that ended them
};

class Pedals : public testing::TestWithParam<PedalCase> {};

TEST_P(Pedals, EndTheNote) {
  const Report report = play(product("Stl.RoundRobins Stl.Pedals Test.Play", ""), inputs(GetParam().inputs));
  EXPECT_EQ(report.error, "");
  EXPECT_EQ(ends(report), GetParam().ends) << GetParam().inputs << "\n";
  EXPECT_TRUE(report.hung.empty());
  EXPECT_TRUE(report.leaked.empty());
  EXPECT_TRUE(report.quiescent);
  for (const Fault& fault : report.faults) ADD_FAILURE() << fault.kind << " in " << GetParam().inputs;
}

INSTANTIATE_TEST_SUITE_P(Sustain, Pedals,
                         testing::Values(PedalCase{"d60 u60", "1"}, PedalCase{"d60 u60 s1 s0", "1"},
                                         PedalCase{"s1 d60 u60 s0", "3"}, PedalCase{"d60 s1 u60 s0", "3"},
                                         PedalCase{"d60 s1 s0 u60", "3"}, PedalCase{"s1 d60 s0 u60", "3"},
                                         PedalCase{"s1 d60 s1 u60 s0", "4"}, PedalCase{"s1 s0 d60 u60", "3"},
                                         PedalCase{"d60 s1 u60 s0 s1 s0", "3"},
                                         PedalCase{"d60 d64 s1 u60 s0 u64", "4 5"}));

INSTANTIATE_TEST_SUITE_P(StruckAgain, Pedals,
                         testing::Values(PedalCase{"s1 d60 u60 d60 u60 s0", "5 5"},
                                         PedalCase{"s1 d60 u60 d60 s0 u60", "4 5"},
                                         PedalCase{"d60 s1 u60 d60 s0 u60", "4 5"},
                                         PedalCase{"d60 o1 u60 d60 u60 o0", "5 4"},
                                         PedalCase{"d60 s1 u60 d60 u60 d60 s0 u60", "6 6 7"}));

INSTANTIATE_TEST_SUITE_P(Sostenuto, Pedals,
                         testing::Values(PedalCase{"d60 o1 u60 o0", "3"}, PedalCase{"d60 o1 o0 u60", "3"},
                                         PedalCase{"o1 d60 u60 o0", "2"}, PedalCase{"d60 u60 o1 o0", "1"},
                                         PedalCase{"d60 o1 d64 u60 u64 o0", "5 4"},
                                         PedalCase{"d60 o1 u60 o0 o1 o0", "3"}));

INSTANTIATE_TEST_SUITE_P(Both, Pedals,
                         testing::Values(
                             // at sostenuto up the note goes over to the sustain pedal
                             PedalCase{"d60 o1 u60 s1 o0 s0", "5"}, PedalCase{"d60 o1 s1 u60 o0 s0", "5"},
                             // sustain does not take what sostenuto keeps
                             PedalCase{"d60 o1 s1 u60 s0 o0", "5"}, PedalCase{"d60 o1 u60 s1 s0 o0", "5"},
                             // sostenuto takes a held note from sustain, and leaves one whose key is up
                             PedalCase{"s1 d60 o1 u60 s0 o0", "5"}, PedalCase{"s1 d60 o1 s0 u60 o0", "5"},
                             PedalCase{"s1 d60 u60 o1 o0 s0", "5"}, PedalCase{"s1 d60 u60 o1 s0 o0", "4"},
                             // back to a key that is down, whatever the other pedal does
                             PedalCase{"d60 o1 s1 o0 u60 s0", "4"}));

TEST(Pedals, LeftDownAreLiftedByTheClosingSequence) {
  const Report report = play(product("Stl.Pedals Test.Play", ""), inputs("s1 d60 o1 d64 u60"));
  EXPECT_TRUE(report.hung.empty());
  EXPECT_TRUE(report.leaked.empty());
}

TEST(Pedals, SostenutoCanBeTheOtherController) {
  Assume assume;
  assume.sostenuto_cc = 66;
  const std::string script = product("Stl.Pedals Test.Play", "");
  EXPECT_EQ(ends(play(script, inputs("d60 o1 u60 o0"), assume)), "2");
  Scenario scenario = inputs("d60 o1 u60 o0");
  for (ScenarioEvent& event : scenario.events) event.number = 66;
  EXPECT_EQ(ends(play(script, scenario, assume)), "3");
}

TEST(Pedals, WithoutAFreeRuntimeTheNoteEndsWithItsKey) {
  const std::string greedy = R"(
node Test.Greedy:
    cb Init:
        declare i
        declare taken
        for i := 1 to 1024
            taken := ivls.create_runtime()
        end for
    cb NotePass:
        Voice[self].tune := 0
end node
)";
  const Report report = play(product("Test.Greedy Stl.Pedals Test.Play", greedy), inputs("d60 s1 u60 s0"));
  EXPECT_EQ(report.error, "");
  EXPECT_EQ(ends(report), "2");
  EXPECT_EQ(report.faults.size(), 1u);
}

}  // namespace
}  // namespace fermata::runtime::ivls::test
