// `// fermata: allow(rule) reason` and `{ fermata: allow(rule) reason }`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/result.h"

namespace fermata {

// One rule named in one comment.
struct Suppression {
  std::string rule;
  std::string reason;  // required; empty: it suppresses nothing
  Place place;         // of the comment
  bool used = false;
  // It speaks of the lines of its comment and of the line below.
  bool covers(const Place& finding) const {
    return finding.path == place.path && finding.line >= place.line && finding.line <= place.end_line + 1;
  }
};

// All suppressions in the comments of one file; `text` has LF line ends.
std::vector<Suppression> find_suppressions(std::string_view path, std::string_view text);

// The note for a suppression that did nothing, or has no reason.
Finding unused_suppression(const Suppression& suppression);

}  // namespace fermata
