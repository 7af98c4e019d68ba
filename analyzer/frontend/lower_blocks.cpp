// Statements that hold statements: if, while, for, select.
#include <limits>

#include "frontend/lower.h"

namespace fermata::build {

// What stands in a header that is broken is not what the author meant: anything may be true.
ExprId Lowerer::condition(const Context& context, uint32_t node, Field wanted) {
  const uint32_t written = tree(context).child(node, wanted);
  const bool broken = tree(context).child(node, Kind::error) != kNone;
  return written == kNone || broken ? add_error(span(context, node)) : expression(context, written);
}

// else-if stands alone in the else body. Built from the last clause backwards, so that a long chain needs no deep
// recursion; a chain longer than the limit loses its tail to an opaque statement.
StmtId Lowerer::if_chain(const Context& context, uint32_t node) {
  const SyntaxTree& syntax = tree(context);
  std::vector<uint32_t> clauses = {node};
  uint32_t last = kNone;
  for (const uint32_t child : Children(syntax, node)) {
    if (syntax[child].kind == Kind::elseif_clause) {
      if (depth_ + clauses.size() < kMaxNesting) clauses.push_back(child);
    } else if (syntax[child].kind == Kind::else_clause) {
      last = child;
    }
  }
  depth_ += static_cast<uint32_t>(clauses.size() - 1);
  const BlockId tail = last == kNone ? kNone : block(context, syntax.child(last, Field::body));
  depth_ -= static_cast<uint32_t>(clauses.size() - 1);
  StmtId result = kNone;
  for (size_t i = clauses.size(); i-- > 0;) {
    Stmt stmt;
    stmt.kind = StmtKind::if_;
    stmt.span = span(context, clauses[i]);
    stmt.value = condition(context, clauses[i], Field::condition);
    depth_ += static_cast<uint32_t>(i);
    stmt.body = block(context, syntax.child(clauses[i], Field::body));
    depth_ -= static_cast<uint32_t>(i);
    stmt.else_body = result == kNone ? tail : add_block({result});
    result = add(stmt);
  }
  return result;
}

StmtId Lowerer::loop(const Context& context, uint32_t node) {
  const SyntaxTree& syntax = tree(context);
  Stmt stmt;
  stmt.span = span(context, node);
  if (syntax[node].kind == Kind::while_statement) {
    stmt.kind = StmtKind::while_;
    stmt.value = condition(context, node, Field::condition);
  } else {
    const uint32_t variable = syntax.child(node, Field::variable);
    const uint32_t from = syntax.child(node, Field::from), to = syntax.child(node, Field::to);
    if (variable == kNone || from == kNone || to == kNone) return opaque(stmt.span);
    stmt.kind = StmtKind::for_;
    stmt.target = target(context, variable);
    stmt.value = expression(context, from);
    stmt.limit = expression(context, to);
    stmt.step = expression(context, syntax.child(node, Field::step));
    const uint32_t direction = syntax.child(node, Field::direction);
    stmt.downto = direction != kNone && syntax.text(direction) == "downto";
  }
  stmt.body = block(context, syntax.child(node, Field::body));
  return add(stmt);
}

StmtId Lowerer::select(const Context& context, uint32_t node) {
  const SyntaxTree& syntax = tree(context);
  Stmt stmt;
  stmt.kind = StmtKind::select;
  stmt.span = span(context, node);
  stmt.value = condition(context, node, Field::subject);
  std::vector<Case> cases;
  for (const uint32_t child : Children(syntax, node)) {
    if (syntax[child].kind == Kind::case_clause) cases.push_back(case_clause(context, child));
    if (syntax[child].kind == Kind::else_clause) {
      Case other;
      other.body = block(context, syntax.child(child, Field::body));
      cases.push_back(other);
    }
  }
  stmt.first_case = static_cast<uint32_t>(program_.cases.size());
  stmt.case_count = static_cast<uint32_t>(cases.size());
  program_.cases.insert(program_.cases.end(), cases.begin(), cases.end());
  return add(stmt);
}

Case Lowerer::case_clause(const Context& context, uint32_t node) {
  const SyntaxTree& syntax = tree(context);
  const uint32_t value = syntax.child(node, Field::value);
  Case result;
  if (value != kNone && lower(syntax.text(value)) == "case.else") {
    const Span where = span(context, value);
    result.from = add_integer(std::numeric_limits<int32_t>::min(), where);
    result.to = add_integer(std::numeric_limits<int32_t>::max(), where);
  } else {
    result.from = value == kNone ? add_error(span(context, node)) : expression(context, value);
    result.to = expression(context, syntax.child(node, Field::to));
  }
  result.body = block(context, syntax.child(node, Field::body));
  return result;
}

}  // namespace fermata::build
