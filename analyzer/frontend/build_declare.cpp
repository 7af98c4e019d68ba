// Second pass: a symbol for every declaration that outlives its callback.
#include "frontend/build.h"

namespace fermata::build {
namespace {

class Declarer {
 public:
  explicit Declarer(Build& build) : build_(build) {}

  void start_item(const StartItem& item) {
    if (item.statement) {
      statement(item.context, item.syntax);
    } else {
      block(item.context, item.syntax);
    }
  }

  void block(const Context& context, uint32_t parent) {
    for (const uint32_t child : Children(tree(context), parent)) statement(context, child);
  }

 private:
  const SyntaxTree& tree(const Context& context) const { return build_.tree(context.unit); }

  void statement(const Context& context, uint32_t node) {
    switch (tree(context)[node].kind) {
      case Kind::declare_statement:
        return declare(context, node);
      case Kind::vo_field_statement:
        return voice_field(context, node);
      case Kind::const_block:
        return const_block(context, node);
      case Kind::list_block:
        return list_block(context, node);
      case Kind::family_definition:
      case Kind::namespace_definition: {
        const uint32_t name = tree(context).child(node, Field::name);
        if (name == kNone) return;
        Context inner = context;
        inner.prefix += canonical(build_.text(context, name)) + ".";
        return block(inner, tree(context).child(node, Field::body));
      }
      case Kind::block:
      case Kind::error:
      case Kind::if_statement:
      case Kind::elseif_clause:
      case Kind::else_clause:
      case Kind::while_statement:
      case Kind::for_statement:
      case Kind::select_statement:
      case Kind::case_clause:
        return block(context, node);
      default:
        return;
    }
  }

  bool has_modifier(const Context& context, uint32_t node, std::string_view wanted) const {
    for (const uint32_t child : Children(tree(context), node)) {
      if (tree(context)[child].field == Field::modifier && build_.text(context, child) == wanted) return true;
    }
    return false;
  }

  void declare(const Context& context, uint32_t node) {
    if (!build_.declared[Build::place(context.unit, node)].empty()) return;
    const bool global =
        context.global_declares ? !has_modifier(context, node, "local") : has_modifier(context, node, "global");
    const uint32_t name = tree(context).child(node, Field::name);
    const uint32_t type = tree(context).child(node, Field::struct_type);
    // Struct variables are a handful of arrays: they live as long as the instrument wherever they stand.
    if (name == kNone || (!global && type == kNone)) return;
    const std::string_view spelling = build_.text(context, name);
    if (type != kNone) {
      const uint64_t place = Build::place(context.unit, node);
      structure(context, node, context.prefix + canonical(spelling), std::string(build_.text(context, type)), {}, place,
                0);
      return;
    }
    const SymbolId known = redeclared(context, spelling, tree(context).child(node, Field::size) != kNone);
    const SymbolId symbol =
        known != kNone ? known
                       : make_symbol(build_, context, node, context.prefix + canonical(spelling), SymbolKind::global);
    build_.declared[Build::place(context.unit, node)].push_back(symbol);
    if (known != kNone) return;
    add_global(build_, symbol);
    build_.pending.push_back({context, node, symbol, {}});
  }

  // Two branches of a compile-time condition may declare one name; the first stands for both.
  SymbolId redeclared(const Context& context, std::string_view spelling, bool array) const {
    const auto found = build_.globals.find(context.prefix + canonical(spelling));
    if (found == build_.globals.end()) return kNone;
    const char sigil = sigil_of(spelling);
    for (const SymbolId id : found->second) {
      const Symbol& symbol = build_.program.symbols[id];
      if (symbol.sigil == sigil && (sigil != 0 || symbol.is_array == array)) return id;
    }
    return kNone;
  }

  // `declare &S name[n]`: an array `name.member` for each member of S, structs in structs included.
  void structure(const Context& context, uint32_t node, const std::string& name, const std::string& type,
                 std::vector<std::pair<Context, uint32_t>> outer, uint64_t place, uint32_t depth) {
    const StructPlan* plan = nullptr;
    each_prefix(context.prefix, [&](std::string_view prefix) {
      const auto found = build_.structs.find(std::string(prefix) + canonical(type));
      if (found != build_.structs.end()) plan = &found->second;
      return plan != nullptr;
    });
    if (plan == nullptr || depth >= kMaxStructDepth) {
      build_.diagnose("expansion-failed", "error",
                      plan == nullptr ? "no struct '" + type + "' is defined" : "struct '" + type + "' contains itself",
                      build_.span(context.unit, node));
      return;
    }
    const uint32_t size = tree(context).child(node, Field::size);
    if (size != kNone) outer.emplace_back(context, size);
    members(plan->context, plan->body, name + ".", outer, place, depth);
  }

