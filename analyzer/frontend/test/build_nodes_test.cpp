#include <gmock/gmock.h>

#include "build_support.h"

namespace fermata::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const NodeDef& node(const Program& program, std::string_view name) { return program.nodes[program.find_node(name)]; }

TEST(BuildNodes, DerivedNodesTakeAndReplaceCallbacks) {
  const Program program = build(
      "node A.Base:\n cb Init:\n  declare a.count\n cb NoteOn:\n  x := 1\n  __VIRTUAL__(Hook)\n  x := 2\n cb "
      "NoteOff:\n  y := 1\nend node\n"
      "node A.One from A.Base:\n cb Hook:\n  declare h\n  h := 10\n cb NoteOff:\n  __PARENT__()\n  y := 2\nend node\n"
      "node A.Two from A.Base:\nend node\n");
  EXPECT_THAT(section(program, "node A.One from A.Base:  { not listed }", "NoteOn"),
              ElementsAre("x := 1", "declare h", "h := 10", "x := 2"));
  EXPECT_THAT(section(program, "node A.One from A.Base:  { not listed }", "NoteOff"), ElementsAre("y := 1", "y := 2"));
  EXPECT_THAT(section(program, "node A.Two from A.Base:  { not listed }", "NoteOn"), ElementsAre("x := 1", "x := 2"));
  const NodeCallback* one = program.find_callback(program.find_node("a.one"), "noteon");
  const NodeCallback* base = program.find_callback(program.find_node("a.base"), "noteon");
  ASSERT_TRUE(one != nullptr && base != nullptr);
  EXPECT_NE(one->body, base->body);
  EXPECT_EQ(one->span, base->span);
  EXPECT_TRUE(program.ivls);
  EXPECT_FALSE(program.product);
}

TEST(BuildNodes, HooksThatContainThemselvesEnd) {
  const Program program =
      build("node A:\n cb NoteOn:\n  __VIRTUAL__(Hook)\n cb Hook:\n  x := 1\n  __VIRTUAL__(Hook)\nend node\n");
  EXPECT_THAT(problems(program), ElementsAre("4: expansion-failed: the hook 'Hook' of 'A' contains itself"));
}

TEST(BuildNodes, CyclesOfInheritanceAreReported) {
  const Program program = build("node A from B:\nend node\nnode B from A:\nend node\n");
  ASSERT_EQ(program.diagnostics.size(), 1u);
  EXPECT_EQ(program.diagnostics[0].rule, "expansion-failed");
}

TEST(BuildNodes, TheListGivesTheOrder) {
  const Program program = build(
      "node My.B:\n cb Hook:\n  x := 1\nend node\nnode My.A:\n cb Hook:\n  x := 2\nend node\nnode My.C:\n cb Hook:\n  "
      "x := 3\nend node\n"
      "node My.D:\n cb NoteOn:\n  __RUN_CB__(Hook)\n  __RUN_CB__(Nobody)\nend node\n",
      {{"IVLS_NODES", {"My.D", "My.A", "My.B"}}}, true);
  EXPECT_LT(program.find_node("My.A"), program.find_node("My.B"));
  EXPECT_TRUE(node(program, "My.A").listed);
  EXPECT_FALSE(node(program, "My.C").listed);
  EXPECT_TRUE(program.product);
  EXPECT_THAT(section(program, "node My.D:", "NoteOn"), ElementsAre("x := 2", "x := 1", "{ no node has this hook }"));
}

TEST(BuildNodes, VoiceFields) {
  const Program program = build(
      "node A:\n cb Init:\n  vo_field my_layer = -1 if (in_range(my_layer, -1, 3))\n cb NoteOn:\n  "
      "Voice[self].my_layer := 2\n"
      "  x := NodeEnv[nenv].sentVoice\n  y := Voice[x].legato.vo_src\n  if check_ref(Voice, x)\n   x := 1\n  end "
      "if\nend node\n");
  EXPECT_EQ(symbol(program, "my_layer")->kind, SymbolKind::voice_field);
  EXPECT_EQ(program.exprs[symbol(program, "my_layer")->initial].op, Op::neg);
  EXPECT_THAT(section(program, "node A:  { not listed }", "NoteOn"),
              ElementsAre("voice[$self].my_layer := 2", "x := nodeenv[$nenv].sentvoice", "y := voice[x].legato.vo_src",
                          "if check_ref(voice, x)", "  x := 1", "end if"));
}

TEST(BuildNodes, FunctionsOfNodes) {
  const Program program = build(
      "node A:\n cb Functions:\n  function a.help(x) -> r\n   declare my_own\n   r := x + self\n  end function\n cb "
      "NoteOn:\n  y := a.help(2)\nend node\n");
  const NodeCallback* on = program.find_callback(program.find_node("A"), "NoteOn");
  const Stmt& stmt = program.stmts[program.statements(on->body)[0]];
  ASSERT_NE(program.exprs[stmt.value].function, kNone);
  EXPECT_EQ(symbol(program, "my_own")->kind, SymbolKind::local);
  EXPECT_EQ(program.find_callback(program.find_node("A"), "Functions"), nullptr);
}

