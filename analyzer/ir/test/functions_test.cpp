// Functions are inlined where they are called: parameters are the caller's places, locals are new in each copy.
#include <gtest/gtest.h>

#include "ir/test/module_support.h"

namespace fermata::ir::test {

namespace {

constexpr const char* kInit = "on init\n declare x\n declare y\n declare a[8]\n declare b[8]\nend on\n";

Lines note(const std::string& functions, const std::string& body) {
  const Lowered lowered(kInit + functions + "on note\n" + body + "\nend on\n");
  expect_well_formed(lowered.module);
  EXPECT_TRUE(lowered.module.limits.empty());
  return lowered.text("on note");
}

TEST(Functions, AParameterIsTheCallersVariable) {
  EXPECT_EQ(note("function set(v)\n v := 3\nend function\n", "set(x)\nset(y)")[0], "0: x := 3; y := 3; go 1");
}

TEST(Functions, AParameterIsTheCallersCell) {
  EXPECT_EQ(note("function set(v)\n v := v + 1\nend function\n", "set(a[x])")[0],
            "0: t0 := a[x]; a[x] := (t0 + 1); go 1");
}

TEST(Functions, AParameterIsReadAgainWhereItStands) {
  // By name: the second use of v sees what the body wrote to x.
  EXPECT_EQ(note("function twice(v)\n y := v\n x := 7\n y := v\nend function\n", "twice(x + 1)")[0],
            "0: y := (x + 1); x := 7; y := (x + 1); go 1");
}

TEST(Functions, AnArgumentWithAnEffectIsEvaluatedOnce) {
  EXPECT_EQ(note("function twice(v)\n x := v\n y := v\nend function\n", "twice(play_note(60, 100, 0, -1))")[0],
            "0: t1 := play_note(60, 100, 0, -1); v.0 := t1; x := v.0; y := v.0; go 1");
}

TEST(Functions, AnArrayIsPassedByName) {
  EXPECT_EQ(note("function put(t, i)\n t[i] := 1\nend function\n", "put(a, x)\nput(b, 2)")[0],
            "0: a[x] := 1; b[2] := 1; go 1");
}

TEST(Functions, AnArrayIsPassedOnThroughTwoCalls) {
  EXPECT_EQ(
      note("function put(t, i)\n t[i] := 1\nend function\nfunction both(u)\n put(u, 0)\n put(u, 1)\nend function\n",
           "both(b)")[0],
      "0: b[0] := 1; b[1] := 1; go 1");
}

TEST(Functions, NestedCallsResolveTheirParametersOutward) {
  EXPECT_EQ(
      note("function add(v, w)\n v := v + w\nend function\nfunction more(v)\n add(v, 2)\n add(y, v)\nend function\n",
           "more(x)")[0],
      "0: x := (x + 2); y := (y + x); go 1");
}

TEST(Functions, AResultIsAPlaceOfItsOwn) {
  EXPECT_EQ(note("function next(v) -> r\n r := v + 1\nend function\n", "x := next(y)")[0],
            "0: r.0 := (y + 1); x := r.0; go 1");
}

TEST(Functions, EachCopyHasItsOwnLocals) {
  const Lines lines = note("function f(v)\n declare t\n t := v\n x := t\nend function\n", "f(1)\nf(2)");
  EXPECT_EQ(lines[0], "0: t.0 := 0; t.0 := 1; x := t.0; t.1 := 0; t.1 := 2; x := t.1; go 1");
}

TEST(Functions, ExitInAnInlinedFunctionLeavesTheCallback) {
  EXPECT_EQ(note("function f\n if x = 1\n exit\n end if\nend function\n", "f\ny := 2"),
            (Lines{"0: if (x = 1) then 1 else 2", "1: end", "2: y := 2; go 1"}));
}

TEST(Functions, ExitInACalledFunctionLeavesTheFunction) {
  EXPECT_EQ(note("function f\n if x = 1\n exit\n end if\n x := 5\nend function\n", "call f\ny := 2"),
            (Lines{"0: if (x = 1) then 1 else 2", "1: y := 2; go 3", "2: x := 5; go 1", "3: end"}));
}

TEST(Functions, ExitInAFunctionInlinedIntoACalledOneLeavesTheCalledOne) {
  EXPECT_EQ(note("function g\n exit\nend function\nfunction f\n g\n x := 5\nend function\n", "call f\ny := 2"),
            (Lines{"0: y := 2; go 1", "1: end"}));
}

TEST(TaskFunctions, CopyInCopyOutAndBoth) {
  EXPECT_EQ(note("taskfunc t(a1, var b1, out c1)\n a1 := a1 + 1\n b1 := b1 + a1\n c1 := a1\nend taskfunc\n",
                 "t(x, y, a[0])")[0],
            "0: a1.0 := x; b1.1 := y; c1.2 := 0; a1.0 := (a1.0 + 1); b1.1 := (b1.1 + a1.0); c1.2 := a1.0; "
            "y := b1.1; a[0] := c1.2; go 1");
}

TEST(TaskFunctions, ExitLeavesTheFunctionAndStillCopiesOut) {
  EXPECT_EQ(
      note("taskfunc t(var v)\n v := 1\n if x = 1\n exit\n end if\n v := 2\nend taskfunc\n", "t(y)"),
      (Lines{"0: v.0 := y; v.0 := 1; if (x = 1) then 1 else 2", "1: y := v.0; go 3", "2: v.0 := 2; go 1", "3: end"}));
}

TEST(Functions, ALoopInAnInlinedConditionKeepsItsShape) {
  const Lowered lowered(std::string(kInit) +
                        "function many(v) -> r\n r := 0\n while r < v\n inc(r)\n end while\nend function\n"
                        "on note\n while many(3) = x\n x := many(4)\n end while\nend on\n");
  expect_well_formed(lowered.module);
  int loops = 0;
  for (const Block& block : lowered.module.blocks) loops += block.loop_head ? 1 : 0;
  EXPECT_EQ(loops, 3);
}

TEST(Functions, AnInlinedInstructionKeepsThePlaceInTheBody) {
  const Lowered lowered(std::string(kInit) +
                        "function start(v)\n x := play_note(v, 100, 0, -1)\nend function\n"
                        "on note\n start(60)\n start(62)\nend on\n");
  int calls = 0;
  for (const Instr& one : lowered.module.instrs) {
    if (one.effect != Effect::play_note) continue;
    ++calls;
    EXPECT_EQ(lowered.source(one.span), "play_note(v, 100, 0, -1)");
  }
  EXPECT_EQ(calls, 2);
}

TEST(Limits, ACallbackThatGrowsTooLargeIsNamed) {
  std::string functions;
  for (int i = 0; i < 8; ++i) {
    const std::string inner = i == 0 ? std::string("x := x + 1") : "f" + std::to_string(i - 1);
    functions += "function f" + std::to_string(i) + "\n";
    for (int k = 0; k < 4; ++k) functions += " " + inner + "\n";
    functions += "end function\n";
  }
  const Lowered lowered(kInit + functions + "on note\n f7\nend on\non release\n y := 1\nend on\n",
                        {.max_instructions = 500});
  ASSERT_EQ(lowered.module.limits.size(), 1u);
  EXPECT_EQ(lowered.module.limits[0].first, "on note");
  EXPECT_LT(lowered.module.instrs.size(), 2000u);
  expect_well_formed(lowered.module);
  EXPECT_EQ(lowered.text("on release")[0], "0: y := 1; go 1");
}

TEST(Limits, CallsThatGoTooDeepAreNamed) {
  std::string functions = "function f0\n x := 1\nend function\n";
  for (int i = 1; i < 6; ++i) {
    functions += "function f" + std::to_string(i) + "\n f" + std::to_string(i - 1) + "\nend function\n";
  }
  const std::string script = kInit + functions + "on note\n f5\nend on\n";
  EXPECT_EQ(Lowered(script, {.max_inline_depth = 3}).module.limits.size(), 1u);
  EXPECT_TRUE(Lowered(script, {.max_inline_depth = 6}).module.limits.empty());
}

// Every statement in every other one, three deep.
TEST(Modules, AreWellFormedHoweverStatementsNest) {
  const std::vector<std::pair<std::string, std::string>> shells = {
      {"if x = 1\n", "end if\n"},
      {"if x = 1\n y := 1\nelse\n", "end if\n"},
      {"while x < 5\n", "inc(x)\nend while\n"},
      {"for y := 0 to 3\n", "end for\n"},
      {"select x\ncase 1\n", "case 2 to 3\n y := 1\nelse\n x := 1\nend select\n"},
      {"f\n", ""}};
  const std::vector<std::string> leaves = {"x := 1\n", "exit\n", "continue\n", "call g\n", "wait(1000)\n"};
  for (const auto& [open1, close1] : shells) {
    for (const auto& [open2, close2] : shells) {
      for (const auto& [open3, close3] : shells) {
        std::string body;
        for (const std::string& leaf : leaves) {
          if (leaf == "continue\n" && (open1 + open2 + open3).find(" to 3") == std::string::npos) continue;
          body += open1 + open2 + open3 + leaf + close3 + close2 + close1;
        }
        const Lowered lowered(std::string(kInit) + "function f\n if y = 2\n x := 3\n end if\nend function\n" +
                              "function g\n while x = 1\n exit\n end while\nend function\non note\n" + body +
                              "end on\n");
        expect_well_formed(lowered.module);
        if (::testing::Test::HasFailure()) {
          ADD_FAILURE() << body;
          return;
        }
      }
    }
  }
}

}  // namespace

}  // namespace fermata::ir::test