  void members(const Context& context, uint32_t body, const std::string& prefix,
               const std::vector<std::pair<Context, uint32_t>>& outer, uint64_t place, uint32_t depth) {
    for (const uint32_t child : Children(tree(context), body)) {
      const uint32_t name = tree(context).child(child, Field::name);
      if (name == kNone) continue;
      const std::string_view spelling = build_.text(context, name);
      const std::string member = prefix + canonical(spelling);
      if (tree(context)[child].kind == Kind::family_definition) {
        members(context, tree(context).child(child, Field::body), member + ".", outer, place, depth);
      }
      if (tree(context)[child].kind != Kind::declare_statement) continue;
      const uint32_t type = tree(context).child(child, Field::struct_type);
      if (type != kNone) {
        structure(context, child, member, std::string(build_.text(context, type)), outer, place, depth + 1);
        continue;
      }
      const SymbolId symbol = make_symbol(build_, context, child, member, SymbolKind::global);
      if (!outer.empty()) build_.program.symbols[symbol].is_array = true;
      add_global(build_, symbol);
      build_.declared[place].push_back(symbol);
      build_.pending.push_back({context, child, symbol, outer});
    }
  }

  void voice_field(const Context& context, uint32_t node) {
    const uint32_t name = tree(context).child(node, Field::name);
    if (name == kNone || build_.declared.contains(Build::place(context.unit, node))) return;
    const std::string field = canonical(build_.text(context, name));
    const std::string key = "voice[]." + field;
    if (build_.globals.contains(key)) return;
    const SymbolId symbol = make_symbol(build_, context, node, field, SymbolKind::voice_field);
    build_.globals[key].push_back(symbol);  // never found by a bare name: only behind Voice[v]
    build_.declared[Build::place(context.unit, node)].push_back(symbol);
    build_.pending.push_back({context, node, symbol, {}});
  }

  SymbolId constant(const Context& context, uint32_t node, const std::string& name) {
    const SymbolId symbol = make_symbol(build_, context, node, name, SymbolKind::constant);
    add_global(build_, symbol);
    return symbol;
  }

  // const NAME: the array NAME, NAME.SIZE, and a constant for each member. Their values are folded later.
  void const_block(const Context& context, uint32_t node) {
    std::vector<SymbolId>& made = build_.declared[Build::place(context.unit, node)];
    const uint32_t name = tree(context).child(node, Field::name);
    if (!made.empty() || name == kNone) return;
    const std::string whole = context.prefix + canonical(build_.text(context, name));
    const SymbolId array = make_symbol(build_, context, node, whole, SymbolKind::global);
    build_.program.symbols[array].is_array = true;
    add_global(build_, array);
    made = {array, constant(context, node, whole + ".size")};
    for (const uint32_t child : Children(tree(context), node)) {
      if (tree(context)[child].kind != Kind::const_member) continue;
      const uint32_t member = tree(context).child(child, Field::name);
      made.push_back(constant(context, child, whole + "." + canonical(build_.text(context, member))));
    }
    Symbol& size = build_.program.symbols[made[1]];
    size.has_value = true;
    size.value = static_cast<int64_t>(made.size()) - 2;
    build_.pending.push_back({context, node, kNone, {}});
  }

  void list_block(const Context& context, uint32_t node) {
    const uint32_t name = tree(context).child(node, Field::name);
    std::vector<SymbolId>& made = build_.declared[Build::place(context.unit, node)];
    if (!made.empty() || name == kNone) return;
    const SymbolId list =
        make_symbol(build_, context, node, context.prefix + canonical(build_.text(context, name)), SymbolKind::global);
    build_.program.symbols[list].is_array = true;
    build_.program.symbols[list].is_list = true;
    made.push_back(list);
    add_global(build_, list);
    build_.pending.push_back({context, node, list, {}});
  }

  Build& build_;
};

}  // namespace

void declare_globals(Build& build) {
  for (FunctionId id = 0; id < build.program.functions.size(); ++id) declare_parameters(build, id);
  Declarer declarer(build);
  for (const StartItem& item : build.start_items) {
    Context context = item.context;
    context.global_declares = true;
    declarer.start_item({context, item.syntax, item.statement});
  }
  // `declare global` and voice fields may stand in any body.
  for (const CallbackPlan& plan : build.callback_plans) {
    if (!plan.init) declarer.block(plan.context, build.tree(plan.context.unit).child(plan.syntax, Field::body));
  }
  for (const FunctionPlan& plan : build.function_plans) {
    Context context = plan.context;
    context.global_declares = false;
    declarer.block(context, build.tree(plan.context.unit).child(plan.syntax, Field::body));
  }
  for (uint32_t id = 0; id < build.plans.size(); ++id) {
    const NodePlan& plan = build.plans[id];
    for (const Section& section : plan.sections) {
      if (is_start_section(section.name) || is_definition_section(section.name)) continue;
      Context context;
      context.unit = plan.unit;
      context.prefix = plan.prefix;
      for (const uint32_t body : section.bodies) {
        declarer.block(context, build.tree(plan.unit).child(body, Field::body));
      }
    }
  }
}

}  // namespace fermata::build
