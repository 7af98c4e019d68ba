// The words of syntax errors: what was found, and what would have fitted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "frontend/tree.h"

namespace fermata {

std::string_view expected_in(Kind parent);  // what the parser waits for inside a node of this kind
std::string_view end_of(Kind kind);         // the words that close it

// The word or sign at or after `offset`, quoted, for messages.
std::string found_at(std::string_view text, uint32_t offset);

// What the words of a broken stretch leave open: the closing bracket or quote to ask for, "" when all is closed.
std::string_view left_open(std::string_view text);

}  // namespace fermata
