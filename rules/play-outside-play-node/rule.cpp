#include "rules/support.h"

namespace fermata::rules {

using ir::Effect;

namespace {

bool is_play_node(const Program& program, NodeId id) {
  const NodeDef& node = program.nodes[id];
  // What a base that is not here does is not known.
  return node.plays || (node.base != 0 && program.find_node(program.name(node.base)) == kNone);
}

// The field of self that the event is kept in.
ir::ArrayId kept_in(const ir::Module& module, const ir::Entry& entry, const ir::Instr& played) {
  ir::ArrayId field = kNone;
  each_instr(module, entry, [&](const ir::Instr& instr, ir::BlockId, uint32_t) {
    if (instr.effect != Effect::store || !is_env(module, instr.a, ir::Env::self)) return;
    const ir::Expr& value = module.exprs[instr.b];
    if (value.kind == ir::ExprKind::slot && value.slot == played.dst) field = instr.array;
  });
  return field;
}

// The node's NoteOff ends what the field holds, whatever else it does.
bool note_off_ends(const ir::Module& module, NodeId node, ir::ArrayId field) {
  for (const ir::Entry& entry : module.entries) {
    if (entry.node != node || entry.kind != ir::EntryKind::note_off) continue;
    bool ends = false;
    ir::SlotId loaded = kNone;
    each_instr(module, entry, [&](const ir::Instr& instr, ir::BlockId block, uint32_t) {
      if (instr.effect == Effect::load && instr.array == field && is_env(module, instr.a, ir::Env::self)) {
        loaded = instr.dst;
      }
      if (instr.effect != Effect::note_off || loaded == kNone) return;
      const ir::Expr& event = module.exprs[instr.a];
      ends =
          ends || (event.kind == ir::ExprKind::slot && event.slot == loaded && guards_of(module, entry, block).empty());
    });
    if (ends) return true;
  }
  return false;
}

}  // namespace

void play_outside_play_node(const Context& context) {
  const ir::Module& module = context.module;
  for (const ir::Entry& entry : module.entries) {
    if (entry.node == kNone || is_play_node(context.program, entry.node)) continue;
    each_instr(module, entry, [&](const ir::Instr& instr, ir::BlockId, uint32_t) {
      if (instr.effect != Effect::play_note) return;
      const bool timed = constant_of(module, instr.d).value_or(0) > 0;
      const ir::ArrayId field = timed ? kNone : kept_in(module, entry, instr);
      // Where it can hang, that is what is reported.
      if (!timed && (field == kNone || !note_off_ends(module, entry.node, field))) return;
      context.report(instr.span, "this event is played outside a play node: it does not follow its voice");
    });
  }
}

}  // namespace fermata::rules
