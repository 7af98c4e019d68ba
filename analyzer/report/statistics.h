// The figures of a run, as --stats prints them.
#pragma once

#include <string>

#include "report/merge.h"

namespace fermata {

// Sites with their verdicts, findings that the runtime replayed, disjuncts (abstract states that the analysis
// followed), runs of the runtime, sizes of what was read, seconds of each stage (of all threads together).
std::string statistics_as_text(const CheckReport& report);

}  // namespace fermata
