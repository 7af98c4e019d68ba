// From results to the report that the user sees, and to the exit status.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "cli/options.h"
#include "report/merge.h"

namespace fermata {

// The rules that --select and --ignore name; nothing, after a line on standard error, when one does not exist.
std::optional<Selection> read_selection(const ReportOptions& options);

// Baseline and output. `complete`: every finding of the inputs is in the report, so that an entry of the baseline that
// matches none is gone. True when the status is to be 2.
struct Finished {
  bool failed = false;
  int status = 0;
};
Finished finish(CheckReport& report, const ReportOptions& options, const Selection& selection,
                const std::set<std::string>& files, bool complete);

}  // namespace fermata
