// Which effects of a module bear on one object: those whose handle can be the object's, by a flow-insensitive reach of
// handles through slots and arrays (inclusion-based points-to with one object: Andersen 1994, restricted to it).
#include <algorithm>

#include "ownership/slice.h"

namespace fermata::ownership {

using ir::Effect;
using ir::Env;
using ir::ExprKind;
using ir::Pure;

namespace {

bool yields_a_number(const ir::Expr& expr) {
  if (expr.kind == ExprKind::pure) {
    return expr.pure == Pure::event_status || expr.pure == Pure::event_source || expr.pure == Pure::event_pitch ||
           expr.pure == Pure::key_down || expr.pure == Pure::in_range || expr.pure == Pure::check_ref;
  }
  if (expr.kind != ExprKind::binary) return expr.kind == ExprKind::unary && expr.op == Op::logical_not;
  switch (expr.op) {
    case Op::eq:
    case Op::ne:
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge:
    case Op::logical_and:
    case Op::logical_or:
    case Op::logical_xor:
      return true;
    default:
      return false;
  }
}

bool may_be_handle(const ir::Module& module, const Reach& reach, ir::ExprId id) {
  if (id == kNone) return false;
  std::vector<ir::ExprId> todo{id};
  while (!todo.empty()) {
    const ir::Expr& expr = module.exprs[todo.back()];
    todo.pop_back();
    if (yields_a_number(expr)) continue;
    if (expr.kind == ExprKind::slot && reach.slots[expr.slot]) return true;
    if (expr.kind == ExprKind::pure && expr.pure == Pure::by_marks) return true;
    if (expr.kind == ExprKind::env) {
      switch (expr.env) {
        case Env::event_id:
        case Env::self:
        case Env::sent_voice:
        case Env::all_events:
        case Env::omni_voice:
          return true;
        default:
          break;
      }
    }
    todo.insert(todo.end(), expr.args.begin(), expr.args.end());
  }
  return false;
}

bool is_born_at(const ir::Module& module, const Focus& focus, uint32_t id) {
  return focus.births.empty() && !focus.legato ? ir::is_site(module, module.instrs[id]) : focus.births.contains(id);
}

bool adopts(const ir::Module& module, const Reach& reach) {
  return std::ranges::any_of(module.instrs, [&](const ir::Instr& instr) {
    return instr.effect == Effect::adopt &&
           (may_be_handle(module, reach, instr.a) || may_be_handle(module, reach, instr.b));
  });
}

}  // namespace

Reach reach(const ir::Module& module, const Focus& focus) {
  Reach found;
  found.slots.assign(module.slots.size(), false);
  found.arrays.assign(module.arrays.size(), false);
  bool changed = true;
  const auto mark = [&](std::vector<bool>& set, uint32_t id) {
    if (id == kNone || set[id]) return;
    set[id] = true;
    changed = true;
  };
  if (focus.legato || focus.births.empty()) mark(found.arrays, module.field_source);
  while (changed) {
    changed = false;
    for (uint32_t i = 0; i < module.instrs.size(); ++i) {
      const ir::Instr& instr = module.instrs[i];
      switch (instr.effect) {
        case Effect::set:
        case Effect::fade_voice:  // a fade that may own the object is followed with it
          if (may_be_handle(module, found, instr.a)) mark(found.slots, instr.dst);
          break;
        case Effect::load:
          if (found.arrays[instr.array]) mark(found.slots, instr.dst);
          break;
        case Effect::store:
          if (may_be_handle(module, found, instr.b)) mark(found.arrays, instr.array);
          break;
        case Effect::legato_source:
          if (focus.legato || focus.births.empty()) mark(found.slots, instr.dst);
          break;
        default:
          if (instr.dst != kNone && is_born_at(module, focus, i)) mark(found.slots, instr.dst);
          break;
      }
    }
  }
  return found;
}

bool is_note_number(const ir::Module& module, ir::ExprId id) {
  const ir::Expr& expr = module.exprs[id];
  return expr.kind == ExprKind::env && (expr.env == Env::event_note || expr.env == Env::event_velocity ||
                                        expr.env == Env::midi_byte_1 || expr.env == Env::cc_num);
}

std::vector<bool> fields_that_stay(const ir::Module& module, const Slice& slice) {
  std::vector<bool> stays(module.arrays.size(), false);
  std::vector<NodeId> user(module.arrays.size(), kNone);
  for (ir::ArrayId id = 0; id < module.arrays.size(); ++id)
    stays[id] = module.arrays[id].kind == ir::ArrayKind::voice_field && module.arrays[id].symbol != kNone;
  for (const ir::Entry& entry : module.entries) {
    for (ir::BlockId b = entry.start; b < entry.stop; ++b) {
      const ir::Block& block = module.blocks[b];
      for (uint32_t i = block.first; i < block.first + block.count; ++i) {
        const ir::Instr& instr = module.instrs[i];
        const bool access = instr.effect == Effect::load || instr.effect == Effect::store;
        if (!slice.instrs[i] || !access || !stays[instr.array]) continue;
        const ir::Expr& index = module.exprs[instr.a];
        const bool own = index.kind == ExprKind::env && index.env == Env::self && entry.node != kNone;
        if (!own || (user[instr.array] != kNone && user[instr.array] != entry.node)) stays[instr.array] = false;
        user[instr.array] = entry.node;
      }
    }
  }
  // A node that stands twice in a flow may meet its own copy.
  for (ir::ArrayId id = 0; id < module.arrays.size(); ++id) {
    for (const Flow& flow : module.program->flows) {
      if (stays[id] && std::ranges::count(flow.entries, user[id], &FlowEntry::node) > 1) stays[id] = false;
    }
  }
  return stays;
}

bool bears(const ir::Module& module, const Focus& focus, const Reach& reach, uint32_t id, NodeId node) {
  const ir::Instr& instr = module.instrs[id];
  const auto handle = [&](ir::ExprId expr) { return may_be_handle(module, reach, expr); };
  switch (instr.effect) {
    case Effect::set:
    case Effect::load:
    case Effect::store:
      return false;
    case Effect::wait:
    case Effect::ignore_event:
    case Effect::set_midi:
    case Effect::ignore_midi:
    case Effect::pass:
    case Effect::unparent_children:
    case Effect::reflow:
      return true;
    case Effect::play_note:
    case Effect::new_voice:
    case Effect::clone_voice:
    case Effect::create_runtime:
      return is_born_at(module, focus, id);
    case Effect::note_off:
    case Effect::fade_out:
    case Effect::set_mark:
    case Effect::delete_mark:
    case Effect::change_note:
    case Effect::delete_voice:
    case Effect::play:
    case Effect::play_oneshot:
    case Effect::release_voice:
    case Effect::release_children:
    case Effect::restore_parent:
    case Effect::unparent:
    case Effect::fade_voice:
      return handle(instr.a);
    case Effect::adopt:
    case Effect::reparent_voice:
      return handle(instr.a) || handle(instr.b);
    case Effect::release_runtime:
      return handle(instr.a) || adopts(module, reach);
    case Effect::legato_source:
    case Effect::legato_found:
      return focus.legato || (node != kNone && node == focus.node);
    case Effect::legato_clear:
      return focus.legato;
    case Effect::unknown_call:
      return std::ranges::any_of(instr.args, handle);
  }
  return true;
}

}  // namespace fermata::ownership
