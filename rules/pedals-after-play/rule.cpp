#include "rules/support.h"

namespace fermata::rules {

void pedals_after_play(const Context& context) {
  const Program& program = context.program;
  for (const Flow& flow : program.flows) {
    bool played = false;
    for (size_t i = 0; i < flow.entries.size(); ++i) {
      const FlowEntry& entry = flow.entries[i];
      if (entry.node == kNone) continue;
      const NodeDef& node = program.nodes[entry.node];
      if (lower_case(program.name(node.name)) == "stl.pedals" && (played || i + 1 == flow.entries.size())) {
        context.report(entry.span, "Stl.Pedals stands behind the node that plays: no voice gets to it");
      }
      played = played || node.plays;
    }
  }
}

}  // namespace fermata::rules
