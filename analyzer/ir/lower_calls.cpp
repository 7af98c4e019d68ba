// Calls: user functions are inlined, functions of Kontakt and of the framework become effects or pure operations.
#include <algorithm>

#include "frontend/builtins.h"
#include "ir/lowering.h"

namespace fermata::ir {

namespace {

enum class Shape : uint8_t {
  effect,  // operands a, b, c in the order of the arguments, no result
  result,  // likewise, with a result
  pure,
  inert,  // nothing that matters to voices; the result, if any, is unknown
  flag    // inert, result 0 or 1
};

struct Row {
  std::string_view name;
  Shape shape;
  Effect effect = Effect::wait;
  Pure pure = Pure::unknown;
  // Which argument goes to a, b, c, d (-1: none).
  int8_t operand[4] = {0, 1, 2, 3};
};

// What bears on events and voices. Everything else that Kontakt knows is inert; what nobody knows is an unknown call.
constexpr Row kRows[] = {
    {"play_note", Shape::result, Effect::play_note},
    {"note_off", Shape::effect, Effect::note_off, Pure::unknown, {0, -1, -1, -1}},
    {"fade_out", Shape::effect, Effect::fade_out},
    {"ignore_event", Shape::effect, Effect::ignore_event},
    {"set_event_mark", Shape::effect, Effect::set_mark},
    {"delete_event_mark", Shape::effect, Effect::delete_mark},
    {"change_note", Shape::effect, Effect::change_note},
    {"wait", Shape::effect, Effect::wait},
    {"wait_ticks", Shape::effect, Effect::wait},
    {"wait_async", Shape::effect, Effect::wait},
    {"tcm.wait", Shape::effect, Effect::wait},
    {"tcm.wait_ticks", Shape::effect, Effect::wait},
    {"tcm.wait_async", Shape::effect, Effect::wait},
    {"ivls.wait", Shape::effect, Effect::wait},
    {"ivls.wait_us", Shape::effect, Effect::wait},
    {"ivls.wait_ms", Shape::effect, Effect::wait},
    {"ivls.wait_ticks", Shape::effect, Effect::wait},
    {"set_midi", Shape::effect, Effect::set_midi},
    {"ignore_midi", Shape::effect, Effect::ignore_midi},
    {"event_status", Shape::pure, Effect::wait, Pure::event_status},
    {"in_range", Shape::pure, Effect::wait, Pure::in_range},
    {"abs", Shape::pure, Effect::wait, Pure::absolute},
    {"min", Shape::pure, Effect::wait, Pure::minimum},
    {"max", Shape::pure, Effect::wait, Pure::maximum},
    {"by_marks", Shape::pure, Effect::wait, Pure::by_marks},
    {"check_ref", Shape::pure, Effect::wait, Pure::check_ref, {1, -1, -1, -1}},
    {"ivls.pass", Shape::result, Effect::pass},
    {"ivls.sendself", Shape::result, Effect::pass},
    {"ivls.new_voice", Shape::result, Effect::new_voice},
    {"ivls.new_formal_voice", Shape::result, Effect::new_voice},
    {"voice.copy", Shape::result, Effect::new_voice},
    {"voice.new_copy", Shape::result, Effect::new_voice},
    {"voice.new", Shape::result, Effect::new_voice, Pure::unknown, {-1, -1, -1, -1}},
    {"voice.delete", Shape::effect, Effect::delete_voice},
    {"ivls.clone_voice", Shape::result, Effect::clone_voice},
    {"ivls.play", Shape::effect, Effect::play},
    {"ivls.play.oneshot", Shape::effect, Effect::play_oneshot},
    {"ivls.release_voice", Shape::effect, Effect::release_voice},
    {"ivls.release_voice_children", Shape::effect, Effect::release_children},
    {"ivls.add_voice_to_runtime", Shape::effect, Effect::adopt},
    {"ivls.reparent_voice", Shape::effect, Effect::adopt, Pure::unknown, {1, 0, -1, -1}},
    {"ivls.restore_parent", Shape::effect, Effect::restore_parent},
    {"ivls.unparent_voice", Shape::effect, Effect::unparent},
    {"ivls.unparent_children", Shape::effect, Effect::unparent_children},
    {"ivls.reparent_voice_to_voice", Shape::effect, Effect::reparent_voice},
    {"ivls.add_child_to_parent", Shape::effect, Effect::reparent_voice},
    {"ivls.create_runtime", Shape::result, Effect::create_runtime},
    {"ivls.release_runtime", Shape::effect, Effect::release_runtime},
    {"fades.out", Shape::result, Effect::fade_voice, Pure::unknown, {0, 2, 1, -1}},
    {"fades.curve_out", Shape::result, Effect::fade_voice, Pure::unknown, {0, 3, 1, -1}},
    {"ivls.fire_modulation", Shape::result, Effect::fade_voice, Pure::unknown, {0, 2, 1, -1}},
    {"fades.in", Shape::inert},
    {"fades.curve_in", Shape::inert},
    {"ivls.reflow_voice", Shape::effect, Effect::reflow},
    {"legato.get_src_vo", Shape::result, Effect::legato_source},
    {"legato.found", Shape::result, Effect::legato_found},
    {"legato.check_current", Shape::flag},
    {"legato.unlink", Shape::effect, Effect::legato_clear},
    {"legato.clear", Shape::effect, Effect::legato_clear},
};

const Row* find_row(std::string_view name) {
  const auto* found = std::ranges::find(kRows, name, &Row::name);
  return found == std::end(kRows) ? nullptr : found;
}

// Families of framework calls that read or configure and never own anything.
bool is_inert_family(std::string_view name) {
  static constexpr std::string_view kFamilies[] = {
      "keymap.",  "keys.get_",         "keys.pedal_changed", "ivls.register_", "ivls.new_flow",
      "modbit.",  "ivls.roundrobins.", "ivls.makeregister",  "ivls.makeargs",  "ivls.node_",
      "tcm.init", "ivls.assert",       "ivls.fail",          "stl.",           "polyleg.",
      "steparp.", "bool.choose",       "node_arg",           "ivls.prune_",    "ivls.move_children"};
  return std::ranges::any_of(kFamilies, [&](std::string_view family) { return name.starts_with(family); });
}

}  // namespace

bool Lowering::has_effect(fermata::ExprId id, uint32_t scope) const {
  std::vector<fermata::ExprId> todo{id};
  while (!todo.empty()) {
    const fermata::Expr& expr = program_.exprs[todo.back()];
    const fermata::ExprId at = todo.back();
    todo.pop_back();
    if (expr.kind == fermata::ExprKind::call) {
      if (expr.function != kNone) return true;
      const Row* row = find_row(program_.name(expr.name));
      if (row != nullptr && (row->shape == Shape::effect || row->shape == Shape::result)) return true;
    }
    if (expr.kind == fermata::ExprKind::symbol) {
      if (const Binding* binding = binding_of(expr.symbol, scope); binding != nullptr && binding->by_name != kNone) {
        continue;  // was looked at when it was bound
      }
    }
    for (const fermata::ExprId child : program_.children_of(at)) todo.push_back(child);
  }
  return false;
}

ExprId Lowering::call(const fermata::Expr& expr, uint32_t scope, bool statement, bool subroutine) {
  if (expr.function != kNone) return inline_call(expr, scope, subroutine);
  return effect_call(expr, scope, statement);
}

ExprId Lowering::inline_call(const fermata::Expr& expr, uint32_t scope, bool subroutine) {
  const Function& function = program_.functions[expr.function];
  if (depth_ >= options_.max_inline_depth || over_limit()) {
    given_up_ = true;
    return unknown();
  }
  Scope inner;
  inner.parent = scope;
  inner.function = expr.function;
  inner.exit_leaves_function = subroutine || function.task;
  std::vector<std::pair<fermata::ExprId, SlotId>> copy_out;
  for (uint32_t i = 0; i < function.parameters.size() && i < expr.child_count; ++i) {
    const SymbolId parameter = function.parameters[i];
    const fermata::ExprId argument = program_.children[expr.first_child + i];
    const ParameterMode mode = program_.symbols[parameter].mode;
    Binding binding;
    if (mode == ParameterMode::by_name && !has_effect(argument, scope)) {
      binding.by_name = argument;
      binding.scope = scope;
    } else {
      binding.slot = new_local(parameter);
      const ExprId value = mode == ParameterMode::out ? constant(0) : expression(argument, scope);
      Instr& set = emit(Effect::set, expr.span);
      set.dst = binding.slot;
      set.a = value;
      if (mode == ParameterMode::var || mode == ParameterMode::out) copy_out.emplace_back(argument, binding.slot);
    }
    inner.bindings[parameter] = binding;
  }
  SlotId result = kNone;
  if (function.result != kNone) {
    result = new_local(function.result);
    Binding binding;
    binding.slot = result;
    inner.bindings[function.result] = binding;
  }
  scopes_.push_back(std::move(inner));
  const auto inner_id = static_cast<uint32_t>(scopes_.size() - 1);
  ++depth_;
  block(function.body, inner_id);
  --depth_;
  if (!scopes_[inner_id].exits.empty()) {
    const BlockId last = current_block();
    const BlockId after = open_block(expr.span);
    module_.blocks[last].jump = Jump::go;
    module_.blocks[last].then_block = after;
    for (const BlockId exit : scopes_[inner_id].exits) module_.blocks[exit].then_block = after;
  }
  for (const auto& [argument, slot] : copy_out) assign(argument, slot_expr(slot), scope, expr.span);
  return result == kNone ? unknown() : slot_expr(result);
}

ExprId Lowering::effect_call(const fermata::Expr& expr, uint32_t scope, bool statement) {
  const std::string_view name = program_.name(expr.name);
  if (name == "inc" || name == "dec") {
    if (expr.child_count != 1) return unknown();
    const fermata::ExprId target = program_.children[expr.first_child];
    const ExprId old = expression(target, scope);
    assign(target, binary(name == "inc" ? Op::add : Op::sub, old, constant(1)), scope, expr.span);
    return unknown();
  }
  if (name == "get_event_par" && expr.child_count == 2) {
    const ExprId target = expression(program_.children[expr.first_child], scope);
    const fermata::Expr& par = program_.exprs[program_.children[expr.first_child + 1]];
    const std::string_view which =
        par.symbol != kNone ? program_.name(program_.symbols[par.symbol].name) : program_.name(par.name);
    if (which == "event_par_source") return pure(Pure::event_source, {target});
    if (which == "event_par_note") return pure(Pure::event_pitch, {target});
    return unknown();
  }
  const Row* row = find_row(name);
  if (row == nullptr) {
    if (is_inert_family(name) || is_builtin_function(name)) {
      // Arguments may still hold calls with an effect.
      for (uint32_t i = 0; i < expr.child_count; ++i) {
        const fermata::ExprId argument = program_.children[expr.first_child + i];
        if (has_effect(argument, scope)) expression(argument, scope);
      }
      return unknown();
    }
    return unknown_call(expr, scope);
  }
  std::vector<ExprId> args;
  for (uint32_t i = 0; i < expr.child_count; ++i)
    args.push_back(expression(program_.children[expr.first_child + i], scope));
  const auto operand = [&](int which) {
    const int at = row->operand[which];
    return at >= 0 && static_cast<size_t>(at) < args.size() ? args[static_cast<size_t>(at)] : kNone;
  };
  switch (row->shape) {
    case Shape::inert:
      return unknown();
    case Shape::flag:
      return unknown(0, 1);
    case Shape::pure: {
      if (row->pure == Pure::check_ref) return pure(row->pure, {operand(0) == kNone ? unknown() : operand(0)});
      return pure(row->pure, args);
    }
    case Shape::effect:
    case Shape::result:
      break;
  }
  const SlotId result = row->shape == Shape::result ? new_local(kNone) : kNone;
  Instr& instr = emit(row->effect, expr.span);
  instr.dst = result;
  instr.a = operand(0);
  instr.b = operand(1);
  instr.c = operand(2);
  instr.d = operand(3);
  instr.name = expr.name;
  instr.discarded = statement;
  return result == kNone ? unknown() : slot_expr(result);
}

ExprId Lowering::unknown_call(const fermata::Expr& expr, uint32_t scope) {
  std::vector<ExprId> args;
  for (uint32_t i = 0; i < expr.child_count; ++i)
    args.push_back(expression(program_.children[expr.first_child + i], scope));
  const SlotId result = new_local(kNone);
  Instr& instr = emit(Effect::unknown_call, expr.span);
  instr.dst = result;
  instr.args = std::move(args);
  instr.name = expr.name;
  module_.unknown_calls.emplace_back(expr.name, expr.span);
  return slot_expr(result);
}

}  // namespace fermata::ir
