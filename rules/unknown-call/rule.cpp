#include <algorithm>
#include <map>

#include "rules/support.h"

namespace fermata::rules {

namespace {

// The argument may be a voice, an event or a runtime.
bool is_handle(const Sources& sources, ir::ExprId arg) {
  const Sources::Found found = sources.of(arg);
  return std::ranges::any_of(found.makers,
                             [](const ir::Instr* maker) {
                               return maker->effect == ir::Effect::play_note ||
                                      maker->effect == ir::Effect::create_runtime || makes_voice(*maker);
                             }) ||
         std::ranges::any_of(found.engine, [](ir::Env env) { return env == ir::Env::event_id || is_voice(env); });
}

}  // namespace

void unknown_call(const Context& context) {
  const Program& program = context.program;
  const Sources sources(context.module);
  std::map<NameId, Span> first;
  for (const ir::Instr& instr : context.module.instrs) {
    if (instr.effect != ir::Effect::unknown_call) continue;
    if (std::ranges::none_of(instr.args, [&](ir::ExprId arg) { return is_handle(sources, arg); })) continue;
    const auto [at, fresh] = first.try_emplace(instr.name, instr.span);
    const auto order = [](const Span& span) { return std::pair(span.file, span.begin); };
    if (!fresh && order(instr.span) < order(at->second)) at->second = instr.span;
  }
  for (const auto& [name, span] : first) {
    const std::string text(program.name(name));
    context.report(span, "nobody here defines " + text + ": say what it does to what it is given, for example \"" +
                             text + "\" = \"releases 1\" in [contracts] of fermata.toml");
  }
}

}  // namespace fermata::rules
