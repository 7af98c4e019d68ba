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

struct UnknownCall {
  Span span;
  size_t argument = 0;  // the first that is a handle, from 1
};

std::string say(const Program& program, NameId id, size_t argument) {
  const std::string name(program.name(id));
  if (find_users_contract(program.contracts, name) != nullptr) {
    return "what [contracts] of fermata.toml says of " + name +
           " does not fit this call: it speaks of an argument that is not there, or of voices where there are none";
  }
  return "nobody here defines " + name + ": say what it does to what it is given, for example \"" + name +
         "\" = \"releases " + std::to_string(argument) + "\" in [contracts] of fermata.toml";
}

}  // namespace

void unknown_call(const Context& context) {
  const Program& program = context.program;
  const Sources sources(context.module);
  std::map<NameId, UnknownCall> first;
  for (const ir::Instr& instr : context.module.instrs) {
    if (instr.effect != ir::Effect::unknown_call) continue;
    const auto handle = std::ranges::find_if(instr.args, [&](ir::ExprId arg) { return is_handle(sources, arg); });
    if (handle == instr.args.end()) continue;
    const UnknownCall here{instr.span, static_cast<size_t>(handle - instr.args.begin()) + 1};
    const auto [at, fresh] = first.try_emplace(instr.name, here);
    const auto order = [](const Span& span) { return std::pair(span.file, span.begin); };
    if (!fresh && order(instr.span) < order(at->second.span)) at->second = here;
  }
  for (const auto& [name, call] : first) context.report(call.span, say(program, name, call.argument));
}

}  // namespace fermata::rules
