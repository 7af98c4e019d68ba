// What names stand for: variables, arrays, fields and event parameters, as values and as places to assign to.
#include <algorithm>

#include "frontend/builtins.h"
#include "runtime/builtins.h"
#include "runtime/compiler.h"

namespace fermata::runtime {
// By name: what a parameter, or the result of a call that is all of a right side, stands for.
bool Compiler::parameter_argument(SymbolId id, ExprId& argument, Scope*& where) {
  if (scope_ == nullptr || scope_->outer == nullptr) return false;
  const Function& function = program_.functions[scope_->function];
  where = scope_;
  if (function.result == id && scope_->result_target != kNone) {
    argument = scope_->result_target;
    return true;
  }
  for (size_t i = 0; i < function.parameters.size() && i < scope_->arguments.size(); ++i) {
    if (function.parameters[i] != id || scope_->arguments[i] == kNone) continue;
    argument = scope_->arguments[i];
    return true;
  }
  return false;
}

ValueType Compiler::symbol_value(const Expr& expr) {
  span_ = expr.span;
  return load_symbol(expr.symbol);
}

ValueType Compiler::load_symbol(SymbolId id) {
  if (id == kNone) {
    emit(Opcode::push_int, 0);
    return ValueType::integer;
  }
  ExprId argument = kNone;
  Scope* where = nullptr;
  if (parameter_argument(id, argument, where)) {
    return in_scope_of(where, argument, [&](ExprId e) { return expression(e); });
  }
  const Symbol& symbol = program_.symbols[id];
  switch (symbol.kind) {
    case SymbolKind::builtin:
      return builtin_symbol(symbol);
    case SymbolKind::constant:
      if (symbol.has_value) {
        emit(Opcode::push_int, wrap(symbol.value));
        if (symbol.type == ValueType::real) emit(Opcode::to_real);
        return symbol.type == ValueType::string ? ValueType::integer : symbol.type;
      }
      return expression(symbol.initial);
    case SymbolKind::voice_field:
      emit(Opcode::push_int, 0);
      return ValueType::integer;
    case SymbolKind::global:
      if (const auto found = global_.find(id); found != global_.end()) {
        emit(Opcode::load_global, static_cast<int32_t>(found->second));
      } else if (const auto poly = polyphonic_.find(id); poly != polyphonic_.end()) {
        emit(Opcode::load_polyphonic, static_cast<int32_t>(poly->second));
      } else {
        emit(Opcode::push_int, 0);  // a whole array as a value
        return ValueType::integer;
      }
      return symbol.type;
    default:
      emit(Opcode::load_local, static_cast<int32_t>(slot_of(id)));
      return symbol.type;
  }
}

ValueType Compiler::builtin_symbol(const Symbol& symbol) {
  const std::string_view name = program_.name(symbol.name);
  if (const auto variable = find_variable(name)) {
    emit(Opcode::load_variable, static_cast<int32_t>(*variable));
    return ValueType::integer;
  }
  const auto constant = builtin_constant(name);
  if (symbol.has_value || constant) {
    emit(Opcode::push_int, wrap(symbol.has_value ? symbol.value : *constant));
    return ValueType::integer;
  }
  if (symbol.type != ValueType::integer) {
    emit(Opcode::push_int, 0);
    return symbol.type;
  }
  if (program_.ivls && name.find('.') != std::string_view::npos) {
    emit(Opcode::kernel, static_cast<int32_t>(symbol.name), 0, 1, kDiscarded);
  } else if (looks_like_builtin(name) || find_builtin_variable(name) == nullptr) {
    emit(Opcode::push_int, static_cast<int32_t>(1'000'000'000u + symbol.name % 1'000'000'000u));
  } else {
    emit(Opcode::push_int, 0);
  }
  return ValueType::integer;
}

ValueType Compiler::bare_name(const Expr& expr) {
  const std::string_view name = program_.name(expr.name);
  if (name.ends_with(".size")) {
    const auto found = code_.variable_names.find(std::string(name.substr(0, name.size() - 5)));
    if (found != code_.variable_names.end()) {
      const Variable& variable = code_.variables[found->second.front()];
      if (variable.array >= 0) {
        emit(Opcode::size_of, variable.array);
        return ValueType::integer;
      }
    }
  }
  emit(Opcode::push_int, static_cast<int32_t>(expr.name));
  return ValueType::integer;
}

ValueType Compiler::index_value(const Expr& expr) {
  span_ = expr.span;
  if (expr.symbol != kNone && program_.symbols[expr.symbol].kind == SymbolKind::builtin) {
    const Symbol& symbol = program_.symbols[expr.symbol];
    const auto variable = find_variable(program_.name(symbol.name));
    const std::span<const ExprId> indices(program_.children.data() + expr.first_child, expr.child_count);
    expression_as(indices.empty() ? kNone : indices.front(), ValueType::integer);
    if (variable) {
      emit(Opcode::load_variable_item, static_cast<int32_t>(*variable));
    } else {
      emit(Opcode::pop);
      emit(Opcode::push_int, 0);
    }
    return ValueType::integer;
  }
  const int32_t array = array_of_symbol(expr.symbol);
  flat_index(expr, expr.symbol);
  if (array < 0) {
    emit(Opcode::pop);
    emit(Opcode::push_int, 0);
    return ValueType::integer;
  }
  span_ = expr.span;
  emit(Opcode::load_item, array);
  return code_.arrays[static_cast<size_t>(array)].type;
}

// Several dimensions are one array behind: a[i, j] is a[i * columns + j], and only the sum is checked.
void Compiler::flat_index(const Expr& expr, SymbolId symbol) {
  ExprId argument = kNone;
  Scope* where = nullptr;
  Scope* saved = scope_;
  while (parameter_argument(symbol, argument, where) && program_.exprs[argument].kind == ExprKind::symbol) {
    symbol = program_.exprs[argument].symbol;
    scope_ = where->outer;
  }
  scope_ = saved;
  const std::vector<uint32_t>& dimensions = program_.symbols[symbol].dimensions;
  for (uint32_t i = 0; i < expr.child_count; ++i) {
    if (i > 0) {
      emit(Opcode::push_int, i < dimensions.size() ? static_cast<int32_t>(dimensions[i]) : 1);
      emit(Opcode::mul);
    }
    expression_as(program_.children[expr.first_child + i], ValueType::integer);
    if (i > 0) emit(Opcode::add);
  }
  if (expr.child_count == 0) emit(Opcode::push_int, 0);
}

int32_t Compiler::array_of(ExprId id) {
  if (id == kNone || program_.exprs[id].kind != ExprKind::symbol) return -1;
  return array_of_symbol(program_.exprs[id].symbol);
}

int32_t Compiler::array_of_symbol(SymbolId id) {
  if (id == kNone) return -1;
  ExprId argument = kNone;
  Scope* where = nullptr;
  if (parameter_argument(id, argument, where)) {
    return in_scope_of(where, argument, [&](ExprId e) { return array_of(e); });
  }
  if (const auto found = array_.find(id); found != array_.end()) return static_cast<int32_t>(found->second);
  const Symbol& symbol = program_.symbols[id];
  if (!symbol.is_array || symbol.kind != SymbolKind::local || scope_ == nullptr) return -1;
  for (const auto& [local, array] : scope_->local_arrays) {
    if (local == id) return static_cast<int32_t>(array);
  }
  uint64_t size = symbol.dimensions.empty() ? 0 : 1;
  for (const uint32_t dimension : symbol.dimensions) size = std::min<uint64_t>(size * dimension, 1u << 30);
  ArrayInfo info;
  info.where = ArrayInfo::Where::local;
  info.type = symbol.type;
  info.size = static_cast<uint32_t>(size);
  info.offset = new_slot(info.size);
  code_.arrays.push_back(info);
  scope_->local_arrays.emplace_back(id, static_cast<uint32_t>(code_.arrays.size() - 1));
  return static_cast<int32_t>(code_.arrays.size() - 1);
}

void Compiler::field_index(const Expr& expr) {
  expression_as(expr.child_count > 0 ? program_.children[expr.first_child] : kNone, ValueType::integer);
  span_ = expr.span;
}

// `EVENT_ID -> note` and `$knob -> hide`.
ValueType Compiler::event_parameter(const Expr& expr) {
  const ExprId of = expr.child_count > 0 ? program_.children[expr.first_child] : kNone;
  const int32_t widget = variable_of(of);
  const bool control =
      widget >= 0 && program_.symbols[code_.variables[static_cast<size_t>(widget)].symbol].ui != UiKind::none;
  const std::string prefix = control ? "control_par_" : "event_par_";
  const auto parameter = builtin_constant(prefix + std::string(program_.name(expr.name)));
  if (control) {
    emit(Opcode::push_int, kFirstUiId + widget);
  } else {
    expression_as(of, ValueType::integer);
  }
  emit(Opcode::push_int, parameter ? wrap(*parameter) : static_cast<int32_t>(1'000'000 + expr.name));
  emit(Opcode::invoke, find_builtin(control ? "get_control_par" : "get_event_par"), 2, -1);
  return ValueType::integer;
}

// --------------------------------------------------------------------------------------------------- assignment

Compiler::Target Compiler::target(ExprId id) {
  if (id == kNone) return {};
  const Expr& expr = program_.exprs[id];
  span_ = expr.span;
  if (expr.kind == ExprKind::symbol) return symbol_target(expr.symbol);
  if (expr.kind == ExprKind::index) {
    const int32_t array = array_of_symbol(expr.symbol);
    if (array < 0) return {};
    flat_index(expr, expr.symbol);
    span_ = expr.span;
    return {Target::Kind::item, code_.arrays[static_cast<size_t>(array)].type, array, 0};
  }
  if (expr.kind == ExprKind::field) {
    field_index(expr);
    return {Target::Kind::field, ValueType::integer, field_constant(expr), 0};
  }
  if (expr.kind != ExprKind::event_par) return {};
  const ExprId of = expr.child_count > 0 ? program_.children[expr.first_child] : kNone;
  const int32_t widget = variable_of(of);
  const bool control =
      widget >= 0 && program_.symbols[code_.variables[static_cast<size_t>(widget)].symbol].ui != UiKind::none;
  const std::string prefix = control ? "control_par_" : "event_par_";
  const auto parameter = builtin_constant(prefix + std::string(program_.name(expr.name)));
  if (control) {
    emit(Opcode::push_int, kFirstUiId + widget);
  } else {
    expression_as(of, ValueType::integer);
  }
  emit(Opcode::push_int, parameter ? wrap(*parameter) : static_cast<int32_t>(1'000'000 + expr.name));
  return {control ? Target::Kind::control_parameter : Target::Kind::event_parameter, ValueType::integer, 0, expr.name};
}

Compiler::Target Compiler::symbol_target(SymbolId id) {
  if (id == kNone) return {};
  ExprId argument = kNone;
  Scope* where = nullptr;
  if (parameter_argument(id, argument, where)) {
    return in_scope_of(where, argument, [&](ExprId e) { return target(e); });
  }
  const Symbol& symbol = program_.symbols[id];
  switch (symbol.kind) {
    case SymbolKind::global:
      if (const auto found = global_.find(id); found != global_.end()) {
        return {Target::Kind::global, symbol.type, static_cast<int32_t>(found->second), 0};
      }
      if (const auto found = polyphonic_.find(id); found != polyphonic_.end()) {
        return {Target::Kind::polyphonic, symbol.type, static_cast<int32_t>(found->second), 0};
      }
      return {};
    case SymbolKind::local:
    case SymbolKind::parameter:
    case SymbolKind::result:
      return {Target::Kind::local, symbol.type, static_cast<int32_t>(slot_of(id)), 0};
    default:
      return {};
  }
}

void Compiler::store(const Target& where, ValueType value) {
  if (where.kind == Target::Kind::control_parameter && value == ValueType::string) value = ValueType::integer;
  convert(value, where.kind == Target::Kind::none ? value : where.type);
  switch (where.kind) {
    case Target::Kind::none:
      emit(Opcode::pop);
      return;
    case Target::Kind::global:
      emit(Opcode::store_global, where.operand);
      return;
    case Target::Kind::local:
      emit(Opcode::store_local, where.operand);
      return;
    case Target::Kind::polyphonic:
      emit(Opcode::store_polyphonic, where.operand);
      return;
    case Target::Kind::item:
      emit(Opcode::store_item, where.operand);
      return;
    case Target::Kind::field:
      emit(Opcode::store_field, where.operand);
      return;
    case Target::Kind::event_parameter:
      emit(Opcode::invoke, find_builtin("set_event_par"), 3, -2);
      break;
    case Target::Kind::control_parameter:
      emit(Opcode::invoke, find_builtin("set_control_par"), 3, -2);
      break;
  }
  emit(Opcode::pop);
}

}  // namespace fermata::runtime
