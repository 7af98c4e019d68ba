// The bet: what the analysis says of each site of a program, held against what the runtime shows over many runs.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "differ/random.h"
#include "frontend/assume.h"
#include "frontend/program.h"
#include "ownership/sites.h"
#include "report/place.h"
#include "runtime/runtime.h"

namespace fermata::differ {

struct Budget {
  size_t random_runs = 60;
  size_t known_runs = 0;    // of the scenarios that the search for a witness knows, spread evenly; 0: the short list
  bool first_only = false;  // one run that hangs is enough
  uint64_t steps_per_run = 300'000;
};

// Something that hung although the analysis let it pass.
struct Miss {
  std::vector<Place> proved;  // the sites that it belongs to; empty: no site at all was named
  Place at;                   // where it was born, or lost its owner
  std::string loss;           // how: "never-owned", "detached", ...
  runtime::Scenario scenario;
};

struct SiteOutcome {
  std::string kind;
  Place place;
  Verdict verdict = Verdict::proved;
  std::string said;   // the rule of the first candidate, or the fact lost
  bool hung = false;  // some run showed it hanging
};

struct Judgement {
  std::string error;  // the program cannot be judged: it does not load, calls what nobody defines, or does not run
  std::vector<SiteOutcome> sites;
  std::vector<Miss> misses;  // the first one of each place
  size_t runs = 0;
};

Judgement judge(const Program& program, const Assume& assume, const Budget& budget, Random& random);

// Whether `scenario` shows a miss of these sites.
std::vector<Miss> misses_of(const Program& program, const ownership::Ownership& found, const runtime::Machine& machine,
                            const runtime::Scenario& scenario, const Budget& budget);

}  // namespace fermata::differ
