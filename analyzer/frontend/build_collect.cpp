// First pass: which callbacks, functions, nodes, properties and structs the program defines, and where its declarations
// stand.
#include "frontend/build.h"

namespace fermata::build {
namespace {

class Collector {
 public:
  explicit Collector(Build& build) : build_(build) {}

  void unit(uint32_t id) {
    unit_ = id;
    tree_ = &build_.units[id].tree;
    library_ = build_.units[id].library;
    Context context;
    context.unit = id;
    const std::string prefix = lower(build_.units[id].source->import_prefix);
    context.prefix = prefix.empty() || prefix.back() == '.' ? prefix : prefix + ".";
    items(context, SyntaxTree::kRoot, true);
  }

 private:
  // The children of a file, a family, a section or a body. `top`: statements here belong to no callback.
  void items(const Context& context, uint32_t parent, bool top) {
    for (const uint32_t child : Children(*tree_, parent)) item(context, child, top);
  }

  void item(const Context& context, uint32_t node, bool top) {
    switch ((*tree_)[node].kind) {
      case Kind::callback:
        return callback(context, node);
      case Kind::function_definition:
      case Kind::taskfunc_definition:
        return function(context, node, name_of(node));
      case Kind::property_definition:
        return property(context, node);
      case Kind::struct_definition:
        build_.structs.emplace(context.prefix + name_of(node), StructPlan{context, tree_->child(node, Field::body)});
        return;
      case Kind::node_definition:
        return node_definition(context, node);
      case Kind::namespace_definition:
      case Kind::family_definition:
        return family(context, node, top);
      case Kind::error:
      case Kind::block:
        return items(context, node, top);  // what is whole inside broken text is still good
      default:
        if (top) build_.start_items.push_back({context, node, true});
    }
  }

  std::string name_of(uint32_t node) const {
    const uint32_t name = tree_->child(node, Field::name);
    return name == kNone ? std::string() : canonical(tree_->text(name));
  }

  void family(const Context& context, uint32_t node, bool top) {
    Context inner = context;
    inner.prefix += name_of(node) + ".";
    // Inside a callback the declare pass walks into the family by itself; here only its definitions count.
    for (const uint32_t child : Children(*tree_, tree_->child(node, Field::body))) item(inner, child, top);
  }

  void callback(const Context& context, uint32_t node) {
    const std::string kind = name_of(node);
    CallbackPlan plan;
    plan.context = context;
    plan.syntax = node;
    plan.init = kind == "init";
    plan.context.global_declares = plan.init;
    const uint32_t body = tree_->child(node, Field::body);
    if (plan.init && body != kNone) build_.start_items.push_back({plan.context, body, false});
    build_.callback_plans.push_back(plan);
    if (body != kNone) definitions_in(context, body);
  }

  // Families, structs and properties may stand inside a callback.
  void definitions_in(const Context& context, uint32_t block) { items(context, block, false); }

  void function(const Context& context, uint32_t node, const std::string& name) {
    if (name.empty()) return;
    Function function;
    function.name = build_.program.intern(context.prefix + name);
    function.task = (*tree_)[node].kind == Kind::taskfunc_definition;
    const uint32_t header = tree_->child(node, Field::name);
    function.span = build_.span(unit_, header);
    const FunctionId id = static_cast<FunctionId>(build_.program.functions.size());
    std::vector<FunctionId>& same_name = build_.functions[context.prefix + name];
    const size_t arity = count_parameters(node);
    const bool overrides = tree_->child(node, Field::override_) != kNone;
    bool replaced = false;
    for (FunctionId& other : same_name) {
      const FunctionPlan& plan = build_.function_plans[other];
      if (count_parameters_of(plan) != arity) continue;
      // An override replaces what came before; without one the user's own function still wins over the library's.
      const bool wins = (overrides && !library_) || (plan.library && !library_);
      if (!wins) return;
      other = id;
      replaced = true;
    }
    if (!replaced) same_name.push_back(id);
    build_.program.functions.push_back(std::move(function));
    Context inner = context;
    build_.function_plans.push_back({inner, node, library_});
  }

