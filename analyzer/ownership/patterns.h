// Rules that need no solving: a glance at instructions and flows. They live in rules/.
#pragma once

#include <vector>

#include "ownership/sites.h"

namespace fermata::ownership {

void find_patterns(const ir::Module& module, const Assume& assume, std::vector<Fault>& faults);

}  // namespace fermata::ownership
