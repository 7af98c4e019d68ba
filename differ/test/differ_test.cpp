#include <gtest/gtest.h>

#include <algorithm>

#include "differ/generate.h"
#include "differ/judge.h"
#include "differ/mutate.h"
#include "differ/play.h"
#include "differ/skeletons.h"
#include "differ/trial.h"

namespace fermata::differ {
namespace {

constexpr const char* kTable = R"(on init
  declare %ids[128]
  declare $n
end on
on note
  %ids[$EVENT_NOTE] := play_note($EVENT_NOTE, 100, 0, 0)
end on
on release
  if (get_event_par($EVENT_ID, $EVENT_PAR_SOURCE) = -1)
    note_off(%ids[$EVENT_NOTE])
  else
    $n := 1
  end if
end on
)";

Judgement judged(const std::string& text) {
  Random random(1);
  return judge(load_text(text), {}, {}, random);
}

TEST(Tree, WritesWhatItRead) {
  EXPECT_EQ(to_text(read_tree(kTable)).size(), std::string(kTable).size());
  EXPECT_EQ(to_text(read_tree(to_text(read_tree(kTable)))), to_text(read_tree(kTable)));
}

TEST(Tree, JoinsLinesAndDropsComments) {
  const Piece tree = read_tree("on note { a\n comment }\n  play_note(60, ...\n   100, 0, 0) // more\nend on\n");
  EXPECT_EQ(to_text(tree), "on note\n  play_note(60, 100, 0, 0)\nend on\n");
}

TEST(Tree, NodesHoldCallbacksWithoutAnEndOfTheirOwn) {
  const Piece tree = read_tree("node A.B:\ncb Init:\ndeclare x\ncb NoteOn:\nivls.pass()\nend node\n");
  ASSERT_EQ(tree.body.size(), 1u);
  ASSERT_EQ(tree.body[0].body.size(), 2u);
  EXPECT_EQ(tree.body[0].body[1].slot, Slot::note_on);
}

TEST(Generator, ASeedNamesAProgram) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Random one(seed), two(seed);
    EXPECT_EQ(to_text(generate(one)), to_text(generate(two)));
  }
}

TEST(Generator, SkeletonsAreWellFormed) {
  for (const auto* all : {&event_skeletons(), &node_skeletons()}) {
    ASSERT_GT(all->size(), 20u);
    for (const Skeleton& skeleton : *all) {
      Random random(7);
      const Program program = load_text(instance(skeleton, "a", random));
      for (const FrontendDiagnostic& one : program.diagnostics)
        EXPECT_NE(one.level, "error") << skeleton.name << ": " << one.message;
    }
  }
}

TEST(Generator, MostProgramsCanBeJudged) {
  int judged_ones = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Random random(seed);
    const Program program = load_text(to_text(generate(random)));
    judged_ones += std::ranges::none_of(program.diagnostics, [](const auto& one) { return one.level == "error"; });
  }
  EXPECT_GE(judged_ones, 50);
}

TEST(Player, AKeyThatIsDownIsNotStruckAgain) {
  const witness::Vocabulary words = witness::vocabulary_of(load_text(kTable));
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    std::vector<int> down(128);
    int64_t before = 0;
    for (const runtime::ScenarioEvent& event : random_scenario(random, words).events) {
      EXPECT_GE(event.at, before);
      before = event.at;
      if (event.kind == runtime::ScenarioEvent::Kind::note_on) {
        EXPECT_EQ(down[static_cast<size_t>(event.note)]++, 0);
      } else if (event.kind == runtime::ScenarioEvent::Kind::note_off) {
        EXPECT_EQ(down[static_cast<size_t>(event.note)]--, 1);
      }
    }
  }
}

TEST(Judge, AProofThatTheRuntimeRefutesIsAMiss) {
  const Program program = load_text("on note\nplay_note(60, 100, 0, 0)\nend on\n");
  const runtime::Machine machine(program, {});
  runtime::Scenario scenario;
  scenario.events.emplace_back();
  ownership::Ownership said = ownership::analyse(program, {});
  ASSERT_EQ(said.sites.size(), 1u);
  EXPECT_TRUE(misses_of(program, said, machine, scenario, {}).empty());
  said.sites[0].candidates.clear();
  said.sites[0].verdict = ownership::SiteVerdict::proved;
  EXPECT_EQ(misses_of(program, said, machine, scenario, {}).size(), 1u);
  said.sites.clear();
  const std::vector<Miss> unnamed = misses_of(program, said, machine, scenario, {});
  ASSERT_EQ(unnamed.size(), 1u);
  EXPECT_TRUE(unnamed[0].proved.empty());
}

TEST(Judge, SeesWhatHangs) {
  EXPECT_FALSE(judged(kTable).sites.at(0).hung);
  std::string bad = kTable;
  bad.replace(bad.find("note_off"), 8, "fade_in");
  EXPECT_TRUE(judged(bad).sites.at(0).hung);
}

TEST(Minimiser, KeepsOnlyWhatIsNeeded) {
  const Piece small = smaller_program(read_tree(kTable), 1000, [](const Piece& piece) {
    return to_text(piece).find("play_note") != std::string::npos;
  });
  EXPECT_EQ(
      to_text(small),
      "on init\n  declare %ids[128]\nend on\non note\n  %ids[$EVENT_NOTE] := play_note($EVENT_NOTE, 100, 0, 0)\nend "
      "on\n");
}

TEST(Mutants, TakeOutAndGuardEachTransfer) {
  std::vector<std::string> what;
  for (const Mutant& mutant : without_transfers(read_tree(kTable))) what.push_back(mutant.what.substr(0, 7));
  EXPECT_EQ(what, (std::vector<std::string>{"discard", "without", "guarded"}));
}

TEST(Mutants, WrittenOtherwiseMeansTheSame) {
  const std::vector<Mutant> all = written_otherwise(read_tree(kTable));
  EXPECT_EQ(all.size(), 6u);
  for (const Mutant& mutant : all) {
    const Judgement said = judged(to_text(mutant.program));
    EXPECT_EQ(said.error, "") << mutant.what << "\n" << to_text(mutant.program);
    for (const SiteOutcome& site : said.sites) EXPECT_FALSE(site.hung) << mutant.what;
  }
}

}  // namespace
}  // namespace fermata::differ
