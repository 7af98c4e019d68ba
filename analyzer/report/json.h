// The JSON report of `check`: stable order, columns in code points, the same bytes for the same input.
#pragma once

#include <string>
#include <string_view>

#include "report/merge.h"

namespace fermata {

std::string report_as_json(const CheckReport& report, std::string_view version);

}  // namespace fermata
