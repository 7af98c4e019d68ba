// Calls of functions whose source is not there, by their contracts: effects, or values of their arguments.
#include <algorithm>

#include "ir/lowering.h"

namespace fermata::ir {

namespace {

// How an effect of a contract is told to the analysis: which of its arguments (from 0, -1: none) are a, b, c, d.
struct Telling {
  Verb verb;
  Effect effect;
  int8_t operand[4] = {0, -1, -1, -1};
};

constexpr Telling kTellings[] = {
    {Verb::creates_event, Effect::play_note, {0, 1, 2, 3}},
    {Verb::releases_event, Effect::note_off},
    {Verb::fades_out, Effect::fade_out, {0, 1, 2, -1}},
    {Verb::ignores_event, Effect::ignore_event},
    {Verb::marks, Effect::set_mark, {0, 1, -1, -1}},
    {Verb::unmarks, Effect::delete_mark, {0, 1, -1, -1}},
    {Verb::changes_note, Effect::change_note, {0, 1, -1, -1}},
    {Verb::sends_midi, Effect::set_midi, {0, 1, 2, 3}},
    {Verb::drops_midi, Effect::ignore_midi},
    {Verb::creates_voice, Effect::new_voice},
    {Verb::creates_runtime, Effect::create_runtime},
    {Verb::clones, Effect::clone_voice},
    {Verb::fades_voice, Effect::fade_voice, {0, 1, 2, -1}},
    {Verb::passes, Effect::pass},
    {Verb::plays, Effect::play},
    {Verb::plays_for, Effect::play_oneshot, {0, 1, -1, -1}},
    {Verb::deletes, Effect::delete_voice},
    {Verb::releases_voice, Effect::release_voice},
    {Verb::releases_below, Effect::release_children},
    {Verb::joins_runtime, Effect::adopt, {1, 0, -1, -1}},
    {Verb::releases_runtime, Effect::release_runtime},
    {Verb::restores_parent, Effect::restore_parent},
    {Verb::detaches, Effect::unparent},
    {Verb::detaches_below, Effect::unparent_children},
    {Verb::reparents, Effect::reparent_voice, {0, 1, -1, -1}},
    {Verb::reroutes, Effect::reflow, {0, 1, -1, -1}},
    {Verb::reads_source, Effect::legato_source},
    {Verb::asks_source, Effect::legato_found},
    {Verb::clears_source, Effect::legato_clear},
    {Verb::waits, Effect::wait},
    {Verb::waits_ms, Effect::wait},
    {Verb::waits_ticks, Effect::wait},
    // Of either kind: what the handle is in a product of the framework, a voice. An event that is one of its voices'
    // own ends by the same operation.
    {Verb::releases, Effect::release_voice},
    {Verb::adopts, Effect::play_oneshot},
    {Verb::owns_for, Effect::play_oneshot, {0, 1, -1, -1}},
};

const Telling* telling_of(Verb verb) {
  const auto* found = std::ranges::find(kTellings, verb, &Telling::verb);
  return found == std::end(kTellings) ? nullptr : found;
}

}  // namespace

const Contract* Lowering::contract_of(const fermata::Expr& call) const {
  return find_contract(program_.contracts, program_.name(call.name));
}

bool Lowering::acts(const Contract& contract) {
  return std::ranges::any_of(contract.all_effects(), [](const ContractEffect& effect) {
    return !is_inert(effect.verb) && !is_value(effect.verb);
  });
}

ExprId Lowering::contract_call(const fermata::Expr& expr, uint32_t scope, bool statement) {
  const Contract* contract = contract_of(expr);
  if (contract == nullptr) return unknown_call(expr, scope);
  // What a user says of a call must fit it: an argument that is not there, a voice where there are none.
  const bool users = contract == find_users_contract(program_.contracts, program_.name(expr.name));
  if (users && !fits(*contract, expr.child_count, program_.ivls)) return unknown_call(expr, scope);
  const std::span<const ContractEffect> effects = contract->all_effects();
  if (std::ranges::all_of(effects, is_inert, &ContractEffect::verb)) return inert_call(expr, scope);
  const Verb first = effects.front().verb;
  if (first == Verb::increments || first == Verb::decrements) {
    return step_variable(expr, scope, first == Verb::increments ? Op::add : Op::sub);
  }
  if (first == Verb::gives_parameter) return event_parameter(expr, scope, effects.front());
  std::vector<ExprId> args;
  for (uint32_t i = 0; i < expr.child_count; ++i) {
    args.push_back(expression(program_.children[expr.first_child + i], scope));
  }
  ExprId result = kNone;
  for (const ContractEffect& effect : effects) {
    if (is_inert(effect.verb)) continue;
    const ExprId value =
        is_value(effect.verb) ? contract_value(effect, args) : contract_effect(expr, effect, args, statement);
    if (gives_result(effect.verb)) result = value;
  }
  return result == kNone ? unknown() : result;
}

// Nothing that matters to voices, and a result that nobody knows. Arguments may still hold calls that do something.
ExprId Lowering::inert_call(const fermata::Expr& expr, uint32_t scope) {
  for (uint32_t i = 0; i < expr.child_count; ++i) {
    const fermata::ExprId argument = program_.children[expr.first_child + i];
    if (has_effect(argument, scope)) expression(argument, scope);
  }
  return unknown();
}

ExprId Lowering::step_variable(const fermata::Expr& expr, uint32_t scope, Op op) {
  if (expr.child_count != 1) return unknown();
  const fermata::ExprId target = program_.children[expr.first_child];
  const ExprId old = expression(target, scope);
  assign(target, binary(op, old, constant(1)), scope, expr.span);
  return unknown();
}

ExprId Lowering::event_parameter(const fermata::Expr& expr, uint32_t scope, const ContractEffect& effect) {
  if (effect.arguments[0] > expr.child_count || effect.arguments[1] > expr.child_count) return unknown();
  const auto argument = [&](int which) {
    return program_.children[expr.first_child + effect.arguments[static_cast<size_t>(which)] - 1];
  };
  const ExprId target = expression(argument(0), scope);
  const fermata::Expr& par = program_.exprs[argument(1)];
  const std::string_view which =
      par.symbol != kNone ? program_.name(program_.symbols[par.symbol].name) : program_.name(par.name);
  if (which == "event_par_source") return pure(Pure::event_source, {target});
  if (which == "event_par_note") return pure(Pure::event_pitch, {target});
  return unknown();
}

ExprId Lowering::contract_value(const ContractEffect& effect, const std::vector<ExprId>& args) {
  std::vector<ExprId> operands;
  for (const uint8_t argument : effect.arguments) {
    if (argument == 0) continue;
    operands.push_back(argument <= args.size() ? args[argument - 1] : unknown());
  }
  switch (effect.verb) {
    case Verb::gives_status:
      return pure(Pure::event_status, operands);
    case Verb::gives_marked:
      return pure(Pure::by_marks, operands);
    case Verb::gives_allocated:
      return pure(Pure::check_ref, operands);
    case Verb::gives_in_range:
      return pure(Pure::in_range, operands);
    case Verb::gives_absolute:
      return pure(Pure::absolute, operands);
    case Verb::gives_minimum:
      return pure(Pure::minimum, operands);
    case Verb::gives_maximum:
      return pure(Pure::maximum, operands);
    case Verb::gives_between: {
      const Expr& from = module_.exprs[operands[0]];
      const Expr& to = module_.exprs[operands[1]];
      if (from.kind != ExprKind::constant || to.kind != ExprKind::constant) return unknown();
      const auto [low, high] = std::minmax({from.value, to.value});
      return unknown(low, high);
    }
    default:
      return unknown(0, 1);
  }
}

ExprId Lowering::contract_effect(const fermata::Expr& expr, const ContractEffect& effect,
                                 const std::vector<ExprId>& args, bool statement) {
  const Telling* telling = telling_of(effect.verb);
  if (telling == nullptr) return unknown();
  const auto operand = [&](int which) {
    const int role = telling->operand[which];
    const size_t argument = role < 0 ? 0 : effect.arguments[static_cast<size_t>(role)];
    return argument > 0 && argument <= args.size() ? args[argument - 1] : kNone;
  };
  ExprId a = operand(0), b = operand(1);
  ExprId c = operand(2), d = operand(3);
  Effect what = telling->effect;
  // What is left out is 0: no time, no stop, no kill.
  if (what == Effect::fade_out && c == kNone) c = constant(0);
  if (what == Effect::fade_voice && b == kNone) b = constant(0);
  if (what == Effect::play_note && d == kNone) d = constant(0);
  if (effect.verb == Verb::waits_ms) a = binary(Op::mul, a, constant(1000));
  if (effect.verb == Verb::adopts) b = constant(1);  // somebody ends it, soon or late
  if (!program_.ivls) {
    // The handle is an event's; what somebody else is certain to end has ended, at once or, if its time is above 0,
    // then.
    if (effect.verb == Verb::releases || effect.verb == Verb::adopts) what = Effect::note_off;
    if (effect.verb == Verb::owns_for) what = Effect::fade_out;
    if (what == Effect::fade_out && effect.verb == Verb::owns_for) c = b;
  }
  const SlotId result = gives_result(effect.verb) ? new_local(kNone) : kNone;
  Instr& instr = emit(what, expr.span);
  instr.dst = result;
  instr.a = a;
  instr.b = what == Effect::note_off ? kNone : b;
  instr.c = c;
  instr.d = d;
  instr.name = expr.name;
  instr.discarded = statement;
  return result == kNone ? unknown() : slot_expr(result);
}

}  // namespace fermata::ir
