// The words of one program: what its statements keep handles in, count with and ask, by the kind of place.
#pragma once

#include <string>
#include <vector>

#include "differ/tree.h"

namespace fermata::differ {

// Places between which statements can be carried: the callbacks of a note, those of a voice, on midi_in, and each of
// the others.
enum class Region : uint8_t { none, event, voice, midi, other };
Region region_of(Slot slot);

struct Words {
  std::vector<std::string> handles;  // events or voices
  std::vector<std::string> runtimes;
  std::vector<std::string> numbers;
  std::vector<std::string> conditions;
  std::vector<std::string> statements;
};

// The words of all places of this region.
Words harvest(const Piece& program, Region region);

}  // namespace fermata::differ
