#include "frontend/builtins.h"
#include "rules/support.h"

namespace fermata::rules {

using ir::Effect;

namespace {

// Conditions over the key alone; a count of keys or a mode of the script's own may well mean "all of them".
bool for_each_key(const ir::Module& module, const ir::Entry& entry, ir::BlockId block) {
  for (const ir::ExprId guard : guards_of(module, entry, block)) {
    const bool own = any_part(module, guard, [&](const ir::Expr& part) {
      return part.kind == ir::ExprKind::unknown || (part.kind == ir::ExprKind::slot && !module.slots[part.slot].ui);
    });
    if (own) return false;
  }
  return true;
}

bool is_all_events(const ir::Module& module, ir::ExprId id) {
  return is_env(module, id, ir::Env::all_events) ||
         (id != kNone && constant_of(module, id) == builtin_constant("all_events"));
}

}  // namespace

void all_events_hammer(const Context& context) {
  const ir::Module& module = context.module;
  for (const ir::Entry& entry : module.entries) {
    if (entry.kind != ir::EntryKind::release && entry.kind != ir::EntryKind::note_off) continue;
    each_instr(module, entry, [&](const ir::Instr& instr, ir::BlockId block, uint32_t) {
      const bool ends = instr.effect == Effect::note_off || instr.effect == Effect::ignore_event ||
                        (instr.effect == Effect::fade_out && constant_of(module, instr.c).value_or(0) == 1);
      if (!ends || !is_all_events(module, instr.a) || !for_each_key(module, entry, block)) return;
      context.report(instr.span, "each key that goes up ends all notes here, those of other keys too");
    });
  }
}

}  // namespace fermata::rules
