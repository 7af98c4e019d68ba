#include <algorithm>
#include <map>

#include "rules/walk.h"

namespace fermata::rules {

namespace {

// What a variable was given: copies that share their modulation, or something else.
struct Given {
  bool copies = false, other = false;
};

bool shares(std::string_view name) {
  return name == "ivls.new_voice" || name == "voice.copy" || name == "voice.new_copy";
}

bool is_fade(std::string_view name) {
  return name == "fades.in" || name == "fades.curve_in" || name == "fades.out" || name == "fades.curve_out";
}

class Finder {
 public:
  Finder(const Context& context, const Body& body) : context_(context), program_(context.program) {
    Visitor visitor;
    visitor.statement = [&](const Stmt& stmt, const Frame&) { assigned(stmt); };
    visitor.call = [&](const Expr& call, const Frame&) {
      passes_ = passes_ || program_.name(call.name) == "ivls.pass";
    };
    walk(program_, body.block, visitor);
  }

  // Only where the voice that was copied sounds as well.
  void fades(const Body& body) const {
    if (!passes_) return;
    Visitor visitor;
    visitor.call = [&](const Expr& call, const Frame& frame) {
      if (call.function != kNone || !is_fade(program_.name(call.name))) return;
      const Frame* at = &frame;
      const ExprId voice = resolve(program_, argument(program_, call, 0), at);
      if (voice == kNone || program_.exprs[voice].kind != ExprKind::symbol) return;
      const auto given = given_.find(program_.exprs[voice].symbol);
      if (given == given_.end() || !given->second.copies || given->second.other) return;
      context_.report(call.span, "this voice shares its modulation with the one it was copied from, which fades too");
    };
    walk(program_, body.block, visitor);
  }

 private:
  void assigned(const Stmt& stmt) {
    if (stmt.kind != StmtKind::assign || program_.exprs[stmt.target].kind != ExprKind::symbol) return;
    const Expr& value = program_.exprs[stmt.value];
    const bool copy = value.kind == ExprKind::call && value.function == kNone && shares(program_.name(value.name));
    Given& given = given_[program_.exprs[stmt.target].symbol];
    (copy ? given.copies : given.other) = true;
  }

  const Context& context_;
  const Program& program_;
  std::map<SymbolId, Given> given_;
  bool passes_ = false;
};

}  // namespace

void shared_modulation(const Context& context) {
  for (const Body& body : bodies_of(context.program)) {
    if (runs_as_task(body)) Finder(context, body).fades(body);
  }
}

}  // namespace fermata::rules
