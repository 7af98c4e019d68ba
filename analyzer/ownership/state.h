// One disjunct of the abstract state: where the tracked object is in its life, who owns it, which locations hold its
// handle, and what is known of every other location. See docs in ARCHITECTURE.md ("One arbitrary object").
//
// Handles: the tracked handle is the symbol kObject, that of the fade that ends it kFade. A location holds one if and
// only if its term is exactly that symbol ("at most these"): no other symbol can stand for it, so reading anything else
// can never give it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ir/ir.h"
#include "ownership/term.h"

namespace fermata::ownership {

enum class SymKind : uint8_t {
  number,
  event,  // an event or voice that is neither the tracked object nor the tracked key's
};

struct SymInfo {
  Interval range;
  SymKind kind = SymKind::number;
  friend bool operator==(const SymInfo&, const SymInfo&) = default;
};

struct Cell {
  Term index;
  Term value;
  friend bool operator==(const Cell&, const Cell&) = default;
};

// An array: some cells apart, one summary for all others.
struct ArrayState {
  std::vector<Cell> cells;
  Interval rest;
  friend bool operator==(const ArrayState&, const ArrayState&) = default;
};

// On whose behalf a callback runs.
enum class Who : uint8_t {
  nobody,     // controller, listener, ui_control, init
  key,        // the tracked key
  other,      // any other key
  generated,  // on release of an event the script made
  child       // a voice that the tracked key's voice sent on
};

struct Activation {
  ir::EntryId entry = kNone;
  Who who = Who::nobody;
  bool resumed = false;  // after a wait
  Term event, note, channel, velocity;
  Term sent;  // NodeEnv[nenv].sentVoice
  bool sent_valid = false;
  int64_t controller = -1;  // on controller: the number; -1: one that the script does not tell apart
  Term controller_value;
  Term midi_command;
  ir::BlockId return_block = kNone;  // where to go on in the caller once a voice that was sent on has run
  uint32_t return_instr = 0;
  uint32_t stage = 0;  // legato chains: index into Query::chain
  std::vector<Term> frame;
  friend bool operator==(const Activation&, const Activation&) = default;
};

// A callback suspended in a wait.
struct Task {
  Activation at;
  ir::BlockId block = kNone;
  uint32_t instr = 0;  // the instruction after the wait
  Term length;         // of the wait
  bool length_known = false;
  int after = -1;  // index of a task that is certain to wake before this one
  friend bool operator==(const Task&, const Task&) = default;
};

enum class Life : uint8_t { none, unfired, live, ended };
enum class Owner : uint8_t { none, key, parent, runtime, duration, fade, zones };
enum class Kind : uint8_t { event, key_event, voice, runtime, midi_note };

// Facts about the past that name the rule of a violation.
enum Flag : uint32_t {
  kDurationMayBeZero = 1u << 0,
  kReleasedBeforeBirth = 1u << 1,
  kFadedWithoutStop = 1u << 2,
  kHandleOverwritten = 1u << 3,
  kLookedElsewhere = 1u << 4,
  kPedalWasDown = 1u << 5,
  kDetached = 1u << 6,
  kRestored = 1u << 7,
  kBornInNoteOff = 1u << 8,
  kWaitedOwnerless = 1u << 9,
  kFadeCancelled = 1u << 10,
  kSwallowed = 1u << 11,
  kCloned = 1u << 12,
  kNoKey = 1u << 13,
  kKeyChanged = 1u << 14,
  kSourceRead = 1u << 15,
  kLegato = 1u << 16,
  kParked = 1u << 17
};

struct Object {
  Life life = Life::none;
  Kind kind = Kind::event;
  Owner owner = Owner::none;
  bool marks_known = true;
  uint32_t marks = 0;
  uint32_t flags = 0;
  uint32_t birth = kNone;  // instruction
  uint32_t blame = kNone;  // instruction that took the last owner away or read the source; kNone: birth
  bool faded = false;      // kFade will end it
  bool orphan = false;     // it has no parent to go back to
  Term runtime;            // owner runtime
  Term pitch, channel;     // midi_note
  friend bool operator==(const Object&, const Object&) = default;
};

enum class KeyPhase : uint8_t { before, down, up };

struct Key {
  KeyPhase phase = KeyPhase::before;
  bool ignored = false;          // ignore_event in on note: nothing of its own sounds
  bool swallowed = false;        // ignore_event in on release
  uint32_t marks = 0;            // of its own event
  bool again = false;            // its swallowed event was ended: on release runs once more
  bool passed = false;           // multi script: its note-on went through
  bool message_ignored = false;  // multi script: of the running callback
  uint32_t note_class = 0;       // Slice::note_classes
  Term note, channel, velocity;
  friend bool operator==(const Key&, const Key&) = default;
};

struct Fact {
  ir::ExprKind kind = ir::ExprKind::unknown;  // binary
  Op op = Op::none;
  Term a, b;
  Sym result = 0;
  friend bool operator==(const Fact&, const Fact&) = default;
};

struct State {
  std::vector<SymInfo> syms;
  std::vector<Term> globals;
  std::vector<ArrayState> arrays;
  std::vector<Activation> running;  // innermost last; more than one only while a voice is being sent on
  std::vector<Task> tasks;
  std::vector<Term> not_zero;      // terms known to differ from 0
  std::vector<Term> not_negative;  // terms of several symbols known to be at least 0
  std::vector<Fact> facts;         // results of operations that are not linear
  Object object;
  Key key;
  std::vector<Term> held;  // how many keys are down, by class of note (Slice::note_classes)
  uint32_t trace = kNone;  // the path that led here (Solver::steps); no part of the state
  std::string lost;        // not empty: the fact that was lost; the verdict cannot be better than unknown
  Span lost_at;

