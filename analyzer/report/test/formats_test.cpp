// What the formats make of awkward values; that they satisfy their readers is in formats_test.py.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/format.h"
#include "report/uri.h"

namespace fermata {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

CheckReport awkward() {
  Finding finding;
  finding.rule = "voice-parked";
  finding.level = Level::error;
  finding.message = "50% <of> \"it\" & more\nsecond line\x1b[31m";
  finding.place = {"a b/ü,x.ksp", 2, 3, 4, 1};
  finding.fingerprint = "0123";
  CheckReport report;
  report.result.findings = {finding};
  report.products = {"main.ksp"};
  report.fails = {true};
  report.failed = true;
  return report;
}

std::string written(const CheckReport& report, Format format) { return write_report(report, format, "1.2.3", {}); }

TEST(Uri, EncodesWhatIsNotUnreserved) {
  EXPECT_EQ(uri_of_path("a b/ü%.ksp"), "a%20b/%C3%BC%25.ksp");
  EXPECT_EQ(uri_of_path("/x:y/z.ksp"), "file:///x%3Ay/z.ksp");
}

TEST(Github, OneLineWhateverTheTextHolds) {
  const std::string out = written(awkward(), Format::github);
  EXPECT_EQ(std::ranges::count(out, '\n'), 1);
  EXPECT_THAT(out, HasSubstr("::error file=a b/ü%2Cx.ksp,line=2,endLine=4,title=fermata%3A voice-parked::50%25 <of>"));
  EXPECT_THAT(out, Not(HasSubstr("\x1b")));
}

TEST(Junit, EscapesAndCountsWhatFails) {
  CheckReport report = awkward();
  report.result.sites = {{"pass", {"a b/ü,x.ksp", 9, 1, 9, 2}, Verdict::unknown, {}, "why", -1},
                         {"pass", {"z.ksp", 9, 1, 9, 2}, Verdict::proved, {}, "", -1}};
  std::string out = written(report, Format::junit);
  EXPECT_THAT(out, HasSubstr("<testsuites name=\"fermata\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\">"));
  EXPECT_THAT(out, HasSubstr("message=\"50% &lt;of&gt; &quot;it&quot; &amp; more\\nsecond line\\x1b[31m\""));
  report.fails = {false};
  out = written(report, Format::junit);
  EXPECT_THAT(out, HasSubstr("failures=\"0\""));
  EXPECT_THAT(out, HasSubstr("<system-out>error: "));
}

TEST(Sarif, SaysWhatIsAllowedAndWhy) {
  CheckReport report = awkward();
  report.allowed = {{report.result.findings[0], "main.ksp", "drained by hand"}};
  const Json run = Json::parse(written(report, Format::sarif))["runs"][0];
  ASSERT_EQ(run["results"].size(), 2u);
  EXPECT_FALSE(run["results"][0].contains("suppressions"));
  EXPECT_EQ(run["results"][1]["suppressions"][0]["justification"], "drained by hand");
  EXPECT_EQ(run["results"][1]["suppressions"][0]["kind"], "inSource");
  EXPECT_EQ(run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "a%20b/%C3%BC%2Cx.ksp");
  EXPECT_EQ(run["tool"]["driver"]["rules"].size(), 1u);
}

TEST(Sarif, ALongPathKeepsItsEnd) {
  CheckReport report = awkward();
  for (int i = 0; i < 1500; ++i) {
    report.result.findings[0].witness.push_back({{"f.ksp", 1, 1, 1, 2}, "step " + std::to_string(i), i % 100 == 0});
  }
  const Json result = Json::parse(written(report, Format::sarif))["runs"][0]["results"][0];
  std::size_t steps = 0;
  std::string last;
  for (const Json& flow : result["codeFlows"][0]["threadFlows"]) {
    steps += flow["locations"].size();
    last = flow["locations"].back()["location"]["message"]["text"];
  }
  EXPECT_EQ(steps, 1000u);
  EXPECT_EQ(last, "step 1499");
  EXPECT_EQ(result["codeFlows"][0]["threadFlows"].size(), 10u);
}

TEST(Sarif, FixesReplaceRegionsFileByFile) {
  CheckReport report = awkward();
  report.result.findings[0].fixes = {
      {"release it", true, {{{"b.ksp", 1, 1, 1, 1}, "x"}, {{"a.ksp", 2, 1, 2, 4}, ""}, {{"b.ksp", 3, 1, 3, 1}, "y"}}}};
  const Json fix = Json::parse(written(report, Format::sarif))["runs"][0]["results"][0]["fixes"][0];
  ASSERT_EQ(fix["artifactChanges"].size(), 2u);
  EXPECT_EQ(fix["artifactChanges"][1]["replacements"].size(), 2u);
  EXPECT_FALSE(fix["artifactChanges"][0]["replacements"][0].contains("insertedContent"));
}

}  // namespace
}  // namespace fermata
