// A state as text, for tests and for looking at an analysis.
#pragma once

#include <string>

#include "ownership/state.h"

namespace fermata::ownership {

std::string to_text(const Term& term);
std::string to_text(const ir::Module& module, const State& state);

}  // namespace fermata::ownership
