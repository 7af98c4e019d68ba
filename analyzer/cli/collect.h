// From a command to the results of all its main files, in this process or in one that runs in another state of the
// repository.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/options.h"
#include "report/merge.h"

namespace fermata {

struct Collected {
  std::vector<MainFileResult> parts;
  std::vector<std::string> only;  // with --product: the files asked about, else empty
  bool failed = false;            // something went wrong; it has been said on standard error
};

Collected collect(const CheckCommand& command);

// The same for the scripts in another folder, as if it were the working directory. `quiet`: failures are not told.
Collected collect_in(const std::filesystem::path& folder, const CheckCommand& command, bool quiet);

}  // namespace fermata
