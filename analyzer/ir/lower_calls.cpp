// Calls: functions that the script defines are inlined; of the others the contracts say what they do.
#include "ir/lowering.h"

namespace fermata::ir {

bool Lowering::has_effect(fermata::ExprId id, uint32_t scope) const {
  std::vector<fermata::ExprId> todo{id};
  while (!todo.empty()) {
    const fermata::Expr& expr = program_.exprs[todo.back()];
    const fermata::ExprId at = todo.back();
    todo.pop_back();
    if (expr.kind == fermata::ExprKind::call) {
      if (expr.function != kNone) return true;
      const Contract* contract = contract_of(expr);
      if (contract != nullptr && acts(*contract)) return true;
    }
    if (expr.kind == fermata::ExprKind::symbol) {
      if (const Binding* binding = binding_of(expr.symbol, scope); binding != nullptr && binding->by_name != kNone) {
        continue;  // was looked at when it was bound
      }
    }
    for (const fermata::ExprId child : program_.children_of(at)) todo.push_back(child);
  }
  return false;
}

ExprId Lowering::call(const fermata::Expr& expr, uint32_t scope, bool statement, bool subroutine) {
  if (expr.function != kNone) return inline_call(expr, scope, subroutine);
  return contract_call(expr, scope, statement);
}

ExprId Lowering::inline_call(const fermata::Expr& expr, uint32_t scope, bool subroutine) {
  const Function& function = program_.functions[expr.function];
  if (depth_ >= options_.max_inline_depth || over_limit()) {
    given_up_ = true;
    return unknown();
  }
  Scope inner;
  inner.parent = scope;
  inner.function = expr.function;
  inner.exit_leaves_function = subroutine || function.task;
  std::vector<std::pair<fermata::ExprId, SlotId>> copy_out;
  for (uint32_t i = 0; i < function.parameters.size() && i < expr.child_count; ++i) {
    const SymbolId parameter = function.parameters[i];
    const fermata::ExprId argument = program_.children[expr.first_child + i];
    const ParameterMode mode = program_.symbols[parameter].mode;
    Binding binding;
    if (mode == ParameterMode::by_name && !has_effect(argument, scope)) {
      binding.by_name = argument;
      binding.scope = scope;
    } else {
      binding.slot = new_local(parameter);
      const ExprId value = mode == ParameterMode::out ? constant(0) : expression(argument, scope);
      Instr& set = emit(Effect::set, expr.span);
      set.dst = binding.slot;
      set.a = value;
      if (mode == ParameterMode::var || mode == ParameterMode::out) copy_out.emplace_back(argument, binding.slot);
    }
    inner.bindings[parameter] = binding;
  }
  SlotId result = kNone;
  if (function.result != kNone) {
    result = new_local(function.result);
    Binding binding;
    binding.slot = result;
    inner.bindings[function.result] = binding;
  }
  scopes_.push_back(std::move(inner));
  const auto inner_id = static_cast<uint32_t>(scopes_.size() - 1);
  ++depth_;
  block(function.body, inner_id);
  --depth_;
  if (!scopes_[inner_id].exits.empty()) {
    const BlockId last = current_block();
    const BlockId after = open_block(expr.span);
    module_.blocks[last].jump = Jump::go;
    module_.blocks[last].then_block = after;
    for (const BlockId exit : scopes_[inner_id].exits) module_.blocks[exit].then_block = after;
  }
  for (const auto& [argument, slot] : copy_out) assign(argument, slot_expr(slot), scope, expr.span);
  return result == kNone ? unknown() : slot_expr(result);
}

ExprId Lowering::unknown_call(const fermata::Expr& expr, uint32_t scope) {
  std::vector<ExprId> args;
  for (uint32_t i = 0; i < expr.child_count; ++i)
    args.push_back(expression(program_.children[expr.first_child + i], scope));
  const SlotId result = new_local(kNone);
  Instr& instr = emit(Effect::unknown_call, expr.span);
  instr.dst = result;
  instr.args = std::move(args);
  instr.name = expr.name;
  module_.unknown_calls.emplace_back(expr.name, expr.span);
  return slot_expr(result);
}

}  // namespace fermata::ir
