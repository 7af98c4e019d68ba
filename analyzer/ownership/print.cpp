#include "ownership/print.h"

namespace fermata::ownership {

namespace {

std::string name_of(Sym sym) {
  if (sym == kObject) return "OBJ";
  if (sym == kKeyEvent) return "KEY";
  if (sym == kFade) return "FADE";
  return "s" + std::to_string(sym);
}

std::string bound(int64_t value) {
  if (value <= INT32_MIN) return "-";
  if (value >= INT32_MAX) return "+";
  return std::to_string(value);
}

}  // namespace

std::string to_text(const Term& term) {
  std::string text;
  for (uint8_t i = 0; i < term.count; ++i) {
    const Term::Part& part = term.parts[i];
    if (i > 0 || part.factor < 0) text += part.factor < 0 ? "-" : "+";
    if (part.factor != 1 && part.factor != -1) text += std::to_string(std::abs(part.factor)) + "*";
    text += name_of(part.sym);
  }
  if (term.count == 0 || term.constant != 0)
    text += (term.constant >= 0 && term.count > 0 ? "+" : "") + std::to_string(term.constant);
  return text;
}

std::string to_text(const ir::Module& module, const State& state) {
  static constexpr const char* kLife[] = {"none", "unfired", "live", "ended"};
  static constexpr const char* kOwner[] = {"none", "key", "parent", "runtime", "duration", "fade", "zones"};
  static constexpr const char* kPhase[] = {"before", "down", "up"};
  std::string text = std::string("object ") + kLife[static_cast<int>(state.object.life)] + " owner " +
                     kOwner[static_cast<int>(state.object.owner)] + " flags " + std::to_string(state.object.flags) +
                     ", key " + kPhase[static_cast<int>(state.key.phase)] + " note " + to_text(state.key.note) +
                     ", held";
  for (const Term& term : state.held) text += " " + to_text(term);
  if (state.object.kind == Kind::midi_note)
    text += ", pitch " + to_text(state.object.pitch) + " channel " + to_text(state.object.channel);
  for (size_t i = 0; i < state.globals.size(); ++i) {
    if (state.globals[i].is_constant(0)) continue;
    const SymbolId symbol = module.slots[module.globals[i]].symbol;
    text += "\n  " + std::string(module.program->name(module.program->symbols[symbol].name)) + " = " +
            to_text(state.globals[i]);
  }
  for (size_t i = 0; i < state.arrays.size(); ++i) {
    const ArrayState& array = state.arrays[i];
    if (array.cells.empty() && array.rest == Interval{0, 0}) continue;
    text += "\n  " + module.arrays[i].name + "[] rest " + bound(array.rest.lo) + ".." + bound(array.rest.hi);
    for (const Cell& cell : array.cells) text += "  [" + to_text(cell.index) + "]=" + to_text(cell.value);
  }
  for (const Task& task : state.tasks) {
    text += "\n  waits in " + module.entries[task.at.entry].name + " at " + std::to_string(task.instr) + " after " +
            std::to_string(task.after) + " frame";
    for (const Term& term : task.at.frame) text += " " + to_text(term);
  }
  for (const Activation& at : state.running) {
    text += "\n  runs " + module.entries[at.entry].name + " event " + to_text(at.event) + " note " + to_text(at.note) +
            " frame";
    for (const Term& term : at.frame) text += " " + to_text(term);
  }
  text += "\n  where";
  for (size_t i = 0; i < state.syms.size(); ++i) {
    text += " " + name_of(static_cast<Sym>(i)) + (state.syms[i].kind == SymKind::event ? "e" : "") + " " +
            bound(state.syms[i].range.lo) + ".." + bound(state.syms[i].range.hi);
  }
  for (const Term& term : state.not_zero) text += ", " + to_text(term) + " # 0";
  for (const Term& term : state.not_negative) text += ", " + to_text(term) + " >= 0";
  for (const Fact& fact : state.facts)
    text += ", " + name_of(fact.result) + " = op" + std::to_string(static_cast<int>(fact.op)) + "(" + to_text(fact.a) +
            "," + to_text(fact.b) + ")";
  return text;
}

}  // namespace fermata::ownership
