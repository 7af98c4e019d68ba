#include "frontend/lower.h"

namespace fermata::build {

StmtId Lowerer::add(Stmt stmt) {
  program_.stmts.push_back(stmt);
  return static_cast<StmtId>(program_.stmts.size() - 1);
}

StmtId Lowerer::opaque(Span where) {
  Stmt stmt;
  stmt.kind = StmtKind::opaque;
  stmt.span = where;
  return add(stmt);
}

BlockId Lowerer::add_block(const std::vector<StmtId>& list) {
  program_.blocks.push_back({static_cast<uint32_t>(program_.block_items.size()), static_cast<uint32_t>(list.size())});
  program_.block_items.insert(program_.block_items.end(), list.begin(), list.end());
  return static_cast<BlockId>(program_.blocks.size() - 1);
}

BlockId Lowerer::block(const Context& context, uint32_t node) {
  std::vector<StmtId> out;
  if (node == kNone) return add_block(out);
  if (depth_ >= kMaxNesting) {
    if (build_.first_time("limit-nesting")) {
      build_.diagnose("limit-reached", "warning", "blocks nested deeper than the limit of 1000 levels",
                      span(context, node));
    }
    out.push_back(opaque(span(context, node)));
    return add_block(out);
  }
  ++depth_;
  statements(context, tree(context)[node].first_child, false, out);
  --depth_;
  return add_block(out);
}

uint32_t Lowerer::statements(const Context& context, uint32_t first, bool in_child_loop, std::vector<StmtId>& out) {
  uint32_t node = first;
  while (node != kNone) {
    const std::string callee = callee_of(context, node);
    if (callee == "end_for_each_child" && in_child_loop) return node;
    if (callee == "for_each_child" && depth_ < kMaxNesting) {
      node = child_loop(context, node, out);
      continue;
    }
    statement(context, node, out);
    node = tree(context)[node].next;
  }
  return kNone;
}

// for_each_child(v [, name]) ... end_for_each_child: two calls to the grammar, one loop to everybody else. Gives the
// node to go on with.
uint32_t Lowerer::child_loop(const Context& context, uint32_t first, std::vector<StmtId>& out) {
  const SyntaxTree& syntax = tree(context);
  const uint32_t call = syntax.child(first, Field::call);
  const uint32_t given = syntax.child(call, Field::arguments);
  std::vector<uint32_t> words;
  for (const uint32_t child : Children(syntax, given)) words.push_back(child);
  Stmt stmt;
  stmt.kind = StmtKind::child_loop;
  stmt.span = span(context, first);
  stmt.value = words.empty() ? add_error(stmt.span) : expression(context, words[0]);
  const bool named = words.size() > 1 && syntax[words[1]].kind == Kind::identifier;
  Symbol variable;
  variable.name = program_.intern(named ? canonical(syntax.text(words[1])) : "child");
  variable.kind = SymbolKind::local;
  variable.span = stmt.span;
  stmt.symbol = static_cast<SymbolId>(program_.symbols.size());
  Scope scope;
  scope.outer = context.scope;
  scope.symbols[program_.names[variable.name]].push_back(stmt.symbol);
  program_.symbols.push_back(variable);
  Context inner = context;
  inner.scope = &scope;
  std::vector<StmtId> body;
  ++depth_;
  const uint32_t end = statements(inner, syntax[first].next, true, body);
  --depth_;
  if (end == kNone) {
    build_.diagnose("syntax-error", "error", "expected 'end_for_each_child' before the end of the block", stmt.span);
  }
  stmt.body = add_block(body);
  out.push_back(add(stmt));
  return end == kNone ? kNone : syntax[end].next;
}

void Lowerer::statement(const Context& context, uint32_t node, std::vector<StmtId>& out) {
  const SyntaxTree& syntax = tree(context);
  switch (syntax[node].kind) {
    case Kind::assignment_statement:
      return assignment(context, node, out);
    case Kind::call_statement:
      return call_statement(context, node, out);
    case Kind::if_statement:
      return out.push_back(if_chain(context, node));
    case Kind::while_statement:
    case Kind::for_statement:
      return out.push_back(loop(context, node));
    case Kind::select_statement:
      return out.push_back(select(context, node));
    case Kind::declare_statement:
    case Kind::const_block:
    case Kind::list_block:
      return declare(context, node, out);
    case Kind::family_definition:
    case Kind::namespace_definition: {
      const uint32_t name = syntax.child(node, Field::name);
      const uint32_t body = syntax.child(node, Field::body);
      if (name == kNone || body == kNone) return;
      Context inner = context;
      inner.prefix += canonical(syntax.text(name)) + ".";
      statements(inner, syntax[body].first_child, false, out);
      return;
    }
    case Kind::block:
      statements(context, syntax[node].first_child, false, out);
      return;
    case Kind::python_statement:  // never run, and the text level has said so
    case Kind::too_deep:
      return out.push_back(opaque(span(context, node)));
    case Kind::error:
      // The broken words themselves say nothing; whole statements among them still count.
      out.push_back(opaque(span(context, node)));
      statements(context, syntax[node].first_child, false, out);
      return;
    default:
      return;  // definitions, and what the text level has dealt with
  }
}

void Lowerer::assignment(const Context& context, uint32_t node, std::vector<StmtId>& out) {
  const SyntaxTree& syntax = tree(context);
  const uint32_t left = syntax.child(node, Field::left);
  const uint32_t right = syntax.child(node, Field::right);
  const uint32_t op = syntax.child(node, Field::operator_);
  const Span where = span(context, node);
  if (syntax[node].broken || left == kNone || right == kNone) return out.push_back(opaque(where));
  ExprId value = expression(context, right);
  const std::string_view sign = op == kNone ? std::string_view(":=") : syntax.text(op);
  if (sign != ":=") {
    const Op kind = sign == "+="   ? Op::add
                    : sign == "-=" ? Op::sub
                    : sign == "*=" ? Op::mul
                    : sign == "/=" ? Op::div
                                   : Op::concat;
    value = add_binary(kind, expression(context, left), value, where);
  }
  Stmt stmt;
  stmt.span = where;
  stmt.value = value;
  if (syntax.text(left) == "_" && program_.exprs[value].kind == ExprKind::call) {
    stmt.kind = StmtKind::call;  // `_ := f()`: the result is thrown away
    return out.push_back(add(stmt));
  }
  if (property_set(context, left, value, where, out)) return;
  stmt.kind = StmtKind::assign;
  stmt.target = target(context, left);
  out.push_back(add(stmt));
}

ExprId Lowerer::target(const Context& context, uint32_t node) {
  const ExprId result = expression(context, node);
  // What is assigned to is a variable, declared here or not.
  if (program_.exprs[result].kind != ExprKind::name) return result;
  const Span where = span(context, node);
  return add_symbol(implicit_global(build_.text(context, node), false, where), where);
}

// `p[i] := v` of a property is a call of its set function.
bool Lowerer::property_set(const Context& context, uint32_t left, ExprId value, Span where, std::vector<StmtId>& out) {
  const SyntaxTree& syntax = tree(context);
  const bool indexed = syntax[left].kind == Kind::subscript_expression;
  const uint32_t name = indexed ? syntax.child(left, Field::object) : left;
  if (name == kNone || syntax[name].kind != Kind::identifier) return false;
  const Meaning meaning = find(context, syntax.text(name), indexed);
  if (meaning.property == nullptr || meaning.property->target != kNone) return false;
  std::vector<ExprId> given;
  if (indexed) given = expressions(context, left, Field::index);
  given.push_back(value);
  Stmt stmt;
  stmt.kind = StmtKind::call;
  stmt.span = where;
  stmt.value =
      meaning.property->set.empty() ? add_error(where) : make_call(Context(), meaning.property->set, given, where);
  if (meaning.property->set.empty()) stmt.kind = StmtKind::opaque;
  out.push_back(add(stmt));
  return true;
}

}  // namespace fermata::build
