// Changes to scripts of the corpus: those that take an owner away, and those that leave the meaning what it is.
#pragma once

#include <string>
#include <vector>

#include "differ/tree.h"

namespace fermata::differ {

struct Mutant {
  std::string what;  // "without LINE", "guarded LINE"
  Piece program;
};

// Each line that hands something to an owner or ends it, taken out, and put under a condition that the player decides.
std::vector<Mutant> without_transfers(const Piece& program);

// The same program written otherwise: names, parentheses, functions, macros, dead branches, the order of what is
// independent. One mutant for each kind of change that there is something for.
std::vector<Mutant> written_otherwise(const Piece& program);

}  // namespace fermata::differ
