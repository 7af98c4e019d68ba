// One main file: analyse, then let the runtime be the judge. Sites and findings come out as values (report/result.h).
#pragma once

#include "frontend/assume.h"
#include "frontend/program.h"
#include "report/result.h"

namespace fermata {

struct CheckOptions {
  Assume assume;
  bool replay = true;  // search for a scenario for every candidate and for every site that was not decided
  int jobs = 1;
};

CheckResult check_program(const Program& program, const CheckOptions& options);

}  // namespace fermata
