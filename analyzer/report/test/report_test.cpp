#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/catalogue.h"
#include "report/excerpt.h"
#include "report/json.h"
#include "report/merge.h"
#include "report/place.h"
#include "report/suppress.h"
#include "report/text.h"

namespace fermata {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Finding finding_at(std::string path, uint32_t line, std::string rule, Level level) {
  Finding finding;
  finding.rule = std::move(rule);
  finding.level = level;
  finding.message = "the voice has no owner";
  finding.place = {std::move(path), line, 3, line, 6};
  return finding;
}

MainFileResult part(std::string main_file, std::string text, std::vector<Finding> findings) {
  MainFileResult out;
  out.main_file = main_file;
  out.files = {main_file};
  out.suppressions = find_suppressions(main_file, text);
  out.result.findings = std::move(findings);
  out.result.texts = {{main_file, text}};
  return out;
}

TEST(Escape, WritesOutWhatSteersATerminal) {
  EXPECT_EQ(escape_for_terminal("a\x1b[31mb"), "a\\x1b[31mb");
  EXPECT_EQ(escape_for_terminal("\u202eab"), "\\u{202e}ab");
  EXPECT_EQ(escape_for_terminal("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(escape_for_terminal("größer"), "größer");
}

TEST(Excerpt, MarksStandUnderTheirPlace) {
  const Excerpt shown = excerpt("\tö := \x01 x", {"f", 1, 2, 1, 3});
  EXPECT_EQ(shown.line, "    ö := \\x01 x");
  EXPECT_EQ(shown.marks, "    ^");
  EXPECT_EQ(excerpt("abcdef", {"f", 1, 2, 1, 5}).marks, " ^~~");
  EXPECT_EQ(excerpt("abc", {"f", 1, 4, 1, 4}).marks, "   ^");
}

TEST(Excerpt, LongLinesAreCutAroundThePlace) {
  const Excerpt shown = excerpt(std::string(100000, 'a') + "b" + std::string(1000, 'c'), {"f", 1, 100001, 1, 100002});
  EXPECT_LT(shown.line.size(), 200u);
  ASSERT_LT(shown.marks.size(), shown.line.size());
  EXPECT_EQ(shown.line[shown.marks.size() - 1], 'b');
}

TEST(Suppress, ReadsEveryKindOfComment) {
  const auto found = find_suppressions("f",
                                       "x // fermata: allow(voice-parked) kept\n"
                                       "{ fermata: allow(a, b) because\n of two lines }\n"
                                       "message(\"// fermata: allow(no)\")\n");
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].reason, "kept");
  EXPECT_EQ(found[1].rule, "a");
  EXPECT_EQ(found[2].rule, "b");
  EXPECT_EQ(found[2].place.end_line, 3u);
  EXPECT_TRUE(found[2].covers({"f", 4, 1, 4, 2}));
  EXPECT_FALSE(found[2].covers({"f", 5, 1, 5, 2}));
  EXPECT_FALSE(found[0].covers({"g", 1, 1, 1, 2}));
}

TEST(Merge, ASuppressionNeedsAReasonAndAnUnusedOneIsReported) {
  const std::string text =
      "a // fermata: allow(voice-parked) drained by hand\nb // fermata: allow(voice-parked)\n"
      "c // fermata: allow(two-owners) no longer\n";
  const auto report = merge({part("f.ksp", text,
                                  {finding_at("f.ksp", 1, "voice-parked", Level::error),
                                   finding_at("f.ksp", 3, "voice-parked", Level::warning)})},
                            {});
  ASSERT_EQ(report.result.findings.size(), 3u);
  EXPECT_EQ(report.result.findings[0].rule, "unused-suppression");
  EXPECT_EQ(report.result.findings[0].place.line, 2u);
  EXPECT_EQ(report.result.findings[1].rule, "voice-parked");
  EXPECT_EQ(report.result.findings[2].rule, "unused-suppression");
  EXPECT_TRUE(report.failed);
}

TEST(Merge, LevelsSelectionAndSharedFiles) {
  MainFileResult a = part("a.ksp", "", {finding_at("lib.ksp", 1, "voice-parked", Level::warning)});
  MainFileResult b = part(
      "b.ksp", "",
      {finding_at("lib.ksp", 1, "voice-parked", Level::error), finding_at("b.ksp", 1, "two-owners", Level::warning)});
  a.result.sites = {{"detach", {"lib.ksp", 1, 3, 1, 6}, Verdict::proved, {"zones"}, "", -1}};
  b.result.sites = {{"detach", {"lib.ksp", 1, 3, 1, 6}, Verdict::hung, {"kontakt"}, "", 0}};
  const CheckReport report = merge({b, a}, {});
  ASSERT_EQ(report.result.findings.size(), 2u);
  EXPECT_EQ(report.result.findings[1].level, Level::error);
  EXPECT_EQ(report.products[1], "b.ksp");
  ASSERT_EQ(report.result.sites.size(), 1u);
  EXPECT_EQ(report.result.sites[0].verdict, Verdict::hung);
  EXPECT_EQ(report.result.sites[0].finding, 1);
  EXPECT_THAT(report.result.sites[0].rests_on, ::testing::ElementsAre("kontakt", "zones"));
  EXPECT_EQ(report_as_json(report, "1"), report_as_json(merge({a, b}, {}), "1"));

  b.config.rules["voice-parked"] = std::nullopt;
  EXPECT_EQ(merge({b}, {}).result.findings.size(), 1u);
  // Asked for by name on the command line, which counts for more than the file.
  EXPECT_EQ(merge({b}, {{"voice-parked"}, {}, {}}).result.findings.size(), 1u);
  EXPECT_FALSE(merge({b}, {{}, {"two-owners"}, {}}).failed);
  EXPECT_EQ(merge({b}, {{}, {}, {"b.ksp"}}).result.sites.size(), 0u);
}

TEST(Fingerprint, SurvivesAMoveAndTellsTwinsApart) {
  const auto prints = [](const std::string& text, uint32_t first, uint32_t second) {
    const auto report = merge({part("f.ksp", text,
                                    {finding_at("f.ksp", first, "two-owners", Level::error),
                                     finding_at("f.ksp", second, "two-owners", Level::error)})},
                              {});
    return std::pair(report.result.findings[0].fingerprint, report.result.findings[1].fingerprint);
  };
  const auto before = prints("play(x)\nplay(x)\n", 1, 2);
  EXPECT_NE(before.first, before.second);
  EXPECT_EQ(before, prints("new\n  play(x)\nplay( x )\n", 2, 3));
}

TEST(Json, HasTheKeysOfTheFormat) {
  MainFileResult one = part("f.ksp", "play(\xff)\n", {finding_at("f.ksp", 1, "two-owners", Level::error)});
  one.result.findings[0].scenario_json = R"({"events":[{"at":0}]})";
  one.result.sites = {{"pass", {"f.ksp", 1, 3, 1, 6}, Verdict::unknown, {}, "an unknown call", -1}};
  const auto json = nlohmann::json::parse(report_as_json(merge({one}, {}), "0.1.0"));
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["summary"]["unknown"], 1);
  EXPECT_EQ(json["sites"][0]["reason"], "an unknown call");
  EXPECT_TRUE(json["sites"][0]["finding"].is_null());
  EXPECT_EQ(json["findings"][0]["scenario"]["events"].size(), 1u);
  EXPECT_EQ(json["findings"][0]["end_column"], 6);
}

