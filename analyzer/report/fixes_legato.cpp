#include "report/fixes_legato.h"

#include <fmt/format.h>

#include <algorithm>

namespace fermata {

namespace {

class Branches {
 public:
  Branches(const ScriptEdit& script, SymbolId source, std::string line)
      : script_(script), program_(script.program()), source_(source), line_(std::move(line)) {}

  // The block whose statement `after` is, and its place there.
  bool find(StmtId after, std::vector<StmtId>& rest) const {
    for (BlockId block = 0; block < program_.blocks.size(); ++block) {
      const auto statements = program_.statements(block);
      const auto at = std::ranges::find(statements, after);
      if (at == statements.end()) continue;
      rest.assign(at + 1, statements.end());
      return true;
    }
    return false;
  }

  // Whether the source is handed to some call in here.
  bool mentions(Span span) const {
    return std::ranges::any_of(program_.exprs, [&](const Expr& expr) {
      return expr.kind == ExprKind::call && script_.in_place(expr.span) && expr.span.file == span.file &&
             span.begin <= expr.span.begin && expr.span.end <= span.end && takes_source(expr);
    });
  }

  bool mentions(BlockId block) const {
    return std::ranges::any_of(program_.statements(block),
                               [&](StmtId id) { return mentions(program_.stmts[id].span); });
  }

  // One edit for each branch of the statement that forgets the source. False when one cannot be edited.
  bool repair(StmtId branching, std::vector<Edit>& edits) const {
    for (StmtId id = branching; id != kNone;) {
      const Stmt& stmt = program_.stmts[id];
      if (!mentions(stmt.body) && !insert(stmt.body, edits)) return false;
      if (stmt.else_body == kNone) return add_else(program_.stmts[branching].span, edits);
      const auto otherwise = program_.statements(stmt.else_body);
      const bool chain = otherwise.size() == 1 && program_.stmts[otherwise[0]].kind == StmtKind::if_ &&
                         else_if(program_.stmts[otherwise[0]].span);
      if (!chain) return mentions(stmt.else_body) || insert(stmt.else_body, edits);
      id = otherwise[0];
    }
    return true;
  }

 private:
  bool takes_source(const Expr& call) const {
    if (program_.name(call.name).starts_with("legato.")) return false;
    for (uint32_t i = 0; i < call.child_count; ++i) {
      const Expr& argument = program_.exprs[program_.children[call.first_child + i]];
      if (argument.kind == ExprKind::symbol && argument.symbol == source_) return true;
    }
    return false;
  }

  bool insert(BlockId block, std::vector<Edit>& edits) const {
    const auto statements = program_.statements(block);
    if (statements.empty()) return false;
    const auto edit = script_.line_before(program_.stmts[statements[0]].span, line_);
    if (edit) edits.push_back(*edit);
    return edit.has_value();
  }

  bool else_if(Span span) const {
    const std::string& text = program_.files[span.file].text;
    const std::size_t start = text.rfind('\n', span.begin) + 1;
    return text.substr(start, span.begin + 2 - start).find("else") != std::string::npos;
  }

  // Before the "end if" of the whole chain.
  bool add_else(Span span, std::vector<Edit>& edits) const {
    if (!script_.in_place(span)) return false;
    const SourceFile& file = program_.files[span.file];
    const std::size_t end = file.text.rfind("end", span.end - 1);
    if (end == std::string::npos || end < span.begin || file.text.find("if", end) > end + 4) return false;
    const Span last{span.file, static_cast<uint32_t>(end), span.end, kNone};
    const std::string indent = script_.indentation(last);
    const auto edit = script_.line_before(last, fmt::format("else\n{}    {}", indent, line_));
    if (edit) edits.push_back(*edit);
    return edit.has_value();
  }

  const ScriptEdit& script_;
  const Program& program_;
  SymbolId source_;
  std::string line_;
};

}  // namespace

void release_the_source(const ScriptEdit& script, Finding& finding) {
  const Program& program = script.program();
  const ExprId call = script.call_at(finding.place);
  const StmtId statement = call == kNone ? kNone : script.statement_of(call);
  if (statement == kNone || program.stmts[statement].kind != StmtKind::assign) return;
  const Stmt& read = program.stmts[statement];
  const Expr& target = program.exprs[read.target];
  if (target.kind != ExprKind::symbol || !script.in_place(target.span)) return;
  const std::string line = fmt::format("ivls.release_voice({})", script.text(read.target));
  const Branches branches(script, target.symbol, line);
  std::vector<StmtId> rest;
  if (!branches.find(statement, rest)) return;
  Fix fix{"release the source where it is forgotten", true, {}};
  const auto owner = std::ranges::find_if(rest, [&](StmtId id) { return branches.mentions(program.stmts[id].span); });
  if (owner == rest.end()) {
    const auto edit = script.line_after(read.span, line);
    if (edit) fix.edits.push_back(*edit);
  } else if (program.stmts[*owner].kind == StmtKind::if_ && !branches.repair(*owner, fix.edits)) {
    return;
  }
  if (!fix.edits.empty()) finding.fixes.push_back(std::move(fix));
}

}  // namespace fermata
