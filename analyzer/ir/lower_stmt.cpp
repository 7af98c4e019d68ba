// Statements: blocks and jumps.
#include "ir/lowering.h"

namespace fermata::ir {

void Lowering::block(fermata::BlockId id, uint32_t scope) {
  for (const StmtId stmt : program_.statements(id)) {
    if (over_limit()) return;
    statement(program_.stmts[stmt], scope);
  }
}

void Lowering::statement(const Stmt& stmt, uint32_t scope) {
  switch (stmt.kind) {
    case StmtKind::assign:
      assign(stmt.target, expression(stmt.value, scope), scope, stmt.span);
      break;
    case StmtKind::call: {
      const fermata::Expr& expr = program_.exprs[stmt.value];
      if (expr.kind == fermata::ExprKind::call) call(expr, scope, true, stmt.subroutine);
      break;
    }
    case StmtKind::if_:
      if_statement(stmt, scope);
      break;
    case StmtKind::while_:
      while_statement(stmt, scope);
      break;
    case StmtKind::for_:
      for_statement(stmt, scope);
      break;
    case StmtKind::select:
      select_statement(stmt, scope);
      break;
    case StmtKind::declare:
      declaration(stmt, scope);
      break;
    case StmtKind::exit_:
      exit_statement(scope);
      break;
    case StmtKind::continue_:
      if (!continues_.empty()) {
        continues_.back().push_back(current_block());
        close_go(kNone);
        open_block(stmt.span);
      }
      break;
    case StmtKind::child_loop:
      child_loop(stmt, scope);
      break;
    case StmtKind::run_hook:
    case StmtKind::opaque:
      break;
  }
}

void Lowering::if_statement(const Stmt& stmt, uint32_t scope) {
  const ExprId condition = expression(stmt.value, scope);
  const BlockId head = current_block();
  module_.blocks[head].jump = Jump::branch;
  module_.blocks[head].condition = condition;
  module_.blocks[head].span = program_.exprs[stmt.value].span;
  const BlockId then_first = open_block(stmt.span);
  block(stmt.body, scope);
  const BlockId then_last = current_block();
  BlockId else_first = kNone;
  BlockId else_last = kNone;
  if (stmt.else_body != kNone) {
    else_first = open_block(stmt.span);
    block(stmt.else_body, scope);
    else_last = current_block();
  }
  const BlockId join = open_block(stmt.span);
  Block& branch = module_.blocks[head];
  branch.then_block = then_first;
  branch.else_block = else_first == kNone ? join : else_first;
  branch.region_begin = head + 1;
  branch.region_end = join;
  branch.join = join;
  for (const BlockId last : {then_last, else_last}) {
    if (last == kNone) continue;
    module_.blocks[last].jump = Jump::go;
    module_.blocks[last].then_block = join;
  }
}

void Lowering::while_statement(const Stmt& stmt, uint32_t scope) {
  const BlockId before = current_block();
  const BlockId head = open_block(stmt.span);
  module_.blocks[before].jump = Jump::go;
  module_.blocks[before].then_block = head;
  module_.blocks[head].loop_head = true;
  const ExprId condition = expression(stmt.value, scope);
  const BlockId test = current_block();  // an inlined call may have opened blocks
  const BlockId body = open_block(stmt.span);
  continues_.emplace_back();
  block(stmt.body, scope);
  const BlockId last = current_block();
  const BlockId after = open_block(stmt.span);
  module_.blocks[last].jump = Jump::go;
  module_.blocks[last].then_block = head;
  for (const BlockId jump : continues_.back()) module_.blocks[jump].then_block = head;
  continues_.pop_back();
  Block& branch = module_.blocks[test];
  branch.jump = Jump::branch;
  branch.condition = condition;
  branch.then_block = body;
  branch.else_block = after;
  branch.region_begin = test + 1;
  branch.region_end = after;
  branch.join = after;
  branch.loop = head;
  branch.span = program_.exprs[stmt.value].span;
}

void Lowering::for_statement(const Stmt& stmt, uint32_t scope) {
  assign(stmt.target, expression(stmt.value, scope), scope, stmt.span);
  const BlockId before = current_block();
  const BlockId head = open_block(stmt.span);
  module_.blocks[before].jump = Jump::go;
  module_.blocks[before].then_block = head;
  module_.blocks[head].loop_head = true;
  const ExprId variable = expression(stmt.target, scope);
  const ExprId condition = binary(stmt.downto ? Op::ge : Op::le, variable, expression(stmt.limit, scope));
  const BlockId test = current_block();
  const BlockId body = open_block(stmt.span);
  continues_.emplace_back();
  block(stmt.body, scope);
  const BlockId last = current_block();
  const BlockId next = open_block(stmt.span);
  module_.blocks[last].jump = Jump::go;
  module_.blocks[last].then_block = next;
  for (const BlockId jump : continues_.back()) module_.blocks[jump].then_block = next;
  continues_.pop_back();
  const ExprId step = stmt.step == kNone ? constant(1) : expression(stmt.step, scope);
  const ExprId current = expression(stmt.target, scope);
  assign(stmt.target, binary(stmt.downto ? Op::sub : Op::add, current, step), scope, stmt.span);
  close_go(head);
  const BlockId after = open_block(stmt.span);
  Block& branch = module_.blocks[test];
  branch.jump = Jump::branch;
  branch.condition = condition;
  branch.then_block = body;
  branch.else_block = after;
  branch.region_begin = test + 1;
  branch.region_end = after;
  branch.join = after;
  branch.loop = head;
  branch.span = stmt.span;
}

void Lowering::select_statement(const Stmt& stmt, uint32_t scope) {
  // The subject is evaluated once; each case is a branch of its own.
  const SlotId subject = new_local(kNone);
  const ExprId value = expression(stmt.value, scope);
  Instr& set = emit(Effect::set, stmt.span);
  set.dst = subject;
  set.a = value;
  std::vector<BlockId> ends;
  std::vector<BlockId> heads;
  const BlockId first_head = current_block();
  for (uint32_t i = 0; i < stmt.case_count; ++i) {
    const Case& one = program_.cases[stmt.first_case + i];
    if (one.from == kNone) {
      block(one.body, scope);
      continue;
    }
    const ExprId from = expression(one.from, scope);
    ExprId condition = kNone;
    if (one.to == kNone) {
      condition = binary(Op::eq, slot_expr(subject), from);
    } else {
      const ExprId to = expression(one.to, scope);
      condition = pure(Pure::in_range, {slot_expr(subject), from, to});
    }
    const BlockId head = current_block();
    module_.blocks[head].jump = Jump::branch;
    module_.blocks[head].condition = condition;
    module_.blocks[head].span = program_.exprs[one.from].span;
    heads.push_back(head);
    module_.blocks[head].then_block = open_block(stmt.span);
    block(one.body, scope);
    ends.push_back(current_block());
    module_.blocks[head].else_block = open_block(stmt.span);
  }
  const BlockId last = current_block();
  const BlockId join = open_block(stmt.span);
  module_.blocks[last].jump = Jump::go;
  module_.blocks[last].then_block = join;
  for (const BlockId end : ends) {
    module_.blocks[end].jump = Jump::go;
    module_.blocks[end].then_block = join;
  }
  for (const BlockId head : heads) {
    module_.blocks[head].region_begin = first_head + 1;
    module_.blocks[head].region_end = join;
    module_.blocks[head].join = join;
  }
}

void Lowering::child_loop(const Stmt& stmt, uint32_t scope) {
  // Any number of turns, each with a child that is not known.
  const BlockId before = current_block();
  const BlockId head = open_block(stmt.span);
  module_.blocks[before].jump = Jump::go;
  module_.blocks[before].then_block = head;
  module_.blocks[head].loop_head = true;
  const SlotId variable = slot_of(stmt.symbol, scope);
  const BlockId body = open_block(stmt.span);
  if (variable != kNone) {
    const ExprId child = unknown(1, INT32_MAX);
    Instr& set = emit(Effect::set, stmt.span);
    set.dst = variable;
    set.a = child;
  }
  continues_.emplace_back();
  block(stmt.body, scope);
  const BlockId last = current_block();
  const BlockId after = open_block(stmt.span);
  module_.blocks[last].jump = Jump::go;
  module_.blocks[last].then_block = head;
  for (const BlockId jump : continues_.back()) module_.blocks[jump].then_block = head;
  continues_.pop_back();
  const ExprId condition = unknown(0, 1);
  Block& branch = module_.blocks[head];
  branch.jump = Jump::branch;
  branch.condition = condition;
  branch.then_block = body;
  branch.else_block = after;
  branch.region_begin = head + 1;
  branch.region_end = after;
  branch.join = after;
  branch.loop = head;
}

void Lowering::declaration(const Stmt& stmt, uint32_t scope) {
  if (stmt.symbol == kNone) return;
  const Symbol& symbol = program_.symbols[stmt.symbol];
  if (symbol.is_array || symbol.polyphonic || symbol.kind == SymbolKind::constant) return;
  if (symbol.kind == SymbolKind::local && scope != 0 && binding_of(stmt.symbol, scope) == nullptr) {
    // Each inlined copy of a function has its own locals.
    scopes_[scope].bindings[stmt.symbol].slot = new_local(stmt.symbol);
  }
  if (symbol.ui != UiKind::none) return;
  const SlotId slot = slot_of(stmt.symbol, scope);
  if (slot == kNone) return;
  ExprId value = kNone;
  if (symbol.initial != kNone) {
    value = expression(symbol.initial, scope);
  } else if (stmt.value != kNone) {
    value = expression(stmt.value, scope);
  } else {
    value = constant(0);
  }
  Instr& set = emit(Effect::set, stmt.span);
  set.dst = slot;
  set.a = value;
}

void Lowering::exit_statement(uint32_t scope) {
  uint32_t at = scope;
  while (at != 0 && !scopes_[at].exit_leaves_function) at = scopes_[at].parent;
  close_go(kNone);
  if (at == 0) {
    entry_exits_.push_back(current_block());
  } else {
    scopes_[at].exits.push_back(current_block());
  }
  open_block({});
}

void Lowering::assign(fermata::ExprId target, ExprId value, uint32_t scope, Span span) {
  if (target == kNone) return;
  const fermata::Expr expr = program_.exprs[target];
  if (expr.kind == fermata::ExprKind::symbol) {
    uint32_t where = kNone;
    const Binding* binding = binding_of(expr.symbol, scope, &where);
    if (binding != nullptr && binding->by_name != kNone) return assign(binding->by_name, value, binding->scope, span);
  }
  if (const std::optional<ArrayPlace> place = array_place(expr, scope)) {
    // Voice[v].auto_release is no datum but an owner: taking it away is an effect.
    const Array& array = module_.arrays[place->array];
    if (array.kind == ArrayKind::voice_field && array.name == "auto_release") {
      const Expr& constant_value = module_.exprs[value];
      const bool on = constant_value.kind == ExprKind::constant && constant_value.value != 0;
      Instr& instr = emit(on ? Effect::restore_parent : Effect::unparent, span);
      instr.a = place->index;
      instr.keeps_link = !on;
      return;
    }
    Instr& store = emit(Effect::store, span);
    store.array = place->array;
    store.a = place->index;
    store.b = value;
    return;
  }
  if (expr.kind != fermata::ExprKind::symbol) return;
  const SlotId slot = slot_of(expr.symbol, scope);
  if (slot == kNone) return;
  // An instruction that has just produced this very value writes straight to its place.
  Instr& set = emit(Effect::set, span);
  set.dst = slot;
  set.a = value;
}

}  // namespace fermata::ir