TEST(BuildFlows, EntriesInOrderWithLoopsUnrolled) {
  const Program program = build(
      "node A:\n cb Flows:\n  declare i\n  ivls.register_node(main.flow, A)\n  for i := 0 to 1\n   if i = 1\n    "
      "ivls.register_node(main.flow, B)\n"
      "    ivls.register_arg(main.flow, 0, i * 7)\n   end if\n  end for\n  ivls.register_move(main.flow, "
      "other.flow)\nend node\n"
      "node B:\n cb NoteOn:\n  x := main.flow\nend node\n",
      {{"IVLS_NODES", {"A", "B"}}, {"FLOWS", {"main.flow"}}}, true);
  EXPECT_TRUE(program.flows_exact);
  ASSERT_EQ(program.flows.size(), 2u);
  const Flow& main = program.flows[0];
  EXPECT_TRUE(main.declared);
  EXPECT_FALSE(program.flows[1].declared);
  ASSERT_EQ(main.entries.size(), 3u);
  EXPECT_EQ(program.name(program.nodes[main.entries[1].node].name), "B");
  EXPECT_EQ(main.entries[1].arguments, (std::vector<std::pair<int64_t, int64_t>>{{0, 7}}));
  EXPECT_EQ(main.entries[2].move, 1u);
  EXPECT_EQ(program.symbols[main.symbol].kind, SymbolKind::global);
}

TEST(BuildFlows, AConditionThatCannotBeToldMakesThemInexact) {
  const Program program =
      build("node A:\n cb Flows:\n  if some_switch = 1\n   ivls.register_node(main.flow, A)\n  end if\nend node\n", {},
            false);
  EXPECT_FALSE(program.flows_exact);
  ASSERT_EQ(program.flows.size(), 1u);
  EXPECT_EQ(program.flows[0].entries.size(), 1u);
}

TEST(BuildNodes, TheUsersNodeReplacesTheLibrarys) {
  const Program program =
      build("node Stl.Pedals:\n cb NoteOn:\n  x := 1\nend node\n", {{"IVLS_NODES", {"Ivls.STL"}}}, true);
  EXPECT_FALSE(node(program, "Stl.Pedals").library);
  EXPECT_THAT(problems(program), IsEmpty());
}

TEST(BuildNodes, TheLibraryIsClean) {
  const Program program =
      build("node A from Stl.PlayEvent.Template:\nend node\n", {{"IVLS_NODES", {"Ivls.STL", "A"}}}, true);
  EXPECT_THAT(problems(program), IsEmpty());
  EXPECT_TRUE(node(program, "A").plays);
  EXPECT_TRUE(node(program, "Stl.PlayEvent").listed);
  for (const Stmt& stmt : program.stmts) EXPECT_NE(stmt.kind, StmtKind::opaque);
  for (const Expr& expr : program.exprs) EXPECT_NE(expr.kind, ExprKind::error);
}

TEST(PrintTree, NamesFieldsAndPlaces) {
  EXPECT_EQ(print_tree("on note\n$x := 1\nend on\n").substr(0, 45), "(source_file [1:1-4:1]\n  (callback [1:1-3:7]\n");
}

TEST(BuildNodes, ANodeIsMeantWhereANodeStands) {
  const Program program = build(
      "node Sitar.Shelf:\n cb Init:\n  declare sitar.shelf[128]\n cb NoteOn:\n  sitar.shelf[0] := 1\nend node\n"
      "node Wiring:\n cb Flows:\n  ivls.register_node(lead, Sitar.Shelf)\nend node\n",
      {{"IVLS_NODES", {"Sitar.Shelf", "Wiring"}}, {"FLOWS", {"lead"}}}, true);
  EXPECT_THAT(problems(program), IsEmpty());
  ASSERT_EQ(program.flows.size(), 1u);
  ASSERT_EQ(program.flows[0].entries.size(), 1u);
  EXPECT_EQ(program.flows[0].entries[0].node, program.find_node("sitar.shelf"));
  EXPECT_TRUE(program.flows_exact);
  EXPECT_THAT(section(program, "node Sitar.Shelf:", "NoteOn"), ElementsAre("sitar.shelf[0] := 1"));
}

TEST(BuildNodes, WhatIsNoNodeInAFlowIsNamed) {
  const Program program = build(
      "node Wiring:\n cb Flows:\n  ivls.register_node(lead, My.Nobody)\n  ivls.register_node(lead, Stl.Nobody)\nend "
      "node\n",
      {{"IVLS_NODES", {"Wiring"}}, {"FLOWS", {"lead"}}}, true);
  EXPECT_FALSE(program.flows_exact);
  ASSERT_EQ(program.diagnostics.size(), 2u);
  EXPECT_THAT(problems(program)[0], testing::StartsWith("3: expansion-failed: 'My.Nobody' in the flow 'lead'"));
  EXPECT_THAT(problems(program)[1], testing::StartsWith("4: unknown-call: 'Stl.Nobody' in the flow 'lead'"));
}

TEST(BuildNodes, TwoNodesOfOneNameAreReportedWithBothPlaces) {
  const Program program = build("node My.Hold:\nend node\nnode My.hold:\nend node\n");
  ASSERT_EQ(program.diagnostics.size(), 1u);
  EXPECT_THAT(problems(program)[0], testing::StartsWith("3: expansion-failed: a node 'My.hold' is already defined"));
  ASSERT_EQ(program.diagnostics[0].related.size(), 1u);
  EXPECT_EQ(program.diagnostics[0].related[0].first.begin, 5u);
}

}  // namespace
}  // namespace fermata::test
