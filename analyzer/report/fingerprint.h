// A name for a finding that survives edits elsewhere in the file: rule, path, the text of its line, and its number
// among findings alike. Baselines and code hosts know a finding by it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/result.h"

namespace fermata {

// `findings` are sorted, and `texts` hold every file that one stands in.
void set_fingerprints(const std::vector<Finding*>& findings,
                      const std::vector<std::pair<std::string, std::string>>& texts);

}  // namespace fermata
