// Expressions: operators, conversions, folding.
#include <algorithm>

#include "frontend/builtins.h"
#include "runtime/builtins.h"
#include "runtime/compiler.h"

namespace fermata::runtime {
namespace {

bool arithmetic_op(Op op) { return op == Op::add || op == Op::sub || op == Op::mul || op == Op::div || op == Op::mod; }
bool comparison_op(Op op) { return op >= Op::eq && op <= Op::ge; }

bool fold_pair(Opcode op, int64_t left, int64_t right, int32_t& out) {
  switch (op) {
    case Opcode::add:
      out = wrap(left + right);
      return true;
    case Opcode::sub:
      out = wrap(left - right);
      return true;
    case Opcode::mul:
      out = wrap(left * right);
      return true;
    case Opcode::div:
      out = right == 0 ? 0 : wrap(left / right);
      return right != 0;
    case Opcode::mod:
      out = right == 0 ? 0 : wrap(left % right);
      return right != 0;
    case Opcode::bit_and:
      out = wrap(left & right);
      return true;
    case Opcode::bit_or:
      out = wrap(left | right);
      return true;
    case Opcode::bit_xor:
      out = wrap(left ^ right);
      return true;
    default:
      return false;
  }
}

Opcode integer_opcode(Op op) {
  switch (op) {
    case Op::add:
      return Opcode::add;
    case Op::sub:
      return Opcode::sub;
    case Op::mul:
      return Opcode::mul;
    case Op::div:
      return Opcode::div;
    case Op::mod:
      return Opcode::mod;
    case Op::eq:
      return Opcode::eq;
    case Op::ne:
      return Opcode::ne;
    case Op::lt:
      return Opcode::lt;
    case Op::le:
      return Opcode::le;
    case Op::gt:
      return Opcode::gt;
    case Op::ge:
      return Opcode::ge;
    case Op::logical_and:
      return Opcode::logical_and;
    case Op::logical_or:
      return Opcode::logical_or;
    case Op::logical_xor:
      return Opcode::logical_xor;
    case Op::bit_and:
      return Opcode::bit_and;
    case Op::bit_or:
      return Opcode::bit_or;
    default:
      return Opcode::bit_xor;
  }
}

Opcode real_opcode(Op op) {
  switch (op) {
    case Op::add:
      return Opcode::real_add;
    case Op::sub:
      return Opcode::real_sub;
    case Op::mul:
      return Opcode::real_mul;
    case Op::div:
      return Opcode::real_div;
    case Op::mod:
      return Opcode::real_mod;
    case Op::eq:
      return Opcode::real_eq;
    case Op::ne:
      return Opcode::real_ne;
    case Op::lt:
      return Opcode::real_lt;
    case Op::le:
      return Opcode::real_le;
    case Op::gt:
      return Opcode::real_gt;
    default:
      return Opcode::real_ge;
  }
}

}  // namespace

ValueType Compiler::expression(ExprId id) {
  if (id == kNone || !enter(program_.exprs[id].span)) {
    if (id != kNone) leave_depth();
    emit(Opcode::push_int, 0);
    return ValueType::integer;
  }
  const Expr& expr = program_.exprs[id];
  ValueType type = ValueType::integer;
  switch (expr.kind) {
    case ExprKind::integer:
      emit(Opcode::push_int, wrap(expr.int_value));
      break;
    case ExprKind::real:
      emit(Opcode::push_real, real_constant(expr.real_value));
      type = ValueType::real;
      break;
    case ExprKind::string:
      emit(Opcode::push_int, string_constant(program_.name(expr.name)));
      type = ValueType::string;
      break;
    case ExprKind::symbol:
      type = symbol_value(expr);
      break;
    case ExprKind::index:
      type = index_value(expr);
      break;
    case ExprKind::field:
      field_index(expr);
      emit(Opcode::load_field, field_constant(expr));
      break;
    case ExprKind::call:
      type = call(id, false, kNone);
      break;
    case ExprKind::node_ref:
      emit(Opcode::push_int, static_cast<int32_t>(expr.node));
      break;
    case ExprKind::name:
      type = bare_name(expr);
      break;
    case ExprKind::unary:
      type = unary(expr);
      break;
    case ExprKind::binary:
      type = binary(expr);
      break;
    case ExprKind::event_par:
      type = event_parameter(expr);
      break;
    case ExprKind::error:
      emit(Opcode::push_int, 0);
      break;
  }
  leave_depth();
  return type;
}

void Compiler::expression_as(ExprId id, ValueType wanted) { convert(expression(id), wanted); }

void Compiler::convert(ValueType from, ValueType to) {
  if (from == to) return;
  if (to == ValueType::string) {
    emit(from == ValueType::real ? Opcode::real_to_string : Opcode::int_to_string);
  } else if (from == ValueType::string) {
    emit(Opcode::pop);
    emit(Opcode::push_int, 0);
    if (to == ValueType::real) emit(Opcode::to_real);
  } else {
    emit(to == ValueType::real ? Opcode::to_real : Opcode::to_int);
  }
}

// ------------------------------------------------------------------------------------------------- arithmetic

ValueType Compiler::unary(const Expr& expr) {
  const ExprId operand = program_.children[expr.first_child];
  if (expr.op == Op::neg) {
    const ValueType type = expression(operand);
    if (type == ValueType::real) {
      emit(Opcode::real_neg);
      return type;
    }
    Instruction& last = code_.instructions.back();
    if (last.op == Opcode::push_int) {
      last.a = wrap(-static_cast<int64_t>(last.a));
    } else {
      emit(Opcode::neg);
    }
    return ValueType::integer;
  }
  expression_as(operand, ValueType::integer);
  emit(expr.op == Op::bit_not ? Opcode::bit_not : Opcode::logical_not);
  return ValueType::integer;
}

ValueType Compiler::binary(const Expr& expr) {
  const ExprId left = program_.children[expr.first_child];
  const ExprId right = program_.children[expr.first_child + 1];
  if (expr.op == Op::concat) {
    expression_as(left, ValueType::string);
    expression_as(right, ValueType::string);
    span_ = expr.span;
    emit(Opcode::concat);
    return ValueType::string;
  }
  if (arithmetic_op(expr.op) || comparison_op(expr.op)) return arithmetic(expr);
  expression_as(left, ValueType::integer);
  expression_as(right, ValueType::integer);
  emit(integer_opcode(expr.op));
  return ValueType::integer;
}

ValueType Compiler::arithmetic(const Expr& expr) {
  const ExprId left = program_.children[expr.first_child];
  const ExprId right = program_.children[expr.first_child + 1];
  const bool real = type_of(left) == ValueType::real || type_of(right) == ValueType::real;
  if (real) {
    expression_as(left, ValueType::real);
    expression_as(right, ValueType::real);
    emit(real_opcode(expr.op));
    return comparison_op(expr.op) ? ValueType::integer : ValueType::real;
  }
  expression(left);
  expression(right);
  span_ = expr.span;
  const Opcode op = integer_opcode(expr.op);
  std::vector<Instruction>& code = code_.instructions;
  int32_t folded = 0;
  if (code.size() >= 2 && code[code.size() - 1].op == Opcode::push_int &&
      code[code.size() - 2].op == Opcode::push_int &&
      fold_pair(op, code[code.size() - 2].a, code[code.size() - 1].a, folded)) {
    code.pop_back();
    code_.spans.pop_back();
    --depth_;
    code.back().a = folded;
    return ValueType::integer;
  }
  emit(op);
  return ValueType::integer;
}

ValueType Compiler::type_of(ExprId id) {
  if (id == kNone) return ValueType::integer;
  const Expr& expr = program_.exprs[id];
  switch (expr.kind) {
    case ExprKind::real:
      return ValueType::real;
    case ExprKind::string:
      return ValueType::string;
    case ExprKind::symbol:
    case ExprKind::index: {
      if (expr.symbol == kNone) return ValueType::integer;
      ExprId argument = kNone;
      Scope* where = nullptr;
      if (parameter_argument(expr.symbol, argument, where)) {
        return in_scope_of(where, argument, [&](ExprId e) { return type_of(e); });
      }
      const Symbol& symbol = program_.symbols[expr.symbol];
      if (symbol.kind == SymbolKind::constant && !symbol.has_value && !symbol.is_array) return type_of(symbol.initial);
      return symbol.type;
    }
    case ExprKind::unary:
      return expr.op == Op::neg ? type_of(program_.children[expr.first_child]) : ValueType::integer;
    case ExprKind::binary: {
      if (expr.op == Op::concat) return ValueType::string;
      if (!arithmetic_op(expr.op)) return ValueType::integer;
      const bool real = type_of(program_.children[expr.first_child]) == ValueType::real ||
                        type_of(program_.children[expr.first_child + 1]) == ValueType::real;
      return real ? ValueType::real : ValueType::integer;
    }
    case ExprKind::call: {
      if (expr.function != kNone) {
        const SymbolId result = program_.functions[expr.function].result;
        return result == kNone ? ValueType::integer : program_.symbols[result].type;
      }
      const int index = find_builtin(program_.name(expr.name));
      if (index < 0) return ValueType::integer;
      const std::string_view signature = builtin(index).signature;
      const size_t arrow = signature.find('>');
      const char result = arrow == std::string_view::npos ? '-' : signature[arrow + 1];
      if (result == 'n')
        return expr.child_count > 0 ? type_of(program_.children[expr.first_child]) : ValueType::integer;
      return result == 'r' ? ValueType::real : result == 's' ? ValueType::string : ValueType::integer;
    }
    default:
      return ValueType::integer;
  }
}

}  // namespace fermata::runtime
