// The keys of [check] and [assume] as a table: the reader of fermata.toml, its JSON schema and its documentation are
// all made from it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace fermata {

enum class KeyKind : uint8_t {
  choice,  // one of `choices`
  whole,   // a whole number from `low` to `high`
  globs,   // a list of strings
  time     // seconds from 1 to `high`, or a string with a unit: "90 s", "500 ms"
};

struct KeyValue {
  std::size_t choice = 0;  // index
  int64_t number = 0;      // whole; time in µs
  std::vector<std::string> texts;
};

struct Key {
  std::string_view section, name;
  KeyKind kind;
  std::vector<std::string_view> choices;
  int64_t low = 0, high = 0;
  std::string_view standard;  // default, as written in the file
  std::string_view meaning;
  void (*set)(Config&, const KeyValue&);
};

std::span<const Key> config_keys();

}  // namespace fermata
