#include "config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fermata {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(Config, ReadsEverySection) {
  const auto [config, error] = parse_config(R"(
[check]
include = ["nodes/**"]
exclude = ["nodes/old"]
fail-on = "error"
[rules]
voice-parked = "off"
[assume]
fade-start = "on-play"
zones = "looped"
horizon = "90 s"
[contracts]
"My.Release" = "releases 1"
)",
                                            "p/fermata.toml");
  EXPECT_EQ(error, "");
  EXPECT_EQ(config.fail_on, Level::error);
  EXPECT_TRUE(config.rules.contains("voice-parked"));
  EXPECT_FALSE(config.rules.at("voice-parked").has_value());
  EXPECT_TRUE(config.assume.fade_starts_on_play);
  EXPECT_TRUE(config.assume.zones_explicit);
  EXPECT_EQ(config.assume.horizon_us, 90'000'000);
  ASSERT_EQ(config.contracts.size(), 1u);
  EXPECT_EQ(config.contracts[0].name, "my.release");
  EXPECT_EQ(config.contracts[0].place, "fermata.toml:13");
  EXPECT_TRUE(config.wants("p/nodes/a.ksp"));
  EXPECT_TRUE(config.wants("p/nodes/deep/a.ksp"));
  EXPECT_FALSE(config.wants("p/nodes/old/a.ksp"));
  EXPECT_FALSE(config.wants("p/other.ksp"));
}

TEST(Config, ErrorsNameKeyAndLine) {
  const std::pair<const char*, const char*> cases[] = {
      {"[check]\ninclde = []\n", "2: unknown key 'check.inclde'"},
      {"\n[chek]\n", "2: unknown key 'chek'"},
      {"[assume]\n\nzones = \"loop\"\n", "3: 'assume.zones' wants one of \"looped\", \"one-shot\""},
      {"[assume]\nkontakt = 9\n", "2: 'assume.kontakt' wants a whole number from 7 to 8"},
      {"[assume]\nhorizon = -1\n", "2: 'assume.horizon' wants"},
      {"[assume]\nhorizon = \"90 h\"\n", "2: 'assume.horizon' wants"},
      {"[rules]\nvoice-parkd = \"off\"\n", "2: unknown key 'rules.voice-parkd'; did you mean 'voice-parked'?"},
      {"[rules]\nvoice-parked = true\n", "2: 'rules.voice-parked' wants one of"},
      {"check = 1\n", "1: 'check' wants to be a section"},
      {"[contracts]\n\"f\" = \"eats 1\"\n", "2: 'contracts.f' does not know the effect \"eats 1\""},
      {"[contracts]\n\"note_off\" = \"nothing\"\n", "2: what 'note_off' does is known already"},
      {"[contracts]\nfiles = [\"no/such.toml\"]\n", "2: no/such.toml: no such file"},
      {"[contracts]\nfiles = [\"../x.toml\"]\n", "2: ../x.toml: lies outside"},
      {"[check\n", "1: "},
  };
  for (const auto& [text, message] : cases) EXPECT_THAT(parse_config(text, "t").error, StartsWith(message)) << text;
}

TEST(Config, MissingFileIsAnError) { EXPECT_THAT(read_config("no/such/fermata.toml").error, HasSubstr("not exist")); }

TEST(Glob, StarsStopAtSlashesAndDoubleStarsDoNot) {
  EXPECT_TRUE(glob_matches("*.ksp", "a.ksp"));
  EXPECT_FALSE(glob_matches("*.ksp", "d/a.ksp"));
  EXPECT_TRUE(glob_matches("**/*.ksp", "a.ksp"));
  EXPECT_TRUE(glob_matches("**/*.ksp", "x/y/a.ksp"));
  EXPECT_TRUE(glob_matches("a/**", "a/b/c"));
  EXPECT_FALSE(glob_matches("a/**", "b/a/c"));
  EXPECT_TRUE(glob_matches("?.ksp", "a.ksp"));
  EXPECT_FALSE(glob_matches("a", "ab"));
  EXPECT_TRUE(glob_matches("", ""));
}

}  // namespace
}  // namespace fermata
