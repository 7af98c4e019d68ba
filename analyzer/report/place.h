// From the front end's byte ranges to what users read: paths, lines and columns; and text that is safe to print.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "frontend/program.h"
#include "report/result.h"

namespace fermata {

// The place a user should look at (Program::user_span), or line 1 of the main file when the span has no file.
Place place_of(const Program& program, Span span);

// `text` with everything that could steer a terminal or deceive a reader written out: control characters (C0, DEL, C1),
// direction marks, line separators and broken UTF-8, as \xNN or \u{NNNN}.
std::string escape_for_terminal(std::string_view text);

// One code point of UTF-8 at `at`: its octets (1 for a broken one) and value (0xFFFFFFFF for a broken one).
struct CodePoint {
  std::size_t size = 1;
  uint32_t value = 0xffffffffu;
};
CodePoint decode_utf8(std::string_view text, std::size_t at);

// The way of escape_for_terminal for one code point.
std::string escape_code_point(std::string_view bytes, uint32_t value);

}  // namespace fermata
