// Changes to a program that may or may not break it: the difference between what people meant and what they wrote.
#pragma once

#include "differ/random.h"
#include "differ/tree.h"

namespace fermata::differ {

enum class Dialect : uint8_t { plain, framework };

// None to five changes: a line taken out, guarded, doubled, moved or put somewhere else, a wait or an early end put in,
// a number or an operator changed, statements moved into a function or a macro.
void bend(Piece& program, Dialect dialect, Random& random);

}  // namespace fermata::differ
