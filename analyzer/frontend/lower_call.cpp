// Calls, properties and f-strings.
#include "frontend/builtins.h"
#include "frontend/lower.h"

namespace fermata::build {

ExprId Lowerer::make_call(const Context& context, std::string_view spelling, const std::vector<ExprId>& arguments,
                          Span where) {
  Expr expr;
  expr.kind = ExprKind::call;
  expr.name = program_.intern(callee_name(context, spelling, arguments.size()));
  expr.function = find_function(context, spelling, arguments.size());
  expr.span = where;
  return add(expr, arguments);
}

ExprId Lowerer::call(const Context& context, uint32_t node) {
  const SyntaxTree& syntax = tree(context);
  const uint32_t callee = syntax.child(node, Field::function);
  const Span where = span(context, node);
  if (callee == kNone) return add_error(where);
  std::vector<ExprId> given = arguments(context, syntax.child(node, Field::arguments));
  if (given.size() > 1 && lower(build_.text(context, callee)) == "ivls.register_node") {
    given[1] = node_argument(context, syntax.child(node, Field::arguments), given[1]);
  }
  // A callee that is no plain name (a method of another dialect) keeps its text as name: nobody knows it.
  return make_call(context, build_.text(context, callee), given, where);
}

// Only a node can be registered: a variable of the same name, or of one that differs in case alone, is not meant.
ExprId Lowerer::node_argument(const Context& context, uint32_t arguments, ExprId given) {
  uint32_t position = 0;
  for (const uint32_t child : Children(tree(context), arguments)) {
    if (tree(context)[child].kind == Kind::token || position++ == 0) continue;
    const bool named = tree(context)[child].kind == Kind::identifier;
    const uint32_t plan = named ? build_.find_plan(build_.text(context, child)) : kNone;
    return plan == kNone ? given : add_node(plan, span(context, child));
  }
  return given;
}

ExprId Lowerer::add_node(uint32_t plan, Span where) {
  Expr expr;
  expr.kind = ExprKind::node_ref;
  expr.node = build_.plans[plan].id;
  expr.name = program_.intern(build_.plans[plan].name);
  expr.span = where;
  return add(expr);
}

// The accessors of a property are ordinary functions named after it.
ExprId Lowerer::property_get(const PropertyPlan& property, const std::vector<ExprId>& indices, Span where) {
  if (property.target != kNone) return property_target(property, indices);
  Context context;
  return property.get.empty() ? add_error(where) : make_call(context, property.get, indices, where);
}

// `property p[i] -> expression`: the expression, with the index names standing for the indices of the use.
ExprId Lowerer::property_target(const PropertyPlan& property, const std::vector<ExprId>& indices) {
  if (hook_depth_ >= kMaxHookDepth) return add_error(build_.span(property.context.unit, property.syntax));
  Scope scope;
  size_t next = 0;
  const SyntaxTree& syntax = build_.tree(property.context.unit);
  for (const uint32_t child : Children(syntax, property.syntax)) {
    if (syntax[child].field != Field::index || syntax[child].kind != Kind::identifier) continue;
    if (next < indices.size()) scope.aliases.emplace(canonical(syntax.text(child)), indices[next++]);
  }
  Context context = property.context;
  context.scope = &scope;
  ++hook_depth_;
  const ExprId result = expression(context, property.target);
  --hook_depth_;
  return result;
}

// f'text <expr> text' is the concatenation of its parts. The inner expressions are parsed as texts of their own; their
// place is that of the whole string.
ExprId Lowerer::fstring(const Context& context, uint32_t node) {
  std::string_view text = build_.text(context, node);
  const Span where = span(context, node);
  if (text.size() < 2) return add_string("", where);
  text.remove_prefix(2);  // f and the quote
  if (!text.empty()) text.remove_suffix(1);
  ExprId result = kNone;
  uint32_t parts = 0;
  const auto append = [&](ExprId part) {
    if (++parts > kMaxNesting / 2) return;  // each part nests one level deeper; what is displayed decides nothing
    result = result == kNone ? part : add_binary(Op::concat, result, part, where);
  };
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      plain += text[++i];
      continue;
    }
    const size_t close = text[i] == '<' ? text.find('>', i) : std::string_view::npos;
    if (close == std::string_view::npos) {
      plain += text[i];
      continue;
    }
    if (!plain.empty()) append(add_string(plain, where));
    plain.clear();
    ExpandedUnit& unit = build_.own_units.emplace_back();
    unit.text = "x := " + std::string(text.substr(i + 1, close - i - 1)) + "\n";
    unit.file = where.file;
    unit.segments.push_back({0, false, where});
    Context inner = context;
    inner.unit = build_.add_unit(unit, build_.units[context.unit].library);
    const uint32_t statement = build_.tree(inner.unit).child(SyntaxTree::kRoot, Kind::assignment_statement);
    const uint32_t value = statement == kNone ? kNone : build_.tree(inner.unit).child(statement, Field::right);
    append(value == kNone ? add_error(where) : expression(inner, value));
    i = close;
  }
  if (!plain.empty() || result == kNone) append(add_string(plain, where));
  return result;
}

}  // namespace fermata::build
