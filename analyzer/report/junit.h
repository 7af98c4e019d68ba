// The report as JUnit XML, as test servers read it: one suite for each file, one case for each site and each finding. A
// finding at or above fail-on is a failure, a site that is not decided is skipped, a proved one passes.
#pragma once

#include <string>

#include "report/merge.h"

namespace fermata {

std::string report_as_junit(const CheckReport& report);

}  // namespace fermata