  Activation& act() { return running.back(); }
  const Activation& act() const { return running.back(); }

  Sym fresh(int64_t lo, int64_t hi, SymKind kind = SymKind::number);
  Term fresh_term(int64_t lo, int64_t hi, SymKind kind = SymKind::number) { return Term::symbol(fresh(lo, hi, kind)); }
  Interval range(const Term& term) const;
  Interval plain_range(const Term& term) const;            // from the symbols' own ranges alone
  Term add(const Term& a, const Term& b, int64_t factor);  // a + factor * b; a fresh symbol where it is not linear
  std::optional<bool> is_zero(const Term& term) const;
  std::optional<bool> equal(const Term& a, const Term& b) const;

  // Adds a fact; false: contradiction, the state is unreachable.
  bool assume_zero(const Term& term);
  bool assume_not_zero(const Term& term);
  bool assume_at_most(const Term& term, int64_t bound);
  bool assume_at_least(const Term& term, int64_t bound);

  // Visits every term in a fixed order.
  template <typename Visitor>
  void visit(Visitor&& visitor);
  // Without the cells and the facts.
  template <typename Visitor>
  void visit_outside_arrays(Visitor&& visitor);
  void substitute(Sym sym, const Term& by);

  bool holds_object() const;  // some location outside the running callbacks' dead temporaries holds the handle

 private:
  bool contradicted(const Term& term) const;
  bool different_slots(const Term& term) const;
  bool may_vanish(const Term& term, std::vector<std::pair<Sym, int64_t>>& fixed) const;
  bool allowed(const std::vector<std::pair<Sym, int64_t>>& fixed) const;
};

template <typename Visitor>
void State::visit_outside_arrays(Visitor&& visitor) {
  auto activation = [&](Activation& at) {
    visitor(at.event);
    visitor(at.note);
    visitor(at.channel);
    visitor(at.velocity);
    visitor(at.sent);
    visitor(at.controller_value);
    visitor(at.midi_command);
    for (Term& term : at.frame) visitor(term);
  };
  visitor(key.note);
  visitor(key.channel);
  visitor(key.velocity);
  visitor(object.runtime);
  visitor(object.pitch);
  visitor(object.channel);
  for (Term& term : held) visitor(term);
  for (Term& term : globals) visitor(term);
  for (Task& task : tasks) {
    activation(task.at);
    visitor(task.length);
  }
  for (Activation& at : running) activation(at);
}

template <typename Visitor>
void State::visit(Visitor&& visitor) {
  visit_outside_arrays(visitor);
  for (ArrayState& array : arrays) {
    for (Cell& cell : array.cells) {
      visitor(cell.index);
      visitor(cell.value);
    }
  }
  for (Fact& fact : facts) {
    visitor(fact.a);
    visitor(fact.b);
  }
  for (Term& term : not_zero) visitor(term);
  for (Term& term : not_negative) visitor(term);
}

}  // namespace fermata::ownership
