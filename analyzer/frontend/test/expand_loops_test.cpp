#include "expand_support.h"

namespace fermata::expand_test {
namespace {

TEST(Loops, IterateCallsAMacroWithEachNumber) {
  EXPECT_EQ(expand_text("iterate_macro(m) := 0 to 2\nmacro m(#n#)\ndeclare v#n# := #n#\nend macro\n").text(),
            "declare v0 := 0\ndeclare v1 := 1\ndeclare v2 := 2\n");
}

TEST(Loops, IterateFillsALine) {
  EXPECT_EQ(expand_text("define N := 4\niterate_macro(add(menu#n#, \"Item #n#\", 0)) := 0 to N - 2 step 2\n").text(),
            "add(menu0, \"Item 0\", 0)\nadd(menu2, \"Item 2\", 0)\n");
  EXPECT_EQ(expand_text("iterate_post_macro(declare ui_button b_#n#) := 3 downto 2\n").text(),
            "declare ui_button b_3\ndeclare ui_button b_2\n");
  EXPECT_EQ(expand_text("iterate_macro(x#n#()) := 3 to 2\n").text(), "");
  EXPECT_EQ(expand_text("iterate_macro(x(#n#)) := -1 to 0AH - 10\n").text(), "x(-1)\nx(0)\n");
}

TEST(Loops, LiterateGoesOverAList) {
  EXPECT_EQ(expand_text("literate_macro(m) on a, b(1, 2)\nmacro m(#x#)\nuse_#x#\nend macro\n").text(),
            "use_a\nuse_b(1, 2)\n");
  EXPECT_EQ(expand_text("define L += a, b\nliterate_macro(reg(#l#, #n#, '#l##n#')) on L\n").text(),
            "reg(a, 0, 'a0')\nreg(b, 1, 'b1')\n");
  EXPECT_EQ(expand_text("literate_post_macro(declare #l#) on a, b\n").text(), "declare a\ndeclare b\n");
}

TEST(Loops, NestInMacrosAndInEachOther) {
  EXPECT_EQ(
      expand_text(
          "outer(2)\nmacro outer(#k#)\niterate_macro(row) := 1 to #k#\nend macro\n"
          "macro row(#r#)\nliterate_macro(cell(#r#, #l#)) on x, y\nend macro\nmacro cell(a, b)\nput(a, b)\nend macro\n")
          .text(),
      "put(1, x)\nput(1, y)\nput(2, x)\nput(2, y)\n");
}

TEST(Loops, BoundsMustBeConstantNumbers) {
  EXPECT_EQ(expand_text("iterate_macro(x(#n#)) := 0 to count\n").diagnostics(), Strings{"expansion-failed:1"});
  EXPECT_EQ(expand_text("iterate_macro(x(#n#)) := 0 to 4 step 0\n").diagnostics(), Strings{"expansion-failed:1"});
  EXPECT_EQ(expand_text("iterate_macro(x(#n#))\n").diagnostics(), Strings{"expansion-failed:1"});
  EXPECT_EQ(expand_text("iterate_macro := 0 to 1\n").diagnostics(), Strings{"expansion-failed:1"});
  EXPECT_EQ(expand_text("literate_macro(x(#l#)) a, b\n").diagnostics(), Strings{"expansion-failed:1"});
  EXPECT_EQ(expand_text("literate_macro(x(#l#)) on a,, b\n").diagnostics(), Strings{"expansion-failed:1"});
}

TEST(Loops, AnUnknownMacroIsReported) {
  EXPECT_EQ(expand_text("literate_macro(nobody) on a, b\n").diagnostics(), Strings{"expansion-failed:1"});
  EXPECT_EQ(expand_text("iterate_macro(nobody) := 0 to 1\n").diagnostics(), Strings{"expansion-failed:1"});
  EXPECT_EQ(expand_text("literate_macro(make_persistent) on a, b\n").diagnostics(), Strings{})
      << "a command of Kontakt";
  EXPECT_EQ(expand_text("literate_macro(f) on a\nfunction f(x)\nend function\n").diagnostics(), Strings{});
  EXPECT_EQ(expand_text("literate_macro(sdk) on a\nimport \"_IVLS/builder.ksp\"\n").diagnostics(), Strings{})
      << "may be the framework's";
}

TEST(Loops, EndlessOnesStop) {
  FrontendOptions options;
  options.max_expansion_bytes = 1 << 16;
  Result result = expand_text("iterate_macro(x(#n#)) := 0 to 2000000000\non init\nend on\n", options);
  EXPECT_EQ(result.text(), "on init\nend on\n");
  EXPECT_EQ(result.diagnostics(), Strings{"limit-reached:1"});
}

TEST(Loops, CountersGoUpWithEachLineThatUsesThem) {
  EXPECT_EQ(
      expand_text("define S := 2\nSTART_INC(N, 10, S)\nx := N + N\ny := 1\nz := N & \"N\"\nEND_INC\nw := N\n").text(),
      "x := 10 + 10\ny := 1\nz := 12 & \"N\"\nw := N\n");
}

TEST(Loops, CountersNestAndSeeMacros) {
  EXPECT_EQ(
      expand_text("START_INC(A, 0, 1)\nSTART_INC(B, 5, -1)\nm\nm\nEND_INC\nEND_INC\nmacro m\nx := A * B\nend macro\n")
          .text(),
      "x := 0 * 5\nx := 1 * 4\n");
}

TEST(Loops, CountersMustBeComplete) {
  EXPECT_EQ(expand_text("START_INC(N, 0, 1)\n").diagnostics(), Strings{"expansion-failed:1"});
  EXPECT_EQ(expand_text("END_INC\n").diagnostics(), Strings{"expansion-failed:1"});
  EXPECT_EQ(expand_text("START_INC(N, x, 1)\n").diagnostics(), Strings{"expansion-failed:1"});
  EXPECT_EQ(expand_text("START_INC(N)\n").diagnostics(), Strings{"expansion-failed:1"});
}

TEST(Python, StaysAndIsSaidOnce) {
  const std::string text = "on init\nread<<\ndefine X := 1\n'unclosed\n>>\nend on\nrun << import os >>\n";
  Result result = expand_text(text);
  ASSERT_EQ(result.expanded.units.size(), 1u);
  EXPECT_EQ(result.expanded.units[0].text, text);
  EXPECT_EQ(result.diagnostics(), Strings{"executable-source:2"});
  EXPECT_EQ(result.program.diagnostics[0].level, "note");
}

}  // namespace
}  // namespace fermata::expand_test
