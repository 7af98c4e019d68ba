// From a violation to the rule that names it and to a sentence. The flags of the state say what happened on the way.
#pragma once

#include <string>

#include "ownership/sites.h"

namespace fermata::ownership {

Candidate classify(const ir::Module& module, const Violation& violation, const std::vector<Step>& steps);

// Names of remarks the transfer functions make, with their sentences.
std::string remark_message(std::string_view rule);

}  // namespace fermata::ownership
