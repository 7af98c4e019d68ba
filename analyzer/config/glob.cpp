#include <vector>

#include "config/config.h"

namespace fermata {

// Set of pattern positions that are alive, moved on by one character at a time: linear, whatever the pattern.
bool glob_matches(std::string_view pattern, std::string_view path) {
  std::vector<char> alive(pattern.size() + 1, 0);
  const auto close = [&](std::vector<char>& set) {  // stars may match nothing; "**/" may too
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (!set[i] || pattern[i] != '*') continue;
      set[i + 1] = 1;
      const bool at_start = i == 0 || pattern[i - 1] == '/';
      if (at_start && pattern.substr(i).starts_with("**/")) set[i + 3] = 1;
    }
  };
  alive[0] = 1;
  close(alive);
  for (const char c : path) {
    std::vector<char> next(pattern.size() + 1, 0);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (!alive[i]) continue;
      if (pattern[i] == '*') {
        const bool twice = pattern.substr(i).starts_with("**") || (i > 0 && pattern[i - 1] == '*');
        if (c != '/' || twice) next[i] = 1;
      } else if (pattern[i] == c || (pattern[i] == '?' && c != '/')) {
        next[i + 1] = 1;
      }
    }
    close(next);
    alive.swap(next);
  }
  return alive[pattern.size()] != 0;
}

}  // namespace fermata
