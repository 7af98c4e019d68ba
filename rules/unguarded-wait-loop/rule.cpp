#include "rules/support.h"

namespace fermata::rules {

using ir::Effect;

namespace {

constexpr int64_t kShort = 32;  // turns that end soon by themselves

struct Loop {
  const ir::Module& module;
  ir::BlockId test;

  bool in_body(ir::BlockId block) const {
    return module.blocks[test].region_begin <= block && block < module.blocks[test].region_end;
  }

  bool waits() const {
    for (ir::BlockId b = module.blocks[test].region_begin; b < module.blocks[test].region_end; ++b) {
      const ir::Block& block = module.blocks[b];
      for (uint32_t i = block.first; i < block.first + block.count; ++i) {
        if (module.instrs[i].effect == Effect::wait) return true;
      }
    }
    return false;
  }

  // Something that another callback may change: the path itself, a variable of the instrument, a field, a call.
  bool can_be_stopped() const {
    for (ir::BlockId b = test; b < module.blocks[test].region_end; ++b) {
      const ir::Block& block = module.blocks[b];
      if (block.jump == ir::Jump::branch &&
          any_part(module, block.condition, [&](const ir::Expr& part) { return is_open(part); })) {
        return true;
      }
      if (b != test && block.jump == ir::Jump::go && block.then_block != kNone && !in_body(block.then_block) &&
          block.then_block > test) {
        return block.then_block != module.blocks[test].join;  // an exit
      }
    }
    return false;
  }

  bool is_open(const ir::Expr& part) const {
    if (part.kind == ir::ExprKind::unknown || part.kind == ir::ExprKind::pure) return true;
    if (part.kind == ir::ExprKind::env) return true;
    if (part.kind != ir::ExprKind::slot) return false;
    // Locals without a name hold what was loaded or what a call gave.
    const ir::Slot& slot = module.slots[part.slot];
    return slot.kind == ir::SlotKind::global || slot.symbol == kNone;
  }

  bool is_short() const {
    const ir::Expr& condition = module.exprs[module.blocks[test].condition];
    if (condition.kind != ir::ExprKind::binary) return false;
    const std::optional<int64_t> limit = constant_of(module, condition.args[1]);
    return limit && *limit >= 0 && *limit <= kShort;
  }
};

}  // namespace

void unguarded_wait_loop(const Context& context) {
  const ir::Module& module = context.module;
  for (const ir::Entry& entry : module.entries) {
    if (entry.kind != ir::EntryKind::note_on) continue;
    for (ir::BlockId b = entry.start; b < entry.stop; ++b) {
      const ir::Block& block = module.blocks[b];
      if (block.jump != ir::Jump::branch || block.loop == kNone) continue;
      const Loop loop{module, b};
      if (!loop.waits() || loop.is_short() || loop.can_be_stopped()) continue;
      context.report(block.span, "this loop waits and never asks path_on: it goes on after the key is up");
    }
  }
}

}  // namespace fermata::rules
