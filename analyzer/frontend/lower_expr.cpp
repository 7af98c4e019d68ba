#include <charconv>
#include <cstdlib>

#include "frontend/fold.h"
#include "frontend/lower.h"

namespace fermata::build {
namespace {

Op binary_op(std::string_view text) {
  constexpr std::pair<std::string_view, Op> kOps[] = {
      {"+", Op::add},         {"-", Op::sub},
      {"*", Op::mul},         {"/", Op::div},
      {"mod", Op::mod},       {"=", Op::eq},
      {"#", Op::ne},          {"<", Op::lt},
      {"<=", Op::le},         {">", Op::gt},
      {">=", Op::ge},         {"and", Op::logical_and},
      {"or", Op::logical_or}, {"xor", Op::logical_xor},
      {".and.", Op::bit_and}, {".or.", Op::bit_or},
      {".xor.", Op::bit_xor}, {"&", Op::concat},
  };
  for (const auto& [spelling, op] : kOps) {
    if (spelling == text) return op;
  }
  return Op::none;
}

std::string unquote(std::string_view text) {
  if (text.empty()) return {};
  const char quote = text.front();
  text.remove_prefix(1);
  if (!text.empty() && text.back() == quote) text.remove_suffix(1);
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escaped = text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\'');
    out += text[escaped ? ++i : i];
  }
  return out;
}

}  // namespace

ExprId Lowerer::add(Expr expr, const std::vector<ExprId>& children) {
  expr.first_child = static_cast<uint32_t>(program_.children.size());
  expr.child_count = static_cast<uint32_t>(children.size());
  program_.children.insert(program_.children.end(), children.begin(), children.end());
  program_.exprs.push_back(expr);
  return static_cast<ExprId>(program_.exprs.size() - 1);
}

ExprId Lowerer::add_binary(Op op, ExprId left, ExprId right, Span where) {
  Expr expr;
  expr.kind = ExprKind::binary;
  expr.op = op;
  expr.span = where;
  return add(expr, {left, right});
}

ExprId Lowerer::add_symbol(SymbolId symbol, Span where) {
  Expr expr;
  expr.kind = ExprKind::symbol;
  expr.symbol = symbol;
  expr.name = program_.symbols[symbol].name;
  expr.span = where;
  return add(expr);
}

ExprId Lowerer::add_string(std::string_view text, Span where) {
  Expr expr;
  expr.kind = ExprKind::string;
  expr.name = program_.intern(text);
  expr.span = where;
  return add(expr);
}

ExprId Lowerer::add_integer(int64_t value, Span where) {
  Expr expr;
  expr.kind = ExprKind::integer;
  expr.int_value = value;
  expr.span = where;
  return add(expr);
}

ExprId Lowerer::add_error(Span where) {
  Expr expr;
  expr.span = where;
  return add(expr);
}

std::vector<ExprId> Lowerer::expressions(const Context& context, uint32_t parent, Field wanted) {
  std::vector<ExprId> out;
  for (const uint32_t child : Children(tree(context), parent)) {
    if (tree(context)[child].field == wanted) out.push_back(expression(context, child));
  }
  return out;
}

std::vector<ExprId> Lowerer::arguments(const Context& context, uint32_t node) {
  std::vector<ExprId> out;
  for (const uint32_t child : Children(tree(context), node)) {
    if (tree(context)[child].kind != Kind::token) out.push_back(expression(context, child));
  }
  return out;
}

