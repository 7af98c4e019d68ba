// Declarations: sizes, ranges, initial values; and the bodies of functions and callbacks, which bring scopes.
#include "frontend/fold.h"
#include "frontend/lower.h"

namespace fermata::build {

bool Lowerer::resolve(const PendingDeclaration& pending) {
  const Kind kind = tree(pending.context)[pending.syntax].kind;
  if (kind == Kind::const_block) return resolve_const_block(pending);
  const bool sizes = resolve_sizes(pending);
  resolve_range(pending);
  resolve_initial(pending);
  Symbol& symbol = program_.symbols[pending.symbol];
  if (symbol.kind == SymbolKind::constant && !symbol.is_array && symbol.type == ValueType::integer) {
    const std::optional<int64_t> value = fold(program_, symbol.initial);
    symbol.has_value = value.has_value();
    symbol.value = value.value_or(0);
    return value.has_value();
  }
  return sizes;
}

bool Lowerer::resolve_sizes(const PendingDeclaration& pending) {
  std::vector<uint32_t> sizes;
  bool known = true;
  const auto read = [&](const Context& context, uint32_t dimensions) {
    for (const ExprId size : expressions(context, dimensions, Field::size)) {
      const std::optional<int64_t> value = fold(program_, size);
      known = known && value.has_value();
      sizes.push_back(value && *value > 0 && *value <= 1'000'000'000 ? static_cast<uint32_t>(*value) : 0);
    }
  };
  for (const auto& [context, dimensions] : pending.outer) read(context, dimensions);
  const SyntaxTree& syntax = tree(pending.context);
  const uint32_t own = syntax.child(pending.syntax, Field::size);
  if (own != kNone) read(pending.context, own);
  Symbol& symbol = program_.symbols[pending.symbol];
  if (symbol.is_array && sizes.empty()) sizes.push_back(0);
  if (symbol.is_array) symbol.dimensions = std::move(sizes);
  return known;
}

// What a user can set the widget to.
void Lowerer::resolve_range(const PendingDeclaration& pending) {
  const UiKind kind = program_.symbols[pending.symbol].ui;
  if (kind == UiKind::none) return;
  const uint32_t given = tree(pending.context).child(pending.syntax, Field::arguments);
  const std::vector<ExprId> values = arguments(pending.context, given);
  const auto value = [&](size_t i) { return i < values.size() ? fold(program_, values[i]) : std::nullopt; };
  std::optional<int64_t> low, high;
  if (kind == UiKind::button || kind == UiKind::switch_) {
    low = 0;
    high = 1;
  } else if (kind == UiKind::slider || kind == UiKind::knob || kind == UiKind::value_edit) {
    low = value(0);
    high = value(1);
  } else if (kind == UiKind::table) {
    high = value(2);
    low = 0;
    // A negative range is a table with a zero line in the middle.
    if (high && *high < 0) {
      low = *high;
      high = -*high;
    }
  }
  Symbol& symbol = program_.symbols[pending.symbol];
  symbol.ui_range_known = low && high && *low <= *high;
  if (!symbol.ui_range_known) return;
  symbol.ui_min = static_cast<int32_t>(*low);
  symbol.ui_max = static_cast<int32_t>(*high);
}

void Lowerer::resolve_initial(const PendingDeclaration& pending) {
  const SyntaxTree& syntax = tree(pending.context);
  std::vector<ExprId> items;
  ExprId initial = kNone;
  if (syntax[pending.syntax].kind == Kind::list_block) {
    for (const uint32_t child : Children(syntax, pending.syntax)) {
      if (syntax[child].kind != Kind::list_item) continue;
      const std::vector<ExprId> more = expressions(pending.context, child, Field::value);
      items.insert(items.end(), more.begin(), more.end());
    }
  } else {
    const uint32_t value = syntax.child(pending.syntax, Field::value);
    if (value != kNone && syntax[value].kind == Kind::initializer) {
      items = arguments(pending.context, value);
    } else {
      initial = expression(pending.context, value);
    }
  }
  Symbol& symbol = program_.symbols[pending.symbol];
  if (symbol.is_array && initial != kNone && program_.exprs[initial].kind != ExprKind::call) {
    items.push_back(initial);
    initial = kNone;
  }
  if (symbol.is_array && symbol.dimensions.size() == 1 && symbol.dimensions[0] == 0) {
    symbol.dimensions[0] = static_cast<uint32_t>(items.size());  // `declare a[] := (1, 2)`
  }
  symbol.initial = initial;
  symbol.initial_items = std::move(items);
}

bool Lowerer::resolve_const_block(const PendingDeclaration& pending) {
  const std::vector<SymbolId> made = build_.declared.at(Build::place(pending.context.unit, pending.syntax));
  std::optional<int64_t> next = 0;
  size_t at = 2;  // after the array and SIZE
  std::vector<ExprId> items;
  bool all_known = true;
  for (const uint32_t child : Children(tree(pending.context), pending.syntax)) {
    if (tree(pending.context)[child].kind != Kind::const_member || at >= made.size()) continue;
    const SymbolId member = made[at++];
    const ExprId value = expression(pending.context, tree(pending.context).child(child, Field::value));
    if (value != kNone) next = fold(program_, value);
    Symbol& symbol = program_.symbols[member];
    symbol.initial = value;
    symbol.has_value = next.has_value();
    symbol.value = next.value_or(0);
    all_known = all_known && next.has_value();
    items.push_back(add_symbol(member, symbol.span));
    if (next) next = wrap32(*next + 1);
  }
  Symbol& array = program_.symbols[made[0]];
  array.dimensions = {static_cast<uint32_t>(items.size())};
  array.initial_items = std::move(items);
  return all_known;
}

void Lowerer::initialise(SymbolId symbol, Span where, std::vector<StmtId>& out) {
  const Symbol& declared = program_.symbols[symbol];
  if (declared.kind == SymbolKind::voice_field || declared.has_value) return;
  Stmt stmt;
  stmt.kind = StmtKind::declare;
  stmt.symbol = symbol;
  stmt.span = where;
  out.push_back(add(stmt));
}

void Lowerer::declare(const Context& context, uint32_t node, std::vector<StmtId>& out) {
  const auto known = build_.declared.find(Build::place(context.unit, node));
  if (known != build_.declared.end() && !known->second.empty()) {
    for (const SymbolId symbol : known->second) initialise(symbol, span(context, node), out);
    return;
  }
  if (tree(context)[node].kind != Kind::declare_statement || context.scope == nullptr) return;
  const SymbolId symbol = declare_local(context, node);
  if (symbol != kNone) initialise(symbol, span(context, node), out);
}

// The value is lowered before the name is there: `declare x := x` reads the outer x. A second declaration of a name
// stands for a variable of its own from there on.
SymbolId Lowerer::declare_local(const Context& context, uint32_t node) {
  const uint32_t name = tree(context).child(node, Field::name);
  if (name == kNone) return kNone;
  const std::string key = canonical(build_.text(context, name));
  const SymbolId symbol = make_symbol(build_, context, node, key, SymbolKind::local);
  resolve({context, node, symbol, {}});
  std::vector<SymbolId>& same_name = context.scope->symbols[key];
  same_name.insert(same_name.begin(), symbol);
  return symbol;
}

void Lowerer::function(FunctionId id) {
  const FunctionPlan& plan = build_.function_plans[id];
  Scope scope;
  for (const SymbolId parameter : program_.functions[id].parameters) {
    scope.symbols[program_.names[program_.symbols[parameter].name]].push_back(parameter);
  }
  const SymbolId result = program_.functions[id].result;
  if (result != kNone) scope.symbols[program_.names[program_.symbols[result].name]].push_back(result);
  Context context = plan.context;
  context.scope = &scope;
  context.global_declares = false;
  const BlockId body = block(context, tree(context).child(plan.syntax, Field::body));
  program_.functions[id].body = body;
}

void Lowerer::callback(const CallbackPlan& plan) {
  const SyntaxTree& syntax = tree(plan.context);
  const uint32_t name = syntax.child(plan.syntax, Field::name);
  if (name == kNone) return;
  std::string kind = canonical(syntax.text(name));
  if (kind.starts_with('_')) kind.erase(0, 1);  // _pgs_changed
  Scope scope;
  Context context = plan.context;
  context.scope = &scope;
  Callback callback;
  callback.kind = program_.intern(kind);
  callback.span = span(context, name);
  const uint32_t argument = syntax.child(plan.syntax, Field::argument);
  if (argument != kNone) {
    const ExprId control = expression(context, argument);
    callback.control = program_.exprs[control].symbol;
  }
  callback.body = block(context, syntax.child(plan.syntax, Field::body));
  program_.multi_script = program_.multi_script || kind == "midi_in";
  program_.callbacks.push_back(callback);
}

void resolve_declarations(Build& build) {
  Lowerer lowerer(build);
  std::vector<PendingDeclaration> open;
  for (const PendingDeclaration& pending : build.pending) {
    if (!lowerer.resolve(pending)) open.push_back(pending);
  }
  // Constants may be used above the line that defines them. Each round settles at least one or is the last.
  constexpr int kRounds = 16;
  for (int round = 0; round < kRounds && !open.empty(); ++round) {
    std::vector<PendingDeclaration> still_open;
    for (const PendingDeclaration& pending : open) {
      if (!lowerer.resolve(pending)) still_open.push_back(pending);
    }
    if (still_open.size() == open.size()) return;
    open = std::move(still_open);
  }
}

}  // namespace fermata::build
