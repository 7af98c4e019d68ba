#include "expand_support.h"

namespace fermata::expand_test {
namespace {

using Taken = std::vector<std::pair<std::string, bool>>;

TEST(Conditions, SetInTheFileDecides) {
  Result result = expand_text(
      "SET_CONDITION(A)\nUSE_CODE_IF(A)\nyes()\nEND_USE_CODE\nUSE_CODE_IF_NOT(A)\nno()\nEND_USE_CODE\n"
      "RESET_CONDITION(A)\nUSE_CODE_IF(A)\nno()\nEND_USE_CODE\nUSE_CODE_IF_NOT(A)\nyes()\nEND_USE_CODE\n");
  EXPECT_EQ(result.text(), "yes()\nyes()\n");
  EXPECT_EQ(result.expanded.conditions_taken, Taken{});
  EXPECT_EQ(result.diagnostics(), Strings{});
}

TEST(Conditions, SourceOrderCounts) {
  EXPECT_EQ(
      expand_text("USE_CODE_IF(A)\nearly()\nEND_USE_CODE\nSET_CONDITION(A)\nUSE_CODE_IF(A)\nlate()\nEND_USE_CODE\n")
          .text(),
      "late()\n");
}

TEST(Conditions, WhatNobodySetsIsFreeAndListed) {
  const std::string text =
      "USE_CODE_IF(A)\nyes()\nEND_USE_CODE\nUSE_CODE_IF_NOT(B)\nno()\nEND_USE_CODE\nUSE_CODE_IF(A)\nEND_USE_CODE\n";
  Result result = expand_text(text);
  EXPECT_EQ(result.text(), "no()\n");
  EXPECT_EQ(result.expanded.conditions_taken, (Taken{{"A", false}, {"B", false}}));
  FrontendOptions options;
  options.conditions_set = {"A", "B"};
  Result other = expand_text(text, options);
  EXPECT_EQ(other.text(), "yes()\n");
  EXPECT_EQ(other.expanded.conditions_taken, (Taken{{"A", true}, {"B", true}}));
}

TEST(Conditions, ASymbolThatFollowsAnotherIsNotFree) {
  Result result = expand_text("USE_CODE_IF(A)\nSET_CONDITION(B)\nEND_USE_CODE\nUSE_CODE_IF(B)\nb()\nEND_USE_CODE\n");
  EXPECT_EQ(result.text(), "");
  EXPECT_EQ(result.expanded.conditions_taken, (Taken{{"A", false}}));
}

TEST(Conditions, TheyNestAndCutBlocks) {
  Result result = expand_text(
      "SET_CONDITION(B)\non note\nUSE_CODE_IF(A)\nif (x = 1)\nUSE_CODE_IF(B)\na()\nEND_USE_CODE\nEND_USE_CODE\n"
      "USE_CODE_IF(B)\nb()\nend on\nEND_USE_CODE\n");
  EXPECT_EQ(result.text(), "on note\nb()\nend on\n");
}

TEST(Conditions, TheReservedPedalSymbolIsAFlag) {
  EXPECT_TRUE(expand_text("SET_CONDITION(NO_SYS_SCRIPT_PEDAL)\n").expanded.no_sys_script_pedal);
  EXPECT_FALSE(expand_text("on init\nend on\n").expanded.no_sys_script_pedal);
  EXPECT_FALSE(
      expand_text("USE_CODE_IF(X)\nSET_CONDITION(NO_SYS_SCRIPT_PEDAL)\nEND_USE_CODE\n").expanded.no_sys_script_pedal);
}

TEST(Conditions, WhatIsRemovedDeclaresAndImportsNothing) {
  Result result = expand_text(
      "USE_CODE_IF(A)\ndefine N := 1\nimport \"gone.ksp\"\nmacro m\nx()\nend macro\nEND_USE_CODE\nmessage(N)\nm\n");
  EXPECT_EQ(result.text(), "message(N)\nm\n");
  EXPECT_EQ(result.diagnostics(), Strings{});
}

TEST(Conditions, SeveralMayStandInOneLine) {
  EXPECT_EQ(
      expand_text("SET_CONDITION(A) USE_CODE_IF(A) a() END_USE_CODE USE_CODE_IF(B) b() END_USE_CODE c()\n").text(),
      "a() c()\n");
}

TEST(Conditions, OnesInCommentsAndStringsAreText) {
  Result result = expand_text("{ USE_CODE_IF(A) }\nmessage(\"END_USE_CODE\") // USE_CODE_IF(A)\n");
  EXPECT_TRUE(result.expanded.units[0].untouched);
  EXPECT_EQ(result.diagnostics(), Strings{});
}

TEST(Conditions, UnbalancedOnesAreReported) {
  EXPECT_EQ(expand_text("on init\nEND_USE_CODE\nend on\n").diagnostics(), Strings{"syntax-error:2"});
  EXPECT_EQ(expand_text("USE_CODE_IF(A)\non init\nend on\n").diagnostics(), Strings{"syntax-error:1"});
  EXPECT_EQ(expand_text("USE_CODE_IF\nx()\n").diagnostics(), Strings{"syntax-error:1"});
}

TEST(Conditions, OneFileDoesNotSwallowTheNext) {
  Result result =
      expand_files({{"main.ksp", "import \"a.ksp\"\non init\nend on\n"}, {"a.ksp", "USE_CODE_IF(A)\nx()\n"}});
  EXPECT_EQ(result.text(), "on init\nend on\n");
  EXPECT_EQ(result.diagnostics(), Strings{"syntax-error:1"});
}

TEST(Conditions, InsideAMacroTheyAreDecidedWhereItStands) {
  EXPECT_EQ(expand_text("macro m\nUSE_CODE_IF(A)\na()\nEND_USE_CODE\nb()\nend macro\nSET_CONDITION(A)\nm\n").text(),
            "b()\n");
}

}  // namespace
}  // namespace fermata::expand_test