ExprId Lowerer::expression(const Context& context, uint32_t node) {
  if (node == kNone) return kNone;
  const SyntaxTree& syntax = tree(context);
  switch (syntax[node].kind) {
    case Kind::identifier:
      return name(context, node);
    case Kind::integer: {
      const auto value = parse_integer(syntax.text(node));
      return value ? add_integer(*value, span(context, node)) : add_error(span(context, node));
    }
    case Kind::real: {
      Expr expr;
      expr.kind = ExprKind::real;
      expr.real_value = std::strtod(std::string(syntax.text(node)).c_str(), nullptr);
      expr.span = span(context, node);
      return add(expr);
    }
    case Kind::string:
      return add_string(unquote(syntax.text(node)), span(context, node));
    case Kind::fstring:
      return fstring(context, node);
    case Kind::parenthesized_expression: {
      for (const uint32_t child : Children(syntax, node)) {
        if (syntax[child].kind != Kind::error && syntax[child].kind != Kind::token) return expression(context, child);
      }
      return add_error(span(context, node));
    }
    case Kind::unary_expression:
      return unary(context, node);
    case Kind::binary_expression:
      return binary(context, node);
    case Kind::call_expression:
      return call(context, node);
    case Kind::subscript_expression:
      return subscript(context, node);
    case Kind::field_expression:
      return field(context, node, {});
    case Kind::arrow_expression: {
      Expr expr;
      expr.kind = ExprKind::event_par;
      expr.name = program_.intern(lower(build_.text(context, syntax.child(node, Field::name))));
      expr.span = span(context, node);
      return add(expr, {expression(context, syntax.child(node, Field::object))});
    }
    default:
      return add_error(span(context, node));
  }
}

ExprId Lowerer::unary(const Context& context, uint32_t node) {
  const uint32_t op = tree(context).child(node, Field::operator_);
  const uint32_t argument = tree(context).child(node, Field::argument);
  if (op == kNone || argument == kNone) return add_error(span(context, node));
  Expr expr;
  expr.kind = ExprKind::unary;
  const std::string_view text = build_.text(context, op);
  expr.op = text == "-" ? Op::neg : text == "not" ? Op::logical_not : Op::bit_not;
  expr.span = span(context, node);
  return add(expr, {expression(context, argument)});
}

ExprId Lowerer::binary(const Context& context, uint32_t node) {
  const uint32_t left = tree(context).child(node, Field::left);
  const uint32_t right = tree(context).child(node, Field::right);
  const uint32_t op = tree(context).child(node, Field::operator_);
  const Op kind = op == kNone ? Op::none : binary_op(build_.text(context, op));
  if (kind == Op::none || left == kNone || right == kNone) return add_error(span(context, node));
  const ExprId first = expression(context, left);
  const ExprId second = expression(context, right);
  return add_binary(kind, first, second, span(context, node));
}

ExprId Lowerer::name(const Context& context, uint32_t node) {
  const std::string_view spelling = build_.text(context, node);
  const Span where = span(context, node);
  const Meaning meaning = find(context, spelling, false);
  if (meaning.symbol != kNone) return add_symbol(meaning.symbol, where);
  if (meaning.alias != kNone) return meaning.alias;
  if (meaning.property != nullptr) return property_get(*meaning.property, {}, where);
  const ExprId size = size_constant(context, spelling, where);
  if (size != kNone) return size;
  const NodeId plan = build_.find_plan(spelling);
  if (plan != kNone) return add_node(plan, where);
  const FunctionId function = find_function(context, spelling, 0);
  if (function != kNone) return make_call(context, spelling, {}, where);
  const SymbolId builtin = find_builtin(spelling, false);
  if (builtin != kNone) return add_symbol(builtin, where);
  Expr expr;
  expr.kind = ExprKind::name;
  expr.name = program_.intern(canonical(spelling));
  expr.span = where;
  return add(expr);
}

