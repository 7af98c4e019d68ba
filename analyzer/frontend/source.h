// Files as the user sees them, and positions in them. Every later stage speaks of the user's text through these types
// only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fermata {

using FileId = uint32_t;
using ExpansionId = uint32_t;

constexpr uint32_t kNone = 0xffffffffu;

// A half-open byte range in one file's text. When the code came out of a macro, define or node template, `begin`/`end`
// are still the place of the tokens in the *definition's* text and `expansion` names how they got here (kNone: written
// in place).
struct Span {
  FileId file = kNone;
  uint32_t begin = 0;
  uint32_t end = 0;
  ExpansionId expansion = kNone;

  friend bool operator==(const Span&, const Span&) = default;
};

// One use of a macro, define or template. `call` is where it was used (it may itself lie in an expansion).
struct Expansion {
  std::string name;
  Span call;
};

// 1-based line and column; columns count Unicode code points (spec of the JSON format).
struct LineColumn {
  uint32_t line = 0;
  uint32_t column = 0;
  friend auto operator<=>(const LineColumn&, const LineColumn&) = default;
};

// One file. `text` is UTF-8 with every line end (CR, CR CR LF, CRLF) normalised to LF, so that a line number means the
// same as in an editor. `path` is relative to the working directory with `/` as separator; library files of the bundled
// framework model have `library` set and are never blamed.
struct SourceFile {
  std::string path;
  std::string text;
  std::vector<uint32_t> line_starts;  // byte offset of each line
  bool library = false;

  LineColumn position(uint32_t offset) const;
  std::string_view line_text(uint32_t line) const;  // without the line end; "" beyond the end
};

}  // namespace fermata
