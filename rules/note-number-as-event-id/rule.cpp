#include "rules/note-number-as-event-id/inert_calls.h"
#include "rules/support.h"

namespace fermata::rules {

using ir::Effect;
using ir::ExprKind;

namespace {

// Is the value certainly a note number or another plain number, and no event id?
class NumberFinder {
 public:
  explicit NumberFinder(const ir::Module& module) : module_(module), sources_(module) {}

  // Depth bounds chains of copies.
  bool is_number(ir::ExprId id, int depth = 0) const {
    if (id == kNone || depth > 4) return false;
    const ir::Expr& expr = module_.exprs[id];
    switch (expr.kind) {
      case ExprKind::constant:
        return expr.value > 0;
      case ExprKind::env:
        return expr.env == ir::Env::event_note || expr.env == ir::Env::event_velocity;
      case ExprKind::binary:
        return is_sum(expr) && note_like(expr.args[0], depth) && note_like(expr.args[1], depth);
      case ExprKind::slot:
        return slot_is_note(expr.slot, depth);
      default:
        return false;
    }
  }

 private:
  static bool is_sum(const ir::Expr& expr) {
    return (expr.op == Op::add || expr.op == Op::sub) && expr.args.size() == 2;
  }

  // All that is ever written there comes from a note number, but for marks of "nothing".
  bool slot_is_note(ir::SlotId slot, int depth) const {
    bool some = false;
    for (const ir::Instr* writer : sources_.writers(slot)) {
      if (writer->effect == Effect::load && array_is_note(writer->array, depth)) {
        some = true;
        continue;
      }
      if (writer->effect != Effect::set) return false;
      if (is_nothing(writer->a)) continue;
      if (!comes_from_note(writer->a, depth + 1)) return false;
      some = true;
    }
    return some;
  }

  bool array_is_note(ir::ArrayId array, int depth) const {
    const ir::Array& info = module_.arrays[array];
    if ((info.kind != ir::ArrayKind::script && info.kind != ir::ArrayKind::polyphonic) || info.ui ||
        !info.initial_known) {
      return false;
    }
    bool some = false;
    for (const ir::Instr* store : sources_.stores(array)) {
      if (is_nothing(store->b)) continue;
      if (!comes_from_note(store->b, depth + 1)) return false;
      some = true;
    }
    return some;
  }

  bool is_nothing(ir::ExprId id) const {
    const std::optional<int64_t> value = constant_of(module_, id);
    return value && *value <= 0;
  }

  bool comes_from_note(ir::ExprId id, int depth) const {
    const ir::Expr& expr = module_.exprs[id];
    if (expr.kind == ExprKind::env) return expr.env == ir::Env::event_note;
    if (expr.kind == ExprKind::binary && is_sum(expr)) {
      return (comes_from_note(expr.args[0], depth) && note_like(expr.args[1], depth)) ||
             (comes_from_note(expr.args[1], depth) && note_like(expr.args[0], depth));
    }
    return expr.kind == ExprKind::slot && is_number(id, depth);
  }

  bool note_like(ir::ExprId id, int depth) const {
    const ir::Expr& expr = module_.exprs[id];
    return expr.kind == ExprKind::constant || (expr.kind == ExprKind::slot && module_.slots[expr.slot].ui) ||
           is_number(id, depth);
  }

  const ir::Module& module_;
  const Sources sources_;
};

}  // namespace

void note_number_as_event_id(const Context& context) {
  find_inert_calls(context);
  const NumberFinder finder(context.module);
  for (const ir::Instr& instr : context.module.instrs) {
    switch (instr.effect) {
      case Effect::note_off:
      case Effect::fade_out:
      case Effect::ignore_event:
      case Effect::set_mark:
      case Effect::change_note:
        if (!finder.is_number(instr.a)) break;
        context.report(instr.span,
                       "a number that is no event id stands where an event id is due: this call reaches no note");
        break;
      default:
        break;
    }
  }
}

}  // namespace fermata::rules
