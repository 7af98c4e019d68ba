// The words of syntax errors: what was found, and what would have fitted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "frontend/tree.h"

namespace fermata {

std::string_view expected_in(Kind parent);  // what the parser waits for inside a node of this kind
std::string_view end_of(Kind kind);         // the words that close it

// The word or sign at or after `offset`, quoted, for messages.
std::string found_at(std::string_view text, uint32_t offset);

// Of [begin, end), which the parser took for an error inside a list of arguments: the offset of the word to blame when
// the stretch is an argument itself and only the comma after it is missing, else `begin`.
uint32_t blamed_argument(std::string_view text, uint32_t begin, uint32_t end);

// Where the brackets of one line of a broken stretch first stand deeper than kMaxNesting; npos when they do not.
size_t nested_too_deep(std::string_view text);

// Where blocks of a broken stretch first stand deeper than kMaxNesting, or signs and `not` stand in a row longer than
// the half of it; npos when they do not.
size_t blocks_too_deep(std::string_view text);

// `case else`, which reads naturally and is in no dialect: what to write instead.
constexpr std::string_view kCaseElse =
    "there is no 'case else': the branch for all other values is 'else' alone, in plain KSP 'case 080000000h to "
    "07fffffffh'";
constexpr std::string_view kCaseForm = "a case has one value, or two with 'to' between them";
bool is_case_else(std::string_view text, uint32_t begin);

// The bracket that would close the comment with which the text begins; "" when it is closed or is none.
std::string_view unclosed_comment(std::string_view text);

// What the words of a broken stretch leave open: the closing bracket or quote to ask for, "" when all is closed.
std::string_view left_open(std::string_view text);

}  // namespace fermata
