#include "ownership/patterns.h"

#include <algorithm>
#include <string_view>

namespace fermata::ownership {

using ir::Effect;
using ir::EntryKind;
using ir::ExprKind;

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// Is the value certainly a note number or another plain number, and no event id?
class NumberFinder {
 public:
  explicit NumberFinder(const ir::Module& module) : module_(module), defs_(module.slots.size()) {
    for (const ir::Instr& instr : module.instrs) {
      if (instr.dst != kNone) defs_[instr.dst].push_back(&instr);
    }
  }

  // `note`: it comes from EVENT_NOTE. Depth bounds chains of copies.
  bool is_number(ir::ExprId id, int depth = 0) const {
    if (id == kNone || depth > 4) return false;
    const ir::Expr& expr = module_.exprs[id];
    switch (expr.kind) {
      case ExprKind::constant: return expr.value > 0;
      case ExprKind::env: return expr.env == ir::Env::event_note || expr.env == ir::Env::event_velocity;
      case ExprKind::binary:
        return (expr.op == Op::add || expr.op == Op::sub) && note_like(expr.args[0], depth) && note_like(expr.args[1], depth);
      case ExprKind::slot: {
        const std::vector<const ir::Instr*>& defs = defs_[expr.slot];
        bool some = false;
        for (const ir::Instr* def : defs) {
          if (def->effect == Effect::set && module_.exprs[def->a].kind == ExprKind::constant && module_.exprs[def->a].value <= 0) continue;
          if (def->effect != Effect::set || !comes_from_note(def->a, depth + 1)) return false;
          some = true;
        }
        return some;
      }
      default: return false;
    }
  }

 private:
  bool comes_from_note(ir::ExprId id, int depth) const {
    const ir::Expr& expr = module_.exprs[id];
    if (expr.kind == ExprKind::env) return expr.env == ir::Env::event_note;
    if (expr.kind == ExprKind::binary && (expr.op == Op::add || expr.op == Op::sub)) {
      return (comes_from_note(expr.args[0], depth) && note_like(expr.args[1], depth)) ||
             (comes_from_note(expr.args[1], depth) && note_like(expr.args[0], depth));
    }
    return expr.kind == ExprKind::slot && is_number(id, depth);
  }
  bool note_like(ir::ExprId id, int depth) const {
    const ir::Expr& expr = module_.exprs[id];
    return expr.kind == ExprKind::constant || (expr.kind == ExprKind::slot && module_.slots[expr.slot].ui) || is_number(id, depth);
  }

  const ir::Module& module_;
  std::vector<std::vector<const ir::Instr*>> defs_;
};

void note_numbers(const ir::Module& module, std::vector<Fault>& faults) {
  const NumberFinder finder(module);
  for (const ir::Instr& instr : module.instrs) {
    switch (instr.effect) {
      case Effect::note_off:
      case Effect::fade_out:
      case Effect::ignore_event:
      case Effect::set_mark:
      case Effect::change_note:
        if (finder.is_number(instr.a)) {
          faults.push_back({"note-number-as-event-id", "a number that is no event id stands where an event id is due: this call reaches no note", instr.span});
        }
        break;
      default: break;
    }
  }
}

void adopt_self(const ir::Module& module, std::vector<Fault>& faults) {
  for (const ir::Entry& entry : module.entries) {
    if (entry.kind != EntryKind::note_on) continue;
    bool passed = false;
    for (ir::BlockId b = entry.start; b < entry.stop; ++b) {
      const ir::Block& block = module.blocks[b];
      for (uint32_t i = block.first; i < block.first + block.count; ++i) {
        const ir::Instr& instr = module.instrs[i];
        passed = passed || instr.effect == Effect::pass;
        if (instr.effect != Effect::adopt || !passed) continue;
        const ir::Expr& voice = module.exprs[instr.b];
        if (voice.kind == ExprKind::env && voice.env == ir::Env::self) {
          faults.push_back({"adopt-self-not-sent", "the runtime adopts this node's own voice; the voice that sounds is the one that was sent on", instr.span});
        }
      }
    }
  }
}

void stale_sent(const ir::Module& module, std::vector<Fault>& faults) {
  for (const ir::Entry& entry : module.entries) {
    if (entry.kind != EntryKind::note_on) continue;
    bool passed = false;
    for (ir::BlockId b = entry.start; b < entry.stop; ++b) {
      const ir::Block& block = module.blocks[b];
      for (uint32_t i = block.first; i < block.first + block.count; ++i) {
        const ir::Instr& instr = module.instrs[i];
        passed = passed || instr.effect == Effect::pass;
        for (const ir::ExprId id : {instr.a, instr.b}) {
          if (passed || id == kNone || module.exprs[id].kind != ExprKind::env || module.exprs[id].env != ir::Env::sent_voice) continue;
          faults.push_back({"stale-sent-voice", "nothing was sent on before this: sentVoice is stale here", instr.span});
        }
      }
    }
  }
}

void flow_order(const ir::Module& module, std::vector<Fault>& faults) {
  const Program& program = *module.program;
  for (const Flow& flow : program.flows) {
    bool played = false;
    for (size_t i = 0; i < flow.entries.size(); ++i) {
      const FlowEntry& entry = flow.entries[i];
      if (entry.node == kNone) continue;
      const std::string name = lower(program.name(program.nodes[entry.node].name));
      if (name == "stl.pedals" && (played || i + 1 == flow.entries.size())) {
        faults.push_back({"pedals-after-play", "Stl.Pedals stands behind the node that plays: no voice gets to it", entry.span});
      }
      played = played || program.nodes[entry.node].plays;
    }
  }
}

void note_pass(const ir::Module& module, std::vector<Fault>& faults) {
  for (const ir::Entry& entry : module.entries) {
    if (entry.kind != EntryKind::note_pass) continue;
    for (ir::BlockId b = entry.start; b < entry.stop; ++b) {
      const ir::Block& block = module.blocks[b];
      for (uint32_t i = block.first; i < block.first + block.count; ++i) {
        const ir::Instr& instr = module.instrs[i];
        if (instr.effect == Effect::pass || instr.effect == Effect::play || instr.effect == Effect::play_oneshot || instr.effect == Effect::wait) {
          faults.push_back({"pass-in-note-pass", "NotePass runs inline: pass, play and waits do not work here", instr.span});
        }
      }
    }
  }
}

}  // namespace

void find_patterns(const ir::Module& module, std::vector<Fault>& faults) {
  note_numbers(module, faults);
  adopt_self(module, faults);
  stale_sent(module, faults);
  flow_order(module, faults);
  note_pass(module, faults);
}

}  // namespace fermata::ownership
