// The files of rules/*/ as they were when the program was built: path below rules/ and text, sorted by path.
#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace fermata {

std::span<const std::pair<std::string_view, std::string_view>> rule_files();

}  // namespace fermata
