// A name for a finding that survives edits elsewhere in the file: rule, path, the text of its line, and its number
// among findings alike. Baselines and code hosts know a finding by it.
#pragma once

#include "report/result.h"

namespace fermata {

// `result` is sorted and its texts hold every file that a finding stands in.
void set_fingerprints(CheckResult& result);

}  // namespace fermata
