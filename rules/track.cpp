#include "rules/track.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace fermata::rules {

using ir::ExprKind;

namespace {

constexpr size_t kMaxVisits = 4000;

void update(const ir::Module& module, const ir::Instr& instr, Track& track) {
  if (instr.dst == kNone) return;
  const bool taken = instr.effect == ir::Effect::set && holds(module, track, instr.a);
  const auto at = std::ranges::lower_bound(track.slots, instr.dst);
  const bool there = at != track.slots.end() && *at == instr.dst;
  if (taken && !there) track.slots.insert(at, instr.dst);
  if (!taken && there) track.slots.erase(at);
}

struct Place {
  ir::BlockId block;
  uint32_t from;
  Track track;
};

}  // namespace

bool holds(const ir::Module& module, const Track& track, ir::ExprId id) {
  if (id == kNone) return false;
  const ir::Expr& expr = module.exprs[id];
  if (expr.kind == ExprKind::slot) return std::ranges::binary_search(track.slots, expr.slot);
  return expr.kind == ExprKind::env && std::ranges::find(track.engine, expr.env) != track.engine.end();
}

bool follow(const ir::Module& module, ir::BlockId block, uint32_t after, Track start, const Follow& how) {
  std::set<std::tuple<ir::BlockId, std::vector<ir::SlotId>, uint32_t>> seen;
  std::vector<Place> todo{{block, after + 1, std::move(start)}};
  while (!todo.empty() && seen.size() < kMaxVisits) {
    auto [at, from, track] = std::move(todo.back());
    todo.pop_back();
    const ir::Block& here = module.blocks[at];
    Step step = Step::on;
    for (uint32_t i = from; i < here.first + here.count && step == Step::on; ++i) {
      step = how.visit(module.instrs[i], at, track);
      update(module, module.instrs[i], track);
      if (step == Step::on && track.slots.empty() && track.engine.empty()) step = Step::cut;
    }
    if (step == Step::on && here.jump == ir::Jump::branch && how.branch) step = how.branch(here, track);
    if (step == Step::found) return true;
    if (step == Step::cut || here.jump == ir::Jump::end) continue;
    for (const ir::BlockId next : {here.then_block, here.jump == ir::Jump::branch ? here.else_block : kNone}) {
      if (next == kNone || !seen.insert({next, track.slots, track.flags}).second) continue;
      todo.push_back({next, module.blocks[next].first, track});
    }
  }
  return false;
}

namespace {

bool within(const std::vector<ir::ExprId>& some, const std::vector<ir::ExprId>& all) {
  return std::ranges::all_of(some, [&](ir::ExprId one) { return std::ranges::find(all, one) != all.end(); });
}

}  // namespace

bool nested(const ir::Module& module, const ir::Entry& entry, ir::BlockId from, ir::BlockId use) {
  const std::vector<ir::ExprId> before = guards_of(module, entry, from);
  const std::vector<ir::ExprId> after = guards_of(module, entry, use);
  return within(before, after) || within(after, before);
}

bool certain(const ir::Module& module, const ir::Entry& entry, ir::BlockId from, ir::BlockId use) {
  return within(guards_of(module, entry, use), guards_of(module, entry, from));
}

}  // namespace fermata::rules
