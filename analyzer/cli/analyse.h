// From what the user named to the results of single main files, several at once.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/cache.h"
#include "cli/options.h"
#include "frontend/frontend.h"
#include "report/merge.h"

namespace fermata {

// One main file to analyse.
struct Job {
  std::filesystem::path main_file;
  Config config;
  std::filesystem::path root;
};

struct Inputs {
  std::vector<Job> jobs;                                      // sorted by main file, each once
  std::vector<std::pair<std::string, std::string>> failures;  // what, reason
  std::vector<std::string> only;                              // with --product: the files asked about, else empty
  FrontendOptions options;
};

// Reads standard input when "-" is among the paths.
Inputs gather_inputs(const CheckCommand& command);

// `part` and `failure` may both stand: a file that is analysed although something about it went wrong.
struct Outcome {
  std::string main_file;
  std::optional<MainFileResult> part;
  std::string failure;
};

// Outcomes in the order of the jobs, whatever `threads` is. `cache` may be null.
std::vector<Outcome> analyse_all(const Inputs& inputs, std::size_t threads, bool replay, const Cache* cache);

}  // namespace fermata
