#include "rules/support.h"

#include <algorithm>
#include <cctype>

#include "frontend/fold.h"

namespace fermata::rules {

using ir::Effect;
using ir::ExprKind;

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool is_task(ir::EntryKind kind) { return kind == ir::EntryKind::note_on || kind == ir::EntryKind::note_off; }

bool is_env(const ir::Module& module, ir::ExprId expr, ir::Env env) {
  return expr != kNone && module.exprs[expr].kind == ExprKind::env && module.exprs[expr].env == env;
}

std::optional<int64_t> constant_of(const ir::Module& module, ir::ExprId id) {
  if (id == kNone) return std::nullopt;
  const ir::Expr& expr = module.exprs[id];
  if (expr.kind == ExprKind::constant) return expr.value;
  if (expr.kind == ExprKind::unary && expr.op == Op::neg) {
    const std::optional<int64_t> value = constant_of(module, expr.args[0]);
    return value ? std::optional(wrap32(-*value)) : std::nullopt;
  }
  if (expr.kind != ExprKind::binary || expr.args.size() != 2) return std::nullopt;
  const std::optional<int64_t> a = constant_of(module, expr.args[0]);
  const std::optional<int64_t> b = a ? constant_of(module, expr.args[1]) : std::nullopt;
  if (!b) return std::nullopt;
  switch (expr.op) {
    case Op::add:
      return wrap32(*a + *b);
    case Op::sub:
      return wrap32(*a - *b);
    case Op::mul:
      return wrap32(*a * *b);
    case Op::div:
      return *b == 0 ? std::nullopt : std::optional(wrap32(*a / *b));
    default:
      return std::nullopt;
  }
}

std::vector<ir::ExprId> guards_of(const ir::Module& module, const ir::Entry& entry, ir::BlockId block) {
  std::vector<ir::ExprId> guards;
  for (ir::BlockId b = entry.start; b < entry.stop; ++b) {
    const ir::Block& head = module.blocks[b];
    if (head.jump != ir::Jump::branch || head.region_begin == kNone) continue;
    if (head.region_begin <= block && block < head.region_end) guards.push_back(head.condition);
  }
  return guards;
}

Sources::Sources(const ir::Module& module)
    : module_(module), slots_(module.slots.size()), arrays_(module.arrays.size()) {
  for (const ir::Instr& instr : module.instrs) {
    if (instr.dst != kNone) slots_[instr.dst].push_back(&instr);
    if (instr.effect == Effect::store) arrays_[instr.array].push_back(&instr);
  }
}

// One search; what was looked at once is not looked at again.
struct Sources::Search {
  const Sources& sources;
  Found found;
  std::vector<ir::SlotId> slots_seen;
  std::vector<ir::ArrayId> arrays_seen;

  template <class Id>
  static bool fresh(std::vector<Id>& seen, Id id) {
    if (std::ranges::find(seen, id) != seen.end()) return false;
    seen.push_back(id);
    return true;
  }

  void expression(ir::ExprId id) {
    if (id == kNone || slots_seen.size() + arrays_seen.size() > 64) {
      found.unknown = true;
      return;
    }
    const ir::Expr& expr = sources.module_.exprs[id];
    if (const std::optional<int64_t> value = constant_of(sources.module_, id)) {
      found.constants = found.constants || *value > 0;
    } else if (expr.kind == ExprKind::env) {
      fresh(found.engine, expr.env);
    } else if (expr.kind == ExprKind::slot) {
      slot(expr.slot);
    } else {
      found.unknown = true;
    }
  }

  void slot(ir::SlotId id) {
    if (!fresh(slots_seen, id)) return;
    const ir::Slot& info = sources.module_.slots[id];
    if (info.ui || (info.kind == ir::SlotKind::global && !info.initial_known)) found.unknown = true;
    for (const ir::Instr* writer : sources.slots_[id]) {
      if (writer->effect == Effect::set) {
        expression(writer->a);
      } else if (writer->effect == Effect::load) {
        array(writer->array);
      } else if (writer->effect == Effect::unknown_call) {
        found.unknown = true;
      } else {
        fresh(found.makers, writer);
      }
    }
  }

  void array(ir::ArrayId id) {
    const ir::Array& info = sources.module_.arrays[id];
    if (info.kind == ir::ArrayKind::controller || info.kind == ir::ArrayKind::pedal || !info.initial_known || info.ui ||
        sources.arrays_[id].empty()) {
      found.unknown = true;
    }
    if (std::ranges::any_of(info.initial, [](int64_t value) { return value > 0; })) found.constants = true;
    if (!fresh(arrays_seen, id)) return;
    for (const ir::Instr* store : sources.arrays_[id]) expression(store->b);
  }
};

Sources::Found Sources::of(ir::ExprId expr) const {
  Search search{*this, {}, {}, {}};
  search.expression(expr);
  return std::move(search.found);
}

bool makes_voice(const ir::Instr& instr) {
  switch (instr.effect) {
    case Effect::new_voice:
    case Effect::clone_voice:
    case Effect::fade_voice:
    case Effect::legato_source:
    case Effect::pass:
      return true;
    default:
      return false;
  }
}

bool is_voice(ir::Env env) { return env == ir::Env::self || env == ir::Env::sent_voice || env == ir::Env::omni_voice; }

}  // namespace fermata::rules
