// The report as SARIF 2.1.0 (OASIS), as code hosts and editors read it: rules with their pages, each path as a code
// flow with one thread flow for each activation of a callback, fixes, and what is allowed or known with its reason.
#pragma once

#include <string>
#include <string_view>

#include "report/merge.h"

namespace fermata {

std::string report_as_sarif(const CheckReport& report, std::string_view version);

}  // namespace fermata
