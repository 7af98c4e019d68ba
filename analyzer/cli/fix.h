// `check --fix` and `--diff`: edits are applied in memory, the program is analysed again, and only what leaves less to
// report than before is written.
#pragma once

#include "cli/options.h"
#include "report/merge.h"

namespace fermata {

// Applies the fixes of the report's findings. With `--diff` the change is printed to the output; with `--fix` the files
// are written and `report` becomes that of the new text. False, after a line on standard error, when a file cannot be
// written.
bool fix_findings(const CheckCommand& command, const Selection& selection, CheckReport& report);

}  // namespace fermata
