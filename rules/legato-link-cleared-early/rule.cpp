#include "rules/support.h"

namespace fermata::rules {

using ir::Effect;

namespace {

struct Stage {
  bool makes_link = false, clears = false, takes = false;
};

Stage stage_of(const Context& context, NodeId id) {
  const NodeDef& node = context.program.nodes[id];
  Stage stage;
  if (node.library) {
    const std::string name = lower_case(context.program.name(node.name));
    stage.makes_link = name == "stl.monolegato" || name == "stl.polylegato";
    stage.clears = name == "stl.legatoswitch";
    return stage;
  }
  for (const ir::Entry& entry : context.module.entries) {
    if (entry.node != id || (entry.kind != ir::EntryKind::note_on && entry.kind != ir::EntryKind::note_pass)) continue;
    each_instr(context.module, entry, [&](const ir::Instr& instr, ir::BlockId, uint32_t) {
      stage.clears =
          stage.clears || (instr.effect == Effect::legato_clear && is_env(context.module, instr.a, ir::Env::self));
      stage.takes = stage.takes || instr.effect == Effect::legato_source ||
                    (instr.effect == Effect::load && instr.array == context.module.field_source);
    });
  }
  // A node that takes the source may well clear the link afterwards.
  if (stage.takes) stage.clears = false;
  return stage;
}

}  // namespace

void legato_link_cleared_early(const Context& context) {
  for (const Flow& flow : context.program.flows) {
    const FlowEntry* cleared = nullptr;
    bool linked = false;
    for (const FlowEntry& entry : flow.entries) {
      if (entry.node == kNone) break;
      const Stage stage = stage_of(context, entry.node);
      if (stage.makes_link) {
        linked = true;
        cleared = nullptr;
      }
      if (stage.takes && cleared != nullptr) {
        context.report(cleared->span, "the legato link is cleared here, before " +
                                          std::string(context.program.name(context.program.nodes[entry.node].name)) +
                                          " asks for it");
        cleared = nullptr;
      }
      if (stage.clears && linked && cleared == nullptr) cleared = &entry;
      if (stage.takes) linked = false;  // what comes after has been served
    }
  }
}

}  // namespace fermata::rules
