#include "expand_support.h"

namespace fermata::expand_test {
namespace {

TEST(Macros, ReplaceALineByTheirBody) {
  EXPECT_EQ(expand_text("on init\nm(10+1)\nend on\nmacro m(x)\nmessage(x*5)\nx := x.y + a.x\nend macro\n").text(),
            "on init\nmessage(10+1*5)\n10+1 := 10+1.y + a.x\nend on\n");
}

TEST(Macros, GlueArgumentsIntoNamesAndStrings) {
  EXPECT_EQ(expand_text("m(vol)\nmacro m(#n#)\ndeclare k_#n#_x#n#.#n#\nmessage('#n# = ' & #n#)\nend macro\n").text(),
            "declare k_vol_xvol.vol\nmessage('vol = ' & vol)\n");
}

TEST(Macros, SigilsArePartOfAPlainParameter) {
  EXPECT_EQ(expand_text("m(y)\nmacro m(x)\n$x := x\nend macro\n").text(), "$x := y\n");
}

TEST(Macros, AreChosenByTheirNumberOfParameters) {
  EXPECT_EQ(expand_text("m\nm()\nm(1)\nm(1, f(2, 3))\nmacro m\nzero()\nend macro\nmacro m(a)\none(a)\nend macro\n"
                        "macro m(a, b)\ntwo(a, b)\nend macro\n")
                .text(),
            "zero()\nzero()\none(1)\ntwo(1, f(2, 3))\n");
}

TEST(Macros, CallEachOther) {
  EXPECT_EQ(
      expand_text("outer(1)\nmacro inner(#a#, b)\nx#a# := b\nend macro\nmacro outer(p)\ninner(q, p + 1)\nend macro\n")
          .text(),
      "xq := 1 + 1\n");
}

TEST(Macros, AreCallsOnlyOnALineOfTheirOwn) {
  EXPECT_EQ(expand_text("x := m(1)\nm(1) + 1\nm := 1\nmacro m(a)\nbody()\nend macro\n").text(),
            "x := m(1)\nm(1) + 1\nm := 1\n");
}

TEST(Macros, MayHoldCallbacksAndHalfBlocks) {
  EXPECT_EQ(expand_text("begin(note)\nx()\nfinish\nmacro begin(#c#)\non #c#\nif a = 1\nend macro\nmacro finish\nend "
                        "if\nend on\nend macro\n")
                .text(),
            "on note\nif a = 1\nx()\nend if\nend on\n");
}

TEST(Macros, ControlCallbacksMoveOutOfTheCallingBlock) {
  Result result = expand_text(
      "on init\nbutton(b)\nafter()\nend on\nmacro nested(#n#)\ndeclare ui_button #n#\non "
      "ui_control(#n#)\nclick(#n#)\nend on\nlast()\nend "
      "macro\nmacro button(#n#)\nnested(#n#)\nend macro\n");
  EXPECT_EQ(result.text(),
            "on init\ndeclare ui_button b\nlast()\nafter()\nend on\non ui_control(b)\nclick(b)\nend on\n");
  EXPECT_EQ(result.source(result.origin_of("click(b)")), "click(#n#)");
}

TEST(Macros, DefinesStandForNamesAndArguments) {
  EXPECT_EQ(
      expand_text(
          "define ARGS := 1, 2\ndefine M := m\nM(ARGS)\nmacro m(a, b)\nx := a + b + N\nend macro\ndefine N := 3\n")
          .text(),
      "x := 1 + 2 + 3\n");
}

TEST(Macros, NamesThatTheyGlueMayBeDefines) {
  EXPECT_EQ(
      expand_text("define vol_MAX := 7\nm(vol)\nmacro m(#n#)\nx := #n#_MAX & \"#n#_MAX vol_MAX\"\nend macro\n").text(),
      "x := 7 & \"vol_MAX vol_MAX\"\n");
}

TEST(Macros, LiveInTheNameSpaceOfTheirFile) {
  Result result =
      expand_files({{"main.ksp", "import \"a.ksp\" as lib\nlib.m(1)\nm(2)\n"},
                    {"a.ksp", "macro m(x)\nuse(x)\nother(x)\nend macro\nmacro other(x)\nmore(x)\nend macro\n"}});
  EXPECT_EQ(result.text(), "use(1)\nmore(1)\nm(2)\n");
}

TEST(Macros, DefinesInsideThemCountOnce) {
  EXPECT_EQ(expand_text("macro m\ndefine N := 5\nend macro\nx := N\nm\n").text(), "x := 5\n");
  Result result = expand_text("macro m(#a#)\ndefine L += #a#\nend macro\nm(x)\n");
  EXPECT_EQ(result.diagnostics(), Strings{"expansion-failed:2"});
}

TEST(Macros, ArgumentsMayGoOnInTheNextLine) {
  EXPECT_EQ(expand_text("m(a, ... // first\n  b { second })\nmacro m(x, y)\nf(x, y)\nend macro\n").text(), "f(a, b)\n");
}

TEST(Macros, WrongNumberOfArgumentsIsReported) {
  Result result = expand_text("macro m(a)\nx()\nend macro\n\nm(1, 2)\n");
  ASSERT_EQ(result.diagnostics(), Strings{"expansion-failed:5"});
  EXPECT_EQ(result.program.diagnostics[0].related[0].first.begin, 6u);
  EXPECT_EQ(expand_text("macro m(a)\nx()\nend macro\nm(1, 2)\nfunction m(a, b)\nend function\n").diagnostics(),
            Strings{});
}

TEST(Macros, AMissingEndIsReportedAndLocal) {
  Result result = expand_text("macro a\nx()\nmacro b\ny()\nend macro\nb\na\n");
  EXPECT_EQ(result.diagnostics(), Strings{"syntax-error:1"});
  EXPECT_EQ(result.text(), "y()\nx()\n");
  Result open = expand_files({{"main.ksp", "import \"a.ksp\"\non init\nend on\n"}, {"a.ksp", "macro m\nx()\n"}});
  EXPECT_EQ(open.diagnostics(), Strings{"syntax-error:1"});
  EXPECT_EQ(open.text(), "on init\nend on\n");
  EXPECT_EQ(expand_text("end macro\n").diagnostics(), Strings{"syntax-error:1"});
}

TEST(Macros, MalformedHeadersAreReported) {
  for (const char* header : {"macro", "macro (a)", "macro m(a", "macro m(a b)", "macro m(1+2)", "macro $m"}) {
    Result result = expand_text(std::string(header) + "\nx()\nend macro\non init\nend on\n");
    EXPECT_EQ(result.diagnostics(), Strings{"syntax-error:1"}) << header;
    EXPECT_EQ(result.text(), "on init\nend on\n") << header;
  }
}

TEST(Macros, EndlessOnesStopAtTheDepthLimit) {
  Result result = expand_text("on init\nm(1)\nend on\nmacro m(a)\nbefore()\nm(a + 1)\nend macro\n");
  ASSERT_EQ(result.diagnostics().size(), 1u);
  EXPECT_EQ(result.program.diagnostics[0].rule, "limit-reached");
  EXPECT_NE(result.program.diagnostics[0].message.find("--max-expansion-depth"), std::string::npos);
  EXPECT_EQ(result.text(), "on init\nend on\n");
}

TEST(Macros, BombsStopAtTheSizeLimitAndTheRestIsExpanded) {
  FrontendOptions options;
  options.max_expansion_bytes = 1 << 20;
  std::string text = "define N := 5\nbomb0\non init\nsmall(N)\nend on\nmacro small(x)\nuse(x)\nend macro\n";
  for (int i = 0; i < 60; ++i) {
    std::string next = "bomb" + std::to_string(i + 1) + "\n";
    text += "macro bomb" + std::to_string(i) + "\n" + next + next + "end macro\n";
  }
  Result result = expand_text(text, options);
  EXPECT_EQ(result.text(), "on init\nuse(5)\nend on\n");
  bool named = false;
  for (const FrontendDiagnostic& diagnostic : result.program.diagnostics) {
    EXPECT_EQ(diagnostic.rule, "limit-reached");
    named |= diagnostic.message.find("--max-expansion-bytes") != std::string::npos;
  }
  EXPECT_TRUE(named);
  EXPECT_LT(result.program.expansions.size(), 100u);
}

TEST(Macros, ACircleWithTwoWaysRoundStopsAtOnce) {
  Result result = expand_text("bomb\non init\nend on\nmacro bomb\nbomb\nbomb\nend macro\n");
  EXPECT_EQ(result.text(), "on init\nend on\n");
  EXPECT_EQ(result.diagnostics(), Strings{"limit-reached:1"});
}

TEST(Macros, DefineBombsStopToo) {
  FrontendOptions options;
  options.max_expansion_bytes = 1 << 20;
  std::string text = "x := A0\ny := B\ndefine B := 7\n";
  for (int i = 0; i < 60; ++i)
    text += "define A" + std::to_string(i) + " := A" + std::to_string(i + 1) + ", A" + std::to_string(i + 1) + "\n";
  Result result = expand_text(text, options);
  EXPECT_EQ(result.text(), "y := 7\n");
  ASSERT_FALSE(result.program.diagnostics.empty());
  EXPECT_EQ(result.program.diagnostics[0].rule, "limit-reached");
}

TEST(Macros, OneMistakeManyTimesDoesNotFloodTheReport) {
  std::string text = "define F(a) := a\n";
  for (int i = 0; i < 5000; ++i) text += "x := F\n";
  Result result = expand_text(text);
  EXPECT_EQ(result.program.diagnostics.size(), 1001u);
  EXPECT_NE(result.program.diagnostics.back().message.find("not listed"), std::string::npos);
}

}  // namespace
}  // namespace fermata::expand_test
