#include "rules/track.h"

namespace fermata::rules {

using ir::Effect;
using ir::Env;

namespace {

bool makes_fade(const ir::Instr& instr) { return instr.effect == Effect::fade_voice; }
bool never(Env) { return false; }

bool sends_on(const ir::Module& module, const ir::Instr& instr) {
  return instr.effect == Effect::pass || instr.effect == Effect::unknown_call ||
         (instr.effect == Effect::release_voice && is_env(module, instr.a, Env::self));
}

bool loop_sends(const ir::Module& module, const ir::Block& head) {
  for (ir::BlockId b = head.region_begin; b < head.region_end; ++b) {
    const ir::Block& block = module.blocks[b];
    for (uint32_t i = block.first; i < block.first + block.count; ++i) {
      if (sends_on(module, module.instrs[i])) return true;
    }
  }
  return false;
}

// After a wait the voice may be gone, and is rightly not sent.
bool asks_for_life(const ir::Module& module, ir::ExprId condition) {
  return any_part(module, condition, [](const ir::Expr& part) {
    return (part.kind == ir::ExprKind::env && (part.env == Env::path_on || part.env == Env::note_held)) ||
           (part.kind == ir::ExprKind::pure && part.pure == ir::Pure::check_ref);
  });
}

// Passes somewhere, and plays no voices of its own: a node that does is none that lets the note through.
bool is_gate(const ir::Module& module, const Sources& sources, const ir::Entry& entry) {
  bool passes = false, spawns = false;
  each_instr(module, entry, [&](const ir::Instr& instr, ir::BlockId, uint32_t) {
    passes = passes || instr.effect == Effect::pass;
    spawns = spawns || instr.effect == Effect::clone_voice || instr.effect == Effect::play_oneshot ||
             instr.effect == Effect::play_note || instr.effect == Effect::reflow ||
             (instr.effect == Effect::play && !sources.of(instr.a).all(makes_fade, never));
  });
  return passes && !spawns;
}

bool can_stop(const ir::Module& module, const ir::Entry& entry) {
  std::vector<bool> seen(entry.stop - entry.start, false);
  std::vector<ir::BlockId> todo{entry.start};
  while (!todo.empty()) {
    const ir::BlockId at = todo.back();
    todo.pop_back();
    if (at == kNone || seen[at - entry.start]) continue;
    seen[at - entry.start] = true;
    const ir::Block& block = module.blocks[at];
    bool sent = false;
    for (uint32_t i = block.first; i < block.first + block.count; ++i)
      sent = sent || sends_on(module, module.instrs[i]);
    if (sent) continue;
    if (block.jump == ir::Jump::end) return true;
    if (block.jump == ir::Jump::branch) {
      if (asks_for_life(module, block.condition) || (block.loop != kNone && loop_sends(module, block))) continue;
      todo.push_back(block.else_block);
    }
    todo.push_back(block.then_block);
  }
  return false;
}

}  // namespace

void note_stops_here(const Context& context) {
  const ir::Module& module = context.module;
  const Sources sources(module);
  for (const ir::Entry& entry : module.entries) {
    if (entry.kind != ir::EntryKind::note_on || context.program.nodes[entry.node].plays) continue;
    if (!is_gate(module, sources, entry) || !can_stop(module, entry)) continue;
    context.report(entry.span, "on some path this NoteOn neither passes the voice on nor releases it");
  }
}

}  // namespace fermata::rules
