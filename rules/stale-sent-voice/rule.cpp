#include "rules/support.h"

namespace fermata::rules {

void stale_sent_voice(const Context& context) {
  const ir::Module& module = context.module;
  for (const ir::Entry& entry : module.entries) {
    if (entry.kind != ir::EntryKind::note_on) continue;
    bool passed = false;
    each_instr(module, entry, [&](const ir::Instr& instr, ir::BlockId, uint32_t) {
      passed = passed || instr.effect == ir::Effect::pass;
      if (passed || (!is_env(module, instr.a, ir::Env::sent_voice) && !is_env(module, instr.b, ir::Env::sent_voice))) {
        return;
      }
      context.report(instr.span, "nothing was sent on before this: sentVoice is stale here");
    });
  }
}

}  // namespace fermata::rules
