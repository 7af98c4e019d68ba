#include "frontend/source.h"

#include <algorithm>

namespace fermata {

LineColumn SourceFile::position(uint32_t offset) const {
  if (line_starts.empty()) return {1, 1};
  offset = std::min(offset, static_cast<uint32_t>(text.size()));
  auto next = std::upper_bound(line_starts.begin(), line_starts.end(), offset);
  uint32_t line = static_cast<uint32_t>(next - line_starts.begin());
  uint32_t column = 1;
  for (uint32_t i = line_starts[line - 1]; i < offset; ++i) {
    bool continues_code_point = (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
    if (!continues_code_point) ++column;
  }
  return {line, column};
}

std::string_view SourceFile::line_text(uint32_t line) const {
  if (line == 0 || line > line_starts.size()) return {};
  uint32_t begin = line_starts[line - 1];
  uint32_t end = line < line_starts.size() ? line_starts[line] - 1 : static_cast<uint32_t>(text.size());
  // The last line of a file that ends in a line end is the empty one behind it, so only that case is left to check
  // here.
  if (end > begin && text[end - 1] == '\n') --end;
  return std::string_view(text).substr(begin, end - begin);
}

}  // namespace fermata
