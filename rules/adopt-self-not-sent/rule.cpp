#include "rules/support.h"

namespace fermata::rules {

void adopt_self_not_sent(const Context& context) {
  for (const ir::Entry& entry : context.module.entries) {
    if (entry.kind != ir::EntryKind::note_on) continue;
    bool passed = false;
    each_instr(context.module, entry, [&](const ir::Instr& instr, ir::BlockId, uint32_t) {
      passed = passed || instr.effect == ir::Effect::pass;
      if (instr.effect != ir::Effect::adopt || !passed || !is_env(context.module, instr.b, ir::Env::self)) return;
      context.report(instr.span,
                     "the runtime adopts this node's own voice; the voice that sounds is the one that was sent on");
    });
  }
}

}  // namespace fermata::rules
