// The language: numbers, texts, control flow, functions by name and by mode, arrays, limits.
#include <gmock/gmock.h>

#include "script.h"

namespace fermata::runtime {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Integers, WrapAt32Bits) {
  EXPECT_TRUE(holds("$x + 1 = -2147483647 - 1", "declare $x := 2147483647"));
  EXPECT_TRUE(holds("$x * $x = 0", "declare $x := 65536"));
  EXPECT_TRUE(holds("07FFFFFFFH = 2147483647"));
  EXPECT_TRUE(holds("-7 / 2 = -3 and -7 mod 2 = -1"));
  EXPECT_TRUE(holds("(12 .and. 10) = 8 and (12 .or. 3) = 15 and (.not. 0) = -1"));
  EXPECT_TRUE(holds("sh_left(1, 31) = -2147483647 - 1 and sh_right(-8, 1) = -4"));
  EXPECT_TRUE(holds("abs(-3) = 3 and in_range(5, 5, 6) and not in_range(4, 5, 6) and sgn(-9) = -1"));
  EXPECT_TRUE(holds("($x - 2147483647 - 1) / $x = -2147483647 - 1", "declare $x := -1") ||
              holds("$x / -1 = $x", "declare $x := -2147483647 - 1"));
}

TEST(Integers, DivisionByZeroIsAFault) {
  const Script script("on init\ndeclare $x\nend on\non controller\n$x := 5 / $x\nend on\n");
  EXPECT_THAT(script.faults({cc(0, 1, 1)}), ElementsAre("division-by-zero"));
}

TEST(Reals, AreReals) {
  EXPECT_TRUE(holds("~x / 2.0 > 0.74 and ~x / 2.0 < 0.76", "declare ~x := 1.5"));
  EXPECT_TRUE(holds("real_to_int(2.9) = 2 and int_to_real(3) = 3.0 and abs(-2.5) = 2.5"));
  EXPECT_TRUE(holds("pow(2.0, 3.0) = 8.0 and sqrt(9.0) = 3.0 and round(2.6) = 3.0 and floor(-0.5) = -1.0"));
  EXPECT_TRUE(holds("?a[1] = 2.5", "declare ?a[2] := (1.0, 2.5)"));
}

TEST(Texts, CanBeComparedAndJoined) {
  EXPECT_TRUE(holds("@s = \"a5\"", "declare @s", "@s := \"a\" & 5"));
  EXPECT_TRUE(holds("!s[1] = \"x\"", "declare !s[2]", "!s[1] := \"x\""));
}

TEST(Arrays, OutOfRangeReadsZeroAndWritesNothing) {
  const Script script(
      "on init\ndeclare %a[3] := (1, 2)\ndeclare $x := 9\nend on\non controller\n%a[3] := 5\n$x := %a[-1]\n"
      "if ($x = 0 and %a[2] = 2)\nplay_note(60, 100, 0, 0)\nend if\nend on\n");
  EXPECT_EQ(script.hung({cc(0, 1, 1)}), 1u);
  EXPECT_THAT(script.faults({cc(0, 1, 1)}), ElementsAre("index-out-of-range", "index-out-of-range"));
}

TEST(Arrays, HaveFunctions) {
  EXPECT_TRUE(
      holds("search(%a, 30) = 2 and search(%a, 5) = -1 and num_elements(%a) = 4", "declare %a[4] := (10, 20, 30, 40)"));
  EXPECT_TRUE(holds("%a[0] = 1 and %a[2] = 3", "declare %a[3] := (3, 1, 2)", "sort(%a, 0)"));
  EXPECT_TRUE(holds("%a[0] = 3", "declare %a[3] := (2, 1, 3)", "sort(%a, 1)"));
  EXPECT_TRUE(holds("array_equal(%a, %b)", "declare %a[2] := (1, 2)\ndeclare %b[2] := (1, 2)"));
}

TEST(Arrays, OfSeveralDimensions) {
  EXPECT_TRUE(holds("a[1, 2] = 7 and a[1, 1] = 0", "declare a[2, 3]", "a[1, 2] := 7"));
}

TEST(Lists, Grow) { EXPECT_TRUE(holds("n[1] = 8", "declare list n[]\nlist_add(n, 4)\nlist_add(n, 8)")); }

TEST(Functions, TakeTheirArgumentsByName) {
  const std::string twice = "function add(x, y)\nx := x + y\nx := x + y\nend function\n";
  EXPECT_TRUE(holds("a = 7", "declare a := 1", "add(a, 3)", twice));
  EXPECT_TRUE(holds("%t[2] = 6", "declare %t[3]\ndeclare i := 2", "add(%t[i], 3)", twice));
  // the index is evaluated each time
  EXPECT_TRUE(holds("%t[0] = 1 and %t[1] = 1", "declare %t[3]\ndeclare i", "mark(%t[i], i)",
                    "function mark(cell, i)\ncell := 1\ninc(i)\ncell := 1\nend function\n"));
}

TEST(Functions, GiveResults) {
  EXPECT_TRUE(holds("f(f(2)) = 8", "", "", "function f(x) -> r\nr := x * 2\nend function\n"));
  EXPECT_TRUE(holds("a = 5", "declare a", "a := f(2)", "function f(x) -> r\nr := x\nr := r + 3\nend function\n"));
}

TEST(Functions, ThatCallThemselvesAreRefused) {
  const Script script("on init\nend on\nfunction f\nf\nend function\non controller\nf\nend on\n");
  const Report report = script.run();
  EXPECT_FALSE(report.ran);
  EXPECT_THAT(report.error, HasSubstr("calls itself"));
}

