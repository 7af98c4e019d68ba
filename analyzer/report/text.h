// The report of `check` for people: path:line:column: level: message [rule], the line, the witness step by step.
#pragma once

#include <string>

#include "report/merge.h"

namespace fermata {

struct TextOptions {
  bool colour = false;  // only ever on a terminal
  bool quiet = false;   // one line for each finding and nothing else
};

std::string report_as_text(const CheckReport& report, const TextOptions& options);

}  // namespace fermata
