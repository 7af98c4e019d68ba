#include <algorithm>
#include <map>
#include <set>

#include "rules/track.h"
#include "rules/walk.h"

namespace fermata::rules {

using ir::Effect;

namespace {

constexpr std::string_view kMessage = "this fade is never played; whether it runs all the same is open";

// Variables of the instrument that something somewhere plays or hands on.
std::set<ir::SlotId> played_globals(const ir::Module& module) {
  std::set<ir::SlotId> played;
  const auto add = [&](ir::ExprId id) {
    if (id != kNone && module.exprs[id].kind == ir::ExprKind::slot) played.insert(module.exprs[id].slot);
  };
  for (const ir::Instr& instr : module.instrs) {
    if (instr.effect == Effect::play || instr.effect == Effect::play_oneshot || instr.effect == Effect::delete_voice ||
        instr.effect == Effect::set) {
      add(instr.a);
    }
    if (instr.effect == Effect::store) add(instr.b);
    for (const ir::ExprId arg : instr.args) add(arg);
  }
  return played;
}

bool hands_on(const ir::Module& module, const ir::Instr& instr, const Track& track,
              const std::set<ir::SlotId>& globals) {
  switch (instr.effect) {
    case Effect::play:
    case Effect::play_oneshot:
    case Effect::delete_voice:
      return holds(module, track, instr.a);
    case Effect::store:
      return holds(module, track, instr.b);
    case Effect::set:
      return module.slots[instr.dst].kind == ir::SlotKind::global && globals.contains(instr.dst) &&
             holds(module, track, instr.a);
    case Effect::unknown_call:
      return std::ranges::any_of(instr.args, [&](ir::ExprId arg) { return holds(module, track, arg); });
    default:
      return false;
  }
}

// Fades out: one that no copy of the line ever plays.
void fades_out(const Context& context) {
  const ir::Module& module = context.module;
  const std::set<ir::SlotId> globals = played_globals(module);
  std::map<std::pair<FileId, uint32_t>, std::pair<Span, bool>> lines;
  for (const ir::Entry& entry : module.entries) {
    each_instr(module, entry, [&](const ir::Instr& instr, ir::BlockId block, uint32_t index) {
      if (instr.effect != Effect::fade_voice) return;
      const Span span = context.program.user_span(instr.span);
      bool& played = lines.try_emplace({span.file, span.begin}, span, false).first->second.second;
      if (played || instr.discarded) return;
      const Follow how{[&](const ir::Instr& next, ir::BlockId, Track& track) {
                         return hands_on(module, next, track, globals) ? Step::found : Step::on;
                       },
                       {}};
      played = follow(module, block, index, {{instr.dst}, {}, 0}, how);
    });
  }
  for (const auto& [key, line] : lines) {
    if (!line.second) context.report(line.first, std::string(kMessage));
  }
}

// Fades in, which the graphs leave out: only those whose voice is dropped at once.
void fades_in(const Context& context) {
  const Program& program = context.program;
  Visitor visitor;
  visitor.statement = [&](const Stmt& stmt, const Frame&) {
    if (stmt.kind != StmtKind::call || program.exprs[stmt.value].kind != ExprKind::call) return;
    const std::string_view name = program.name(program.exprs[stmt.value].name);
    if (name == "fades.in" || name == "fades.curve_in") context.report(stmt.span, std::string(kMessage));
  };
  for (const Body& body : bodies_of(program)) walk(program, body.block, visitor);
}

}  // namespace

void fade_not_played(const Context& context) {
  if (context.assume.fade_starts_on_play) return;  // then the voice that hangs is reported
  fades_out(context);
  fades_in(context);
}

}  // namespace fermata::rules