TEST(Functions, ThatCallEachOtherForRealAreStopped) {
  const Script script(
      "on init\nend on\nfunction f\ncall g\nend function\nfunction g\ncall f\nend function\non controller\ncall f\nend "
      "on\n");
  EXPECT_EQ(script.run({cc(0, 1, 1)}).bound, "calls");
}

TEST(Functions, ThatGrowTooLargeAreRefused) {
  std::string text = "on init\ndeclare x\nend on\nfunction f0\nx := x + 1\nend function\n";
  for (int i = 1; i <= 24; ++i) {
    const std::string inner = "f" + std::to_string(i - 1) + "\n";
    text += "function f" + std::to_string(i) + "\n" + inner + inner + "end function\n";
  }
  const Report report = Script(text + "on controller\nf24\nend on\n").run();
  EXPECT_FALSE(report.ran);
  EXPECT_THAT(report.error, HasSubstr("too large"));
}

TEST(Exit, LeavesTheCallback) {
  EXPECT_FALSE(holds("1 = 1", "", "leave", "function leave\nexit\nend function\n"));
  EXPECT_TRUE(holds("1 = 1", "", "call leave", "function leave\nexit\nend function\n"));
}

TEST(TaskFunctions, PassByMode) {
  const std::string task =
      "taskfunc t(a, var b, out c) -> r\na := a + 1\nb := b + a\nc := a\nr := 100 + a\nend taskfunc\n";
  EXPECT_TRUE(holds("x = 1 and y = 12 and z = 2 and w = 102",
                    "declare x := 1\ndeclare y := 10\ndeclare z := 50\ndeclare w", "w := t(x, y, z)", task));
}

TEST(TaskFunctions, LeaveByExitWithTheirResults) {
  const std::string task = "taskfunc t(a) -> r\nr := 1\nif a > 0\nexit\nend if\nr := 2\nend taskfunc\n";
  EXPECT_TRUE(holds("w = 1", "declare w", "w := t(5)", task));
}

TEST(Loops, ForCountsPastItsEnd) {
  EXPECT_TRUE(holds("i = 4 and n = 4", "declare i\ndeclare n", "for i := 0 to 3\ninc(n)\nend for"));
  EXPECT_TRUE(holds("i = -1 and n = 4", "declare i\ndeclare n", "for i := 3 downto 0\ninc(n)\nend for"));
  EXPECT_TRUE(holds("n = 3", "declare i\ndeclare n", "for i := 0 to 9 step 4\ninc(n)\nend for"));
  EXPECT_TRUE(holds("n = 2", "declare i\ndeclare n", "for i := 0 to 3\nif i > 1\ncontinue\nend if\ninc(n)\nend for"));
}

TEST(Loops, ContinueGoesToTheCondition) {
  EXPECT_TRUE(holds("$n = 3", "declare $i\ndeclare $n",
                    "while ($i < 5)\ninc($i)\nif ($i < 3)\ncontinue\nend if\ninc($n)\nend while"));
}

TEST(Loops, WithoutEndAreCutOff) {
  Script script(
      "on init\ndeclare $i\nend on\non controller\nwhile (1 = 1)\ninc($i)\nend while\nplay_note(60, 100, 0, 0)\nend "
      "on\n");
  script.bounds.loop_turns = 1000;
  EXPECT_EQ(script.hung({cc(0, 1, 1)}), 1u);
  EXPECT_THAT(script.faults({cc(0, 1, 1)}), ElementsAre("loop-cut-off"));
  script.bounds.loop_turns = 1'000'000'000;
  script.bounds.steps = 5000;
  const Report report = script.run({cc(0, 1, 1)});
  EXPECT_EQ(report.bound, "steps");
  EXPECT_FALSE(report.quiescent);
}

TEST(Select, TakesTheFirstMatch) {
  const std::string select = "select (x)\ncase 1\ny := 1\ncase 0 to 5\ny := 2\ncase 3\ny := 3\nend select";
  EXPECT_TRUE(holds("y = 2", "declare x := 3\ndeclare y", select));
  EXPECT_TRUE(holds("y = 1", "declare x := 1\ndeclare y", select));
  EXPECT_TRUE(holds("y = 9", "declare x := 7\ndeclare y := 9", select));
  EXPECT_TRUE(holds("y = 4", "declare x := 7\ndeclare y", "select x\ncase 1\ny := 3\nelse\ny := 4\nend select"));
}

TEST(Controls, StartInTheirRange) {
  EXPECT_TRUE(holds("$k = 5", "declare ui_knob $k (5, 20, 1)"));
  EXPECT_TRUE(
      holds("$k = 7", "declare ui_knob $k (5, 20, 1)", "set_control_par(get_ui_id($k), $CONTROL_PAR_VALUE, 7)"));
  EXPECT_TRUE(holds("$k = 9", "declare ui_knob $k (5, 20, 1)", "$k -> value := 9"));
}

TEST(Shared, ValuesComeBack) {
  EXPECT_TRUE(holds("pgs_get_key_val(A, 1) = 5 and pgs_key_exists(A) and not pgs_key_exists(B)", "pgs_create_key(A, 2)",
                    "pgs_set_key_val(A, 1, 5)"));
}

TEST(Unknown, CallsAreNamedOnce) {
  const Script script("on init\nend on\non controller\nfrobnicate(1)\nfrobnicate(2)\nend on\n");
  EXPECT_THAT(script.run({cc(0, 1, 1)}).unknown_calls, ElementsAre("frobnicate"));
}

TEST(Known, InertCallsAreNotNamed) {
  const Script script("on init\nmake_perfview\nset_ui_height(2)\nmessage(\"x\" & 5)\nend on\n");
  EXPECT_THAT(script.run().unknown_calls, IsEmpty());
}

}  // namespace
}  // namespace fermata::runtime
