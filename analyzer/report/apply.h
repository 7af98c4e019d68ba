// Edits applied to the bytes of a script: what is not edited keeps its encoding and its line ends.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/result.h"

namespace fermata {

// `edits` are all of this file and do not overlap; at one place they apply in the order given. Nothing, with `reason`
// set, when the file is not as the edits suppose, or its encoding cannot hold the new text.
std::optional<std::string> apply_edits(std::string_view bytes, std::vector<Edit> edits, std::string& reason);

// Whether two edits change the same text of the same file.
bool overlap(const Edit& a, const Edit& b);

// The change of one file as `patch -p1` takes it; "" when there is none. Line ends stay as they are.
std::string unified_diff(std::string_view path, std::string_view before, std::string_view after);

}  // namespace fermata
