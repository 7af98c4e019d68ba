// Calls: user functions in place, task functions and `call` for real, builtins, the kernel.
#include <algorithm>

#include "frontend/builtins.h"
#include "runtime/builtins.h"
#include "runtime/compiler.h"

namespace fermata::runtime {

// Leaves one cell on the stack unless the result goes to `result_target` by name.
ValueType Compiler::call(ExprId id, bool discarded, ExprId result_target) {
  const Expr& expr = program_.exprs[id];
  if (expr.function != kNone) return user_call(expr, discarded, result_target, false);
  const std::string_view name = program_.name(expr.name);
  ValueType type = ValueType::integer;
  if (const Contract* users = find_users_contract(program_.contracts, name);
      users != nullptr && fits(*users, expr.child_count, program_.ivls)) {
    return contract_call(expr, *users, discarded);
  }
  if (special_call(expr, name, type)) return type;
  if (const int index = find_builtin(name); index >= 0) return builtin_call(expr, index, discarded);
  if (is_inert(name)) return inert_call(expr, name);
  return kernel_call(expr, program_.ivls);
}

ValueType Compiler::user_call(const Expr& expr, bool discarded, ExprId result_target, bool subroutine) {
  const Function& function = program_.functions[expr.function];
  if (expr.child_count < function.parameters.size()) {
    fail("function " + std::string(program_.name(function.name)) + " is called with too few arguments", expr.span);
  }
  if (!code_.error.empty()) {
    if (!discarded && result_target == kNone) emit(Opcode::push_int, 0);
    return ValueType::integer;
  }
  bool whole_array = false;
  for (const ExprId argument : program_.children_of(static_cast<ExprId>(&expr - program_.exprs.data()))) {
    whole_array = whole_array || array_of(argument) >= 0;
  }
  if (function.task && !whole_array) return task_call(expr, discarded);
  if (subroutine && function.parameters.empty() && function.result == kNone) {
    span_ = expr.span;
    emit(Opcode::call, static_cast<int32_t>(chunk_for(expr.function)), 0, 0);
    if (!discarded) emit(Opcode::push_int, 0);
    return ValueType::integer;
  }
  return inline_call(expr, discarded, result_target, function.task || subroutine);
}

ValueType Compiler::inline_call(const Expr& expr, bool discarded, ExprId result_target, bool catches_exit) {
  const Function& function = program_.functions[expr.function];
  const bool wants_value = !discarded && result_target == kNone;
  bool recursive = false;
  for (const Scope* scope = scope_; scope != nullptr; scope = scope->outer) {
    recursive = recursive || scope->function == expr.function;
  }
  if (recursive) {
    fail("function " + std::string(program_.name(function.name)) + " calls itself", expr.span);
    if (wants_value) emit(Opcode::push_int, 0);
    return ValueType::integer;
  }
  Scope scope;
  scope.outer = scope_;
  scope.function = expr.function;
  scope.result_target = result_target;
  scope.catches_exit = catches_exit;
  scope.depth = depth_;
  for (size_t i = 0; i < function.parameters.size(); ++i) {
    const ExprId argument = program_.children[expr.first_child + i];
    const ParameterMode mode = program_.symbols[function.parameters[i]].mode;
    const bool copied = mode != ParameterMode::by_name && array_of(argument) < 0 && mode == ParameterMode::in;
    scope.arguments.push_back(copied ? kNone : argument);
    if (!copied) continue;
    expression_as(argument, program_.symbols[function.parameters[i]].type);
    scope.slots.emplace_back(function.parameters[i], new_slot());
    emit(Opcode::store_local, static_cast<int32_t>(scope.slots.back().second));
  }
  ValueType type = ValueType::integer;
  uint32_t result = 0;
  if (function.result != kNone && result_target == kNone) {
    type = program_.symbols[function.result].type;
    result = new_slot();
    scope.slots.emplace_back(function.result, result);
    emit(Opcode::push_int, 0);
    if (type == ValueType::real) emit(Opcode::to_real);
    emit(Opcode::store_local, static_cast<int32_t>(result));
  }
  const Span span = span_;
  scope_ = &scope;
  block(function.body);
  scope_ = scope.outer;
  for (const size_t exit : scope.exits) patch(exit);
  span_ = span;
  if (!wants_value) return type;
  if (function.result != kNone) {
    emit(Opcode::load_local, static_cast<int32_t>(result));
  } else {
    emit(Opcode::push_int, 0);
  }
  return type;
}

// The results of the chunk stand on the stack: the declared one first, then the var and out parameters.
ValueType Compiler::task_call(const Expr& expr, bool discarded) {
  const Function& function = program_.functions[expr.function];
  std::vector<std::pair<ExprId, ValueType>> outs;
  for (size_t i = 0; i < function.parameters.size(); ++i) {
    const ExprId argument = program_.children[expr.first_child + i];
    const Symbol& parameter = program_.symbols[function.parameters[i]];
    if (parameter.mode == ParameterMode::out) {
      emit(Opcode::push_int, 0);
      if (parameter.type == ValueType::real) emit(Opcode::to_real);
    } else {
      expression_as(argument, parameter.type);
    }
    const bool out = parameter.mode == ParameterMode::out || parameter.mode == ParameterMode::var;
    if (out) outs.emplace_back(argument, parameter.type);
  }
  span_ = expr.span;
  const int arguments = static_cast<int>(function.parameters.size());
  const int results = static_cast<int>(outs.size()) + (function.result != kNone ? 1 : 0);
  emit(Opcode::call, static_cast<int32_t>(chunk_for(expr.function)), arguments, results - arguments);
  for (auto out = outs.rbegin(); out != outs.rend(); ++out) {
    const auto value = static_cast<int32_t>(new_slot());
    emit(Opcode::store_local, value);
    const Target where = target(out->first);
    emit(Opcode::load_local, value);
    store(where, out->second);
  }
  const ValueType type = function.result == kNone ? ValueType::integer : program_.symbols[function.result].type;
  if (discarded && function.result != kNone) emit(Opcode::pop);
  if (!discarded && function.result == kNone) emit(Opcode::push_int, 0);
  return type;
}

// Calls that are no function of the interpreter: they write a variable, or only name one.
bool Compiler::special_call(const Expr& expr, std::string_view name, ValueType& type) {
  const std::span<const ExprId> arguments(program_.children.data() + expr.first_child, expr.child_count);
  if ((name == "inc" || name == "dec") && !arguments.empty()) {
    step_variable(arguments[0], name == "inc" ? 1 : -1);
  } else if (name == "num_elements" && !arguments.empty()) {
    const int32_t array = array_of(arguments[0]);
    emit(array < 0 ? Opcode::push_int : Opcode::size_of, std::max(array, 0));
    type = ValueType::integer;
    return true;
  } else if (name == "tcm.pop") {
    for (const ExprId argument : arguments) {
      const Target where = target(argument);
      emit(Opcode::invoke, find_builtin("tcm.pop"), 0, 1);
      store(where, ValueType::integer);
    }
  } else {
    return false;
  }
  emit(Opcode::push_int, 0);
  type = ValueType::integer;
  return true;
}

void Compiler::step_variable(ExprId id, int32_t by) {
  const Target where = target(id);
  if (where.kind == Target::Kind::none) return;
  const ValueType type = expression(id);
  emit(Opcode::push_int, by);
  if (type == ValueType::real) emit(Opcode::to_real);
  emit(type == ValueType::real ? Opcode::real_add : Opcode::add);
  store(where, type);
}

ValueType Compiler::builtin_call(const Expr& expr, int index, bool discarded) {
  const Builtin& function = builtin(index);
  const size_t arrow = std::min(function.signature.find('>'), function.signature.size());
  const std::string_view wanted = function.signature.substr(0, arrow);
  const std::span<const ExprId> arguments(program_.children.data() + expr.first_child, expr.child_count);
  bool reals = false;
  const bool by_array = wanted.starts_with('a');  // then the array's type decides
  for (size_t i = 0, at = 0; !by_array && i < arguments.size() && at < wanted.size(); ++i) {
    if (wanted[at] == '?') ++at;
    const char kind = wanted[at];
    if (kind == 'n') reals = reals || type_of(arguments[i]) == ValueType::real;
    if (kind != '*') ++at;
  }
  int count = 0;
  for (size_t at = 0; at < wanted.size() && (wanted[at] != '*' || static_cast<size_t>(count) < arguments.size());) {
    if (wanted[at] == '?') {
      if (static_cast<size_t>(count) >= arguments.size()) break;
      ++at;
    }
    builtin_argument(wanted[at],
                     static_cast<size_t>(count) < arguments.size() ? arguments[static_cast<size_t>(count)] : kNone,
                     reals);
    ++count;
    if (wanted[at] != '*') ++at;
  }
  span_ = expr.span;
  const auto flag = static_cast<uint8_t>((discarded ? kDiscarded : 0) | (reals ? kReal : 0));
  emit(Opcode::invoke, index, count, 1 - count, flag);
  const char result = arrow + 1 < function.signature.size() ? function.signature[arrow + 1] : 'i';
  if (result == 'n') return reals ? ValueType::real : ValueType::integer;
  return result == 'r' ? ValueType::real : result == 's' ? ValueType::string : ValueType::integer;
}

void Compiler::builtin_argument(char kind, ExprId id, bool& reals) {
  switch (kind) {
    case 'i':
      expression_as(id, ValueType::integer);
      return;
    case 'r':
      expression_as(id, ValueType::real);
      return;
    case 's':
      expression_as(id, ValueType::string);
      return;
    case 'n':
      expression_as(id, reals ? ValueType::real : ValueType::integer);
      return;
    case 'a': {
      const int32_t array = array_of(id);
      reals = reals || (array >= 0 && code_.arrays[static_cast<size_t>(array)].type == ValueType::real);
      emit(Opcode::push_int, array);
      return;
    }
    case 'v':
      emit(Opcode::push_int, variable_of(id));
      return;
    default:
      if (array_of(id) >= 0) {
        emit(Opcode::push_int, 0);
      } else {
        expression(id);
      }
  }
}

// The number of the global variable that an argument names, through parameters; -1 when it names none.
int32_t Compiler::variable_of(ExprId id) {
  if (id == kNone) return -1;
  const Expr& expr = program_.exprs[id];
  if (expr.kind != ExprKind::symbol && expr.kind != ExprKind::index) return -1;
  ExprId argument = kNone;
  Scope* where = nullptr;
  if (parameter_argument(expr.symbol, argument, where)) {
    return in_scope_of(where, argument, [&](ExprId e) { return variable_of(e); });
  }
  const auto found = code_.variable_of.find(expr.symbol);
  return found == code_.variable_of.end() ? -1 : static_cast<int32_t>(found->second);
}

ValueType Compiler::inert_call(const Expr& expr, std::string_view name) {
  for (uint32_t i = 0; i < expr.child_count; ++i) {
    const ExprId argument = program_.children[expr.first_child + i];
    if (array_of(argument) >= 0) continue;
    expression(argument);
    emit(Opcode::pop);
  }
  emit(Opcode::push_int, 0);
  const bool text = name.ends_with("_str") || name.ends_with("_name") || name.ends_with("_disp");
  return text && !name.starts_with("set_") ? ValueType::string : ValueType::integer;
}

// A call that the user described: one effect after the other, each told its verb and what its arguments were.
ValueType Compiler::contract_call(const Expr& expr, const Contract& contract, bool discarded) {
  std::vector<uint32_t> values;
  for (uint32_t i = 0; i < expr.child_count; ++i) {
    kernel_argument(program_.children[expr.first_child + i]);
    values.push_back(new_slot());
    emit(Opcode::store_local, static_cast<int32_t>(values.back()));
  }
  span_ = expr.span;
  const uint32_t result = new_slot();
  emit(Opcode::push_int, 0);
  emit(Opcode::store_local, static_cast<int32_t>(result));
  const int perform = find_builtin(kPerform);
  for (const ContractEffect& effect : contract.all_effects()) {
    if (is_inert(effect.verb)) continue;
    emit(Opcode::push_int, static_cast<int32_t>(effect.verb));
    int count = 1;
    for (const uint8_t argument : effect.arguments) {
      emit(Opcode::push_int, argument > 0 ? 1 : 0);
      if (argument > 0) {
        emit(Opcode::load_local, static_cast<int32_t>(values[argument - 1u]));
      } else {
        emit(Opcode::push_int, 0);
      }
      count += 2;
    }
    emit(Opcode::invoke, perform, count, 1 - count, discarded ? kDiscarded : uint8_t{0});
    if (gives_result(effect.verb)) {
      emit(Opcode::store_local, static_cast<int32_t>(result));
    } else {
      emit(Opcode::pop);
    }
  }
  emit(Opcode::load_local, static_cast<int32_t>(result));
  return ValueType::integer;
}

// The framework's functions go to the kernel by name; arguments are integers, texts and bare words are their NameId.
ValueType Compiler::kernel_call(const Expr& expr, bool known) {
  for (uint32_t i = 0; i < expr.child_count; ++i) kernel_argument(program_.children[expr.first_child + i]);
  span_ = expr.span;
  const auto count = static_cast<int>(expr.child_count);
  emit(known ? Opcode::kernel : Opcode::unknown, static_cast<int32_t>(expr.name), count, 1 - count);
  return ValueType::integer;
}

void Compiler::kernel_argument(ExprId id) {
  const Expr& expr = program_.exprs[id];
  if (expr.kind == ExprKind::string) {
    emit(Opcode::push_int, static_cast<int32_t>(expr.name));
    return;
  }
  if (array_of(id) >= 0) {
    emit(Opcode::push_int, 0);
    return;
  }
  expression_as(id, ValueType::integer);
}

}  // namespace fermata::runtime
