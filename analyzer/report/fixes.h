// Edits that repair what a finding reports, for the rules where a right edit exists. A safe one changes nothing but the
// fault; a suggestion is to be looked at.
#pragma once

#include "frontend/program.h"
#include "report/result.h"

namespace fermata {

// Fills Finding::fixes. Only text that the user wrote in place is edited, never what a macro or a define gave.
void add_fixes(const Program& program, CheckResult& result);

}  // namespace fermata
