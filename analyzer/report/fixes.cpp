#include "report/fixes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/fixes_legato.h"
#include "report/script_edit.h"

namespace fermata {

namespace {

// The arguments of the call at the place, when they are all written in place.
std::vector<ExprId> arguments_at(const ScriptEdit& script, const Place& place, std::string_view name = "") {
  const ExprId call = script.call_at(place);
  if (call == kNone) return {};
  const Program& program = script.program();
  if (!name.empty() && program.name(program.exprs[call].name) != name) return {};
  const auto children = program.children_of(call);
  std::vector<ExprId> out(children.begin(), children.end());
  const bool all = std::ranges::all_of(out, [&](ExprId id) { return script.in_place(program.exprs[id].span); });
  return all ? out : std::vector<ExprId>{};
}

void exchange_arguments(const ScriptEdit& script, Finding& finding) {
  const std::vector<ExprId> arguments = arguments_at(script, finding.place);
  if (arguments.size() != 2) return;
  const Program& program = script.program();
  finding.fixes.push_back({"exchange the two arguments",
                           true,
                           {script.replace(program.exprs[arguments[0]].span, script.text(arguments[1])),
                            script.replace(program.exprs[arguments[1]].span, script.text(arguments[0]))}});
}

void adopt_what_was_sent(const ScriptEdit& script, Finding& finding) {
  for (const ExprId argument : arguments_at(script, finding.place)) {
    if (script.text(argument) != "self") continue;
    finding.fixes.push_back({"adopt the voice that was sent on",
                             true,
                             {script.replace(script.program().exprs[argument].span, "NodeEnv[nenv].sentVoice")}});
  }
}

// The fade on the path that leaves its target alive: its last argument says so.
void let_the_fade_end_it(const ScriptEdit& script, Finding& finding) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kOpposites{
      {{"NO", "YES"}, {"FALSE", "TRUE"}, {"0", "1"}}};
  for (const WitnessStep& step : finding.witness) {
    const std::vector<ExprId> arguments = arguments_at(script, step.place);
    if (arguments.size() < 3) continue;
    const Expr& call = script.program().exprs[script.call_at(step.place)];
    const std::string_view name = script.program().name(call.name);
    if (name != "fade_out" && !name.ends_with("out")) continue;
    const auto* const opposite = std::ranges::find(kOpposites, script.text(arguments.back()),
                                                   [](const auto& pair) { return std::string(pair.first); });
    if (opposite == kOpposites.end()) continue;
    finding.fixes.push_back(
        {"let the fade end what it fades",
         true,
         {script.replace(script.program().exprs[arguments.back()].span, std::string(opposite->second))}});
    return;
  }
}

void play_the_fade(const ScriptEdit& script, Finding& finding) {
  const ExprId call = script.call_at(finding.place);
  const StmtId statement = call == kNone ? kNone : script.statement_of(call);
  if (statement == kNone) return;
  const Stmt& stmt = script.program().stmts[statement];
  const Span written = script.program().exprs[call].span;
  if (stmt.kind == StmtKind::call && stmt.span.begin == written.begin) {
    finding.fixes.push_back(
        {"play the fade", true, {script.replace(written, fmt::format("ivls.play({})", script.text(call)))}});
  }
  if (stmt.kind != StmtKind::assign || !script.in_place(script.program().exprs[stmt.target].span)) return;
  const auto edit = script.line_after(stmt.span, fmt::format("ivls.play({})", script.text(stmt.target)));
  if (edit) finding.fixes.push_back({"play the fade", true, {*edit}});
}

// After each release of the runtime its handle says that there is none; the guards ask for that.
void clear_after_release(const ScriptEdit& script, Finding& finding) {
  const Program& program = script.program();
  const std::vector<ExprId> used = arguments_at(script, finding.place);
  const auto runtime =
      std::ranges::find_if(used, [&](ExprId id) { return program.exprs[id].kind == ExprKind::symbol; });
  if (runtime == used.end()) return;
  const SymbolId symbol = program.exprs[*runtime].symbol;
  Fix fix{fmt::format("set {} to -1 where it is released", script.text(*runtime)), true, {}};
  for (ExprId id = 0; id < program.exprs.size(); ++id) {
    const Expr& call = program.exprs[id];
    if (call.kind != ExprKind::call || program.name(call.name) != "ivls.release_runtime" || call.child_count != 1)
      continue;
    const ExprId argument = program.children_of(id)[0];
    if (program.exprs[argument].symbol != symbol) continue;
    const auto edit = script.line_after(call.span, fmt::format("{} := -1", script.text(argument)));
    if (!edit) return;
    fix.edits.push_back(*edit);
  }
  if (!fix.edits.empty()) finding.fixes.push_back(std::move(fix));
}

// Only a statement that stands for itself: what it would have set is asked for later otherwise.
void ask_for_the_link(const ScriptEdit& script, Finding& finding) {
  const ExprId call = script.call_at(finding.place);
  const StmtId statement = call == kNone ? kNone : script.statement_of(call);
  if (statement == kNone || script.program().stmts[statement].kind != StmtKind::call) return;
  const Span span = script.program().stmts[statement].span;
  const std::string indent = script.indentation(span);
  if (!script.line_before(span, "")) return;
  finding.fixes.push_back(
      {"ask for the link first",
       true,
       {script.replace(span, fmt::format("if legato.found(self)\n{0}    {1}\n{0}end if", indent, script.text(span)))}});
}

}  // namespace

void add_fixes(const Program& program, CheckResult& result) {
  const ScriptEdit script(program);
  for (Finding& finding : result.findings) {
    if (finding.rule == "adopt-arguments-swapped") exchange_arguments(script, finding);
    if (finding.rule == "adopt-self-not-sent") adopt_what_was_sent(script, finding);
    if (finding.rule == "fade-keeps-source" || finding.rule == "fade-without-stop") {
      let_the_fade_end_it(script, finding);
    }
    if (finding.rule == "fade-not-played") play_the_fade(script, finding);
    if (finding.rule == "runtime-used-after-release") clear_after_release(script, finding);
    if (finding.rule == "legato-link-unchecked") ask_for_the_link(script, finding);
    if (finding.rule == "legato-source-unowned") release_the_source(script, finding);
  }
}

}  // namespace fermata
