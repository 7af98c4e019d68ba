// Programs: skeletons put together, then bent.
#pragma once

#include "differ/random.h"
#include "differ/tree.h"

namespace fermata::differ {

// A well-formed program of 5 to about 80 lines, in one of the three dialects.
// `without`: names of skeletons that are not drawn.
Piece generate(Random& random, const std::vector<std::string>& without = {});

}  // namespace fermata::differ
