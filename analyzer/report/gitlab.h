// The report as a GitLab Code Quality artifact (a subset of Code Climate's issues).
#pragma once

#include <string>

#include "report/merge.h"

namespace fermata {

std::string report_as_gitlab(const CheckReport& report);

}  // namespace fermata
