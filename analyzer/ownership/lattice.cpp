// When states are the same, and which of them may be joined.
#include "ownership/lattice.h"

namespace fermata::ownership {

std::string ownership_key(const State& state) {
  std::string key;
  const auto put = [&](int64_t value) {
    key += std::to_string(value);
    key += ',';
  };
  const auto put_index = [&](const Term& term) {
    if (term.is_constant() && state.key.note.is_constant() && state.key.phase != KeyPhase::before) {
      // The key's number has become known: its cells are still those at the same distance from it.
      put(1);
      put(term.constant - state.key.note.constant);
      put(1);
      return;
    }
    put(term.count);
    put(term.constant);
    for (uint8_t i = 0; i < term.count; ++i) put(term.parts[i].factor);
  };
  const Object& object = state.object;
  for (const int64_t value :
       {static_cast<int64_t>(object.life), static_cast<int64_t>(object.kind), static_cast<int64_t>(object.owner),
        static_cast<int64_t>(object.marks_known), static_cast<int64_t>(object.marks),
        static_cast<int64_t>(object.birth), static_cast<int64_t>(object.blame), static_cast<int64_t>(state.key.phase),
        static_cast<int64_t>(state.key.marks), static_cast<int64_t>(state.key.note_class),
        static_cast<int64_t>(state.key.ignored), static_cast<int64_t>(state.key.swallowed),
        static_cast<int64_t>(state.key.again), static_cast<int64_t>(state.key.passed),
        static_cast<int64_t>(state.key.message_ignored), static_cast<int64_t>(!state.lost.empty())}) {
    put(value);
  }
  put(object.faded);
  put(object.orphan);
  for (const Task& task : state.tasks) {
    key += 't';
    put(task.at.entry);
    put(task.block);
    put(task.instr);
    put(static_cast<int64_t>(task.at.who));
    put(task.after);
    for (size_t i = 0; i < task.at.frame.size(); ++i) {
      if (task.at.frame[i].tracked() != 0) put(static_cast<int64_t>(i) * 4 + task.at.frame[i].tracked());
    }
    put(task.at.sent.tracked());
  }
  for (const Activation& at : state.running) {
    key += 'r';
    put(at.entry);
    put(static_cast<int64_t>(at.who));
    put(at.resumed);
    put(at.controller);
    put(at.sent_valid);
    for (size_t i = 0; i < at.frame.size(); ++i) {
      if (at.frame[i].tracked() != 0) put(static_cast<int64_t>(i) * 4 + at.frame[i].tracked());
    }
    put(at.sent.tracked());
  }
  for (size_t i = 0; i < state.globals.size(); ++i) {
    if (state.globals[i].tracked() == 0) continue;
    key += 'g';
    put(static_cast<int64_t>(i) * 4 + state.globals[i].tracked());
  }
  for (size_t i = 0; i < state.arrays.size(); ++i) {
    for (const Cell& cell : state.arrays[i].cells) {
      if (cell.value.tracked() == 0) continue;
      key += 'a';
      put(static_cast<int64_t>(i) * 4 + cell.value.tracked());
      put_index(cell.index);
    }
  }
  return key;
}

bool identical(const State& a, const State& b) {
  return a.syms == b.syms && a.globals == b.globals && a.arrays == b.arrays && a.running == b.running &&
         a.tasks == b.tasks && a.not_zero == b.not_zero && a.not_negative == b.not_negative && a.facts == b.facts &&
         a.object == b.object && a.key == b.key && a.held == b.held && a.lost.empty() == b.lost.empty();
}

size_t hash_of(const State& state) {
  size_t hash = 1469598103934665603ull;
  const auto mix = [&](int64_t value) { hash = (hash ^ static_cast<size_t>(value)) * 1099511628211ull; };
  const_cast<State&>(state).visit([&](Term& term) {
    mix(term.constant);
    for (uint8_t i = 0; i < term.count; ++i) {
      mix(term.parts[i].sym);
      mix(term.parts[i].factor);
    }
  });
  for (const SymInfo& info : state.syms) {
    mix(info.range.lo);
    mix(info.range.hi);
  }
  mix(static_cast<int64_t>(state.object.flags));
  mix(static_cast<int64_t>(state.object.owner));
  mix(static_cast<int64_t>(state.object.life));
  mix(static_cast<int64_t>(state.key.phase));
  mix(static_cast<int64_t>(state.tasks.size()));
  return hash;
}

}  // namespace fermata::ownership
