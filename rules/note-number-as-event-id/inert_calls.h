// Calls that change nothing about an event's life, and are therefore not in the control-flow graphs.
#pragma once

#include "rules/registry.h"

namespace fermata::rules {

// Reports those whose event is certainly a note number or another plain number.
void find_inert_calls(const Context& context);

}  // namespace fermata::rules
