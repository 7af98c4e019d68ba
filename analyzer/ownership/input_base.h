// What every input needs: fresh activations, names for a voice's fields, pedals by channel.
#pragma once

#include <algorithm>

#include "ownership/engine.h"

namespace fermata::ownership {

using ir::EntryKind;

constexpr int64_t kKeys = 128;   // one note number is one key, whatever its channel
constexpr int64_t kSeveral = 2;  // keys down, where the script does not count them

class InputBase {
 public:
  InputBase(Engine& engine, const ir::Module& module, const Slice& slice, const Assume& assume, const Query& query)
      : engine_(engine), module_(module), slice_(slice), assume_(assume), query_(query), ivls_(module.program->ivls) {
    asks_pedal_ = std::ranges::any_of(module.instrs, [&](const ir::Instr& instr) {
      if (instr.effect != ir::Effect::load || instr.array != module.cc) return false;
      const ir::Expr& number = module.exprs[instr.a];
      return number.kind == ir::ExprKind::constant && number.value >= 64 && number.value <= 67;
    });
  }

  std::vector<State> out;

 protected:
  bool pedal_is_down(const State& state) const {
    return std::ranges::any_of(state.arrays[module_.cc].cells, [&](const Cell& cell) {
      return cell.index.is_constant() && cell.index.constant >= 64 && cell.index.constant <= 67 &&
             state.range(cell.value).lo >= 1;
    });
  }
  bool has(EntryKind kind, NodeId node) const {
    return std::ranges::any_of(module_.entries,
                               [&](const ir::Entry& entry) { return entry.kind == kind && entry.node == node; });
  }
  bool has_kind(EntryKind kind) const {
    return std::ranges::any_of(module_.entries, [&](const ir::Entry& entry) { return entry.kind == kind; });
  }

  void take(std::vector<State> states) { std::ranges::move(states, std::back_inserter(out)); }

  void begin(State& state, ir::EntryId entry, Who who) {
    engine_.start(state, entry, who);
    Activation& at = state.act();
    if (who == Who::key) {
      at.event = Term::symbol(kKeyEvent);
      at.note = state.key.note;
      at.channel = state.key.channel;
      at.velocity = state.key.velocity;
      at.midi_command = Term::of(144);
      name_fields(state);
      return;
    }
    const Term event = state.fresh_term(1, INT32_MAX, SymKind::event);
    const Term note = state.fresh_term(0, 127);
    const Term channel = state.fresh_term(0, 15);
    const Term velocity = state.fresh_term(1, 127);
    Activation& now = state.act();
    now.event = event;
    now.note = note;
    now.channel = channel;
    now.velocity = velocity;
    if (who != Who::other) return;
    name_fields(state);
    if (ivls_ && slice_.arrays[module_.field_source]) {
      // Another voice may have a link of its own, or none.
      const Term source = state.fresh_term(-1, INT32_MAX);
      state.arrays[module_.field_source].cells.push_back({state.act().event, source});
    }
  }

  // One more key down or up. Where the script does not count keys, none, one and several are told apart.
  std::vector<State> count_key(const State& from, uint32_t note_class, bool down, int64_t at_least) const {
    std::vector<State> counted;
    State state = from;
    const Term held = state.held[note_class];
    if (!slice_.counts) {
      if (!down && held.constant < at_least) return counted;
      if (!down && held.constant == kSeveral) counted.push_back(from);
      state.held[note_class] = Term::of(std::min(kSeveral, held.constant + (down ? 1 : -1)));
      counted.push_back(std::move(state));
      return counted;
    }
    if (down ? !state.assume_at_most(held, kKeys - 1) : !state.assume_at_least(held, at_least)) return counted;
    state.held[note_class] = state.add(state.held[note_class], Term::of(1), down ? 1 : -1);
    counted.push_back(std::move(state));
    return counted;
  }

  // Voice[self].note and .midi_ch of the voice that runs.
  void name_fields(State& state) {
    if (!ivls_) return;
    const Activation& at = state.act();
    for (const auto& [array, value] : {std::pair{module_.field_note, at.note}, {module_.field_channel, at.channel}}) {
      if (!slice_.arrays[array]) continue;
      const bool known =
          std::ranges::any_of(state.arrays[array].cells, [&](const Cell& cell) { return cell.index == at.event; });
      if (!known) state.arrays[array].cells.push_back({at.event, value});
    }
  }

  // The pedals of the key's own channel are told apart from those of the others.
  void name_pedals(State& state) {
    if (!module_.asks_channel) return;
    for (const ir::ArrayId pedal : {module_.pedal_sustain, module_.pedal_sostenuto}) {
      const Interval rest = state.arrays[pedal].rest;
      const Term value = rest.lo == rest.hi ? Term::of(rest.lo) : state.fresh_term(rest.lo, rest.hi);
      state.arrays[pedal].cells.push_back({state.key.channel, value});
    }
  }

  // A new note's polyphonic variables and a new voice's own fields start at their defaults; its link is the
  // framework's.
  void reset_polyphonic(State& state) {
    for (ir::ArrayId id = 0; id < module_.arrays.size(); ++id) {
      const ir::Array& array = module_.arrays[id];
      const bool poly = array.kind == ir::ArrayKind::polyphonic;
      const bool field = array.kind == ir::ArrayKind::voice_field && array.symbol != kNone && array.initial_known;
      if (!slice_.arrays[id] || (!poly && !field) || id == module_.field_source) continue;
      std::erase_if(state.arrays[id].cells, [&](const Cell& cell) { return cell.index == state.act().event; });
      state.arrays[id].cells.push_back({state.act().event, Term::of(array.initial[0])});
    }
  }
  Engine& engine_;
  const ir::Module& module_;
  const Slice& slice_;
  const Assume& assume_;
  const Query& query_;
  bool ivls_;
  bool asks_pedal_ = false;
};

// The tracked key goes down or up.
std::vector<State> key_inputs(Engine& engine, const ir::Module& module, const Slice& slice, const Assume& assume,
                              const Query& query, const State& from);

}  // namespace fermata::ownership
