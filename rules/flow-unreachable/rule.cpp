#include <algorithm>

#include "frontend/fold.h"
#include "rules/walk.h"

namespace fermata::rules {

namespace {

bool takes_voices(const Program& program, const NodeDef& node) {
  return std::ranges::any_of(node.callbacks, [&](const NodeCallback& callback) {
    const std::string_view name = program.name(callback.name);
    return name == "NoteOn" || name == "NotePass";
  });
}

bool is_base(const Program& program, const NodeDef& node) {
  const std::string name = lower_case(program.name(node.name));
  return std::ranges::any_of(program.nodes,
                             [&](const NodeDef& other) { return lower_case(program.name(other.base)) == name; });
}

void nodes(const Context& context, const std::vector<bool>& registered) {
  const Program& program = context.program;
  for (NodeId id = 0; id < program.nodes.size(); ++id) {
    const NodeDef& node = program.nodes[id];
    if (node.library || !node.listed || registered[id] || !takes_voices(program, node) || is_base(program, node)) {
      continue;
    }
    context.report(node.span, "this node stands in no flow: no voice ever gets to it");
  }
}

void keys(const Context& context) {
  const Program& program = context.program;
  Visitor visitor;
  visitor.call = [&](const Expr& call, const Frame&) {
    if (call.function != kNone || program.name(call.name) != "keymap.request" || call.child_count < 4) return;
    if (fold(program, argument(program, call, 3)) != -1) return;
    context.report(call.span, "this key is mapped to no flow: it makes no voice");
  };
  for (const Body& body : bodies_of(program)) walk(program, body.block, visitor);
}

}  // namespace

void flow_unreachable(const Context& context) {
  const Program& program = context.program;
  if (!program.product || !program.flows_exact) return;
  std::vector<bool> registered(program.nodes.size(), false);
  for (const Flow& flow : program.flows) {
    if (!flow.declared && !flow.entries.empty()) {
      context.report(flow.entries[0].span, "this flow is not in FLOWS: it gets no voices");
    }
    for (const FlowEntry& entry : flow.entries) {
      if (entry.node == kNone) continue;
      registered[entry.node] = true;
      const NodeDef& node = program.nodes[entry.node];
      if (!node.listed && !node.library) context.report(entry.span, "this node is not in IVLS_NODES: it takes no part");
    }
  }
  nodes(context, registered);
  keys(context);
}

}  // namespace fermata::rules
