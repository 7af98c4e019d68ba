#include "rules/walk.h"

namespace fermata::rules {

namespace {

// A function that was `call`ed is left alone; one that is inlined is part of what runs.
bool leaves_task(const Program& program, const Frame& frame) {
  for (const Frame* at = &frame; at != nullptr && at->function != kNone; at = at->caller) {
    if (program.functions[at->function].task) return true;
    if (at->subroutine) return false;
  }
  return true;
}

}  // namespace

void exit_in_task(const Context& context) {
  const Program& program = context.program;
  Visitor visitor;
  visitor.statement = [&](const Stmt& stmt, const Frame& frame) {
    if (stmt.kind != StmtKind::exit_ || !leaves_task(program, frame)) return;
    context.report(stmt.span, "exit leaves this task past the code that gives its stack back");
  };
  for (const Body& body : bodies_of(program)) {
    if (runs_as_task(body)) walk(program, body.block, visitor);
  }
  for (const Function& function : program.functions) {
    if (function.task) walk(program, function.body, visitor);
  }
}

}  // namespace fermata::rules
