// The flows of a product: what `cb Flows` registers, read off the lowered statements with counted loops unrolled.
#include <algorithm>
#include <optional>

#include "frontend/build.h"
#include "frontend/fold.h"

namespace fermata::build {
namespace {

constexpr uint32_t kMaxFlowSteps = 100'000;  // statements executed while reading the flows of one node

bool registers(std::string_view name) {
  return name == "ivls.register_node" || name == "ivls.register_move" || name == "ivls.register_arg";
}

class FlowReader {
 public:
  explicit FlowReader(Build& build) : program_(build.program), build_(build) {}

  void declared(const std::string& name) {
    const SymbolId symbol = symbol_of(name);
    if (symbol != kNone) program_.flows[flow(symbol, {})].declared = true;
  }

  void read(BlockId block) {
    known_.clear();
    steps_ = 0;
    run(block);
  }

 private:
  SymbolId symbol_of(const std::string& name) const {
    const auto found = build_.globals.find(canonical(name));
    return found == build_.globals.end() || found->second.empty() ? kNone : found->second.front();
  }

  FlowId flow(SymbolId symbol, Span span) {
    for (FlowId id = 0; id < program_.flows.size(); ++id) {
      if (program_.flows[id].symbol != symbol) continue;
      if (program_.flows[id].span.file == kNone) program_.flows[id].span = span;
      return id;
    }
    Flow made;
    made.symbol = symbol;
    made.name = program_.symbols[symbol].name;
    made.span = span;
    program_.flows.push_back(std::move(made));
    return static_cast<FlowId>(program_.flows.size() - 1);
  }

  // True when something below registers: only then does a condition or loop that does not fold matter.
  bool registers_inside(BlockId block) const {
    for (const StmtId id : program_.statements(block)) {
      const Stmt& stmt = program_.stmts[id];
      if (stmt.kind == StmtKind::call && stmt.value != kNone &&
          registers(program_.name(program_.exprs[stmt.value].name)))
        return true;
      if (registers_inside(stmt.body) || registers_inside(stmt.else_body)) return true;
      for (uint32_t i = 0; i < stmt.case_count; ++i) {
        if (registers_inside(program_.cases[stmt.first_case + i].body)) return true;
      }
    }
    return false;
  }

  void set(SymbolId symbol, std::optional<int64_t> value) {
    std::erase_if(known_, [&](const auto& entry) { return entry.first == symbol; });
    if (value) known_.emplace_back(symbol, *value);
  }

  void run(BlockId block) {
    for (const StmtId id : program_.statements(block)) {
      if (++steps_ > kMaxFlowSteps) {
        program_.flows_exact = false;
        return;
      }
      statement(program_.stmts[id]);
    }
  }

  void statement(const Stmt& stmt) {
    switch (stmt.kind) {
      case StmtKind::call:
        return call(stmt);
      case StmtKind::declare:
        return set(stmt.symbol, fold(program_, program_.symbols[stmt.symbol].initial, known_));
      case StmtKind::assign:
        if (program_.exprs[stmt.target].kind == ExprKind::symbol) {
          set(program_.exprs[stmt.target].symbol, fold(program_, stmt.value, known_));
        }
        return;
      case StmtKind::if_: {
        const std::optional<int64_t> condition = fold(program_, stmt.value, known_);
        if (condition) return run(*condition != 0 ? stmt.body : stmt.else_body);
        return either({stmt.body, stmt.else_body});
      }
      case StmtKind::for_:
        return counted_loop(stmt);
      case StmtKind::select:
        return select(stmt);
      default:
        if (registers_inside(stmt.body)) either({stmt.body});
        return;
    }
  }

  // Which of these runs is not known: their entries may all be there, and nobody may rely on it.
  void either(const std::vector<BlockId>& blocks) {
    for (const BlockId block : blocks) {
      if (!registers_inside(block)) continue;
      program_.flows_exact = false;
      run(block);
    }
    known_.clear();
  }

