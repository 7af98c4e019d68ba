// How far keys must be told apart: whether the script may be counting them, and by which note numbers.
#include <algorithm>

#include "ownership/slice.h"

namespace fermata::ownership {

using ir::Effect;
using ir::ExprKind;

// x := x + constant somewhere: the script may be counting keys.
bool counts_keys(const ir::Module& module, const Slice& out) {
  return std::ranges::any_of(module.instrs, [&](const ir::Instr& instr) {
    if (instr.effect != Effect::set || !out.slots[instr.dst] || module.slots[instr.dst].kind != ir::SlotKind::global)
      return false;
    const ir::Expr& value = module.exprs[instr.a];
    if (value.kind != ExprKind::binary || (value.op != Op::add && value.op != Op::sub)) return false;
    const ir::Expr& left = module.exprs[value.args[0]];
    return left.kind == ExprKind::slot && left.slot == instr.dst &&
           module.exprs[value.args[1]].kind == ExprKind::constant;
  });
}

namespace {

// Those of the conditions and instructions in the slice.
std::vector<ir::ExprId> exprs_that_matter(const ir::Module& module, const Slice& out) {
  std::vector<ir::ExprId> todo;
  for (size_t b = 0; b < module.blocks.size(); ++b) {
    if (out.branches[b]) todo.push_back(module.blocks[b].condition);
  }
  for (size_t i = 0; i < module.instrs.size(); ++i) {
    if (!out.instrs[i]) continue;
    const std::vector<ir::ExprId> used = operands(module, module.instrs[i]);
    todo.insert(todo.end(), used.begin(), used.end());
  }
  std::vector<ir::ExprId> found;
  std::vector<bool> seen(module.exprs.size(), false);
  while (!todo.empty()) {
    const ir::ExprId id = todo.back();
    todo.pop_back();
    if (id == kNone || seen[id]) continue;
    seen[id] = true;
    found.push_back(id);
    todo.insert(todo.end(), module.exprs[id].args.begin(), module.exprs[id].args.end());
  }
  return found;
}

}  // namespace

std::vector<std::pair<int64_t, int64_t>> find_note_classes(const ir::Module& module, const Slice& out) {
  constexpr size_t kMaxClasses = 5;
  std::vector<int64_t> starts{0};
  const auto is_note = [&](ir::ExprId id) {
    const ir::Expr& expr = module.exprs[id];
    return expr.kind == ExprKind::env && (expr.env == ir::Env::event_note || expr.env == ir::Env::midi_byte_1);
  };
  const auto constant = [&](ir::ExprId id) { return module.exprs[id].kind == ExprKind::constant; };
  for (const ir::ExprId id : exprs_that_matter(module, out)) {
    const ir::Expr& expr = module.exprs[id];
    if (expr.kind == ExprKind::pure && expr.pure == ir::Pure::in_range && expr.args.size() == 3 &&
        is_note(expr.args[0])) {
      if (constant(expr.args[1])) starts.push_back(module.exprs[expr.args[1]].value);
      if (constant(expr.args[2])) starts.push_back(module.exprs[expr.args[2]].value + 1);
    }
    if (expr.kind != ExprKind::binary || expr.args.size() != 2) continue;
    const bool forward = is_note(expr.args[0]) && constant(expr.args[1]);
    if (!forward && !(is_note(expr.args[1]) && constant(expr.args[0]))) continue;
    const int64_t value = module.exprs[expr.args[forward ? 1 : 0]].value;
    const bool at = expr.op == Op::eq || expr.op == Op::ne ||
                    (forward ? expr.op == Op::lt || expr.op == Op::ge : expr.op == Op::gt || expr.op == Op::le);
    const bool after = expr.op == Op::eq || expr.op == Op::ne ||
                       (forward ? expr.op == Op::le || expr.op == Op::gt : expr.op == Op::lt || expr.op == Op::ge);
    if (at) starts.push_back(value);
    if (after) starts.push_back(value + 1);
  }
  std::ranges::sort(starts);
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  std::erase_if(starts, [](int64_t start) { return start < 0 || start > 127; });
  if (starts.size() > kMaxClasses || !out.counts) return {{0, 127}};
  std::vector<std::pair<int64_t, int64_t>> classes;
  for (size_t i = 0; i < starts.size(); ++i)
    classes.emplace_back(starts[i], i + 1 < starts.size() ? starts[i + 1] - 1 : 127);
  return classes;
}

}  // namespace fermata::ownership
