#include "ownership/slice.h"

#include <algorithm>

namespace fermata::ownership {

using ir::Effect;
using ir::ExprKind;

std::vector<ir::ExprId> operands(const ir::Module& module, const ir::Instr& instr) {
  std::vector<ir::ExprId> found;
  const auto take = [&](ir::ExprId id) {
    if (id != kNone) found.push_back(id);
  };
  switch (instr.effect) {
    case Effect::play_note:
      take(instr.d);
      break;  // pitch and velocity do not decide who ends it
    case Effect::fade_out:
      take(instr.a);
      take(instr.c);
      break;
    case Effect::pass:
    case Effect::ignore_midi:
    case Effect::create_runtime:
      break;
    case Effect::reflow:
      break;
    case Effect::wait:
      if (module.orders_waits) take(instr.a);
      break;
    case Effect::fade_voice:
      take(instr.a);
      take(instr.b);
      break;
    case Effect::unknown_call:
      found = instr.args;
      break;
    default:
      take(instr.a);
      take(instr.b);
      take(instr.c);
      take(instr.d);
      break;
  }
  return found;
}

namespace {

class Slicer {
 public:
  Slicer(const ir::Module& module, const Focus& focus, Slice& out) : module_(module), focus_(focus), out_(out) {
    out_.slots.assign(module.slots.size(), false);
    out_.arrays.assign(module.arrays.size(), false);
    out_.instrs.assign(module.instrs.size(), false);
    out_.branches.assign(module.blocks.size(), false);
    out_.written.assign(module.arrays.size(), false);
  }

  void run() {
    for (const ir::Instr& instr : module_.instrs) {
      if (instr.effect == Effect::store) out_.written[instr.array] = true;
    }
    const Reach reached = reach(module_, focus_);
    for (const ir::Entry& entry : module_.entries) {
      for (ir::BlockId b = entry.start; b < entry.stop; ++b) {
        const ir::Block& block = module_.blocks[b];
        for (uint32_t i = block.first; i < block.first + block.count; ++i) {
          if (bears(module_, focus_, reached, i, entry.node)) take_instr(i);
        }
      }
    }
    for (const ir::ArrayId always : {module_.cc, module_.pedal_sustain, module_.pedal_sostenuto})
      out_.arrays[always] = true;
    while (changed_) {
      changed_ = false;
      data();
      control();
    }
  }

 private:
  void take_expr(ir::ExprId id) {
    std::vector<ir::ExprId> todo{id};
    while (!todo.empty()) {
      const ir::Expr& expr = module_.exprs[todo.back()];
      todo.pop_back();
      if (expr.kind == ExprKind::slot && !out_.slots[expr.slot]) {
        out_.slots[expr.slot] = true;
        changed_ = true;
      }
      todo.insert(todo.end(), expr.args.begin(), expr.args.end());
    }
  }

  void take_instr(size_t i) {
    if (out_.instrs[i]) return;
    out_.instrs[i] = true;
    changed_ = true;
    const ir::Instr& instr = module_.instrs[i];
    for (const ir::ExprId id : operands(module_, instr)) take_expr(id);
    if (instr.effect == Effect::load || instr.effect == Effect::store) out_.arrays[instr.array] = true;
    if (instr.effect == Effect::legato_source || instr.effect == Effect::legato_found ||
        instr.effect == Effect::legato_clear) {
      out_.arrays[module_.field_source] = true;
    }
    if (instr.effect == Effect::play) out_.arrays[module_.field_duration] = true;
  }

  void data() {
    for (size_t i = 0; i < module_.instrs.size(); ++i) {
      const ir::Instr& instr = module_.instrs[i];
      if (instr.dst != kNone && out_.slots[instr.dst]) take_instr(i);
      if (instr.effect == Effect::store && out_.arrays[instr.array]) take_instr(i);
    }
  }

