#include "rules/walk.h"

#include <algorithm>
#include <set>

namespace fermata::rules {

namespace {

constexpr size_t kMaxDepth = 32;
constexpr size_t kMaxStatements = 200'000;

class Walker {
 public:
  Walker(const Program& program, const Visitor& visitor) : program_(program), visitor_(visitor) {}

  void block(BlockId id, const Frame& frame) {
    for (const StmtId stmt : program_.statements(id)) {
      if (++statements_ > kMaxStatements) return;
      statement(program_.stmts[stmt], frame);
    }
  }

 private:
  void statement(const Stmt& stmt, const Frame& frame) {
    if (visitor_.statement) visitor_.statement(stmt, frame);
    for (const ExprId expr : {stmt.target, stmt.value, stmt.limit, stmt.step}) expression(expr, frame, stmt.subroutine);
    if (stmt.kind == StmtKind::declare && stmt.symbol != kNone) {
      expression(program_.symbols[stmt.symbol].initial, frame, false);
    }
    for (uint32_t i = stmt.first_case; i < stmt.first_case + stmt.case_count; ++i) block(program_.cases[i].body, frame);
    block(stmt.body, frame);
    block(stmt.else_body, frame);
  }

  void expression(ExprId id, const Frame& frame, bool subroutine) {
    if (id == kNone) return;
    const Expr& expr = program_.exprs[id];
    for (const ExprId child : program_.children_of(id)) expression(child, frame, false);
    if (expr.kind != ExprKind::call) return;
    if (visitor_.call) visitor_.call(expr, frame);
    if (expr.function == kNone || depth_ >= kMaxDepth) return;
    if (!visitor_.each_call && !entered_.insert({expr.function, subroutine}).second) return;
    ++depth_;
    block(program_.functions[expr.function].body, Frame{&frame, expr.function, id, subroutine});
    --depth_;
  }

  const Program& program_;
  const Visitor& visitor_;
  std::set<std::pair<FunctionId, bool>> entered_;
  size_t statements_ = 0, depth_ = 0;
};

}  // namespace

std::vector<Body> bodies_of(const Program& program) {
  std::vector<Body> bodies;
  for (const Callback& callback : program.callbacks) {
    bodies.push_back({program.name(callback.kind), kNone, callback.body, callback.span});
  }
  for (NodeId node = 0; node < program.nodes.size(); ++node) {
    const NodeDef& def = program.nodes[node];
    if (def.library || (program.product && !def.listed)) continue;
    for (const NodeCallback& callback : def.callbacks) {
      bodies.push_back({program.name(callback.name), node, callback.body, callback.span});
    }
  }
  return bodies;
}

bool runs_as_task(const Body& body) { return body.node != kNone && (body.name == "NoteOn" || body.name == "NoteOff"); }

void walk(const Program& program, BlockId block, const Visitor& visitor, const Frame& frame) {
  Walker(program, visitor).block(block, frame);
}

ExprId resolve(const Program& program, ExprId id, const Frame*& frame) {
  while (id != kNone && program.exprs[id].kind == ExprKind::symbol && frame != nullptr && frame->function != kNone) {
    const Function& function = program.functions[frame->function];
    const auto at = std::ranges::find(function.parameters, program.exprs[id].symbol);
    if (at == function.parameters.end()) break;
    id = argument(program, program.exprs[frame->call], static_cast<uint32_t>(at - function.parameters.begin()));
    frame = frame->caller;
  }
  return id;
}

ExprId argument(const Program& program, const Expr& call, uint32_t i) {
  return i < call.child_count ? program.children[call.first_child + i] : kNone;
}

}  // namespace fermata::rules
