#include "rules/walk.h"

namespace fermata::rules {

void raw_wait_in_task(const Context& context) {
  const Program& program = context.program;
  Visitor visitor;
  visitor.call = [&](const Expr& call, const Frame& frame) {
    const std::string_view name = program.name(call.name);
    if (call.function != kNone || (name != "wait" && name != "wait_ticks" && name != "wait_async")) return;
    // The functions that save the stack have to use it.
    if (frame.function != kNone && program.name(program.functions[frame.function].name).starts_with("tcm.")) return;
    context.report(call.span, std::string(name) + " does not save this task's stack: use ivls." +
                                  (name == "wait" ? "wait_us" : std::string(name)));
  };
  for (const Body& body : bodies_of(program)) {
    if (runs_as_task(body)) walk(program, body.block, visitor);
  }
  for (const Function& function : program.functions) {
    if (function.task) walk(program, function.body, visitor);
  }
}

}  // namespace fermata::rules