  size_t count_parameters(uint32_t function) const { return count_parameters_in(*tree_, function); }
  size_t count_parameters_of(const FunctionPlan& plan) const {
    return count_parameters_in(build_.tree(plan.context.unit), plan.syntax);
  }
  static size_t count_parameters_in(const SyntaxTree& tree, uint32_t function) {
    size_t count = 0;
    const uint32_t parameters = tree.child(function, Field::parameters);
    for (const uint32_t child : Children(tree, parameters)) count += tree[child].kind == Kind::parameter;
    return count;
  }

  void property(const Context& context, uint32_t node) {
    const std::string name = context.prefix + name_of(node);
    PropertyPlan plan;
    plan.context = context;
    plan.syntax = node;
    plan.target = tree_->child(node, Field::target);
    for (const uint32_t child : Children(*tree_, tree_->child(node, Field::body))) {
      if ((*tree_)[child].kind != Kind::function_definition) continue;
      const std::string accessor = name_of(child);
      if (accessor != "get" && accessor != "set") continue;
      (accessor == "get" ? plan.get : plan.set) = name + "." + accessor;
      Context inner = context;
      inner.prefix = name + ".";
      function(inner, child, accessor);
    }
    build_.properties.emplace(name, std::move(plan));
  }

  void node_definition(const Context& context, uint32_t node) {
    const uint32_t name = tree_->child(node, Field::name);
    if (name == kNone) return;
    NodePlan plan;
    plan.name = tree_->text(name);
    plan.syntax = node;
    plan.unit = unit_;
    plan.prefix = context.prefix;
    plan.library = library_;
    const std::string key = lower(plan.name);
    // The first wins; the user's units are collected before the library's.
    if (const auto known = build_.plan_names.find(key); known != build_.plan_names.end()) {
      return defined_twice(build_.plans[known->second], name);
    }
    const uint32_t base = tree_->child(node, Field::base);
    if (base != kNone) plan.base_name = tree_->text(base);
    const auto id = static_cast<uint32_t>(build_.plans.size());
    build_.plan_names.emplace(key, id);
    for (const uint32_t child : Children(*tree_, node)) {
      if ((*tree_)[child].kind == Kind::cb_section) section(context, plan, id, child);
    }
    build_.plans.push_back(std::move(plan));
  }

  void defined_twice(const NodePlan& first, uint32_t name) {
    if (library_) return;  // the user's own version of it
    const Span before = build_.span(first.unit, build_.tree(first.unit).child(first.syntax, Field::name));
    build_.diagnose("expansion-failed", "error",
                    "a node '" + std::string(tree_->text(name)) +
                        "' is already defined, and names do not differ in case alone: this one is left out",
                    build_.span(unit_, name));
    build_.program.diagnostics.back().related.emplace_back(before, "node '" + first.name + "' is defined here");
  }

  void section(const Context& context, NodePlan& plan, uint32_t id, uint32_t node) {
    const uint32_t name = tree_->child(node, Field::name);
    if (name == kNone) return;
    const std::string_view spelled = tree_->text(name);
    Section* target = nullptr;
    for (Section& known : plan.sections) {
      if (lower(known.name) == lower(spelled)) target = &known;
    }
    if (target == nullptr) target = &plan.sections.emplace_back(Section{std::string(spelled), {}});
    target->bodies.push_back(node);
    Context inner = context;
    inner.plan = id;
    inner.owner = id;
    inner.section = spelled;
    const uint32_t body = tree_->child(node, Field::body);
    if (body == kNone) return;
    if (is_start_section(spelled) || is_definition_section(spelled)) {
      inner.global_declares = true;
      build_.start_items.push_back({inner, body, false});
    }
    definitions_in(inner, body);
  }

  Build& build_;
  const SyntaxTree* tree_ = nullptr;
  uint32_t unit_ = 0;
  bool library_ = false;
};

}  // namespace

void collect(Build& build) {
  // User text first, so that what the user defines wins over the library's model of it.
  for (const bool library : {false, true}) {
    for (uint32_t id = 0; id < build.units.size(); ++id) {
      if (build.units[id].library == library) Collector(build).unit(id);
    }
  }
}

}  // namespace fermata::build
