#include "rules/support.h"

namespace fermata::rules {

using ir::Effect;

void timed_note_off(const Context& context) {
  if (context.assume.kontakt >= 8) return;
  const ir::Module& module = context.module;
  const Sources sources(module);
  const auto timed = [&](const ir::Instr& maker) {
    return maker.effect == Effect::play_note && constant_of(module, maker.d).value_or(0) > 0;
  };
  const auto never = [](ir::Env) { return false; };
  for (const ir::Instr& instr : module.instrs) {
    if (instr.effect != Effect::note_off || !sources.of(instr.a).all(timed, never)) continue;
    context.report(instr.span, "before Kontakt 8 note_off does nothing to an event that has a length");
  }
}

}  // namespace fermata::rules
