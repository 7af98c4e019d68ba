// Expressions to terms, conditions to facts.
#include <algorithm>
#include <cstdlib>

#include "ownership/engine.h"

namespace fermata::ownership {

using ir::Env;
using ir::ExprKind;
using ir::Pure;

namespace {

bool is_comparison(Op op) {
  return op == Op::eq || op == Op::ne || op == Op::lt || op == Op::le || op == Op::gt || op == Op::ge;
}

Term truth_value(bool value) { return Term::of(value ? 1 : 0); }

}  // namespace

Term Engine::eval(State& state, ir::ExprId id) {
  if (id == kNone) return state.fresh_term(INT32_MIN, INT32_MAX);
  const ir::Expr& expr = module_.exprs[id];
  switch (expr.kind) {
    case ExprKind::constant:
      return Term::of(expr.value);
    case ExprKind::slot: {
      const ir::Slot& slot = module_.slots[expr.slot];
      if (!slice_.slots[expr.slot]) return state.fresh_term(INT32_MIN, INT32_MAX);
      return slot.kind == ir::SlotKind::global ? state.globals[slot.index] : state.act().frame[slot.index];
    }
    case ExprKind::env:
      return eval_env(state, expr.env);
    case ExprKind::unary: {
      if (expr.op == Op::neg) return state.add(Term::of(0), eval(state, expr.args[0]), -1);
      if (expr.op == Op::logical_not) {
        const std::optional<bool> zero = state.is_zero(eval(state, expr.args[0]));
        return zero ? truth_value(*zero) : state.fresh_term(0, 1);
      }
      return state.fresh_term(INT32_MIN, INT32_MAX);
    }
    case ExprKind::binary:
      return eval_binary(state, expr);
    case ExprKind::pure:
      return eval_pure(state, expr);
    case ExprKind::unknown:
      return state.fresh_term(expr.lo, expr.hi);
  }
  return state.fresh_term(INT32_MIN, INT32_MAX);
}

Term Engine::eval_env(State& state, Env env) {
  const Activation& at = state.act();
  switch (env) {
    case Env::event_id:
    case Env::self:
      return at.event;
    case Env::event_note:
    case Env::cc_num:
    case Env::midi_byte_1:
      return at.who == Who::key && env != Env::cc_num ? state.key.note : at.note;
    case Env::event_velocity:
    case Env::midi_byte_2:
      return at.velocity;
    case Env::channel:
      return at.channel;
    case Env::midi_command:
      return at.midi_command;
    case Env::note_held:
    case Env::path_on: {
      const ir::EntryKind kind = module_.entries[at.entry].kind;
      if (at.who == Who::key) {
        if (kind == ir::EntryKind::note_off) return Term::of(1);
        return truth_value(state.key.phase == KeyPhase::down);
      }
      if (!at.resumed && (kind == ir::EntryKind::note || kind == ir::EntryKind::note_on)) return Term::of(1);
      if (kind == ir::EntryKind::release) return Term::of(0);
      return state.fresh_term(0, 1);
    }
    case Env::sent_voice:
      return at.sent_valid ? at.sent : state.fresh_term(-1, INT32_MAX);
    case Env::signal_type:
      return at.note;
    case Env::all_events:
    case Env::omni_voice:
      return state.fresh_term(0, INT32_MAX, SymKind::event);
  }
  return state.fresh_term(INT32_MIN, INT32_MAX);
}

Term Engine::eval_pure(State& state, const ir::Expr& expr) {
  std::vector<Term> args;
  for (const ir::ExprId id : expr.args) args.push_back(eval(state, id));
  const Term first = args.empty() ? Term::of(0) : args[0];
  switch (expr.pure) {
    case Pure::event_status:
      if (first.is_symbol(kObject)) return truth_value(state.object.life == Life::live);
      if (first.is_constant()) return Term::of(0);
      return state.fresh_term(0, 1);
    case Pure::check_ref:
      if (first.is_symbol(kObject)) return truth_value(state.object.life != Life::ended);
      if (first.is_constant() && first.constant < 0) return Term::of(0);
      if (first == state.act().event) return Term::of(1);
      return state.fresh_term(0, 1);
    case Pure::event_source: {
      const Activation& at = state.act();
      if (first.is_symbol(kKeyEvent)) return Term::of(-1);
      if (first.is_symbol(kObject)) return state.fresh_term(0, 4);
      if (first == at.event) return at.who == Who::generated ? state.fresh_term(0, 4) : Term::of(-1);
      return state.fresh_term(-1, 4);
    }
    case Pure::event_pitch:
      if (first.is_symbol(kKeyEvent)) return state.key.note;
      return first == state.act().event ? state.act().note : state.fresh_term(0, 127);
    case Pure::key_down: {
      // Once it is up, the same key may have been pressed again.
      if (state.key.phase == KeyPhase::down && state.equal(first, state.key.note) == std::optional<bool>(true))
        return Term::of(1);
      return state.fresh_term(0, 1);
    }
    case Pure::in_range: {
      if (args.size() != 3) break;
      const Interval low = state.range(state.add(args[0], args[1], -1));
      const Interval high = state.range(state.add(args[2], args[0], -1));
      if (low.lo >= 0 && high.lo >= 0) return Term::of(1);
      if (low.hi < 0 || high.hi < 0) return Term::of(0);
      return state.fresh_term(0, 1);
    }
    case Pure::absolute: {
      const Interval range = state.range(first);
      if (range.lo >= 0) return first;
      if (range.hi <= 0) return state.add(Term::of(0), first, -1);
      return nonlinear(state, Op::none, first, first, {0, std::max(range.hi, -range.lo)});
    }
    case Pure::minimum:
    case Pure::maximum: {
      if (args.size() != 2) break;
      const Interval a = state.range(args[0]);
      const Interval b = state.range(args[1]);
      const bool least = expr.pure == Pure::minimum;
      if (least ? a.hi <= b.lo : a.lo >= b.hi) return args[0];
      if (least ? b.hi <= a.lo : b.lo >= a.hi) return args[1];
      return least ? state.fresh_term(std::min(a.lo, b.lo), std::min(a.hi, b.hi))
                   : state.fresh_term(std::max(a.lo, b.lo), std::max(a.hi, b.hi));
    }
    case Pure::by_marks:
    case Pure::unknown:
      break;
  }
  return state.fresh_term(INT32_MIN, INT32_MAX);
}

// The same operation on the same operands gives the same symbol: `EVENT_ID mod 64` names one cell.
Term Engine::nonlinear(State& state, Op op, const Term& a, const Term& b, Interval range) {
  for (const Fact& fact : state.facts) {
    if (fact.op == op && fact.a == a && fact.b == b) return Term::symbol(fact.result);
  }
  const Sym result = state.fresh(range.lo, range.hi);
  state.facts.push_back({ExprKind::binary, op, a, b, result});
  return Term::symbol(result);
}

Term Engine::eval_binary(State& state, const ir::Expr& expr) {
  const Term a = eval(state, expr.args[0]);
  const Term b = eval(state, expr.args[1]);
  const Interval x = state.range(a);
  const Interval y = state.range(b);
  constexpr Interval kAny{INT32_MIN, INT32_MAX};
  switch (expr.op) {
    case Op::add:
      return state.add(a, b, 1);
    case Op::sub:
      return state.add(a, b, -1);
    case Op::mul: {
      if (a.is_constant()) return state.add(Term::of(0), b, a.constant);
      if (b.is_constant()) return state.add(Term::of(0), a, b.constant);
      const int64_t products[] = {clamp_value(x.lo * y.lo), clamp_value(x.lo * y.hi), clamp_value(x.hi * y.lo),
                                  clamp_value(x.hi * y.hi)};
      const auto [lo, hi] = std::ranges::minmax(products);
      if (std::max({std::abs(x.lo), std::abs(x.hi), std::abs(y.lo), std::abs(y.hi)}) > INT32_MAX)
        return nonlinear(state, expr.op, a, b, kAny);
      return nonlinear(state, expr.op, a, b, {lo, hi});
    }
    case Op::div: {
      if (!b.is_constant() || b.constant <= 0) return nonlinear(state, expr.op, a, b, kAny);
      if (a.is_constant()) return Term::of(a.constant / b.constant);
      if (b.constant == 1) return a;
      return nonlinear(state, expr.op, a, b, {x.lo / b.constant, x.hi / b.constant});
    }
    case Op::mod: {
      if (!b.is_constant() || b.constant <= 0) return nonlinear(state, expr.op, a, b, kAny);
      if (a.is_constant()) return Term::of(a.constant % b.constant);
      if (x.lo >= 0 && x.hi < b.constant) return a;
      return nonlinear(state, expr.op, a, b, {x.lo >= 0 ? 0 : 1 - b.constant, b.constant - 1});
    }
    case Op::bit_and:
      if (a.is_constant() && b.is_constant()) return Term::of(a.constant & b.constant);
      return nonlinear(state, expr.op, a, b, y.lo >= 0 ? Interval{0, y.hi} : (x.lo >= 0 ? Interval{0, x.hi} : kAny));
    case Op::bit_or:
      if (a.is_constant() && b.is_constant()) return Term::of(a.constant | b.constant);
      return nonlinear(state, expr.op, a, b, kAny);
    case Op::bit_xor:
      return nonlinear(state, expr.op, a, b, kAny);
    case Op::logical_and:
    case Op::logical_or:
    case Op::logical_xor:
      return state.fresh_term(0, 1);
    case Op::eq:
    case Op::ne: {
      const std::optional<bool> same = state.equal(a, b);
      return same ? truth_value(*same == (expr.op == Op::eq)) : state.fresh_term(0, 1);
    }
    case Op::lt:
      return x.hi < y.lo ? Term::of(1) : x.lo >= y.hi ? Term::of(0) : state.fresh_term(0, 1);
    case Op::le:
      return x.hi <= y.lo ? Term::of(1) : x.lo > y.hi ? Term::of(0) : state.fresh_term(0, 1);
    case Op::gt:
      return x.lo > y.hi ? Term::of(1) : x.hi <= y.lo ? Term::of(0) : state.fresh_term(0, 1);
    case Op::ge:
      return x.lo >= y.hi ? Term::of(1) : x.hi < y.lo ? Term::of(0) : state.fresh_term(0, 1);
    default:
      return state.fresh_term(INT32_MIN, INT32_MAX);
  }
}

bool Engine::compare(State& state, Op op, const Term& a, const Term& b, bool truth) {
  if (op == Op::eq || op == Op::ne) {
    if ((op == Op::eq) == truth) {
      const std::optional<bool> same = state.equal(a, b);
      if (same) return *same;
      return state.assume_zero(state.add(a, b, -1));
    }
    const std::optional<bool> same = state.equal(a, b);
    if (same) return !*same;
    return state.assume_not_zero(state.add(a, b, -1));
  }
  const Term difference = state.add(a, b, -1);
  if (op == Op::lt) return truth ? state.assume_at_most(difference, -1) : state.assume_at_least(difference, 0);
  if (op == Op::le) return truth ? state.assume_at_most(difference, 0) : state.assume_at_least(difference, 1);
  if (op == Op::gt) return truth ? state.assume_at_least(difference, 1) : state.assume_at_most(difference, 0);
  return truth ? state.assume_at_least(difference, 0) : state.assume_at_most(difference, -1);
}

std::vector<State> Engine::assume(State state, ir::ExprId id, bool truth) {
  std::vector<State> out;
  const ir::Expr& expr = module_.exprs[id];
  if (expr.kind == ExprKind::unary && expr.op == Op::logical_not) return assume(std::move(state), expr.args[0], !truth);
  if (expr.kind == ExprKind::binary && (expr.op == Op::logical_and || expr.op == Op::logical_or)) {
    // Both must hold, or one of them: the first decides, or the second with the first against it.
    const bool both = (expr.op == Op::logical_and) == truth;
    std::vector<State> first = assume(state, expr.args[0], truth);
    if (both) {
      for (State& one : first) std::ranges::move(assume(std::move(one), expr.args[1], truth), std::back_inserter(out));
      return out;
    }
    out = std::move(first);
    for (State& one : assume(std::move(state), expr.args[0], !truth)) {
      std::ranges::move(assume(std::move(one), expr.args[1], truth), std::back_inserter(out));
    }
    return out;
  }
  if (expr.kind == ExprKind::binary && expr.op == Op::logical_xor) {
    for (const bool left : {true, false}) {
      for (State& one : assume(state, expr.args[0], left)) {
        std::ranges::move(assume(std::move(one), expr.args[1], left != truth), std::back_inserter(out));
      }
    }
    return out;
  }
  if (expr.kind == ExprKind::binary && is_comparison(expr.op)) {
    const Term a = eval(state, expr.args[0]);
    const Term b = eval(state, expr.args[1]);
    if (compare(state, expr.op, a, b, truth)) out.push_back(std::move(state));
    return out;
  }
  if (expr.kind == ExprKind::pure && expr.pure == Pure::in_range && expr.args.size() == 3) {
    const Term x = eval(state, expr.args[0]);
    const Term low = eval(state, expr.args[1]);
    const Term high = eval(state, expr.args[2]);
    if (truth) {
      if (compare(state, Op::ge, x, low, true) && compare(state, Op::le, x, high, true))
        out.push_back(std::move(state));
      return out;
    }
    State below = state;
    if (compare(below, Op::lt, x, low, true)) out.push_back(std::move(below));
    if (compare(state, Op::gt, x, high, true)) out.push_back(std::move(state));
    return out;
  }
  const Term value = eval(state, id);
  if (truth ? state.assume_not_zero(value) : state.assume_zero(value)) out.push_back(std::move(state));
  return out;
}

}  // namespace fermata::ownership
