#include <gmock/gmock.h>

#include "build_support.h"

namespace fermata::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(BuildSymbols, SigilIsPartOfTheName) {
  const Program program = build(
      "on init\n declare $a\n declare %a[4]\n declare @a\nend on\n"
      "on note\n $A := 1\n %a[2] := 3\n a := 5\n a[1] := 7\n @a := \"x\"\nend on\n");
  EXPECT_THAT(body(program, "on note"), ElementsAre("$a := 1", "%a[2] := 3", "$a := 5", "%a[1] := 7", "@a := \"x\""));
  EXPECT_EQ(symbol(program, "a", '%')->dimensions, std::vector<uint32_t>{4});
  EXPECT_EQ(symbol(program, "a", '@')->type, ValueType::string);
}

TEST(BuildSymbols, SigilMayBeLeftOutOnEitherSide) {
  const Program program = build("on init\n declare ids[3]\n declare n\nend on\non note\n %ids[$n] := 1\nend on\n");
  EXPECT_THAT(body(program, "on note"), ElementsAre("ids[n] := 1"));
}

TEST(BuildSymbols, ConstantsFoldInBothDirections) {
  const Program program = build(
      "on init\n declare const $SIZE := $BASE * 2\n declare const $BASE := 0FH + b01\n declare %x[$SIZE + 1]\n"
      " declare const $MASK := 0x10 .or. 3\n declare const $MIN := 080000000H\nend on\n");
  EXPECT_EQ(symbol(program, "base")->value, 17);
  EXPECT_EQ(symbol(program, "size")->value, 34);
  EXPECT_EQ(symbol(program, "mask")->value, 19);
  EXPECT_EQ(symbol(program, "min")->value, -2147483648LL);
  EXPECT_EQ(symbol(program, "x")->dimensions, std::vector<uint32_t>{35});
}

TEST(BuildSymbols, ConstBlockNumbersOnFromAGivenValue) {
  const Program program = build(
      "on init\n const mode\n OFF\n SLOW := 5\n FAST\n end const\n declare a[mode.SIZE]\nend on\n"
      "on note\n $x := mode.FAST\n $y := mode[1]\nend on\n");
  EXPECT_EQ(symbol(program, "mode.off")->value, 0);
  EXPECT_EQ(symbol(program, "mode.fast")->value, 6);
  EXPECT_EQ(symbol(program, "mode.size")->value, 3);
  EXPECT_EQ(symbol(program, "a")->dimensions, std::vector<uint32_t>{3});
  EXPECT_THAT(body(program, "on note"), ElementsAre("$x := mode.fast", "$y := mode[1]"));
  EXPECT_EQ(symbol(program, "mode")->initial_items.size(), 3u);
}

TEST(BuildSymbols, FamiliesPrefixNamesInsideAndOut) {
  const Program program = build(
      "on init\n family layer\n  declare const COUNT := 3\n  declare ids[COUNT]\n  family env\n   declare attack\n  "
      "end family\n"
      " end family\nend on\n"
      "family tool\n function twice(x) -> r\n  r := x * 2\n end function\n function use\n  layer.env.attack := "
      "twice(4)\n"
      " end function\nend family\n"
      "on note\n layer.ids[0] := layer.COUNT\n tool.use\nend on\n");
  EXPECT_EQ(symbol(program, "layer.ids")->dimensions, std::vector<uint32_t>{3});
  EXPECT_THAT(body(program, "on note"), ElementsAre("layer.ids[0] := layer.count", "tool.use()"));
  EXPECT_THAT(body(program, "function tool.use()"), ElementsAre("layer.env.attack := twice(4)"));
  for (const Expr& expr : program.exprs) {
    if (expr.kind == ExprKind::call) {
      EXPECT_NE(expr.function, kNone);
    }
  }
}

TEST(BuildSymbols, LocalsBelongToTheirCallback) {
  const Program program = build(
      "on init\n declare x\nend on\non note\n declare x := x + 1\n x := 2\n declare global g\nend on\n"
      "function f\n x := 3\n g := 4\nend function\n");
  uint32_t locals = 0;
  for (const Symbol& one : program.symbols) locals += one.kind == SymbolKind::local;
  EXPECT_EQ(locals, 1u);
  const Stmt& in_note = program.stmts[program.statements(program.callbacks[1].body)[1]];
  EXPECT_EQ(program.symbols[program.exprs[in_note.target].symbol].kind, SymbolKind::local);
  const Stmt& in_function = program.stmts[program.statements(program.functions[0].body)[0]];
  EXPECT_EQ(program.symbols[program.exprs[in_function.target].symbol].kind, SymbolKind::global);
  EXPECT_EQ(symbol(program, "g")->kind, SymbolKind::global);
}

