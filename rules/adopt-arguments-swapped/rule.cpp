#include "rules/support.h"

namespace fermata::rules {

using ir::Effect;

namespace {

bool makes_runtime(const ir::Instr& instr) { return instr.effect == Effect::create_runtime; }
bool never(ir::Env) { return false; }

}  // namespace

void adopt_arguments_swapped(const Context& context) {
  const Sources sources(context.module);
  for (const ir::Instr& instr : context.module.instrs) {
    if (instr.effect != Effect::adopt) continue;
    const bool voice_first = sources.of(instr.a).all(makes_voice, is_voice);
    if (!voice_first && !sources.of(instr.b).all(makes_runtime, never)) continue;
    context.report(instr.span,
                   "runtime and voice are exchanged: add_voice_to_runtime wants the runtime first, "
                   "reparent_voice the voice");
  }
}

}  // namespace fermata::rules
