#include <algorithm>

#include "rules/walk.h"

namespace fermata::rules {

namespace {

bool moves_one(std::string_view name) {
  static constexpr std::string_view kCalls[] = {"ivls.release_voice", "ivls.unparent_voice",
                                                "ivls.reparent_voice_to_voice", "ivls.add_child_to_parent",
                                                "voice.delete"};
  return std::ranges::find(kCalls, name) != std::end(kCalls);
}

bool moves_all(std::string_view name) {
  return name == "ivls.release_voice_children" || name == "ivls.unparent_children" || name == "ivls.move_children";
}

SymbolId symbol_of(const Program& program, ExprId expr) {
  return expr != kNone && program.exprs[expr].kind == ExprKind::symbol ? program.exprs[expr].symbol : kNone;
}

void search_loop(const Context& context, const Stmt& loop, const Frame& frame) {
  const Program& program = context.program;
  const Frame* outer = &frame;
  const SymbolId parent = symbol_of(program, resolve(program, loop.value, outer));
  Visitor visitor;
  visitor.each_call = true;
  visitor.call = [&](const Expr& call, const Frame& at) {
    const std::string_view name = program.name(call.name);
    if (call.function != kNone || (!moves_one(name) && !moves_all(name))) return;
    const Frame* where = &at;
    const SymbolId subject = symbol_of(program, resolve(program, argument(program, call, 0), where));
    if (subject == kNone || subject != (moves_one(name) ? loop.symbol : parent)) return;
    context.report(call.span, "this changes the list of children that the loop is walking");
  };
  walk(program, loop.body, visitor, frame);
}

}  // namespace

void child_list_mutated(const Context& context) {
  Visitor visitor;
  visitor.statement = [&](const Stmt& stmt, const Frame& frame) {
    if (stmt.kind == StmtKind::child_loop) search_loop(context, stmt, frame);
  };
  for (const Body& body : bodies_of(context.program)) walk(context.program, body.block, visitor);
}

}  // namespace fermata::rules
