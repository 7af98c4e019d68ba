// Results of earlier runs, one file for each state of each main file, below $XDG_CACHE_HOME/fermata. An entry counts
// only when every file that the analysis read still has the same bytes, and every file that it looked for in vain is
// still missing. Any number of processes may use it at once; a damaged entry is as good as none.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "frontend/program.h"
#include "report/merge.h"

namespace fermata {

class Cache {
 public:
  // Nothing where there is no place for one (neither XDG_CACHE_HOME nor HOME).
  static std::optional<Cache> open();

  class Entry {
   public:
    Entry(const Cache& cache, const std::string& main_file, const Config& config, const std::string& options);

    std::optional<MainFileResult> find() const;

    // Reads files for the front end and notes what they hold. Must outlive its use.
    std::function<std::optional<std::string>(const std::filesystem::path&)> trace(uint64_t max_bytes);

    // Keeps the result, unless something about it cannot be told from the files that were read.
    void store(const Program& program, const MainFileResult& part);

   private:
    const Cache& cache_;
    std::filesystem::path stem_;
    std::map<std::string, std::string> reads_;  // path and hash; "-": there is none
    bool complete_ = true;
  };

  // Removes what is oldest until the cache is below its bound. "" or why the cache could not be written.
  std::string tidy() const;

 private:
  struct Shared {
    std::atomic<bool> written = false, failed = false;
  };

  std::filesystem::path folder_;
  std::string program_;  // tells this build of the program from others
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace fermata
