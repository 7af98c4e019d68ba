#include "rules/support.h"

namespace fermata::rules {

void pass_in_note_pass(const Context& context) {
  using ir::Effect;
  for (const ir::Entry& entry : context.module.entries) {
    if (entry.kind != ir::EntryKind::note_pass) continue;
    each_instr(context.module, entry, [&](const ir::Instr& instr, ir::BlockId, uint32_t) {
      if (instr.effect != Effect::pass && instr.effect != Effect::play && instr.effect != Effect::play_oneshot &&
          instr.effect != Effect::wait) {
        return;
      }
      context.report(instr.span, "NotePass runs inline: pass, play and waits do not work here");
    });
    for (const ir::Entry& other : context.module.entries) {
      if (other.node != entry.node || other.kind != ir::EntryKind::note_off) continue;
      context.report(other.span, "this node has a NotePass, which runs inline: its NoteOff never runs");
    }
  }
}

}  // namespace fermata::rules
