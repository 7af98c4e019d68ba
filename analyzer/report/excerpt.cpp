#include "report/excerpt.h"

#include <algorithm>

#include "report/place.h"

namespace fermata {

LineIndex::LineIndex(const std::vector<std::pair<std::string, std::string>>& texts) {
  for (const auto& [path, text] : texts) {
    File& file = files_[path];
    file.text = text;
    file.starts = {0};
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) {
      file.starts.push_back(at + 1);
    }
  }
}

std::string_view LineIndex::line(std::string_view path, uint32_t number) const {
  const auto file = files_.find(path);
  if (file == files_.end() || number == 0 || number > file->second.starts.size()) return {};
  const std::string_view rest = file->second.text.substr(file->second.starts[number - 1]);
  return rest.substr(0, rest.find('\n'));
}

namespace {

constexpr std::size_t kWidth = 140;  // columns shown of a long line
constexpr std::size_t kBefore = 60;  // of them before the place

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0u) != 0x80u;
  return count;
}

}  // namespace

Excerpt excerpt(std::string_view line, const Place& place) {
  const std::size_t first = place.column == 0 ? 1 : place.column;
  const bool one_line = place.end_line == place.line;
  const std::size_t past = one_line ? std::max<std::size_t>(place.end_column, first + 1) : SIZE_MAX;
  const std::size_t from = first > kBefore * 2 ? first - kBefore : 1;

  Excerpt out;
  std::size_t marks_at = 0, marks_width = 0, column = 1, shown = 0;
  if (from > 1) out.line = "...";
  for (std::size_t at = 0; at < line.size(); ++column) {
    const CodePoint point = decode_utf8(line, at);
    const std::string_view bytes = line.substr(at, point.size);
    at += point.size;
    if (column < from) continue;
    if (shown++ == kWidth) {
      out.line += "...";
      break;
    }
    const std::string piece = point.value == '\t' ? "    " : escape_code_point(bytes, point.value);
    if (column == first) marks_at = columns(out.line);
    if (column >= first && column < past) marks_width += columns(piece);
    out.line += piece;
  }
  if (column <= first) marks_at = columns(out.line);
  out.marks.assign(marks_at, ' ');
  out.marks += '^';
  if (marks_width > 1) out.marks.append(marks_width - 1, '~');
  return out;
}

}  // namespace fermata