  void counted_loop(const Stmt& stmt) {
    const std::optional<int64_t> from = fold(program_, stmt.value, known_);
    const std::optional<int64_t> step = stmt.step == kNone ? 1 : fold(program_, stmt.step, known_);
    const bool counts = program_.exprs[stmt.target].kind == ExprKind::symbol && from && step && *step > 0;
    if (!counts) return either({stmt.body});
    const SymbolId variable = program_.exprs[stmt.target].symbol;
    for (int64_t value = *from;; value += stmt.downto ? -*step : *step) {
      set(variable, value);
      const std::optional<int64_t> limit = fold(program_, stmt.limit, known_);
      if (!limit) return either({stmt.body});
      if (stmt.downto ? value < *limit : value > *limit) return;
      if (++steps_ > kMaxFlowSteps) {
        program_.flows_exact = false;
        return;
      }
      run(stmt.body);
    }
  }

  void select(const Stmt& stmt) {
    const std::optional<int64_t> subject = fold(program_, stmt.value, known_);
    std::vector<BlockId> bodies;
    bool exact = subject.has_value();
    for (uint32_t i = 0; i < stmt.case_count; ++i) {
      const Case& one = program_.cases[stmt.first_case + i];
      bodies.push_back(one.body);
      if (!exact) continue;
      if (one.from == kNone) return run(one.body);
      const std::optional<int64_t> from = fold(program_, one.from, known_);
      const std::optional<int64_t> to = one.to == kNone ? from : fold(program_, one.to, known_);
      exact = from && to;
      if (exact && *subject >= *from && *subject <= *to) return run(one.body);
    }
    if (!exact) either(bodies);
  }

  // The flow that an argument names. Arrays of flows and computed numbers cannot be told from here.
  FlowId flow_argument(ExprId argument, Span span) {
    const Expr& expr = program_.exprs[argument];
    if (expr.kind == ExprKind::symbol && program_.symbols[expr.symbol].kind == SymbolKind::global)
      return flow(expr.symbol, span);
    program_.flows_exact = false;
    return kNone;
  }

  void call(const Stmt& stmt) {
    const Expr& expr = program_.exprs[stmt.value];
    const std::string_view name = program_.name(expr.name);
    if (expr.kind != ExprKind::call || expr.function != kNone || !registers(name)) return forget_written(expr);
    const std::vector<ExprId> given(program_.children_of(stmt.value).begin(), program_.children_of(stmt.value).end());
    if (given.size() < 2) return;
    const FlowId id = flow_argument(given[0], stmt.span);
    if (id == kNone) return;
    if (name == "ivls.register_arg") return argument(id, given);
    FlowEntry entry;
    entry.span = stmt.span;
    if (name == "ivls.register_move") {
      entry.move = flow_argument(given[1], stmt.span);
      if (entry.move == kNone) return;
    } else {
      if (program_.exprs[given[1]].kind != ExprKind::node_ref) return unknown_node(given[1], program_.flows[id]);
      entry.node = program_.exprs[given[1]].node;
    }
    program_.flows[id].entries.push_back(std::move(entry));
  }

  // A node that nobody defines stands in the flow: what the voices meet there is not known, and that is said.
  void unknown_node(ExprId argument, const Flow& flow) {
    program_.flows_exact = false;
    const Span where = program_.exprs[argument].span;
    const Span user = program_.user_span(where);
    const std::string_view file =
        user.file < program_.files.size() ? std::string_view(program_.files[user.file].text) : std::string_view();
    const std::string name(file.substr(std::min<size_t>(user.begin, file.size()), user.end - user.begin));
    if (!build_.first_time("unknown node " + lower(name))) return;
    const bool framework = lower(name).starts_with("stl.") || lower(name).starts_with("ivls.");
    const std::string found = "'" + name + "' in the flow '" + std::string(program_.name(flow.name)) + "' is no node ";
    if (framework) {
      build_.diagnose("unknown-call", "note",
                      found +
                          "that is known here: what the framework's node does to a voice is left open, and so is "
                          "what becomes of voices in this flow",
                      where);
    } else {
      build_.diagnose("expansion-failed", "error",
                      found + "that is defined here: write 'node " + name + ":', or import the file that has it",
                      where);
    }
  }

