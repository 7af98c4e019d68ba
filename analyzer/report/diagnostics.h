// Front-end diagnostics as findings, so that every report treats them alike.
#pragma once

#include <vector>

#include "frontend/program.h"
#include "report/result.h"

namespace fermata {

std::vector<Finding> diagnostics_as_findings(const Program& program);

}  // namespace fermata
