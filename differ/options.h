// What the command line of fermata-differ asks for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fermata::differ {

struct Options {
  size_t programs = 1000, from = 0, jobs = 1;
  uint64_t seed = 1;
  double minutes = 0;
  unsigned seconds_each = 10;
  std::string output = "test-corpus/regressions";
  std::vector<std::string> without;
  bool print = false, verbose = false, doubts = false;
};

extern const char* const kUsage;
std::optional<Options> read_options(int count, char** words);

}  // namespace fermata::differ