// NAME.SIZE, NAME.SIZE_D1, ...: the compiler gives every array these constants.
ExprId Lowerer::size_constant(const Context& context, std::string_view spelling, Span where) {
  const size_t dot = spelling.rfind('.');
  if (dot == std::string_view::npos) return kNone;
  const std::string member = lower(spelling.substr(dot + 1));
  if (!member.starts_with("size")) return kNone;
  const Meaning array = find(context, spelling.substr(0, dot), true);
  if (array.symbol == kNone || !program_.symbols[array.symbol].is_array) return kNone;
  const Symbol& symbol = program_.symbols[array.symbol];
  const std::vector<uint32_t>& sizes = symbol.dimensions;
  int64_t cells = sizes.empty() || symbol.is_list ? 0 : 1;
  for (const uint32_t size : sizes) cells *= symbol.is_list ? 0 : size;
  if (member.starts_with("size_d")) {
    size_t index = 0;
    std::from_chars(member.data() + 6, member.data() + member.size(), index);
    cells = index >= 1 && index <= sizes.size() ? sizes[index - 1] : 0;
  } else if (member != "size") {
    return kNone;
  }
  if (cells > 0) return add_integer(cells, where);
  return make_call(context, "num_elements", {add_symbol(array.symbol, where)}, where);
}

ExprId Lowerer::subscript(const Context& context, uint32_t node) {
  const SyntaxTree& syntax = tree(context);
  const uint32_t object = syntax.child(node, Field::object);
  const Span where = span(context, node);
  if (object == kNone) return add_error(where);
  const std::vector<ExprId> indices = expressions(context, node, Field::index);
  if (syntax[object].kind == Kind::field_expression) return field(context, object, indices);
  if (syntax[object].kind != Kind::identifier) return add_error(where);
  const std::string_view spelling = build_.text(context, object);
  const Meaning meaning = find(context, spelling, true);
  if (meaning.property != nullptr) return property_get(*meaning.property, indices, where);
  Expr expr;
  expr.kind = ExprKind::index;
  expr.span = where;
  expr.symbol = meaning.symbol;
  if (meaning.alias != kNone) expr.symbol = program_.exprs[meaning.alias].symbol;
  if (expr.symbol == kNone) expr.symbol = find_builtin(spelling, true);
  if (expr.symbol == kNone) expr.symbol = implicit_global(spelling, true, span(context, object));
  expr.name = program_.symbols[expr.symbol].name;
  return add(expr, indices);
}

// `Voice[v].note`, `NodeEnv[nenv].sentVoice`, and members of struct arrays: `notes[i].pitch` is the cell i of
// notes.pitch.
ExprId Lowerer::field(const Context& context, uint32_t node, const std::vector<ExprId>& more_indices) {
  const SyntaxTree& syntax = tree(context);
  std::string member;
  uint32_t object = node;
  while (object != kNone && syntax[object].kind == Kind::field_expression) {
    const uint32_t part = syntax.child(object, Field::field);
    if (part == kNone) return add_error(span(context, node));
    member = canonical(build_.text(context, part)) + (member.empty() ? "" : "." + member);
    object = syntax.child(object, Field::object);
  }
  if (object == kNone || syntax[object].kind != Kind::subscript_expression) return add_error(span(context, node));
  const uint32_t base = syntax.child(object, Field::object);
  if (base == kNone || syntax[base].kind != Kind::identifier) return add_error(span(context, node));
  const std::string_view type = build_.text(context, base);
  std::vector<ExprId> indices = expressions(context, object, Field::index);
  Expr expr;
  expr.span = span(context, node);
  const Meaning array = find(context, std::string(type) + "." + member, true);
  if (array.symbol != kNone) {
    indices.insert(indices.end(), more_indices.begin(), more_indices.end());
    expr.kind = ExprKind::index;
    expr.symbol = array.symbol;
    expr.name = program_.symbols[array.symbol].name;
    return add(expr, indices);
  }
  if (indices.size() != 1 || !more_indices.empty()) return add_error(expr.span);
  expr.kind = ExprKind::field;
  expr.name = program_.intern(canonical(type));
  expr.field = program_.intern(member);
  const auto known = build_.globals.find(canonical(type) + "[]." + member);
  if (known != build_.globals.end()) expr.symbol = known->second.front();
  return add(expr, indices);
}

}  // namespace fermata::build
