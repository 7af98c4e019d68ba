#include <gmock/gmock.h>

#include <limits>

#include "build_support.h"
#include "frontend/builtins.h"

namespace fermata::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(BuildBodies, StatementsOfEveryKind) {
  const Program program = build(
      "on note\n if (a = 1)\n  x := 1\n else if a > 2\n  x := 2\n else\n  x := 3\n end if\n"
      " while (x < 4)\n  inc(x)\n  continue\n end while\n for i := 9 downto 0 step 3\n  wait(1)\n end for\n"
      " select (x)\n  case 1\n   exit\n  case 2 to 5\n   ignore_midi\n  else\n   call f\n end select\nend on\n"
      "function f\n x += 2\nend function\n");
  EXPECT_THAT(body(program, "on note"),
              ElementsAre("if (a = 1)", "  x := 1", "else", "  if (a > 2)", "    x := 2", "  else", "    x := 3",
                          "  end if", "end if", "while (x < 4)", "  inc(x)", "  continue", "end while",
                          "for i := 9 downto 0 step 3", "  wait(1)", "end for", "select x", "  case 1", "    exit",
                          "  case 2 to 5", "    ignore_midi()", "  else", "    call f()", "end select"));
  EXPECT_THAT(body(program, "function f()"), ElementsAre("x := (x + 2)"));
  EXPECT_THAT(problems(program), IsEmpty());
}

TEST(BuildBodies, OperatorsBindAsInKontakt) {
  const Program program = build(
      "on note\n x := 1 + 2 * 3 mod 2\n x := not a = 1 and b # 2 or c\n x := a .and. 3 + 1 .or. 4\n @s := \"a\" & 1 + "
      "2\n"
      " x := -a * .not. b\nend on\n");
  EXPECT_THAT(body(program, "on note"),
              ElementsAre("x := (1 + ((2 * 3) mod 2))", "x := ((not (a = 1) and (b # 2)) or c)",
                          "x := ((a .and. (3 + 1)) .or. 4)", "@s := (\"a\" & (1 + 2))", testing::_));
}

TEST(BuildBodies, FullRangeCaseStaysARange) {
  const Program program = build(
      "on note\n select x\n  case 080000000H to 07FFFFFFFH\n   y := 1\n end select\n select x\n  case CASE.ELSE\n   y "
      ":= 1\n"
      " end select\nend on\n");
  ASSERT_EQ(program.cases.size(), 2u);
  for (const Case& one : program.cases) {
    EXPECT_EQ(program.exprs[one.from].int_value, std::numeric_limits<int32_t>::min());
    EXPECT_EQ(program.exprs[one.to].int_value, std::numeric_limits<int32_t>::max());
  }
}

TEST(BuildBodies, FunctionsAreFoundByNameAndNumberOfArguments) {
  const Program program = build(
      "function f(a)\n a := 1\nend function\nfunction f(a, b) -> r\n r := a\nend function\n"
      "function g\nend function\nfunction g override\n x := 9\nend function\n"
      "taskfunc t(a, var b, out c) -> r\n r := a\nend taskfunc\n"
      "on note\n F(x)\n y := f(1, 2)\n g\n y := t(1, x, y)\n _set_engine_par(1, 2, 3, 4, 5)\nend on\n");
  const auto calls = program.statements(program.callbacks[0].body);
  const auto callee = [&](size_t i) { return program.exprs[program.stmts[calls[i]].value].function; };
  EXPECT_EQ(program.functions[callee(0)].parameters.size(), 1u);
  EXPECT_EQ(program.functions[callee(1)].parameters.size(), 2u);
  EXPECT_EQ(program.statements(program.functions[callee(2)].body).size(), 1u);
  const Function& task = program.functions[callee(3)];
  EXPECT_TRUE(task.task);
  EXPECT_EQ(program.symbols[task.parameters[0]].mode, ParameterMode::in);
  EXPECT_EQ(program.symbols[task.parameters[1]].mode, ParameterMode::var);
  EXPECT_EQ(program.symbols[task.parameters[2]].mode, ParameterMode::out);
  EXPECT_EQ(program.symbols[task.result].kind, SymbolKind::result);
  EXPECT_EQ(program.name(program.exprs[program.stmts[calls[4]].value].name), "set_engine_par");
}

