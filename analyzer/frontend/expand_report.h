// Diagnostics of the text level and the limits that keep an expansion finite.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "frontend/program.h"

namespace fermata {

using RelatedPlaces = std::vector<std::pair<Span, std::string>>;

// Adds diagnostics to the program. One mistake in a macro's body is said once, however often the macro is used, and no
// rule floods the report: where a limit is hit the same is true of all that follows.
class Reporter {
 public:
  explicit Reporter(Program& program) : program_(program) {}

  void error(std::string rule, std::string message, Span span, RelatedPlaces related = {});
  void warning(std::string rule, std::string message, Span span, RelatedPlaces related = {});
  void note(std::string rule, std::string message, Span span, RelatedPlaces related = {});

 private:
  void add(std::string rule, std::string level, std::string message, Span span, RelatedPlaces related);

  Program& program_;
  std::map<std::string, size_t> counts_;
  std::set<std::tuple<FileId, uint32_t, std::string>> said_;
};

// What expansion may still produce. The text of an expansion that hits the limit is thrown away and given back, so that
// the rest of the program is still expanded; the work behind it is not, so that many such expansions end as well.
class Budget {
 public:
  explicit Budget(uint64_t bytes)
      : limit_(bytes), output_(bytes), work_(bytes < (uint64_t{1} << 60) ? bytes * 4 : bytes) {}

  bool spend(uint64_t bytes) {
    // Each step counts for something: an expansion to nothing takes time and an Expansion record too.
    bytes += 16;
    if (bytes > output_ || bytes > work_) return false;
    output_ -= bytes;
    work_ -= bytes;
    return true;
  }
  uint64_t limit() const { return limit_; }
  uint64_t mark() const { return output_; }
  void give_back(uint64_t mark) { output_ = mark; }
  // From here to the next give_back no more than this.
  void tighten(uint64_t bytes) { output_ = bytes < output_ ? bytes : output_; }

 private:
  uint64_t limit_;
  uint64_t output_;
  uint64_t work_;
};

}  // namespace fermata
