// Rules that need no solving: a glance at instructions and flows.
#pragma once

#include <vector>

#include "ownership/sites.h"

namespace fermata::ownership {

void find_patterns(const ir::Module& module, std::vector<Fault>& faults);

}  // namespace fermata::ownership
