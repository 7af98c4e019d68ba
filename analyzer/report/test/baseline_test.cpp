#include "report/baseline.h"

#include <gtest/gtest.h>

#include "report/json.h"
#include "report/parts.h"

namespace fermata {
namespace {

MainFileResult sample_part() {
  Finding finding;
  finding.rule = "voice-parked";
  finding.level = Level::error;
  finding.message = "not UTF-8: \xff";
  finding.place = {"a.ksp", 1, 2, 1, 4};
  finding.replayed = true;
  finding.witness = {{{"a.ksp", 1, 2, 1, 4}, "a key goes down", true}, {{}, "it lives", false}};
  finding.scenario_json = R"({"events":[{"at":0}]})";
  finding.related = {{{"b.ksp", 3, 1, 3, 2}, "here"}};
  finding.fixes = {{"release it", true, {{{"a.ksp", 1, 2, 1, 2}, "x"}}}};
  MainFileResult part;
  part.main_file = "a.ksp";
  part.files = {"a.ksp", "b.ksp"};
  part.config.fail_on = Level::error;
  part.config.rules = {{"two-owners", std::nullopt}, {"voice-parked", Level::warning}};
  part.suppressions = {{"two-owners", "why", {"a.ksp", 2, 1, 2, 9}, false}};
  part.result.findings = {finding};
  part.result.sites = {{"detach", {"a.ksp", 1, 2, 1, 4}, Verdict::hung, {"zones"}, "", 0},
                       {"pass", {"b.ksp", 1, 2, 1, 4}, Verdict::unknown, {}, "lost", -1}};
  part.result.texts = {{"a.ksp", "text\n"}};
  part.result.assumptions = {{"zones", "looped"}};
  part.result.statistics.states = 7;
  return part;
}

TEST(Parts, ComeBackAsTheyWere) {
  std::string reason;
  const auto back = parts_from_bytes(parts_as_bytes({sample_part()}, "1"), "1", reason);
  ASSERT_TRUE(back) << reason;
  ASSERT_EQ(back->size(), 1u);
  EXPECT_EQ(parts_as_bytes(*back, "1"), parts_as_bytes({sample_part()}, "1"));
  EXPECT_EQ(report_as_json(merge(*back, {}), "1"), report_as_json(merge({sample_part()}, {}), "1"));
  EXPECT_EQ((*back)[0].result.findings[0].message, "not UTF-8: \xff");
  EXPECT_TRUE((*back)[0].result.findings[0].witness[0].input);
  EXPECT_FALSE((*back)[0].config.rules.at("two-owners").has_value());
}

TEST(Parts, BytesThatAreNone) {
  std::string reason;
  const std::string bytes = parts_as_bytes({sample_part()}, "1");
  EXPECT_FALSE(parts_from_bytes(bytes, "2", reason));
  EXPECT_EQ(reason, "was written by version 1 of the program");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(parts_from_bytes(bytes.substr(0, size), "1", reason)) << size;
  }
}

TEST(Parts, AnIndexIsNeverOutOfRange) {
  MainFileResult part = sample_part();
  part.result.sites[0].finding = 5;
  std::string reason;
  EXPECT_EQ((*parts_from_bytes(parts_as_bytes({part}, "1"), "1", reason))[0].result.sites[0].finding, -1);
}

TEST(Baseline, KnowsByFingerprintAndFindsWhatIsGone) {
  CheckReport report = merge({sample_part()}, {});
  Baseline baseline = baseline_of(report);
  baseline.push_back({"ffffffffffffffff", "two-owners", "c.ksp", "gone"});
  std::string reason;
  const auto read = parse_baseline(baseline_as_json(baseline), reason);
  ASSERT_TRUE(read) << reason;

  CheckReport elsewhere = report;
  compare(elsewhere, *read, [](const BaselineEntry&) { return false; });
  EXPECT_TRUE(elsewhere.gone.empty());
  EXPECT_FALSE(elsewhere.failed);
  EXPECT_EQ(elsewhere.result.sites[0].finding, -1);
  EXPECT_TRUE(elsewhere.products.empty());

  compare(report, *read, [](const BaselineEntry&) { return true; });
  ASSERT_EQ(report.known.size(), 1u);
  ASSERT_EQ(report.gone.size(), 1u);
  EXPECT_TRUE(report.failed);
  EXPECT_EQ(without_gone(*read, report).size(), 1u);
}

TEST(Baseline, TextsThatAreNone) {
  std::string reason;
  for (const char* text : {"", "[]", "{}", R"({"version":2,"findings":[]})", R"({"version":1,"findings":[3]})",
                           R"({"version":1,"findings":[{"rule":"x"}]})"}) {
    EXPECT_FALSE(parse_baseline(text, reason)) << text;
    EXPECT_NE(reason, "");
  }
}

}  // namespace
}  // namespace fermata
