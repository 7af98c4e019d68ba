// Programs: skeletons put together, then bent.
#pragma once

#include "differ/tree.h"
#include "differ/random.h"

namespace fermata::differ {

// A well-formed program of 5 to about 80 lines, in one of the three dialects.
Piece generate(Random& random);

}  // namespace fermata::differ