  // A branch matters when its region holds an instruction that does, or leaves the callback or the loop early.
  void control() {
    std::vector<uint32_t> sums(module_.blocks.size() + 1, 0);
    for (size_t b = 0; b < module_.blocks.size(); ++b) {
      const ir::Block& block = module_.blocks[b];
      uint32_t count = 0;
      for (uint32_t i = block.first; i < block.first + block.count; ++i) count += out_.instrs[i] ? 1 : 0;
      sums[b + 1] = sums[b] + count;
    }
    if (escapes_.empty()) find_escapes();
    for (size_t b = 0; b < module_.blocks.size(); ++b) {
      const ir::Block& block = module_.blocks[b];
      if (block.jump != ir::Jump::branch || out_.branches[b]) continue;
      if (sums[block.region_end] == sums[block.region_begin] && !escapes_[b]) continue;
      out_.branches[b] = true;
      changed_ = true;
      take_expr(block.condition);
    }
  }

  void find_escapes() {
    escapes_.assign(module_.blocks.size(), false);
    for (size_t b = 0; b < module_.blocks.size(); ++b) {
      const ir::Block& block = module_.blocks[b];
      if (block.jump != ir::Jump::branch) continue;
      for (ir::BlockId inside = block.region_begin; inside < block.region_end && !escapes_[b]; ++inside) {
        const ir::Block& one = module_.blocks[inside];
        const auto leaves = [&](ir::BlockId to) { return to != kNone && to > block.region_end; };
        const bool back = block.loop == kNone && one.then_block != kNone && one.then_block < block.region_begin;
        escapes_[b] = leaves(one.then_block) || leaves(one.else_block) || back;
      }
    }
  }

  const ir::Module& module_;
  const Focus& focus_;
  Slice& out_;
  std::vector<bool> escapes_;
  bool changed_ = true;
};

// Backward liveness of locals and globals. A wait lets every other callback look at the globals.
class Liveness {
 public:
  Liveness(const ir::Module& module, Slice& slice) : module_(module), slice_(slice) {
    slice_.lasting.assign(module.globals.size(), false);
    slice_.live_in.resize(module.blocks.size());
  }

  void run() {
    // First what each callback reads before it writes, then liveness inside with that at every end and wait.
    for (const bool inside : {false, true}) {
      inside_ = inside;
      for (const ir::Entry& entry : module_.entries) {
        for (ir::BlockId b = entry.start; b < entry.stop; ++b)
          slice_.live_in[b].assign(entry.frame_size + module_.globals.size(), false);
        for (bool changed = true; changed;) {
          changed = false;
          for (ir::BlockId b = entry.stop; b-- > entry.start;) {
            std::vector<bool> live = at(entry, b, module_.blocks[b].first);
            if (live == slice_.live_in[b]) continue;
            slice_.live_in[b] = std::move(live);
            changed = true;
          }
        }
        if (!inside) take(entry, slice_.live_in[entry.start]);
      }
      if (!inside) {
        for (size_t i = 0; i < module_.globals.size(); ++i) {
          if (module_.slots[module_.globals[i]].ui && slice_.slots[module_.globals[i]]) slice_.lasting[i] = true;
        }
      }
    }
  }

  std::vector<bool> at(const ir::Entry& entry, ir::BlockId id, uint32_t instr) {
    const ir::Block& block = module_.blocks[id];
    std::vector<bool> live(entry.frame_size + module_.globals.size(), false);
    const auto merge = [&](ir::BlockId to) {
      if (to == kNone || slice_.live_in[to].empty()) return;
      for (size_t i = 0; i < live.size(); ++i) live[i] = live[i] || slice_.live_in[to][i];
    };
    if (block.jump != ir::Jump::end) merge(block.then_block);
    if (block.jump == ir::Jump::end && inside_) last(entry, live);
    if (block.jump == ir::Jump::branch) {
      merge(block.else_block);
      merge(block.join);
      if (slice_.branches[id]) uses(entry, block.condition, live);
    }
    for (uint32_t i = block.first + block.count; i-- > instr;) step_back(entry, i, live);
    return live;
  }

 private:
  void last(const ir::Entry& entry, std::vector<bool>& live) const {
    for (size_t i = 0; i < module_.globals.size(); ++i)
      live[entry.frame_size + i] = live[entry.frame_size + i] || slice_.lasting[i];
  }

  void take(const ir::Entry& entry, const std::vector<bool>& live) {
    for (size_t i = 0; i < module_.globals.size(); ++i) {
      if (live[entry.frame_size + i]) slice_.lasting[i] = true;
    }
  }

