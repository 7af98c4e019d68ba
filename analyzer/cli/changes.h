// Which findings a change is to blame for.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "cli/collect.h"
#include "cli/options.h"
#include "cli/revision.h"

namespace fermata {

// What --since and --staged need beside the results: the changed lines, and what was found before the change.
struct Change {
  std::map<std::string, LineRanges> lines;
  std::set<std::string, std::less<>> before;  // fingerprints
};

// The results of the program as the command wants it seen (for --staged: as it is staged), with `change` filled when
// one is asked for. Nothing, after a line on standard error, when git cannot tell.
std::optional<Collected> collect_changed(const CheckCommand& command, const Selection& selection, Change& change);

// Whether the change touches the finding, or the finding was not there before.
bool concerns(const Change& change, const Finding& finding);

}  // namespace fermata