  // inc(i), f(i): an inlined function may write what it is given.
  void forget_written(const Expr& call) {
    for (uint32_t i = 0; i < call.child_count; ++i) {
      const Expr& child = program_.exprs[program_.children[call.first_child + i]];
      if (child.kind == ExprKind::symbol) set(child.symbol, std::nullopt);
    }
  }

  // register_arg speaks of the entry registered last.
  void argument(FlowId id, const std::vector<ExprId>& given) {
    if (given.size() < 3 || program_.flows[id].entries.empty()) return;
    const std::optional<int64_t> index = fold(program_, given[1], known_);
    const std::optional<int64_t> value = fold(program_, given[2], known_);
    if (index && value) program_.flows[id].entries.back().arguments.emplace_back(*index, *value);
  }

  Program& program_;
  Build& build_;
  std::vector<std::pair<SymbolId, int64_t>> known_;
  uint32_t steps_ = 0;
};

void declare_flow(Build& build, const NodePlan& plan, const SyntaxTree& tree, uint32_t argument) {
  if (tree[argument].kind != Kind::identifier) return;
  const std::string name = canonical(tree.text(argument));
  const bool known = each_prefix(
      plan.prefix, [&](std::string_view prefix) { return build.globals.contains(std::string(prefix) + name); });
  if (known) return;
  Symbol symbol;
  symbol.name = build.program.intern(name);
  symbol.span = build.span(plan.unit, argument);
  build.program.symbols.push_back(symbol);
  add_global(build, static_cast<SymbolId>(build.program.symbols.size() - 1));
}

// The flows that a register call names are variables, declared or not: its first argument, and the target of a move.
void declare_named_flows(Build& build, const NodePlan& plan, const SyntaxTree& tree, uint32_t node) {
  const uint32_t callee = tree.child(node, Field::function);
  if (callee == kNone || !registers(lower(tree.text(callee)))) return;
  uint32_t left = lower(tree.text(callee)) == "ivls.register_move" ? 2 : 1;
  for (const uint32_t argument : Children(tree, tree.child(node, Field::arguments))) {
    if (left-- == 0) return;
    declare_flow(build, plan, tree, argument);
  }
}

}  // namespace

void declare_flows(Build& build) {
  const auto list = build.expanded.lists.find("FLOWS");
  if (list != build.expanded.lists.end()) {
    for (const std::string& name : list->second) {
      if (name.empty() || build.globals.contains(canonical(name))) continue;
      Symbol symbol;
      symbol.name = build.program.intern(canonical(name));
      build.program.symbols.push_back(symbol);
      add_global(build, static_cast<SymbolId>(build.program.symbols.size() - 1));
    }
  }
  for (const NodePlan& plan : build.plans) {
    const SyntaxTree& tree = build.tree(plan.unit);
    for (const Section& section : plan.sections) {
      if (lower(section.name) != "flows") continue;
      for (const uint32_t body : section.bodies) {
        // Nodes are stored in the order of the text: the descendants of a section are those that start before its end.
        for (uint32_t node = body; node < tree.size() && tree[node].begin < tree[body].end; ++node) {
          if (tree[node].kind == Kind::call_expression) declare_named_flows(build, plan, tree, node);
        }
      }
    }
  }
}

void build_flows(Build& build) {
  FlowReader reader(build);
  const auto list = build.expanded.lists.find("FLOWS");
  if (list != build.expanded.lists.end()) {
    for (const std::string& name : list->second) reader.declared(name);
  }
  for (NodeId id = 0; id < build.program.nodes.size(); ++id) {
    if (build.lists_nodes && !build.program.nodes[id].listed) continue;
    const NodeCallback* callback = build.program.find_callback(id, "Flows");
    if (callback != nullptr) reader.read(callback->body);
  }
  // A node of the library that stands in a flow is part of the product, listed or not.
  for (const Flow& flow : build.program.flows) {
    for (const FlowEntry& entry : flow.entries) {
      if (entry.node != kNone && build.program.nodes[entry.node].library) build.program.nodes[entry.node].listed = true;
    }
  }
}

}  // namespace fermata::build
