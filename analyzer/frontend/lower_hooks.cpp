// Statements that are calls, and those calls that stand for generated code: __VIRTUAL__, __RUN_CB__, __PARENT__.
#include "frontend/lower.h"

namespace fermata::build {

std::string Lowerer::callee_of(const Context& context, uint32_t statement) const {
  const SyntaxTree& syntax = tree(context);
  if (syntax[statement].kind != Kind::call_statement) return {};
  uint32_t call = syntax.child(statement, Field::call);
  if (call != kNone && syntax[call].kind == Kind::call_expression) call = syntax.child(call, Field::function);
  return call == kNone ? std::string() : lower(syntax.text(call));
}

std::string Lowerer::first_word(const Context& context, uint32_t call) const {
  const SyntaxTree& syntax = tree(context);
  const uint32_t given = syntax.child(call, Field::arguments);
  for (const uint32_t child : Children(syntax, given)) return std::string(syntax.text(child));
  return {};
}

void Lowerer::call_statement(const Context& context, uint32_t node, std::vector<StmtId>& out) {
  const SyntaxTree& syntax = tree(context);
  const uint32_t call = syntax.child(node, Field::call);
  Stmt stmt;
  stmt.span = span(context, node);
  if (call == kNone || syntax[node].broken) return out.push_back(opaque(stmt.span));
  const std::string name = callee_of(context, node);
  if (generated_code(context, name, call, out)) return;
  if (name == "exit" || name == "continue") {
    stmt.kind = name == "exit" ? StmtKind::exit_ : StmtKind::continue_;
    return out.push_back(add(stmt));
  }
  stmt.kind = StmtKind::call;
  // `call f`: the keyword stands before the callee.
  stmt.subroutine = syntax[call].begin > syntax[node].begin;
  const bool bare = syntax[call].kind == Kind::identifier;
  stmt.value = bare ? make_call(context, syntax.text(call), {}, span(context, call)) : expression(context, call);
  out.push_back(add(stmt));
}

// False when the call is an ordinary one.
bool Lowerer::generated_code(const Context& context, std::string_view name, uint32_t call, std::vector<StmtId>& out) {
  if (name == "end_for_each_child") {
    build_.diagnose("syntax-error", "error", "unexpected 'end_for_each_child', no 'for_each_child' is open",
                    span(context, call));
    return true;
  }
  const std::string word = first_word(context, call);
  if (name == "__virtual__") {
    if (context.plan != kNone) hook(context, context.plan, word, out);
    return true;
  }
  if (name == "__run_cb__") {
    run_everywhere(context, word, span(context, call), out);
    return true;
  }
  if (name == "__parent__" && context.owner != kNone) {
    const uint32_t base = build_.plans[context.owner].base;
    const std::string& section = word.empty() ? context.section : word;
    if (base != kNone) section_bodies(context, find_section(build_, base, section), context.plan, out);
    return true;
  }
  return false;
}

bool Lowerer::hook(const Context& context, uint32_t plan, std::string_view name, std::vector<StmtId>& out) {
  return section_bodies(context, find_section(build_, plan, name), plan, out);
}

// The text of a section, in place. It sees the names of the body it is put into; its own stay its own.
bool Lowerer::section_bodies(const Context& context, const FoundSection& found, uint32_t plan,
                             std::vector<StmtId>& out) {
  if (found.section == nullptr) return false;
  const NodePlan& owner = build_.plans[found.owner];
  if (hook_depth_ >= kMaxHookDepth || depth_ >= kMaxNesting) {
    if (build_.first_time("hook " + owner.name + " " + found.section->name)) {
      build_.diagnose("expansion-failed", "error",
                      "the hook '" + found.section->name + "' of '" + owner.name + "' contains itself",
                      build_.span(owner.unit, found.section->bodies.front()));
    }
    return true;
  }
  Scope scope;
  scope.outer = context.scope;
  Context inner = context;
  inner.unit = owner.unit;
  inner.prefix = owner.prefix;
  inner.scope = &scope;
  inner.plan = plan;
  inner.owner = found.owner;
  inner.section = found.section->name;
  ++hook_depth_;
  ++depth_;
  for (const uint32_t body : found.section->bodies) {
    const uint32_t text = build_.tree(owner.unit).child(body, Field::body);
    if (text != kNone) statements(inner, build_.tree(owner.unit)[text].first_child, false, out);
  }
  --depth_;
  --hook_depth_;
  return true;
}

// __RUN_CB__(Hook): the hook of every node that is part of the product, in the order of the list.
void Lowerer::run_everywhere(const Context& context, std::string_view hook_name, Span where, std::vector<StmtId>& out) {
  bool any = false;
  for (NodeId id = 0; id < program_.nodes.size(); ++id) {
    if (build_.lists_nodes && !program_.nodes[id].listed) continue;
    const uint32_t plan = build_.plan_names.at(lower(program_.name(program_.nodes[id].name)));
    any = hook(context, plan, hook_name, out) || any;
  }
  if (any) return;
  Stmt stmt;
  stmt.kind = StmtKind::run_hook;
  stmt.span = where;
  out.push_back(add(stmt));
}

}  // namespace fermata::build
