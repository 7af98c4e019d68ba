// Expressions: loads and calls become instructions of their own, the rest stays a pure tree.
#include <algorithm>

#include "ir/lowering.h"

namespace fermata::ir {

ExprId Lowering::add(Expr expr) {
  module_.exprs.push_back(std::move(expr));
  return static_cast<ExprId>(module_.exprs.size() - 1);
}

ExprId Lowering::constant(int64_t value) {
  Expr expr;
  expr.kind = ExprKind::constant;
  expr.value = value;
  return add(std::move(expr));
}

ExprId Lowering::slot_expr(SlotId slot) {
  Expr expr;
  expr.kind = ExprKind::slot;
  expr.slot = slot;
  return add(std::move(expr));
}

ExprId Lowering::env(Env which) {
  Expr expr;
  expr.kind = ExprKind::env;
  expr.env = which;
  return add(std::move(expr));
}

ExprId Lowering::unknown(int64_t lo, int64_t hi) {
  Expr expr;
  expr.kind = ExprKind::unknown;
  expr.lo = lo;
  expr.hi = hi;
  return add(std::move(expr));
}

ExprId Lowering::pure(Pure which, std::vector<ExprId> args) {
  Expr expr;
  expr.kind = ExprKind::pure;
  expr.pure = which;
  expr.args = std::move(args);
  return add(std::move(expr));
}

ExprId Lowering::binary(Op op, ExprId a, ExprId b) {
  Expr expr;
  expr.kind = ExprKind::binary;
  expr.op = op;
  expr.args = {a, b};
  return add(std::move(expr));
}

ExprId Lowering::load(ArrayId array, ExprId index, Span span) {
  const SlotId temporary = new_local(kNone);
  Instr& instr = emit(Effect::load, span);
  instr.dst = temporary;
  instr.array = array;
  instr.a = index;
  return slot_expr(temporary);
}

const Binding* Lowering::binding_of(SymbolId symbol, uint32_t scope, uint32_t* where) const {
  for (uint32_t at = scope; at != kNone; at = scopes_[at].parent) {
    const auto found = scopes_[at].bindings.find(symbol);
    if (found != scopes_[at].bindings.end()) {
      if (where != nullptr) *where = at;
      return &found->second;
    }
  }
  return nullptr;
}

SlotId Lowering::new_local(SymbolId symbol) {
  Entry& entry = module_.entries[entry_];
  Slot slot;
  slot.kind = SlotKind::local;
  slot.index = static_cast<uint32_t>(entry.locals.size());
  slot.entry = entry_;
  slot.symbol = symbol;
  const auto id = static_cast<SlotId>(module_.slots.size());
  module_.slots.push_back(slot);
  entry.locals.push_back(id);
  return id;
}

SlotId Lowering::slot_of(SymbolId symbol, uint32_t scope) {
  if (symbol == kNone) return kNone;
  const Symbol& info = program_.symbols[symbol];
  if (const Binding* binding = binding_of(symbol, scope); binding != nullptr && binding->slot != kNone) {
    return binding->slot;
  }
  if (info.is_array || info.polyphonic || info.kind == SymbolKind::constant || info.kind == SymbolKind::builtin ||
      info.kind == SymbolKind::voice_field) {
    return kNone;
  }
  if (info.kind == SymbolKind::global) {
    const auto [at, fresh] = global_slots_.try_emplace(symbol, static_cast<SlotId>(module_.slots.size()));
    if (!fresh) return at->second;
    Slot slot;
    slot.index = static_cast<uint32_t>(module_.globals.size());
    slot.symbol = symbol;
    slot.ui = info.ui != UiKind::none && info.ui != UiKind::label;
    if (slot.ui && info.ui_range_known) {
      slot.lo = info.ui_min;
      slot.hi = info.ui_max;
    }
    slot.initial_known = !info.persistent && !slot.ui && info.type == ValueType::integer;
    module_.slots.push_back(slot);
    module_.globals.push_back(at->second);
    return at->second;
  }
  const auto [at, fresh] = local_slots_.try_emplace(symbol, 0);
  if (fresh) at->second = new_local(symbol);
  return at->second;
}

ArrayId Lowering::field_array(std::string_view field) {
  const auto [at, fresh] = fields_.try_emplace(std::string(field), static_cast<ArrayId>(module_.arrays.size()));
  if (!fresh) return at->second;
  Array array;
  array.kind = ArrayKind::voice_field;
  array.name = field;
  // Fields that every voice has: a copy carries its model's value, so little is known of them.
  static const std::unordered_map<std::string_view, std::pair<int64_t, int64_t>> kBase = {
      {"note", {0, 127}},     {"vel", {1, 127}},        {"midi_ch", {0, 15}},       {"thread", {0, 255}},
      {"rr", {0, INT32_MAX}}, {"flow", {0, INT32_MAX}}, {"stage", {-1, INT32_MAX}}, {"note_on_time", {0, INT32_MAX}}};
  const auto base = kBase.find(field);
  array.initial_known =
      field == "event" || field == "legato.vo_src" || field == "legato.vo_dest" || field == "duration";
  if (base != kBase.end()) {
    array.lo = base->second.first;
    array.hi = base->second.second;
  }
  array.initial = {field == "duration" ? 0 : -1};
  for (SymbolId id = 0; id < program_.symbols.size(); ++id) {
    const Symbol& symbol = program_.symbols[id];
    if (symbol.kind != SymbolKind::voice_field || program_.name(symbol.name) != field) continue;
    array.symbol = id;
    const bool known = symbol.initial != kNone;
    if (!known) break;
    const fermata::Expr* value = &program_.exprs[symbol.initial];
    int64_t sign = 1;
    if (value->kind == fermata::ExprKind::unary && value->op == Op::neg) {
      sign = -1;
      value = &program_.exprs[program_.children_of(symbol.initial)[0]];
    }
    array.initial_known = value->kind == fermata::ExprKind::integer ||
                          (value->kind == fermata::ExprKind::symbol && value->symbol != kNone &&
                           program_.symbols[value->symbol].has_value);
    if (value->kind == fermata::ExprKind::integer)
      array.initial = {sign * value->int_value};
    else if (array.initial_known)
      array.initial = {sign * program_.symbols[value->symbol].value};
    break;
  }
  module_.arrays.push_back(std::move(array));
  return at->second;
}

ExprId Lowering::builtin_variable(std::string_view name) {
  static const std::unordered_map<std::string_view, Env> kEnv = {{"event_id", Env::event_id},
                                                                 {"event_note", Env::event_note},
                                                                 {"event_velocity", Env::event_velocity},
                                                                 {"midi_channel", Env::channel},
                                                                 {"note_held", Env::note_held},
                                                                 {"self", Env::self},
                                                                 {"path_on", Env::path_on},
                                                                 {"cc_num", Env::cc_num},
                                                                 {"ni_signal_type", Env::signal_type},
                                                                 {"midi_command", Env::midi_command},
                                                                 {"midi_byte_1", Env::midi_byte_1},
                                                                 {"midi_byte_2", Env::midi_byte_2},
                                                                 {"all_events", Env::all_events},
                                                                 {"ivls.omni_voice", Env::omni_voice}};
  const auto found = kEnv.find(name);
  if (found != kEnv.end()) return env(found->second);
  if (name == "ni_transport_running" || name == "note_held") return unknown(0, 1);
  return unknown();
}

ExprId Lowering::symbol_value(const fermata::Expr& expr, uint32_t scope) {
  const Symbol& symbol = program_.symbols[expr.symbol];
  if (const Binding* binding = binding_of(expr.symbol, scope); binding != nullptr && binding->by_name != kNone) {
    return expression(binding->by_name, binding->scope);
  }
  if (program_.name(symbol.name) == "all_events") return env(Env::all_events);
  if (symbol.kind == SymbolKind::constant) return symbol.has_value ? constant(symbol.value) : unknown();
  if (symbol.kind == SymbolKind::builtin) {
    return symbol.has_value ? constant(symbol.value) : builtin_variable(program_.name(symbol.name));
  }
  if (symbol.type != ValueType::integer) return unknown();
  if (const std::optional<ArrayPlace> place = array_place(expr, scope)) {
    return load(place->array, place->index, expr.span);
  }
  const SlotId slot = slot_of(expr.symbol, scope);
  return slot == kNone ? unknown() : slot_expr(slot);
}

// The cell that an lvalue or rvalue names: array[i], a polyphonic variable, Voice[v].field.
std::optional<Lowering::ArrayPlace> Lowering::array_place(const fermata::Expr& expr, uint32_t scope) {
  if (expr.kind == fermata::ExprKind::field) {
    if (program_.name(expr.name) != "voice" || expr.child_count == 0) return std::nullopt;
    const ExprId voice = expression(program_.children[expr.first_child], scope);
    return ArrayPlace{field_array(program_.name(expr.field)), voice};
  }
  if (expr.kind != fermata::ExprKind::symbol && expr.kind != fermata::ExprKind::index) return std::nullopt;
  SymbolId id = expr.symbol;
  if (id == kNone) return std::nullopt;
  if (const Binding* binding = binding_of(id, scope); binding != nullptr && binding->by_name != kNone) {
    // An array passed by name: the caller's array under the callee's index.
    const fermata::Expr& argument = program_.exprs[binding->by_name];
    if (argument.kind != fermata::ExprKind::symbol) return std::nullopt;
    id = argument.symbol;
    uint32_t at = binding->scope;
    for (const Binding* next = binding_of(id, at); next != nullptr && next->by_name != kNone;
         next = binding_of(id, at)) {
      if (program_.exprs[next->by_name].kind != fermata::ExprKind::symbol) return std::nullopt;
      id = program_.exprs[next->by_name].symbol;
      at = next->scope;
    }
  }
  const Symbol& symbol = program_.symbols[id];
  if (symbol.polyphonic && !symbol.is_array) {
    const auto [at, fresh] = arrays_.try_emplace(id, static_cast<ArrayId>(module_.arrays.size()));
    if (fresh) {
      Array array;
      array.kind = ArrayKind::polyphonic;
      array.name = program_.name(symbol.name);
      array.symbol = id;
      array.initial = {0};
      module_.arrays.push_back(std::move(array));
    }
    return ArrayPlace{at->second, env(program_.ivls ? Env::self : Env::event_id)};
  }
  if (!symbol.is_array || expr.kind != fermata::ExprKind::index || symbol.type != ValueType::integer)
    return std::nullopt;
  if (symbol.kind == SymbolKind::builtin) {
    if (program_.name(symbol.name) != "cc") return std::nullopt;
    return ArrayPlace{module_.cc, expression(program_.children[expr.first_child], scope)};
  }
  const auto [at, fresh] = arrays_.try_emplace(id, static_cast<ArrayId>(module_.arrays.size()));
  if (fresh) {
    Array array;
    array.name = program_.name(symbol.name);
    array.symbol = id;
    array.dimensions = symbol.dimensions;
    array.ui = symbol.ui != UiKind::none;
    array.initial_known = !symbol.persistent && !array.ui;
    if (array.ui && symbol.ui_range_known) {
      array.lo = symbol.ui_min;
      array.hi = symbol.ui_max;
    }
    for (const fermata::ExprId item : symbol.initial_items) {
      const fermata::Expr* value = &program_.exprs[item];
      int64_t sign = 1;
      if (value->kind == fermata::ExprKind::unary && value->op == Op::neg) {
        sign = -1;
        value = &program_.exprs[program_.children_of(item)[0]];
      }
      if (value->kind == fermata::ExprKind::integer) {
        array.initial.push_back(sign * value->int_value);
      } else if (value->kind == fermata::ExprKind::symbol && value->symbol != kNone &&
                 program_.symbols[value->symbol].has_value) {
        array.initial.push_back(sign * program_.symbols[value->symbol].value);
      } else {
        array.initial_known = false;
      }
    }
    if (array.initial.empty()) array.initial = {0};
    module_.arrays.push_back(std::move(array));
  }
  const ArrayId array = at->second;
  return ArrayPlace{array, flat_index(array, expr, scope, 0)};
}

ExprId Lowering::flat_index(ArrayId array, const fermata::Expr& expr, uint32_t scope, uint32_t first) {
  ExprId index = kNone;
  for (uint32_t i = first; i < expr.child_count; ++i) {
    const ExprId part = expression(program_.children[expr.first_child + i], scope);
    if (index == kNone) {
      index = part;
      continue;
    }
    const std::vector<uint32_t>& dimensions = module_.arrays[array].dimensions;
    const uint32_t size = i < dimensions.size() && dimensions[i] != 0 ? dimensions[i] : 1u << 16;
    index = binary(Op::add, binary(Op::mul, index, constant(size)), part);
  }
  return index == kNone ? unknown() : index;
}

ExprId Lowering::index_value(const fermata::Expr& expr, uint32_t scope) {
  if (expr.symbol != kNone) {
    const Symbol& symbol = program_.symbols[expr.symbol];
    if (symbol.kind == SymbolKind::builtin && program_.name(symbol.name) == "key_down") {
      return pure(Pure::key_down, {expression(program_.children[expr.first_child], scope)});
    }
  }
  if (const std::optional<ArrayPlace> place = array_place(expr, scope)) {
    return load(place->array, place->index, expr.span);
  }
  return unknown();
}

ExprId Lowering::field_value(const fermata::Expr& expr, uint32_t scope) {
  if (program_.name(expr.name) == "nodeenv" && program_.name(expr.field) == "sentvoice") return env(Env::sent_voice);
  if (const std::optional<ArrayPlace> place = array_place(expr, scope)) {
    return load(place->array, place->index, expr.span);
  }
  return unknown();
}

ExprId Lowering::expression(fermata::ExprId id, uint32_t scope) {
  if (id == kNone) return unknown();
  const fermata::Expr expr = program_.exprs[id];
  switch (expr.kind) {
    case fermata::ExprKind::integer:
      return constant(expr.int_value);
    case fermata::ExprKind::symbol:
      return symbol_value(expr, scope);
    case fermata::ExprKind::index:
      return index_value(expr, scope);
    case fermata::ExprKind::field:
      return field_value(expr, scope);
    case fermata::ExprKind::call:
      return call(expr, scope, false, false);
    case fermata::ExprKind::event_par: {
      const ExprId target = expression(program_.children[expr.first_child], scope);
      const std::string_view name = program_.name(expr.name);
      if (name == "source") return pure(Pure::event_source, {target});
      if (name == "note") return pure(Pure::event_pitch, {target});
      return unknown();
    }
    case fermata::ExprKind::unary: {
      const ExprId argument = expression(program_.children[expr.first_child], scope);
      if (expr.op == Op::neg && module_.exprs[argument].kind == ExprKind::constant)
        return constant(-module_.exprs[argument].value);
      Expr node;
      node.kind = ExprKind::unary;
      node.op = expr.op;
      node.args = {argument};
      return add(std::move(node));
    }
    case fermata::ExprKind::binary: {
      if (expr.op == Op::concat) return unknown();
      const ExprId left = expression(program_.children[expr.first_child], scope);
      const ExprId right = expression(program_.children[expr.first_child + 1], scope);
      return binary(expr.op, left, right);
    }
    default:
      return unknown();
  }
}

}  // namespace fermata::ir
