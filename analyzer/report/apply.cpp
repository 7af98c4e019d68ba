#include "report/apply.h"

#include <algorithm>
#include <array>
#include <map>

#include "frontend/encoding.h"
#include "report/place.h"

namespace fermata {

namespace {

enum class Encoding : uint8_t { utf8, utf8_marked, utf16_little, utf16_big, latin1 };

void append_utf16(std::string& out, uint32_t unit, bool big) {
  const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xff);
  out += big ? high : low;
  out += big ? low : high;
}

// Nothing when the encoding has no way to write some character.
std::optional<std::string> encode(std::string_view text, Encoding encoding) {
  if (encoding == Encoding::utf8) return std::string(text);
  if (encoding == Encoding::utf8_marked) return "\xEF\xBB\xBF" + std::string(text);
  const bool big = encoding == Encoding::utf16_big, wide = big || encoding == Encoding::utf16_little;
  std::string out = wide ? (big ? "\xFE\xFF" : "\xFF\xFE") : "";
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    at += point.size;
    if (point.value == 0xffffffffu || (!wide && point.value > 0xff)) return std::nullopt;
    if (!wide) {
      out += static_cast<char>(point.value);
    } else if (point.value < 0x10000) {
      append_utf16(out, point.value, big);
    } else {
      append_utf16(out, 0xD800 + ((point.value - 0x10000) >> 10), big);
      append_utf16(out, 0xDC00 + ((point.value - 0x10000) & 0x3ff), big);
    }
  }
  return out;
}

std::optional<Encoding> encoding_of(std::string_view bytes, std::string_view text) {
  using enum Encoding;
  for (const Encoding candidate : {utf8, utf8_marked, utf16_little, utf16_big, latin1}) {
    if (encode(text, candidate) == bytes) return candidate;
  }
  return std::nullopt;
}

struct Line {
  std::string_view text, end;  // CR, CR CR LF, CRLF, LF or nothing
};

// As normalize_line_ends counts them.
std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  std::size_t begin = 0;
  while (true) {
    const std::size_t at = std::min(text.find_first_of("\r\n", begin), text.size());
    std::size_t end = std::min(text.find_first_not_of('\r', at), text.size());
    end = end < text.size() && text[end] == '\n' ? end + 1 : std::min(at + 1, text.size());
    lines.push_back({text.substr(begin, at - begin), text.substr(at, end - at)});
    if (at == text.size()) return lines;
    begin = end;
  }
}

std::string_view usual_end(const std::vector<Line>& lines) {
  std::map<std::string_view, std::size_t> counts;
  for (const Line& line : lines) ++counts[line.end];
  counts.erase("");
  const auto most = std::ranges::max_element(counts, {}, [](const auto& each) { return each.second; });
  return most == counts.end() ? "\n" : most->first;
}

// Offset in the text, or npos when there is no such place.
std::size_t offset_of(std::string_view text, const std::vector<Line>& lines, uint32_t line, uint32_t column) {
  if (line == 0 || line > lines.size() || column == 0) return std::string_view::npos;
  const Line& found = lines[line - 1];
  std::size_t at = 0;
  for (uint32_t i = 1; i < column; ++i) {
    if (at >= found.text.size()) return std::string_view::npos;
    at += decode_utf8(found.text, at).size;
  }
  return static_cast<std::size_t>(found.text.data() - text.data()) + at;
}

auto start(const Place& place) { return std::pair(place.line, place.column); }
auto end(const Place& place) { return std::pair(place.end_line, place.end_column); }

}  // namespace

bool overlap(const Edit& a, const Edit& b) {
  if (a.place.path != b.place.path) return false;
  const bool same = start(a.place) == start(b.place) && end(a.place) == end(b.place);
  return same || (start(a.place) < end(b.place) && start(b.place) < end(a.place));
}

std::optional<std::string> apply_edits(std::string_view bytes, std::vector<Edit> edits, std::string& reason) {
  reason = "is not the text that was analysed";
  const std::optional<std::string> text = decode_text(bytes);
  if (!text) return std::nullopt;
  const std::optional<Encoding> encoding = encoding_of(bytes, *text);
  if (!encoding) {
    reason = "could not be written back as it is";
    return std::nullopt;
  }
  const std::vector<Line> lines = lines_of(*text);
  const std::string line_end(usual_end(lines));
  std::ranges::stable_sort(edits, {}, [](const Edit& edit) { return start(edit.place); });
  std::string out;
  std::size_t done = 0;
  for (const Edit& edit : edits) {
    const std::size_t from = offset_of(*text, lines, edit.place.line, edit.place.column);
    const std::size_t to = offset_of(*text, lines, edit.place.end_line, edit.place.end_column);
    if (from == std::string_view::npos || to == std::string_view::npos || from < done || to < from) return std::nullopt;
    out.append(*text, done, from - done);
    for (const char c : edit.text) out += c == '\n' ? line_end : std::string(1, c);
    done = to;
  }
  out.append(*text, done);
  std::optional<std::string> encoded = encode(out, *encoding);
  reason = encoded ? "" : "has an encoding that cannot hold the new text";
  return encoded;
}

}  // namespace fermata
