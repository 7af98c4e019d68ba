// Random abstract states together with one concrete state that each of them stands for.
#pragma once

#ifdef FERMATA_HAVE_RAPIDCHECK

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "ownership/lattice.h"
#include "ownership/print.h"
#include "ownership/state.h"

namespace fermata::ownership::test {

// The same cases in every run; RC_PARAMS="seed=7" tries others.
inline const int kFixedSeed = setenv("RC_PARAMS", "seed=20 max_success=600", 0);

// A long walk draws one seed and takes its numbers from it: rapidcheck keeps every draw for shrinking, which costs many
// times what the walk tests.
inline std::optional<std::mt19937_64> walk_numbers;  // set while one is under way
struct LongWalk {
  LongWalk() { walk_numbers.emplace(*rc::gen::arbitrary<uint64_t>()); }
  ~LongWalk() { walk_numbers.reset(); }
  LongWalk(const LongWalk&) = delete;
  LongWalk& operator=(const LongWalk&) = delete;
};

inline int64_t pick(int64_t lo, int64_t hi) {
  if (walk_numbers) return lo + static_cast<int64_t>((*walk_numbers)() % static_cast<uint64_t>(hi - lo + 1));
  return *rc::gen::inRange<int64_t>(lo, hi + 1);
}
inline bool coin() { return pick(0, 1) == 1; }

// What every symbol is in one run. Handles are no numbers: those of the tracked object, of the tracked key and of the
// owning fade lie far from everything that a script computes with.
using Values = std::vector<std::optional<int64_t>>;
constexpr int64_t kObjectValue = 1'234'567'891;
constexpr int64_t kKeyValue = 876'543'211;
constexpr int64_t kFadeValue = 765'432'109;
constexpr int64_t kOtherEvents = 300'000'000;

// What a script computes with, and no handle.
inline bool is_number(int64_t value) { return std::abs(value) < kOtherEvents / 2; }

inline std::optional<int64_t> value_of(const Term& term, const Values& values) {
  int64_t sum = term.constant;
  for (uint8_t i = 0; i < term.count; ++i) {
    const Sym sym = term.parts[i].sym;
    if (sym >= values.size() || !values[sym]) return std::nullopt;
    sum += term.parts[i].factor * *values[sym];
  }
  return sum;
}

// A concrete array: some cells, and the value of all others.
struct Memory {
  std::map<int64_t, int64_t> cells;
  int64_t other = 0;
  int64_t at(int64_t index) const {
    const auto found = cells.find(index);
    return found == cells.end() ? other : found->second;
  }
};

// A concrete state: the value of every scalar location in the order of visit(), and the arrays.
struct Concrete {
  std::vector<int64_t> scalars;
  std::vector<Memory> memory;
};

struct World {
  State state;
  Values values;
  std::vector<Memory> memory;
  int64_t value(const Term& term) const { return *value_of(term, values); }
};

inline Term any_term(const World& world, uint8_t parts = 3) {
  // Often something that a fact speaks of.
  std::vector<Term> known = world.state.not_zero;
  known.insert(known.end(), world.state.not_negative.begin(), world.state.not_negative.end());
  if (!known.empty() && parts > 1 && coin()) {
    const Term fact = known[static_cast<size_t>(pick(0, static_cast<int64_t>(known.size()) - 1))];
    Term out;
    combine(Term::of(pick(-3, 3)), fact, coin() ? 1 : -1, out);
    return out;
  }
  Term term = Term::of(pick(-20, 20));
  const int64_t count = pick(0, parts);
  for (int64_t i = 0; i < count; ++i) {
    const auto sym = static_cast<Sym>(pick(0, static_cast<int64_t>(world.state.syms.size()) - 1));
    static constexpr int64_t kFactors[] = {1, -1, 2, -3, 128};
    Term sum;
    if (combine(term, Term::symbol(sym), kFactors[pick(0, 4)], sum)) term = sum;
  }
  return term;
}

// A term over numbers only, as scripts compute them.
inline Term number_term(const World& world, uint8_t parts = 2) {
  Term term = Term::of(pick(-20, 20));
  const int64_t count = pick(0, parts);
  for (int64_t i = 0; i < count; ++i) {
    const auto sym = static_cast<Sym>(pick(kFirstFree, static_cast<int64_t>(world.state.syms.size()) - 1));
    static constexpr int64_t kFactors[] = {1, -1, 2, 3};
    Term sum;
    if (world.state.syms[sym].kind == SymKind::number && combine(term, Term::symbol(sym), kFactors[pick(0, 3)], sum))
      term = sum;
  }
  return term;
}

// What a variable holds: a number, or a handle as it is.
inline Term any_value(const World& world) {
  const auto sym = static_cast<Sym>(pick(0, static_cast<int64_t>(world.state.syms.size()) - 1));
  return world.state.syms[sym].kind == SymKind::event ? Term::symbol(sym) : number_term(world);
}

inline void add_symbol(World& world) {
  const bool event = pick(0, 4) == 4;
  if (event) {
    world.state.fresh(1, INT32_MAX, SymKind::event);
    world.values.push_back(kOtherEvents + pick(0, 3));
    return;
  }
  const int64_t value = pick(-12, 12);
  const int64_t below = pick(0, 4);
  const int64_t above = pick(0, 4);
  static constexpr int64_t kDistance[] = {0, 1, 5, 127, 4'000'000'000};
  world.state.fresh(below == 4 ? INT32_MIN : value - kDistance[below],
                    above == 4 ? kInfinity : value + kDistance[above]);
  world.values.push_back(value);
}

// Symbols and facts about them, all of which hold.
inline World any_facts(int64_t symbols = 5, int64_t facts = 3) {
  World world;
  world.state.syms.assign(kFirstFree, {{1, INT32_MAX}, SymKind::event});
  world.values = {kObjectValue, kKeyValue, kFadeValue};
  const int64_t count = pick(1, symbols);
  for (int64_t i = 0; i < count; ++i) add_symbol(world);
  const int64_t different = pick(0, facts);
  for (int64_t i = 0; i < different; ++i) {
    const Term term = number_term(world);
    if (world.value(term) != 0 && !term.is_constant()) world.state.assume_not_zero(term);
  }
  const int64_t ordered = pick(0, facts);
  for (int64_t i = 0; i < ordered; ++i) {
    const Term term = number_term(world);
    if (term.count >= 2 && world.value(term) >= 0) world.state.not_negative.push_back(term);
  }
  return world;
}

// A state with locations: four globals, a frame in a suspended callback, two arrays. `plain`: each location holds a
// multiple of one symbol or a constant, and no handle.
inline World any_world(bool plain = false) {
  World world = any_facts();
  State& state = world.state;
  for (int i = 0; i < 4; ++i) state.globals.push_back(plain ? number_term(world, 1) : any_value(world));
  state.key.note = number_term(world, 1);
  state.key.channel = number_term(world, 1);
  Task task;
  task.at.event = Term::symbol(kKeyEvent);
  task.at.frame = {number_term(world, 1), plain ? number_term(world, 1) : any_value(world)};
  state.tasks.push_back(task);
  for (int i = 0; i < 2; ++i) {
    ArrayState array;
    Memory memory;
    memory.other = pick(-2, 2);
    array.rest = {memory.other - pick(0, 2), memory.other + pick(0, 2)};
    const int64_t cells = pick(0, 3);
    for (int64_t k = 0; k < cells; ++k) {
      const Cell cell{number_term(world), !plain && pick(0, 3) == 3 ? Term::symbol(kObject) : number_term(world, 1)};
      if (memory.cells.contains(world.value(cell.index))) continue;
      // Cells apart are known to be different ones.
      bool apart = true;
      for (const Cell& other : array.cells) {
        Term difference;
        apart = apart && combine(cell.index, other.index, -1, difference) && state.assume_not_zero(difference);
      }
      if (!apart) continue;
      memory.cells[world.value(cell.index)] = world.value(cell.value);
      array.cells.push_back(cell);
    }
    state.arrays.push_back(array);
    world.memory.push_back(memory);
  }
  return world;
}

inline std::vector<Term> scalars_of(const State& state) {
  State copy = state;
  copy.arrays.clear();
  copy.facts.clear();
  copy.not_zero.clear();
  copy.not_negative.clear();
  std::vector<Term> terms;
  copy.visit([&](Term& term) { terms.push_back(term); });
  return terms;
}

inline Concrete concrete(const World& world) {
  Concrete out;
  for (const Term& term : scalars_of(world.state)) out.scalars.push_back(world.value(term));
  out.memory = world.memory;
  return out;
}

inline bool holds(const State& state, const Values& values) {
  for (size_t i = 0; i < state.syms.size() && i < values.size(); ++i) {
    if (values[i] && !state.syms[i].range.contains(*values[i])) return false;
  }
  for (const Term& term : state.not_zero) {
    if (value_of(term, values) == std::optional<int64_t>(0)) return false;
  }
  for (const Term& term : state.not_negative) {
    if (const auto value = value_of(term, values); value && *value < 0) return false;
  }
  return true;
}

// Makes `term` have `value`, naming at most one symbol that had none. False: it cannot.
inline bool bind(const Term& term, int64_t value, Values& values) {
  int64_t rest = value - term.constant;
  const Term::Part* open = nullptr;
  for (uint8_t i = 0; i < term.count; ++i) {
    const Term::Part& part = term.parts[i];
    if (values[part.sym])
      rest -= part.factor * *values[part.sym];
    else if (open == nullptr)
      open = &part;
    else
      return true;  // two open symbols: nothing can be said
  }
  if (open == nullptr) return rest == 0;
  if (rest % open->factor != 0) return false;
  values[open->sym] = rest / open->factor;
  return true;
}

inline bool cells_fit(const State& state, const Concrete& run, size_t array, size_t cell, Values values);

inline bool rest_fits(const State& state, const Concrete& run, size_t array, Values values) {
  const ArrayState& cells = state.arrays[array];
  if (!cells.rest.contains(run.memory[array].other)) return false;
  for (const auto& [index, value] : run.memory[array].cells) {
    bool apart = false;
    for (const Cell& cell : cells.cells) {
      const auto at = value_of(cell.index, values);
      apart = apart || !at || *at == index;
    }
    if (!apart && !cells.rest.contains(value)) return false;
  }
  return cells_fit(state, run, array + 1, 0, std::move(values));
}

inline bool cells_fit(const State& state, const Concrete& run, size_t array, size_t cell, Values values) {
  if (array == state.arrays.size()) return holds(state, values);
  if (cell == state.arrays[array].cells.size()) return rest_fits(state, run, array, std::move(values));
  const Cell& one = state.arrays[array].cells[cell];
  const auto take = [&](int64_t index) {
    Values next = values;
    return bind(one.index, index, next) && bind(one.value, run.memory[array].at(index), next) &&
           cells_fit(state, run, array, cell + 1, next);
  };
  if (const auto index = value_of(one.index, values)) return take(*index);
  for (const auto& [index, value] : run.memory[array].cells) {
    if (take(index)) return true;
  }
  return false;
}

// Does the state stand for this run?
inline bool admits(const State& state, const Concrete& run) {
  Values values(state.syms.size());
  values[kObject] = kObjectValue;
  values[kKeyEvent] = kKeyValue;
  values[kFade] = kFadeValue;
  const std::vector<Term> terms = scalars_of(state);
  if (terms.size() != run.scalars.size()) return false;
  for (size_t i = 0; i < terms.size(); ++i) {
    if (!bind(terms[i], run.scalars[i], values)) return false;
  }
  return cells_fit(state, run, 0, 0, values);
}

// One line for a counterexample.
inline std::string show(const State& state) {
  std::string text;
  State copy = state;
  copy.not_zero.clear();
  copy.not_negative.clear();
  text += "scalars";
  for (const Term& term : scalars_of(state)) text += " " + to_text(term);
  for (const ArrayState& array : state.arrays) {
    text += "\narray rest " + std::to_string(array.rest.lo) + ".." + std::to_string(array.rest.hi);
    for (const Cell& cell : array.cells) text += " [" + to_text(cell.index) + "]=" + to_text(cell.value);
  }
  text += "\nwhere";
  for (size_t i = 0; i < state.syms.size(); ++i) {
    text += " s" + std::to_string(i) + (state.syms[i].kind == SymKind::event ? "e " : " ") +
            std::to_string(state.syms[i].range.lo) + ".." + std::to_string(state.syms[i].range.hi);
  }
  for (const Term& term : state.not_zero) text += ", " + to_text(term) + " # 0";
  for (const Term& term : state.not_negative) text += ", " + to_text(term) + " >= 0";
  return text + "\n";
}

inline std::string show(const World& world) {
  std::string text = show(world.state) + "values";
  for (const auto& value : world.values) text += " " + (value ? std::to_string(*value) : "?");
  return text + "\n";
}

inline void check(const std::function<void()>& property) { EXPECT_TRUE(rc::check(property)); }

}  // namespace fermata::ownership::test

#endif
