#include <set>

#include "rules/track.h"

namespace fermata::rules {

using ir::Effect;

namespace {

constexpr std::string_view kMessage = "this runtime's handle is used after the runtime was released";

bool uses(const ir::Module& module, const ir::Instr& instr, const Track& track) {
  return (instr.effect == Effect::adopt || instr.effect == Effect::release_runtime) && holds(module, track, instr.a);
}

bool is_slot(const ir::Module& module, ir::ExprId id) {
  return id != kNone && module.exprs[id].kind == ir::ExprKind::slot;
}

// Nothing but the handle itself, constants and what the engine gives decides whether the block runs.
bool asks_only(const ir::Module& module, const ir::Entry& entry, ir::BlockId block, ir::SlotId handle) {
  for (const ir::ExprId guard : guards_of(module, entry, block)) {
    const bool other = any_part(module, guard, [&](const ir::Expr& part) {
      return (part.kind == ir::ExprKind::slot && part.slot != handle) || part.kind == ir::ExprKind::unknown;
    });
    if (other) return false;
  }
  return true;
}

// Handles that some callback releases and then leaves as they are.
std::set<ir::SlotId> left_stale(const Context& context) {
  const ir::Module& module = context.module;
  std::set<ir::SlotId> stale;
  for (const ir::Entry& entry : module.entries) {
    each_instr(module, entry, [&](const ir::Instr& instr, ir::BlockId block, uint32_t index) {
      if (instr.effect != Effect::release_runtime || !is_slot(module, instr.a)) return;
      const ir::SlotId handle = module.exprs[instr.a].slot;
      bool reset = false;
      const auto visit = [&](const ir::Instr& next, ir::BlockId at, Track& track) {
        if (next.dst == handle) {
          reset = true;
          return Step::cut;
        }
        if (next.effect == Effect::wait && module.slots[handle].kind == ir::SlotKind::global) return Step::cut;
        if (!uses(module, next, track) || !certain(module, entry, block, at)) return Step::on;
        context.report(next.span, std::string(kMessage));
        return Step::cut;
      };
      follow(module, block, index, {{handle}, {}, 0}, {visit, {}});
      if (!reset && module.slots[handle].kind == ir::SlotKind::global) stale.insert(handle);
    });
  }
  return stale;
}

// The first uses of such a handle in each callback, where nothing but the handle is asked before.
void stale_uses(const Context& context, ir::SlotId handle) {
  const ir::Module& module = context.module;
  for (const ir::Entry& entry : module.entries) {
    if (entry.kind == ir::EntryKind::init || entry.kind == ir::EntryKind::node_init) continue;
    const auto visit = [&](const ir::Instr& next, ir::BlockId at, Track& track) {
      if (next.dst == handle) return Step::cut;
      if (next.effect == Effect::adopt && uses(module, next, track) && asks_only(module, entry, at, handle)) {
        context.report(next.span, std::string(kMessage));
      }
      return Step::on;
    };
    const uint32_t before = module.blocks[entry.start].first - 1;
    follow(module, entry.start, before, {{handle}, {}, 0}, {visit, {}});
  }
}

}  // namespace

void runtime_used_after_release(const Context& context) {
  for (const ir::SlotId handle : left_stale(context)) stale_uses(context, handle);
}

}  // namespace fermata::rules
