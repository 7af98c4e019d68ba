// What a player can do to this instrument that may matter: the keys, values, controllers and times that its script
// tells apart. Scenarios are built from these words only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "frontend/program.h"

namespace fermata::witness {

struct Control {
  std::string name;  // with its sigil, as a scenario names it
  bool has_callback = false;
  std::vector<int> values;  // ends of its range and values the script compares it with
};

struct Vocabulary {
  std::vector<int> notes;  // at least three, different
  std::vector<int> velocities;
  std::vector<Control> controls;
  std::vector<int> controllers;  // pedals first
  std::vector<int64_t> gaps;     // µs between two inputs, short to long
  bool transport = false;        // a listener is there
};

Vocabulary vocabulary_of(const Program& program);

}  // namespace fermata::witness
