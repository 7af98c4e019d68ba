#include "expand_support.h"

namespace fermata::expand_test {
namespace {

TEST(Defines, HoldEverywhereInTheProgram) {
  Result result = expand_files({{"main.ksp", "message(N)\nimport \"a.ksp\"\ndefine N := 5\n"},
                                {"a.ksp", "function a\nmessage(N)\nend function\n"}});
  EXPECT_EQ(result.text(), "message(5)\nfunction a\nmessage(5)\nend function\n");
  EXPECT_EQ(result.expanded.lists["N"], Strings{"5"});
}

TEST(Defines, MatchWholeWordsOutsideStringsAndComments) {
  Result result = expand_text("define N := 5\nx := N + NN + a.N { N } & \"N\" & 'N' // N\n$N := 1\n");
  EXPECT_EQ(result.text(), "x := 5 + NN + a.N { N } & \"N\" & 'N' // N\n$5 := 1\n");
}

TEST(Defines, DotsBelongToNames) {
  EXPECT_EQ(expand_text("define ivls.THREADS := 3\na := ivls.THREADS + ivls.THREADS.x + ivls\n").text(),
            "a := 3 + ivls.THREADS.x + ivls\n");
}

TEST(Defines, AnswerForTheFirstPartOfADottedName) {
  EXPECT_EQ(expand_text("define PFX := my.node\nPFX.count := PFX.get(1)\n").text(),
            "my.node.count := my.node.get(1)\n");
}

TEST(Defines, StandForExpressionsInsideFormattedStrings) {
  EXPECT_EQ(expand_text("define N := 5\nmessage(f'N=<N> <a -> N> N' & N)\n").text(),
            "message(f'N=<5> <a -> 5> N' & 5)\n");
}

TEST(Defines, NestToTheEndOfTheChain) {
  EXPECT_EQ(expand_text("define A := B + x\ndefine B := C\ndefine C := y\nz := A\n").text(), "z := y + x\n");
}

TEST(Defines, ArithmeticIsFoldedAsTheCompilerDoes) {
  EXPECT_EQ(expand_text("define A := 2 + 3\nx := A * 2\n").text(), "x := 5 * 2\n");
  EXPECT_EQ(expand_text("define A := 1+2\ndefine B := A*2\nx := B\n").text(), "x := 6\n");
  EXPECT_EQ(expand_text("define B := A*2\ndefine A := 1+2\nx := B\n").text(), "x := 5\n") << "a later one is text";
  EXPECT_EQ(expand_text("define A := (7 mod 4) - -1\nx := A\n").text(), "x := 4\n");
  EXPECT_EQ(expand_text("define A := 1 / 0\nx := A\n").text(), "x := 1 / 0\n");
}

TEST(Defines, TakeArguments) {
  EXPECT_EQ(
      expand_text("define AREA(#w#, h) := ((#w#) * (h))\nx := AREA(a + 1, f(2, 3)) + AREA(AREA(1, 2), 3)\n").text(),
      "x := ((a + 1) * (f(2, 3))) + ((((1) * (2))) * (3))\n");
}

TEST(Defines, GlueTheirArgumentsIntoNames) {
  EXPECT_EQ(expand_text("define VAR(#n#) := my_#n#_x.#n#\nVAR(a) := 1\n").text(), "my_a_x.a := 1\n");
}

TEST(Defines, OneArgumentMayStandForSeveral) {
  EXPECT_EQ(expand_text("define PAIR := 1, 2\ndefine ADD(a, b) := a + b\nx := ADD(PAIR)\n").text(), "x := 1 + 2\n");
}

TEST(Defines, WrongArgumentsAreReported) {
  Result result = expand_text("define ADD(a, b) := a + b\nx := ADD(1)\ny := ADD\n");
  EXPECT_EQ(result.diagnostics(), (Strings{"expansion-failed:2", "expansion-failed:3"}));
  EXPECT_EQ(result.text(), "x := ADD(1)\ny := ADD\n");
  ASSERT_EQ(result.program.diagnostics[0].related.size(), 1u);
}

TEST(Defines, ListsGrowAtBothEnds) {
  Result result =
      expand_text("define L += b\ndefine L += c, d\ndefine L =+ a\nliterate_macro(use(#l#)) on L\nx := L.SIZE\n");
  EXPECT_EQ(result.text(), "use(a)\nuse(b)\nuse(c)\nuse(d)\nx := 4\n");
  EXPECT_EQ(result.expanded.lists["L"], (Strings{"a", "b", "c", "d"}));
  EXPECT_FALSE(result.expanded.lists.contains("L.SIZE"));
}

TEST(Defines, BundlesCountAsWhatTheyHold) {
  Result result = expand_text("define My.Bundle += A, B\ndefine NODES += My.Bundle, C\n");
  EXPECT_EQ(result.expanded.lists["NODES"], (Strings{"A", "B", "C"}));
}

TEST(Defines, InsideNodesTheyCountAsEverywhere) {
  Result result =
      expand_text("node N:\n    cb Flows:\n        define FLOWS += my.flow\n        register()\nend node\n");
  EXPECT_EQ(result.expanded.lists["FLOWS"], Strings{"my.flow"});
  EXPECT_EQ(result.text(), "node N:\ncb Flows:\nregister()\nend node\n");
}

TEST(Defines, OldFormsAreRead) {
  EXPECT_EQ(expand_text("define literals L := (a, b)\nliterate_macro(m(#l#)) on L\n").text(), "m(a)\nm(b)\n");
  EXPECT_EQ(expand_text("define V := #x + 1#\ny := V\n").text(), "y := x + 1\n");
}

TEST(Defines, TheFirstDeclarationHolds) {
  Result result = expand_text("define N := 1\ndefine N := 1\ndefine N := 2\nx := N\n");
  EXPECT_EQ(result.text(), "x := 1\n");
  ASSERT_EQ(result.diagnostics(), Strings{"expansion-failed:3"});
  EXPECT_EQ(result.program.diagnostics[0].level, "warning");
}

TEST(Defines, GrowthOutOfThemselvesIsReported) {
  EXPECT_EQ(expand_text("define A := A + 1\nx := A\n").diagnostics(), Strings{"expansion-failed:1"});
  EXPECT_EQ(expand_text("define L += L, x\n").diagnostics(), Strings{"expansion-failed:1"});
  Result result = expand_text("define A := B + 1\ndefine B := A + 1\nx := 1\ny := A\n");
  EXPECT_FALSE(result.diagnostics().empty());
  for (const FrontendDiagnostic& diagnostic : result.program.diagnostics)
    EXPECT_EQ(diagnostic.rule, "expansion-failed");
}

TEST(Defines, MalformedOnesAreReported) {
  EXPECT_EQ(expand_text("define\n").diagnostics(), Strings{"syntax-error:1"});
  EXPECT_EQ(expand_text("define N 5\n").diagnostics(), Strings{"syntax-error:1"});
  EXPECT_EQ(expand_text("define N :=\n").diagnostics(), Strings{"syntax-error:1"});
  EXPECT_EQ(expand_text("define N(a := 5\n").diagnostics(), Strings{"syntax-error:1"});
}

TEST(Defines, ValuesMayGoOnInTheNextLine) {
  EXPECT_EQ(expand_text("define L := a, ... { first }\n\n  b, ... // second\n  c\nf(L)\n").text(), "f(a, b, c)\n");
}

TEST(Defines, ReadingAFactTheyDoNotTouchLeavesTheUnitAlone) {
  Result result = expand_text("define UNUSED := 1\non init\nend on\n");
  ASSERT_EQ(result.expanded.units.size(), 1u);
  EXPECT_TRUE(result.expanded.units[0].untouched);
  EXPECT_EQ(result.expanded.units[0].text, "on init\nend on\n");
  EXPECT_EQ(result.expanded.units[0].first_byte, 19u);
}

TEST(Defines, DatesOfTheCompilerStayNames) {
  EXPECT_EQ(expand_text("message(__YEAR__)\n").text(), "message(__YEAR__)\n");
}

}  // namespace
}  // namespace fermata::expand_test
