// Symbols from the words of their declarations, and the parameters of functions.
#include <algorithm>

#include "frontend/build.h"

namespace fermata::build {
namespace {

constexpr std::pair<std::string_view, UiKind> kUiKinds[] = {
    {"ui_button", UiKind::button},  {"ui_knob", UiKind::knob},   {"ui_slider", UiKind::slider},
    {"ui_menu", UiKind::menu},      {"ui_label", UiKind::label}, {"ui_value_edit", UiKind::value_edit},
    {"ui_switch", UiKind::switch_}, {"ui_table", UiKind::table}, {"ui_text_edit", UiKind::text_edit},
};

UiKind ui_kind(std::string_view modifier) {
  const auto found = std::ranges::find(kUiKinds, modifier, &std::pair<std::string_view, UiKind>::first);
  if (found != std::end(kUiKinds)) return found->second;
  return modifier.starts_with("ui_") ? UiKind::other : UiKind::none;
}

// The type of a name written without sigil, from what it is declared with.
ValueType inferred_type(const SyntaxTree& tree, uint32_t syntax) {
  uint32_t value = tree.child(syntax, Field::value);
  if (value != kNone && tree[value].kind == Kind::initializer) value = tree[value].first_child;
  while (value != kNone &&
         (tree[value].kind == Kind::unary_expression || tree[value].kind == Kind::parenthesized_expression)) {
    const uint32_t argument = tree.child(value, Field::argument);
    value = argument != kNone ? argument : tree[value].first_child;
  }
  if (value == kNone) return ValueType::integer;
  const Kind kind = tree[value].kind;
  if (kind == Kind::real) return ValueType::real;
  return kind == Kind::string || kind == Kind::fstring ? ValueType::string : ValueType::integer;
}

ParameterMode parameter_mode(const SyntaxTree& tree, uint32_t parameter, bool task) {
  const uint32_t mode = tree.child(parameter, Field::mode);
  const std::string_view word = mode == kNone ? std::string_view() : tree.text(mode);
  if (word == "out") return ParameterMode::out;
  if (word == "var" || word == "ref") return ParameterMode::var;
  return task ? ParameterMode::in : ParameterMode::by_name;
}

}  // namespace

// Parameters come before any body is lowered: a call finds its function by the number of them.
void declare_parameters(Build& build, FunctionId id) {
  const FunctionPlan& plan = build.function_plans[id];
  const SyntaxTree& tree = build.tree(plan.context.unit);
  std::vector<SymbolId> parameters;
  for (const uint32_t child : Children(tree, tree.child(plan.syntax, Field::parameters))) {
    const uint32_t name = tree[child].kind == Kind::parameter ? tree.child(child, Field::name) : kNone;
    if (name == kNone) continue;
    const SymbolId symbol = make_symbol(build, plan.context, child, canonical(tree.text(name)), SymbolKind::parameter);
    build.program.symbols[symbol].mode = parameter_mode(tree, child, build.program.functions[id].task);
    parameters.push_back(symbol);
  }
  build.program.functions[id].parameters = std::move(parameters);
  const uint32_t result = tree.child(plan.syntax, Field::result);
  if (result == kNone) return;
  const SymbolId symbol =
      make_symbol(build, plan.context, plan.syntax, canonical(tree.text(result)), SymbolKind::result);
  build.program.symbols[symbol].sigil = sigil_of(tree.text(result));
  build.program.symbols[symbol].type = type_of_sigil(sigil_of(tree.text(result)));
  build.program.symbols[symbol].span = build.span(plan.context.unit, result);
  build.program.functions[id].result = symbol;
}

SymbolId make_symbol(Build& build, const Context& context, uint32_t syntax, std::string_view name, SymbolKind kind) {
  const SyntaxTree& tree = build.tree(context.unit);
  const uint32_t name_node = tree.child(syntax, Field::name);
  Symbol symbol;
  symbol.name = build.program.intern(name);
  symbol.kind = kind;
  symbol.span = build.span(context.unit, name_node != kNone ? name_node : syntax);
  if (name_node != kNone) symbol.sigil = sigil_of(tree.text(name_node));
  symbol.is_array = is_array_sigil(symbol.sigil) || tree.child(syntax, Field::size) != kNone;
  symbol.type = symbol.sigil != 0 ? type_of_sigil(symbol.sigil) : inferred_type(tree, syntax);
  const uint32_t value = tree.child(syntax, Field::value);
  if (value != kNone && tree[value].kind == Kind::initializer) symbol.is_array = true;
  for (const uint32_t child : Children(tree, syntax)) {
    if (tree[child].field != Field::modifier) continue;
    const std::string_view modifier = tree.text(child);
    if (modifier == "const" && kind != SymbolKind::voice_field) symbol.kind = SymbolKind::constant;
    if (modifier == "polyphonic") symbol.polyphonic = true;
    if (modifier == "pers" || modifier == "instpers" || modifier == "read") symbol.persistent = true;
    if (modifier == "list") symbol.is_list = symbol.is_array = true;
    if (modifier.starts_with("ui_")) symbol.ui = ui_kind(modifier);
    if (modifier == "ui_text_edit" || modifier == "ui_file_selector") symbol.type = ValueType::string;
    if (modifier == "ui_table" || modifier == "ui_xy") symbol.is_array = true;
    if (modifier == "ui_xy") symbol.type = ValueType::real;
  }
  // An array of constants is read like any array; only scalars fold.
  if (symbol.kind == SymbolKind::constant && symbol.is_array) symbol.kind = SymbolKind::global;
  build.program.symbols.push_back(std::move(symbol));
  return static_cast<SymbolId>(build.program.symbols.size() - 1);
}

void add_global(Build& build, SymbolId symbol) {
  build.globals[std::string(build.program.name(build.program.symbols[symbol].name))].push_back(symbol);
}

}  // namespace fermata::build
