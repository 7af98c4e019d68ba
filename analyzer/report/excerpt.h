// Lines of the files in a report, and the excerpt with a mark under the place.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/result.h"

namespace fermata {

// Where each line of each text begins; the texts must outlive it.
class LineIndex {
 public:
  explicit LineIndex(const std::vector<std::pair<std::string, std::string>>& texts);
  std::string_view line(std::string_view path, uint32_t number) const;  // "" when there is none

 private:
  struct File {
    std::string_view text;
    std::vector<std::size_t> starts;
  };
  std::map<std::string_view, File> files_;
};

// The line with control characters written out, shortened around the place when it is long, and the marks below it.
struct Excerpt {
  std::string line;
  std::string marks;  // spaces, then "^~~~"
};
Excerpt excerpt(std::string_view line, const Place& place);

}  // namespace fermata
