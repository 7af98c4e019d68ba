#include "rules/track.h"

namespace fermata::rules {

using ir::Effect;

namespace {

Track track_of(const ir::Module& module, ir::ExprId id) {
  if (id == kNone) return {};
  const ir::Expr& expr = module.exprs[id];
  if (expr.kind == ir::ExprKind::slot) return {{expr.slot}, {}, 0};
  if (expr.kind == ir::ExprKind::env && is_voice(expr.env)) return {{}, {expr.env}, 0};
  return {};
}

// `us` may be 0 or less, and then gives no owner; only what is certainly above counts.
bool gives_duration(const ir::Module& module, const ir::Instr& instr) {
  return instr.effect == Effect::play_oneshot && constant_of(module, instr.b).value_or(0) > 0;
}

// What may take the first owner away again ends the search.
bool may_disown(const ir::Instr& instr) {
  switch (instr.effect) {
    case Effect::wait:
    case Effect::release_runtime:
    case Effect::restore_parent:
    case Effect::release_voice:
    case Effect::pass:
    case Effect::unknown_call:
      return true;
    default:
      return false;
  }
}

}  // namespace

void two_owners(const Context& context) {
  const ir::Module& module = context.module;
  for (const ir::Entry& entry : module.entries) {
    each_instr(module, entry, [&](const ir::Instr& first, ir::BlockId block, uint32_t index) {
      const bool adopted = first.effect == Effect::adopt;
      if (!adopted && !gives_duration(module, first)) return;
      Track track = track_of(module, adopted ? first.b : first.a);
      if (track.slots.empty() && track.engine.empty()) return;
      const auto visit = [&](const ir::Instr& next, ir::BlockId at, Track& now) {
        if (may_disown(next)) return Step::cut;
        const bool second = adopted ? gives_duration(module, next) && holds(module, now, next.a)
                                    : next.effect == Effect::adopt && holds(module, now, next.b);
        if (!second) return Step::on;
        if (certain(module, entry, block, at)) {
          context.report(next.span, adopted ? "this voice is in a runtime already, and is given a duration as well"
                                            : "this voice has a duration already, and goes into a runtime as well");
        }
        return Step::cut;
      };
      follow(module, block, index, std::move(track), {visit, {}});
    });
  }
}

}  // namespace fermata::rules
