// Statements.
#include <algorithm>

#include "runtime/compiler.h"

namespace fermata::runtime {

void Compiler::block(BlockId id) {
  if (id == kNone || !code_.error.empty()) return;
  for (const StmtId stmt : program_.statements(id)) {
    if (!code_.error.empty()) return;
    const uint32_t depth = depth_;
    span_ = program_.stmts[stmt].span;
    if (enter(span_)) statement(program_.stmts[stmt]);
    leave_depth();
    depth_ = depth;
  }
}

void Compiler::statement(const Stmt& stmt) {
  switch (stmt.kind) {
    case StmtKind::assign:
      return assign(stmt);
    case StmtKind::call:
      return call_statement(stmt);
    case StmtKind::if_:
      return if_statement(stmt);
    case StmtKind::while_:
      return while_statement(stmt);
    case StmtKind::for_:
      return for_statement(stmt);
    case StmtKind::select:
      return select_statement(stmt);
    case StmtKind::declare:
      return declare(stmt.symbol, stmt.span);
    case StmtKind::exit_:
      return exit_statement();
    case StmtKind::child_loop:
      return child_loop(stmt);
    case StmtKind::run_hook:
    case StmtKind::opaque:
      return;
    case StmtKind::continue_:
      break;
  }
  if (loops_.empty()) return;
  const uint32_t depth = depth_;
  if (depth > loops_.back().depth) emit(Opcode::drop, static_cast<int32_t>(depth - loops_.back().depth));
  loops_.back().continues.push_back(emit(Opcode::jump));
  depth_ = depth;
}

void Compiler::assign(const Stmt& stmt) {
  if (stmt.target == kNone || stmt.value == kNone) return;
  const Expr& value = program_.exprs[stmt.value];
  if (value.kind == ExprKind::call && value.function != kNone) {
    const Function& function = program_.functions[value.function];
    // The compiler of the dialect puts the target in the place of the result.
    if (!function.task && function.result != kNone) {
      call(stmt.value, false, stmt.target);
      return;
    }
  }
  const Target where = target(stmt.target);
  if (where.kind == Target::Kind::none) {
    expression(stmt.value);
    emit(Opcode::pop);
    return;
  }
  store(where, expression(stmt.value));
}

void Compiler::if_statement(const Stmt& stmt) {
  expression_as(stmt.value, ValueType::integer);
  const size_t to_else = emit(Opcode::jump_if_zero);
  block(stmt.body);
  if (stmt.else_body == kNone) return patch(to_else);
  const size_t to_end = emit(Opcode::jump);
  patch(to_else);
  block(stmt.else_body);
  patch(to_end);
}

// The counter of the guard against loops that neither end nor wait. Returns the jump that leaves the loop when it acts.
size_t Compiler::begin_loop(uint32_t& counter) {
  counter = new_slot();
  counters_.push_back(counter);
  emit(Opcode::loop_enter, static_cast<int32_t>(counter));
  loops_.emplace_back();
  loops_.back().depth = depth_;
  return here();
}

void Compiler::while_statement(const Stmt& stmt) {
  uint32_t counter = 0;
  const size_t top = begin_loop(counter);
  expression_as(stmt.value, ValueType::integer);
  const size_t done = emit(Opcode::jump_if_zero);
  emit(Opcode::loop_turn, static_cast<int32_t>(counter));
  const size_t cut = emit(Opcode::jump_if_zero);
  block(stmt.body);
  for (const size_t jump : loops_.back().continues) code_.instructions[jump].a = static_cast<int32_t>(top);
  emit(Opcode::jump, static_cast<int32_t>(top));
  patch(done);
  patch(cut);
  loops_.pop_back();
}

void Compiler::for_statement(const Stmt& stmt) {
  if (stmt.target == kNone || stmt.value == kNone || stmt.limit == kNone) return;
  store(target(stmt.target), expression(stmt.value));
  uint32_t counter = 0;
  const size_t top = begin_loop(counter);
  expression_as(stmt.target, ValueType::integer);
  expression_as(stmt.limit, ValueType::integer);
  emit(stmt.downto ? Opcode::ge : Opcode::le);
  const size_t done = emit(Opcode::jump_if_zero);
  emit(Opcode::loop_turn, static_cast<int32_t>(counter));
  const size_t cut = emit(Opcode::jump_if_zero);
  block(stmt.body);
  for (const size_t jump : loops_.back().continues) patch(jump);
  const Target variable = target(stmt.target);
  expression_as(stmt.target, ValueType::integer);
  if (stmt.step != kNone) {
    expression_as(stmt.step, ValueType::integer);
  } else {
    emit(Opcode::push_int, 1);
  }
  emit(stmt.downto ? Opcode::sub : Opcode::add);
  store(variable, ValueType::integer);
  emit(Opcode::jump, static_cast<int32_t>(top));
  patch(done);
  patch(cut);
  loops_.pop_back();
}

void Compiler::select_statement(const Stmt& stmt) {
  expression_as(stmt.value, ValueType::integer);
  const auto value = static_cast<int32_t>(new_slot());
  emit(Opcode::store_local, value);
  std::vector<size_t> ends;
  for (uint32_t i = 0; i < stmt.case_count; ++i) {
    const Case& label = program_.cases[stmt.first_case + i];
    size_t next = 0;
    if (label.from != kNone) {
      emit(Opcode::load_local, value);
      expression_as(label.from, ValueType::integer);
      emit(label.to == kNone ? Opcode::eq : Opcode::ge);
      if (label.to != kNone) {
        emit(Opcode::load_local, value);
        expression_as(label.to, ValueType::integer);
        emit(Opcode::le);
        emit(Opcode::logical_and);
      }
      next = emit(Opcode::jump_if_zero);
    }
    block(label.body);
    ends.push_back(emit(Opcode::jump));
    if (label.from == kNone) break;
    patch(next);
  }
  for (const size_t end : ends) patch(end);
}

// for_each_child(v): from the newest child on to the older ones.
void Compiler::child_loop(const Stmt& stmt) {
  const auto field = [&](std::string_view name) {
    for (size_t i = 0; i < code_.fields.size(); ++i) {
      if (code_.fields[i].type == "voice" && code_.fields[i].field == name) return static_cast<int32_t>(i);
    }
    code_.fields.push_back({"voice", name});
    return static_cast<int32_t>(code_.fields.size() - 1);
  };
  const Target child = symbol_target(stmt.symbol);
  expression_as(stmt.value, ValueType::integer);
  emit(Opcode::load_field, field("vo_child"));
  store(child, ValueType::integer);
  uint32_t counter = 0;
  const size_t top = begin_loop(counter);
  load_symbol(stmt.symbol);
  emit(Opcode::push_int, 0);
  emit(Opcode::ge);
  const size_t done = emit(Opcode::jump_if_zero);
  emit(Opcode::loop_turn, static_cast<int32_t>(counter));
  const size_t cut = emit(Opcode::jump_if_zero);
  block(stmt.body);
  for (const size_t jump : loops_.back().continues) patch(jump);
  load_symbol(stmt.symbol);
  emit(Opcode::load_field, field("vo_left"));
  store(child, ValueType::integer);
  emit(Opcode::jump, static_cast<int32_t>(top));
  patch(done);
  patch(cut);
  loops_.pop_back();
}

void Compiler::declare(SymbolId id, Span span) {
  if (id == kNone) return;
  const Symbol& symbol = program_.symbols[id];
  span_ = span;
  if (symbol.polyphonic || (symbol.kind == SymbolKind::constant && !symbol.is_array)) return;
  if (symbol.is_array || symbol.is_list) return declare_array(id);
  if (symbol.initial != kNone) {
    const Target where = symbol_target(id);
    if (where.kind != Target::Kind::none) store(where, expression(symbol.initial));
    return;
  }
  // A control starts at 0, or at the end of its range that is nearest to 0.
  if (symbol.ui == UiKind::none || !symbol.ui_range_known || symbol.type != ValueType::integer) return;
  emit(Opcode::push_int, std::max(symbol.ui_min, std::min(symbol.ui_max, 0)));
  store(symbol_target(id), ValueType::integer);
}

void Compiler::declare_array(SymbolId id) {
  const Symbol& symbol = program_.symbols[id];
  const int32_t array = array_of_symbol(id);
  if (array < 0 || symbol.initial_items.empty()) return;
  const ArrayInfo info = code_.arrays[static_cast<size_t>(array)];
  const bool list = info.where == ArrayInfo::Where::list;
  int32_t index = 0;
  for (const ExprId item : symbol.initial_items) {
    if (!list && static_cast<uint32_t>(index) >= info.size) break;
    emit(Opcode::push_int, index++);
    expression_as(item, info.type);
    emit(Opcode::store_item, array, list ? 1 : 0);
  }
  if (list || static_cast<uint32_t>(index) >= info.size) return;
  emit(Opcode::push_int, index);
  emit(Opcode::fill, array);
}

void Compiler::exit_statement() {
  const uint32_t depth = depth_;
  Scope* scope = scope_;
  while (scope != nullptr && !scope->catches_exit) scope = scope->outer;
  if (scope == nullptr) {
    emit(Opcode::leave);
  } else {
    if (depth > scope->depth) emit(Opcode::drop, static_cast<int32_t>(depth - scope->depth));
    scope->exits.push_back(emit(Opcode::jump));
  }
  depth_ = depth;
}

void Compiler::call_statement(const Stmt& stmt) {
  if (stmt.value == kNone) return;
  const Expr& expr = program_.exprs[stmt.value];
  span_ = expr.span;
  if (expr.kind == ExprKind::call && expr.function != kNone) {
    if (enter(expr.span)) user_call(expr, true, kNone, stmt.subroutine);
    leave_depth();
    return;
  }
  if (expr.kind == ExprKind::call) {
    call(stmt.value, true, kNone);
  } else {
    expression(stmt.value);
  }
  emit(Opcode::pop);
}

}  // namespace fermata::runtime
