#include "report/place.h"

#include <fmt/format.h>

namespace fermata {

Place place_of(const Program& program, Span span) {
  Place place;
  const Span seen = span.file == kNone ? span : program.user_span(span);
  if (seen.file >= program.files.size()) {
    if (!program.files.empty()) place.path = program.files[0].path;
    place.line = place.column = place.end_line = place.end_column = 1;
    return place;
  }
  const SourceFile& file = program.files[seen.file];
  const LineColumn begin = file.position(seen.begin);
  const LineColumn end = file.position(seen.end);
  place.path = file.path;
  place.line = begin.line;
  place.column = begin.column;
  place.end_line = end.line;
  place.end_column = end.column;
  return place;
}

CodePoint decode_utf8(std::string_view text, std::size_t at) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = octet(at);
  if (first < 0x80) return {1, first};
  const std::size_t size = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (first >= 0xf5 || size == 0 || at + size > text.size()) return {};
  uint32_t value = first & (0xffu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((octet(at + i) & 0xc0u) != 0x80u) return {};
    value = (value << 6) | (octet(at + i) & 0x3fu);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  if (overlong || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return {};
  return {size, value};
}

namespace {

bool steers(uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f || c == 0x2028 ||
         c == 0x2029 || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

}  // namespace

std::string escape_code_point(std::string_view bytes, uint32_t value) {
  if (value == 0xffffffffu) return fmt::format("\\x{:02x}", static_cast<unsigned char>(bytes[0]));
  if (!steers(value)) return std::string(bytes);
  if (value == '\t') return "\\t";
  if (value == '\n') return "\\n";
  if (value == '\r') return "\\r";
  return value < 0x80 ? fmt::format("\\x{:02x}", value) : fmt::format("\\u{{{:04x}}}", value);
}

std::string escape_for_terminal(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    out += escape_code_point(text.substr(at, point.size), point.value);
    at += point.size;
  }
  return out;
}

}  // namespace fermata