TEST(BuildSymbols, StructsBecomeArraysOfTheirMembers) {
  const Program program = build(
      "struct Pair\n declare left\n declare right[2]\nend struct\n"
      "struct Note\n declare pitch\n declare &Pair pair\nend struct\n"
      "on init\n declare &Note notes[10]\n declare &Note one\nend on\n"
      "on note\n notes[3].pitch := one.pitch\n notes[3].pair.right[1] := 5\nend on\n");
  EXPECT_EQ(symbol(program, "notes.pitch")->dimensions, std::vector<uint32_t>{10});
  EXPECT_EQ(symbol(program, "notes.pair.right")->dimensions, (std::vector<uint32_t>{10, 2}));
  EXPECT_FALSE(symbol(program, "one.pitch")->is_array);
  EXPECT_THAT(body(program, "on note"), ElementsAre("notes.pitch[3] := one.pitch", "notes.pair.right[3, 1] := 5"));
  EXPECT_THAT(problems(program), IsEmpty());
}

TEST(BuildSymbols, AStructInsideItselfIsReported) {
  const Program program = build("struct S\n declare &S next\nend struct\non init\n declare &S s\nend on\n");
  EXPECT_THAT(problems(program), ElementsAre("2: expansion-failed: struct 'S' contains itself"));
}

TEST(BuildSymbols, ListsAndSizes) {
  const Program program = build(
      "on init\n list names[]\n  5\n  7\n end list\n declare list queue[]\n declare a[] := (1, 2, 3)\n declare m[2, "
      "5]\n"
      " list_add(queue, 4)\nend on\non note\n x := a.SIZE\n x := m.SIZE\n x := m.SIZE_D2\n x := queue.SIZE\nend on\n");
  EXPECT_TRUE(symbol(program, "names")->is_list);
  EXPECT_EQ(symbol(program, "names")->initial_items.size(), 2u);
  EXPECT_TRUE(symbol(program, "queue")->is_list);
  EXPECT_THAT(body(program, "on note"), ElementsAre("x := 3", "x := 10", "x := 5", "x := num_elements(queue)"));
}

TEST(BuildSymbols, WidgetsHaveTheRangeThatAUserCanReach) {
  const Program program = build(
      "on init\n declare const $TOP := 20\n declare ui_slider $s (-5, $TOP)\n declare ui_knob $k (0, 100, 1)\n"
      " declare ui_switch $w\n declare ui_menu $m\n add_menu_item($m, \"a\", 3)\n add_menu_item($m, \"b\", -1)\n"
      " declare ui_menu $open\n add_menu_item($open, \"a\", random(0, 9))\n declare ui_table %t[4] (2, 2, -50)\n"
      " declare pers ui_value_edit $v (1, 9, 1)\n make_persistent($s)\n set_control_par(get_ui_id($k), "
      "$CONTROL_PAR_MAX_VALUE, 5)\n"
      "end on\n");
  const Symbol& slider = *symbol(program, "s");
  EXPECT_TRUE(slider.ui_range_known && slider.persistent);
  EXPECT_EQ(slider.ui_min, -5);
  EXPECT_EQ(slider.ui_max, 20);
  EXPECT_FALSE(symbol(program, "k")->ui_range_known);
  EXPECT_EQ(symbol(program, "w")->ui_max, 1);
  EXPECT_EQ(symbol(program, "m")->ui_min, -1);
  EXPECT_EQ(symbol(program, "m")->ui_max, 3);
  EXPECT_FALSE(symbol(program, "open")->ui_range_known);
  EXPECT_EQ(symbol(program, "t")->ui_min, -50);
  EXPECT_TRUE(symbol(program, "v")->persistent);
}

TEST(BuildSymbols, TypesComeFromTheValueWhereThereIsNoSigil) {
  const Program program =
      build("on init\n declare r := -2.5\n declare s := \"x\"\n declare polyphonic p\n declare ?q[2]\nend on\n");
  EXPECT_EQ(symbol(program, "r")->type, ValueType::real);
  EXPECT_EQ(symbol(program, "s")->type, ValueType::string);
  EXPECT_TRUE(symbol(program, "p")->polyphonic);
  EXPECT_EQ(symbol(program, "q")->type, ValueType::real);
}

TEST(BuildSymbols, BuiltinsAndUnknownNames) {
  const Program program =
      build("on note\n a := EVENT_NOTE + $NEW_KONTAKT_THING\n b := %CC[64] + MARK_3\n c := key_name\nend on\n");
  EXPECT_EQ(symbol(program, "event_note")->kind, SymbolKind::builtin);
  EXPECT_EQ(symbol(program, "new_kontakt_thing")->kind, SymbolKind::builtin);
  EXPECT_TRUE(symbol(program, "cc")->is_array);
  EXPECT_EQ(symbol(program, "mark_3")->value, 4);
  EXPECT_EQ(symbol(program, "key_name"), nullptr);
}

TEST(BuildSymbols, TopLevelDeclarationsRunInAnInitOfTheirOwn) {
  const Program program = build("declare a := 3\nfamily f\n declare b\nend family\non init\n declare c\nend on\n");
  ASSERT_EQ(program.callbacks.size(), 2u);
  EXPECT_EQ(program.statements(program.callbacks[0].body).size(), 2u);
  EXPECT_EQ(symbol(program, "f.b")->kind, SymbolKind::global);
}

}  // namespace
}  // namespace fermata::test