TEST(BuildBodies, ArrowsAreParameters) {
  const Program program =
      build("on note\n EVENT_ID -> note := 60\n x := play_note(1, 2, 3, 0) -> volume\n k -> text := \"hi\"\nend on\n");
  EXPECT_THAT(body(program, "on note"),
              ElementsAre("$event_id -> note := 60", "x := play_note(1, 2, 3, 0) -> volume", "k -> text := \"hi\""));
}

TEST(BuildBodies, PropertiesAreCalls) {
  const Program program = build(
      "on init\n declare store[10]\n declare x\nend on\n"
      "property cell\n function get(i) -> r\n  r := store[i]\n end function\n function set(i, v)\n  store[i] := v\n "
      "end function\n"
      "end property\n"
      "property twice[i] -> store[i * 2]\n"
      "on note\n cell[3] := cell[4] + 1\n x := twice[x]\n twice[1] := 2\nend on\n");
  EXPECT_THAT(body(program, "on note"),
              ElementsAre("cell.set(3, (cell.get(4) + 1))", "x := store[(x * 2)]", "store[(1 * 2)] := 2"));
}

TEST(BuildBodies, FStringsAreConcatenations) {
  const Program program = build("on note\n message(f'n=<x + 1>, \\<b>')\nend on\n");
  EXPECT_THAT(body(program, "on note"), ElementsAre("message(((\"n=\" & (x + 1)) & \", <b>\"))"));
}

TEST(BuildBodies, ChildLoops) {
  const Program program = build(
      "on note\n for_each_child(v)\n  x := child\n  for_each_child(child, c)\n   y := c\n  end_for_each_child\n "
      "end_for_each_child\n z := 1\nend on\n");
  EXPECT_THAT(body(program, "on note"),
              ElementsAre("for_each_child(v, child)", "  x := child", "  for_each_child(child, c)", "    y := c",
                          "  end_for_each_child", "end_for_each_child", "z := 1"));
  EXPECT_THAT(problems(build("on note\n for_each_child(v)\n x := 1\nend on\n")),
              ElementsAre("2: syntax-error: expected 'end_for_each_child' before the end of the block"));
}

TEST(BuildBodies, ABrokenStatementCostsOnlyItself) {
  const Program program = build(
      "on note\n a := 1\n b := := 2\n c := 3\n play_note(1, 2 3, 4)\n if (a = 1)\n  d := 4\nend on\n"
      "on release\n e := 5\nend on\n");
  const std::vector<std::string> note = body(program, "on note");
  EXPECT_THAT(note, testing::Contains("a := 1"));
  EXPECT_THAT(note, testing::Contains("c := 3"));
  EXPECT_THAT(note, testing::Contains("  d := 4"));
  EXPECT_THAT(note, testing::Contains("{ not understood }"));
  EXPECT_THAT(body(program, "on release"), ElementsAre("e := 5"));
  const std::vector<std::string> found = problems(program);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_THAT(found[0], HasSubstr("3: syntax-error: unexpected"));
  EXPECT_THAT(found[1], HasSubstr("5: syntax-error: unexpected '3', expected an argument"));
  EXPECT_THAT(found[2], HasSubstr("syntax-error: expected 'end if', found 'end on'"));
}

TEST(BuildBodies, PythonIsOpaque) {
  const Program program = build("on init\n run<< print(1) >>\n run<< print(2) >>\nend on\n");
  EXPECT_THAT(body(program, "on init"), ElementsAre("{ not understood }", "{ not understood }"));
}

TEST(BuildBodies, MessagesNameWhatIsMissing) {
  EXPECT_THAT(problems(build("on note\n if (a > 1\n  b := 2\n end if\nend on\n")),
              testing::Contains("2: syntax-error: expected ')', found the end of the line"));
  EXPECT_THAT(problems(build("on note\n b := x[2\n a := 1\nend on\n")),
              testing::Contains("2: syntax-error: expected ']', found the end of the line"));
}

