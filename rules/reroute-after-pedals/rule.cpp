#include "rules/support.h"

namespace fermata::rules {

namespace {

bool reroutes(const Context& context, NodeId node) {
  bool found = false;
  for (const ir::Entry& entry : context.module.entries) {
    if (entry.node != node || (entry.kind != ir::EntryKind::note_on && entry.kind != ir::EntryKind::note_pass))
      continue;
    each_instr(context.module, entry, [&](const ir::Instr& instr, ir::BlockId, uint32_t) {
      found = found || (instr.effect == ir::Effect::reflow && is_env(context.module, instr.a, ir::Env::self));
    });
  }
  return found;
}

}  // namespace

void reroute_after_pedals(const Context& context) {
  const Program& program = context.program;
  for (const Flow& flow : program.flows) {
    bool pedals = false;
    for (const FlowEntry& entry : flow.entries) {
      if (entry.node == kNone) break;
      const NodeDef& node = program.nodes[entry.node];
      if (pedals && !node.library && reroutes(context, entry.node)) {
        context.report(entry.span, "this node sends voices to another flow behind Stl.Pedals, which loses them");
      }
      pedals = pedals || (node.library && lower_case(program.name(node.name)) == "stl.pedals");
    }
  }
}

}  // namespace fermata::rules
