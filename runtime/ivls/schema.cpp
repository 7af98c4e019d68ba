#include "runtime/ivls/schema.h"

#include <array>
#include <utility>

namespace fermata::runtime::ivls {
namespace {

constexpr auto kFields = std::to_array<std::pair<std::string_view, Value>>({
    {"input", -1},
    {"auto_release", 1},
    {"note", -1},
    {"vel", -1},
    {"midi_ch", 0},
    {"flow", 0},
    {"stage", -1},
    {"thread", 0},
    {"volume", 0},
    {"pan", 0},
    {"tune", 0},
    {"event", -1},
    {"rr", 0},
    {"note_on_time", 0},
    {"delay", 0},
    {"delay_type", 0},
    {"duration", 0},
    {"duration_type", 0},
    {"config", 0},
    {"dyn_layer", 0},
    {"emc", -1},
    {"mod_target", -1},
    {"mod_time", 0},
    {"mod_kill_on_end", 0},
    {"mod_curve", 0},
    {"legato.vo_src", -1},
    {"legato.vo_dest", -1},
    {"legato.is_current", 0},
    {"legato.registered", 0},
    {"freeze_mod_on_play", 0},
});
static_assert(kFields.size() == static_cast<size_t>(Field::count));

constexpr auto kLinks = std::to_array<std::pair<std::string_view, LinkField>>({
    {"vo_parent", LinkField::parent},
    {"vo_child", LinkField::child},
    {"vo_left", LinkField::left},
    {"vo_right", LinkField::right},
    {"runtime", LinkField::runtime},
    {"vmc", LinkField::vmc},
    {"release_fired", LinkField::release_fired},
});

// The default of a vo_field: a number, a constant or a small sum of those. Nesting is bounded by the front end.
Value fold(const Program& program, ExprId id) {
  if (id == kNone) return 0;
  const Expr& expr = program.exprs[id];
  const auto children = program.children_of(id);
  switch (expr.kind) {
    case ExprKind::integer:
      return expr.int_value;
    case ExprKind::symbol: {
      const Symbol& symbol = program.symbols[expr.symbol];
      return symbol.has_value ? symbol.value
                              : fold(program, symbol.kind == SymbolKind::constant ? symbol.initial : kNone);
    }
    case ExprKind::unary:
      return expr.op == Op::neg ? -fold(program, children[0]) : 0;
    case ExprKind::binary: {
      const Value left = fold(program, children[0]);
      const Value right = fold(program, children[1]);
      if (expr.op == Op::add) return left + right;
      if (expr.op == Op::sub) return left - right;
      return expr.op == Op::mul ? left * right : 0;
    }
    default:
      return 0;
  }
}

}  // namespace

Schema::Schema(const Program& program) {
  for (const auto& [name, initial] : kFields) add(std::string(name), initial);
  for (const auto& [name, which] : kLinks) places_[std::string(name)] = {true, which, 0};
  for (const Symbol& symbol : program.symbols) {
    if (symbol.kind == SymbolKind::voice_field)
      add(std::string(program.name(symbol.name)), fold(program, symbol.initial));
  }
}

void Schema::add(std::string name, Value initial) {
  if (places_.try_emplace(std::move(name), FieldPlace{false, LinkField::parent, defaults_.size()}).second) {
    defaults_.push_back(initial);
  }
}

std::optional<FieldPlace> Schema::find(std::string_view lower_name) const {
  const auto found = places_.find(std::string(lower_name));
  return found == places_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace fermata::runtime::ivls