TEST(BuildBodies, DeepTextIsCutWithAWarning) {
  std::string text = "on note\n x := ";
  for (int i = 0; i < 700; ++i) text += "(1 + ";
  text += "2";
  for (int i = 0; i < 700; ++i) text += ")";
  text += "\n y := 1\nend on\non release\n";
  for (int i = 0; i < 700; ++i) text += " if (a = 1)\n";
  for (int i = 0; i < 700; ++i) text += " end if\n";
  text += "end on\non listener\n if (a = 0)\n";
  for (int i = 0; i < 5000; ++i) text += " else if (a = 1)\n  b := 2\n";
  text += " end if\nend on\n";
  const Program program = build(text);
  EXPECT_EQ(program.callbacks.size(), 3u);
  EXPECT_THAT(problems(program), testing::Contains(HasSubstr("limit-reached")));
}

TEST(BuildBodies, CallbacksAndTheirControls) {
  const Program program = build(
      "on init\n declare ui_knob $k (0, 1, 1)\nend on\non ui_control($K)\n x := $k\nend on\non _pgs_changed\nend "
      "on\non midi_in\nend on\n");
  ASSERT_EQ(program.callbacks.size(), 4u);
  EXPECT_EQ(program.symbols[program.callbacks[1].control].ui, UiKind::knob);
  EXPECT_EQ(program.name(program.callbacks[2].kind), "pgs_changed");
  EXPECT_TRUE(program.multi_script);
  EXPECT_FALSE(program.ivls);
}

TEST(Builtins, FunctionsKnowTheirNumberOfArguments) {
  EXPECT_TRUE(is_builtin_function("play_note"));
  EXPECT_FALSE(is_builtin_function("my_function"));
  EXPECT_EQ(find_builtin_function("note_off")->min_arguments, 1);
  EXPECT_EQ(find_builtin_function("note_off")->max_arguments, 2);
  EXPECT_EQ(find_builtin_function("ignore_midi")->max_arguments, 0);
  EXPECT_EQ(builtin_constant("mark_28"), 1 << 27);
  EXPECT_EQ(builtin_constant("midi_command_note_on"), 144);
  EXPECT_EQ(find_builtin_variable("key_down")->cells, 128u);
}

TEST(BuildBodies, CaseElseIsExplainedAndTakenForElse) {
  for (const char* rest : {"case else", "case  else  { or so }", "case else // or so"}) {
    const Program program =
        build("on note\n select (a)\n case 1\n  x := 1\n " + std::string(rest) + "\n  x := 2\n end select\nend on\n");
    ASSERT_EQ(program.diagnostics.size(), 1u) << rest;
    EXPECT_THAT(problems(program)[0], HasSubstr("5: syntax-error: there is no 'case else'"));
    ASSERT_EQ(program.cases.size(), 2u);
    EXPECT_EQ(program.cases[1].from, kNone);
  }
  for (const char* wrong : {"case 1 to", "case", "case 1, 2"}) {
    const Program program =
        build("on note\n select (a)\n case elsewhere\n " + std::string(wrong) + "\n  x := 1\n end select\nend on\n");
    EXPECT_THAT(problems(program), ElementsAre("4: syntax-error: a case has one value, or two with 'to' between them"))
        << wrong;
  }
}

TEST(BuildBodies, CommentsThatAreNotClosedAreNamed) {
  EXPECT_THAT(problems(build("on init\nend on\n{ so\non note\nend on\n")),
              ElementsAre("3: syntax-error: the comment that begins here is not closed: '}' is missing"));
}

TEST(BuildBodies, DeepBlocksAndLongRowsOfSignsEndAtTheLimit) {
  std::string blocks = "on note\n", ends;
  for (int i = 0; i < 3000; ++i) blocks += "if (a = 1)\n", ends += "end if\n";
  for (const std::string& tail : {ends, std::string()}) {
    const Program program = build(blocks + tail + "end on\n");
    ASSERT_FALSE(program.diagnostics.empty());
    EXPECT_THAT(problems(program)[0], HasSubstr(": limit-reached: nested deeper than the limit of 1000"));
    EXPECT_LE(program.files[0].position(program.diagnostics[0].span.begin).line, 1004u);
  }
  for (const std::string& sign : {std::string("-"), std::string("not "), std::string(".not. ")}) {
    std::string row;
    for (int i = 0; i < 3000; ++i) row += sign;
    const Program program = build("on note\n if (" + row + "a)\n end if\nend on\n");
    ASSERT_FALSE(program.diagnostics.empty());
    EXPECT_EQ(program.diagnostics[0].rule, "limit-reached") << sign;
  }
}

}  // namespace
}  // namespace fermata::test
