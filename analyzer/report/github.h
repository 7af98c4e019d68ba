// The report as workflow commands: GitHub shows each as an annotation beside the changed line.
#pragma once

#include <string>

#include "report/merge.h"

namespace fermata {

std::string report_as_github(const CheckReport& report);

}  // namespace fermata
