// Locations: which cell of an array an index names, and what writing to a location does to the tracked handle.
#include "ownership/engine.h"

namespace fermata::ownership {

using ir::ArrayKind;

// Splits the state until the index is certainly one of the cells apart, or certainly none of them.
Engine::Selected Engine::select(State state, ir::ArrayId array, const Term& index) {
  Selected out;
  const size_t count = state.arrays[array].cells.size();
  // The index may be renamed when an equality is assumed; a running copy in the frame would be too, so keep it there.
  state.act().frame.push_back(index);
  for (size_t i = 0; i < count; ++i) {
    const Term now = state.act().frame.back();
    const std::optional<bool> same = state.equal(now, state.arrays[array].cells[i].index);
    if (same == std::optional<bool>(false)) continue;
    if (same == std::optional<bool>(true)) {
      state.act().frame.pop_back();
      out.emplace_back(std::move(state), static_cast<int>(i));
      return out;
    }
    const Term difference = state.add(now, state.arrays[array].cells[i].index, -1);
    State equal = state;
    if (equal.assume_zero(difference)) {
      equal.act().frame.pop_back();
      out.emplace_back(std::move(equal), static_cast<int>(i));
    }
    if (!state.assume_not_zero(difference)) return out;
  }
  state.act().frame.pop_back();
  out.emplace_back(std::move(state), -1);
  return out;
}

std::vector<std::pair<State, Term>> Engine::read(State state, ir::ArrayId array, const Term& index) {
  std::vector<std::pair<State, Term>> out;
  const bool constant_array =
      !slice_.written[array] && module_.arrays[array].initial_known && module_.arrays[array].kind == ArrayKind::script;
  if (constant_array && index.is_constant() && index.constant >= 0) {
    const std::vector<int64_t>& items = module_.arrays[array].initial;
    const auto at = std::min(static_cast<size_t>(index.constant), items.size() - 1);
    out.emplace_back(std::move(state), Term::of(items[at]));
    return out;
  }
  state.act().frame.push_back(index);
  for (auto& [one, cell] : select(std::move(state), array, index)) {
    const Term now = one.act().frame.back();
    one.act().frame.pop_back();
    if (cell >= 0) {
      const Term value = one.arrays[array].cells[static_cast<size_t>(cell)].value;
      out.emplace_back(std::move(one), value);
      continue;
    }
    const Interval rest = one.arrays[array].rest;
    const Term value = rest.lo == rest.hi ? Term::of(rest.lo) : one.fresh_term(rest.lo, rest.hi);
    if (!constant_array) one.arrays[array].cells.push_back({now, value});
    out.emplace_back(std::move(one), value);
  }
  return out;
}

void Engine::load(State state, const ir::Instr& instr, std::vector<State>& out) {
  if (!slice_.arrays[instr.array]) {
    const Term value = state.fresh_term(INT32_MIN, INT32_MAX);
    assign(state, instr.dst, value);
    out.push_back(std::move(state));
    return;
  }
  const Term index = eval(state, instr.a);
  const ir::EntryKind kind = module_.entries[state.act().entry].kind;
  const bool key_up =
      state.act().who == Who::key &&
      (kind == ir::EntryKind::release || kind == ir::EntryKind::note_off || kind == ir::EntryKind::midi_in);
  for (auto& [one, value] : read(std::move(state), instr.array, index)) {
    if (key_up && !value.is_symbol(kObject) && one.object.life == Life::live &&
        module_.arrays[instr.array].kind == ArrayKind::script) {
      for (const Cell& cell : one.arrays[instr.array].cells) {
        if (!cell.value.is_symbol(kObject)) continue;
        Term difference;
        const bool linear = combine(cell.index, index, -1, difference);
        if (!linear || !difference.is_constant() || (one.object.flags & kKeyChanged) != 0) {
          one.object.flags |= kLookedElsewhere;
          step(one, instr.span, "the handle is looked for in another cell than it was stored in");
        }
      }
    }
    assign(one, instr.dst, value);
    out.push_back(std::move(one));
  }
}

void Engine::store(State state, ir::ArrayId array, const Term& index, const Term& value, std::vector<State>& out) {
  if (!slice_.arrays[array]) {
    out.push_back(std::move(state));
    return;
  }
  state.act().frame.push_back(index);
  state.act().frame.push_back(value);
  for (auto& [one, cell] : select(std::move(state), array, index)) {
    const Term new_value = one.act().frame.back();
    one.act().frame.pop_back();
    const Term new_index = one.act().frame.back();
    one.act().frame.pop_back();
    std::vector<Cell>& cells = one.arrays[array].cells;
    if (cell < 0) {
      cells.push_back({new_index, new_value});
    } else {
      Cell& at = cells[static_cast<size_t>(cell)];
      if (at.value.is_symbol(kObject) && !new_value.is_symbol(kObject) && one.object.life == Life::live) {
        one.object.flags |= kHandleOverwritten;
        at.value = new_value;
        step(one, {}, "its handle is overwritten");
      }
      at.value = new_value;
    }
    out.push_back(std::move(one));
  }
}

void Engine::assign(State& state, ir::SlotId slot_id, const Term& value) {
  if (slot_id == kNone || !slice_.slots[slot_id]) return;
  const ir::Slot& slot = module_.slots[slot_id];
  Term& at = slot.kind == ir::SlotKind::global ? state.globals[slot.index] : state.act().frame[slot.index];
  const bool overwritten = slot.kind == ir::SlotKind::global && at.is_symbol(kObject) && !value.is_symbol(kObject) &&
                           state.object.life == Life::live;
  at = value;
  if (overwritten) {
    state.object.flags |= kHandleOverwritten;
    step(state, module_.program->symbols[slot.symbol].span, "the variable that holds its handle is overwritten");
  }
}

}  // namespace fermata::ownership