TEST(Text, ShowsPlaceLineWitnessAndSummary) {
  MainFileResult one = part("f.ksp", "  play\x1b(x)\n", {finding_at("f.ksp", 1, "voice-parked", Level::error)});
  one.result.findings[0].replayed = true;
  one.result.findings[0].witness = {{{"f.ksp", 1, 3, 1, 4}, "key 60 goes down"}, {{}, "key 60 goes up"}};
  const std::string text = report_as_text(merge({one}, {}), {});
  EXPECT_THAT(text, HasSubstr("f.ksp:1:3: error: the voice has no owner [voice-parked]\n"));
  EXPECT_THAT(text, HasSubstr("     1 |   play\\x1b(x)\n       |   ^~~\n"));
  EXPECT_THAT(text, HasSubstr("     1. f.ksp:1:3: key 60 goes down\n     2. key 60 goes up\n"));
  EXPECT_THAT(text, HasSubstr("replayed on the runtime: it happens\n"));
  EXPECT_THAT(text, HasSubstr("0 sites: 0 proved, 0 hung, 0 unknown; 1 error, 0 warnings, 0 notes\n"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_EQ(report_as_text(merge({one}, {}), {.quiet = true}),
            "f.ksp:1:3: error: the voice has no owner [voice-parked]\n");
}

TEST(Catalogue, EveryPageHasHeaderSectionsAndScripts) {
  ASSERT_FALSE(all_rules().empty());
  for (const Rule& rule : all_rules()) {
    EXPECT_THAT((std::vector<std::string>{"site", "fault", "advice", "front end"}), ::testing::Contains(rule.kind))
        << rule.name;
    EXPECT_THAT((std::vector<std::string>{"error", "warning", "note", "off"}), ::testing::Contains(rule.level))
        << rule.name;
    EXPECT_TRUE(rule.page.starts_with("# " + rule.name + "\n\n")) << rule.name;
    EXPECT_FALSE(rule.bad.empty() || rule.good.empty()) << rule.name;
    EXPECT_FALSE(rule.summary.empty()) << rule.name;
    std::size_t at = 0;
    for (const std::string_view section : {"## What it does\n", "## Why it matters on stage\n", "## Bad\n", "## Good\n",
                                           "## How to fix\n", "## What it rests on\n"}) {
      const std::size_t next = rule.page.find(section, at);
      EXPECT_NE(next, std::string_view::npos) << rule.name << " lacks " << section;
      at = next == std::string_view::npos ? at : next;
    }
    EXPECT_THAT(explain_rule(rule), HasSubstr("```ksp\n"));
    EXPECT_EQ(find_rule(rule.name), &rule);
  }
  EXPECT_EQ(nearest_rule("voice-parkd"), "voice-parked");
  EXPECT_EQ(find_rule("no-such-rule"), nullptr);
}

}  // namespace
}  // namespace fermata
