// What a call does to voices, events and runtimes when its source is not there: a contract. Those of Kontakt,
// SublimeKSP and the framework stand in rules/contracts/*.toml and are built in as a table; users add theirs in
// [contracts] of fermata.toml. rules/contracts/README.md describes the format. Names are lower case, without sigil.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fermata {

enum class Verb : uint8_t {
  nothing,
  // either a voice or an event, as the argument is
  releases,  // 1
  adopts,    // 1: somebody else is certain to end it from now on
  keeps,     // 1: remembers it and promises nothing; its owner stays
  owns_for,  // 1 for 2 µs
  // Kontakt events
  creates_event,   // [note 1] [velocity 2] [offset 3] [for 4]
  releases_event,  // 1
  fades_out,       // 1 [over 2 µs] [stop 3]
  ignores_event,   // 1
  marks,           // 1 with 2
  unmarks,         // 1 with 2
  changes_note,    // 1 to 2
  sends_midi,      // channel 1 command 2 first 3 second 4
  drops_midi,
  // voices and runtimes
  creates_voice,  // [from 1]; without: a blank one
  creates_runtime,
  clones,            // 1
  fades_voice,       // 1 kill 2 [for 3 ms]; the result is the fade voice
  passes,            // self's path; the result is the voice sent
  plays,             // 1
  plays_for,         // 1 for 2 µs
  deletes,           // 1
  releases_voice,    // 1
  releases_below,    // children of 1
  joins_runtime,     // 1 into 2
  releases_runtime,  // 1
  restores_parent,   // 1
  detaches,          // 1
  detaches_below,    // children of 1
  reparents,         // 1 under 2
  reroutes,          // 1 to 2
  reads_source,      // 1; the result is its legato source
  asks_source,       // 1; the result is whether it has one
  clears_source,     // 1
  // time
  waits,     // [for 1 µs]
  waits_ms,  // 1
  waits_ticks,
  // variables and values
  increments,       // 1
  decrements,       // 1
  gives_truth,      // 0 or 1
  gives_status,     // whether event 1 lives
  gives_parameter,  // parameter 2 of event 1
  gives_marked,     // the events with a mark of 1
  gives_allocated,  // whether voice 1 is taken
  gives_in_range,   // 1 from 2 to 3
  gives_absolute,   // 1
  gives_minimum,    // 1 and 2
  gives_maximum,    // 1 and 2
  gives_between     // anything from 1 to 2
};

constexpr std::size_t kMaxEffects = 4;
constexpr uint8_t kMaxArguments = 64;

// One thing that a call does. Arguments count from 1; 0: not given.
struct ContractEffect {
  Verb verb = Verb::nothing;
  std::array<uint8_t, 4> arguments{};
  friend bool operator==(const ContractEffect&, const ContractEffect&) = default;
};

struct Contract {
  uint8_t min_arguments = 0, max_arguments = kMaxArguments;
  uint8_t effect_count = 0;
  std::array<ContractEffect, kMaxEffects> effects{};

  std::span<const ContractEffect> all_effects() const { return {effects.data(), effect_count}; }
  // The highest argument that an effect speaks of.
  uint8_t arguments_needed() const;
};

// A contract of a user's, or of a file being read. A name that ends in '*' stands for all that begin so.
struct NamedContract {
  std::string name;
  Contract contract;
  std::string place;  // "fermata.toml:12"
};

enum class Library : uint8_t { ksp, sublimeksp, ivls };

struct BuiltinContract {
  std::string_view name;
  Library library = Library::ksp;
  Contract contract;
};

// All of rules/contracts, sorted by name.
std::span<const BuiltinContract> builtin_contracts();

const BuiltinContract* find_builtin_contract(std::string_view name);  // that very name

// The user's contract of a call that no source defines: of that name, or else, where the name is not built in, the
// longest "name*". nullptr: the user says nothing of it.
const Contract* find_users_contract(std::span<const NamedContract> users, std::string_view name);

// That, or else the built-in one. nullptr: nobody knows the call.
const Contract* find_contract(std::span<const NamedContract> users, std::string_view name);

// Whether the contract can hold of a call with so many arguments, in a script with voices (of the framework) or
// without.
bool fits(const Contract& contract, std::size_t arguments, bool voices);

// "releases 1" -> what it says; nullopt: no such effect. effect_forms() lists all, as the README has them.
std::optional<ContractEffect> parse_effect(std::string_view text);
std::vector<std::string> effect_forms();

// Nothing is done to any argument, and no value is known.
bool is_inert(Verb verb);
// The effect gives the call its value.
bool gives_result(Verb verb);
// The effect is no more than a value computed from the arguments.
bool is_value(Verb verb);

}  // namespace fermata
