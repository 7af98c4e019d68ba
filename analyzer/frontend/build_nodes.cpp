// Nodes: inheritance, the order in which they run, and the lowering of every body of the program.
#include <algorithm>

#include "frontend/lower.h"

namespace fermata::build {
namespace {

// Bases may be missing, and broken text may make a node its own ancestor.
void link_bases(Build& build) {
  for (NodePlan& plan : build.plans) {
    plan.base = plan.base_name.empty() ? kNone : build.find_plan(plan.base_name);
  }
  for (uint32_t id = 0; id < build.plans.size(); ++id) {
    uint32_t steps = 0;
    for (uint32_t at = id; at != kNone && steps <= kMaxInheritance; at = build.plans[at].base) ++steps;
    if (steps <= kMaxInheritance) continue;
    const std::string problem = "' inherits from itself, or through more than 100 nodes";
    build.diagnose(
        "expansion-failed", "error", "the node '" + build.plans[id].name + problem,
        build.span(build.plans[id].unit, build.tree(build.plans[id].unit).child(build.plans[id].syntax, Field::name)));
    build.plans[id].base = kNone;
  }
}

bool has_ancestor(const Build& build, uint32_t plan, std::string_view lower_name) {
  for (uint32_t at = plan; at != kNone; at = build.plans[at].base) {
    if (lower(build.plans[at].name) == lower_name || lower(build.plans[at].base_name) == lower_name) return true;
  }
  return false;
}

// The plans in the order of IVLS_NODES. A name that is no node is a bundle: the whole framework (Ivls.STL) or a part of
// it (Stl.Legato); each brings the library's nodes, since a node that is in no flow changes nothing.
std::vector<uint32_t> listed_plans(const Build& build) {
  std::vector<uint32_t> order;
  std::vector<bool> taken(build.plans.size(), false);
  const auto take = [&](uint32_t plan) {
    if (!taken[plan]) order.push_back(plan);
    taken[plan] = true;
  };
  const auto list = build.expanded.lists.find("IVLS_NODES");
  if (list == build.expanded.lists.end()) return order;
  for (const std::string& item : list->second) {
    const NodeId plan = build.find_plan(item);
    if (plan != kNone) {
      take(plan);
      continue;
    }
    const std::string bundle = lower(item);
    if (!bundle.starts_with("ivls.") && !bundle.starts_with("stl.")) continue;
    for (uint32_t id = 0; id < build.plans.size(); ++id) {
      if (build.plans[id].library) take(id);
    }
  }
  return order;
}

void lower_node(Build& build, uint32_t plan_id) {
  const NodePlan& plan = build.plans[plan_id];
  // The nearest definition of each section, in the order in which the names first appear from the base down.
  std::vector<uint32_t> lineage;
  for (uint32_t at = plan_id; at != kNone; at = build.plans[at].base) lineage.push_back(at);
  std::vector<std::string> seen;
  std::vector<NodeCallback> callbacks;
  for (auto at = lineage.rbegin(); at != lineage.rend(); ++at) {
    for (const Section& section : build.plans[*at].sections) {
      const std::string key = lower(section.name);
      if (is_definition_section(key) || std::ranges::find(seen, key) != seen.end()) continue;
      seen.push_back(key);
      const FoundSection found = find_section(build, plan_id, key);
      Scope scope;
      Context context;
      context.unit = build.plans[found.owner].unit;
      context.prefix = build.plans[found.owner].prefix;
      context.scope = &scope;
      context.global_declares = is_start_section(key);
      Lowerer lowerer(build);
      std::vector<StmtId> statements;
      lowerer.hook(context, plan_id, key, statements);
      NodeCallback callback;
      callback.name = build.program.intern(found.section->name);
      const uint32_t header = build.tree(context.unit).child(found.section->bodies.front(), Field::name);
      callback.span = build.span(context.unit, header);
      callback.body = lowerer.add_block(statements);
      callbacks.push_back(callback);
    }
  }
  build.program.nodes[plan.id].callbacks = std::move(callbacks);
}

// Declarations and calls outside of any callback run when the script starts, before its on init.
void lower_top_level(Build& build) {
  Lowerer lowerer(build);
  Scope scope;
  std::vector<StmtId> statements;
  for (const bool library : {true, false}) {
    for (const StartItem& item : build.start_items) {
      if (!item.statement || build.units[item.context.unit].library != library) continue;
      Context context = item.context;
      context.scope = &scope;
      context.global_declares = true;
      lowerer.statement(context, item.syntax, statements);
    }
  }
  std::erase_if(statements, [&](StmtId id) { return build.program.stmts[id].kind == StmtKind::opaque; });
  if (statements.empty()) return;
  Callback callback;
  callback.kind = build.program.intern("init");
  callback.span = build.program.stmts[statements.front()].span;
  callback.body = lowerer.add_block(statements);
  build.program.callbacks.push_back(callback);
}

}  // namespace

FoundSection find_section(const Build& build, uint32_t plan, std::string_view name) {
  const std::string wanted = lower(name);
  for (uint32_t at = plan; at != kNone; at = build.plans[at].base) {
    for (const Section& section : build.plans[at].sections) {
      if (lower(section.name) == wanted) return {&section, at};
    }
  }
  return {};
}

void order_nodes(Build& build) {
  link_bases(build);
  std::vector<uint32_t> order = listed_plans(build);
  const size_t listed = order.size();
  std::vector<bool> placed(build.plans.size(), false);
  for (const uint32_t id : order) placed[id] = true;
  for (const bool library : {true, false}) {
    for (uint32_t id = 0; id < build.plans.size(); ++id) {
      if (!placed[id] && build.plans[id].library == library) order.push_back(id);
    }
  }
  for (size_t i = 0; i < order.size(); ++i) {
    NodePlan& plan = build.plans[order[i]];
    plan.id = static_cast<NodeId>(i);
    NodeDef node;
    node.name = build.program.intern(plan.name);
    node.base = build.program.intern(plan.base_name);
    node.library = plan.library;
    node.listed = i < listed || (plan.library && !build.lists_nodes);
    node.plays = has_ancestor(build, order[i], "stl.playevent.template");
    const uint32_t header = build.tree(plan.unit).child(plan.syntax, Field::name);
    node.span = build.span(plan.unit, header);
    build.program.nodes.push_back(std::move(node));
  }
}

void lower_bodies(Build& build) {
  Lowerer lowerer(build);
  for (FunctionId id = 0; id < build.program.functions.size(); ++id) lowerer.function(id);
  lower_top_level(build);
  for (const CallbackPlan& plan : build.callback_plans) lowerer.callback(plan);
  for (uint32_t id = 0; id < build.plans.size(); ++id) lower_node(build, id);
}

}  // namespace fermata::build