  void uses(const ir::Entry& entry, ir::ExprId id, std::vector<bool>& live) const {
    if (id == kNone) return;
    std::vector<ir::ExprId> todo{id};
    while (!todo.empty()) {
      const ir::Expr& expr = module_.exprs[todo.back()];
      todo.pop_back();
      if (expr.kind == ExprKind::slot) {
        const ir::Slot& slot = module_.slots[expr.slot];
        live[slot.kind == ir::SlotKind::local ? slot.index : entry.frame_size + slot.index] = true;
      }
      todo.insert(todo.end(), expr.args.begin(), expr.args.end());
    }
  }

  void step_back(const ir::Entry& entry, uint32_t i, std::vector<bool>& live) {
    if (!slice_.instrs[i]) return;
    const ir::Instr& instr = module_.instrs[i];
    if (instr.effect == Effect::wait || instr.effect == Effect::pass) {
      if (!inside_) take(entry, live);
      if (inside_) slice_.live_after[i] = live;
      last(entry, live);
    }
    if (instr.dst != kNone) {
      const ir::Slot& slot = module_.slots[instr.dst];
      live[slot.kind == ir::SlotKind::local ? slot.index : entry.frame_size + slot.index] = false;
    }
    for (const ir::ExprId id : operands(module_, instr)) uses(entry, id, live);
  }

  const ir::Module& module_;
  Slice& slice_;
  bool inside_ = true;
};

}  // namespace

namespace {

void find_controllers(const ir::Module& module, Slice& out) {
  bool reads = false;
  for (size_t i = 0; i < module.instrs.size(); ++i) {
    reads = reads || (out.instrs[i] && module.instrs[i].effect == Effect::load && module.instrs[i].array == module.cc);
  }
  bool called = false;
  for (const ir::Entry& entry : module.entries) {
    const bool controller = entry.kind == ir::EntryKind::controller || entry.kind == ir::EntryKind::node_cc;
    called = called || (controller && out.interferes[static_cast<size_t>(&entry - module.entries.data())]);
  }
  out.pedals = reads || called;
  if (!out.pedals) return;
  out.controllers = module.controllers;
}

std::vector<int64_t> find_thresholds(const ir::Module& module) {
  std::vector<int64_t> found{INT32_MIN, -128, -1, 0, 1, 127, 128, INT32_MAX};
  for (const ir::Slot& slot : module.slots) {
    if (slot.ui) found.insert(found.end(), {slot.lo, slot.hi});
  }
  for (const ir::Expr& expr : module.exprs) {
    if (expr.kind == ExprKind::constant) found.insert(found.end(), {expr.value - 1, expr.value, expr.value + 1});
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

// Entries that can change or end something outside their own activation.
void find_interference(const ir::Module& module, Slice& out) {
  out.interferes.assign(module.entries.size(), false);
  for (size_t e = 0; e < module.entries.size(); ++e) {
    const ir::Entry& entry = module.entries[e];
    for (ir::BlockId b = entry.start; b < entry.stop; ++b) {
      const ir::Block& block = module.blocks[b];
      for (uint32_t i = block.first; i < block.first + block.count; ++i) {
        if (!out.instrs[i]) continue;
        const ir::Instr& instr = module.instrs[i];
        switch (instr.effect) {
          case Effect::set:
            if (module.slots[instr.dst].kind == ir::SlotKind::global) out.interferes[e] = true;
            break;
          case Effect::load:
          case Effect::wait:
          case Effect::legato_found:
          case Effect::pass:
          case Effect::new_voice:
          case Effect::play:
          case Effect::legato_source:
            break;
          case Effect::play_note:
            out.interferes[e] = out.interferes[e] || !module.program->ivls;
            break;
          default:
            out.interferes[e] = true;
            break;
        }
      }
    }
  }
}

}  // namespace

Slice slice(const ir::Module& module, const Focus& focus) {
  Slice out;
  Slicer(module, focus, out).run();
  Liveness(module, out).run();
  find_interference(module, out);
  find_controllers(module, out);
  out.thresholds = find_thresholds(module);
  out.stays = fields_that_stay(module, out);
  out.counts = counts_keys(module, out);
  out.note_classes = find_note_classes(module, out);
  return out;
}

}  // namespace fermata::ownership
