// Text that is being rewritten, of which every stretch knows where it came from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "frontend/expand.h"
#include "frontend/lexer.h"

namespace fermata {

class TracedText {
 public:
  std::string text;
  std::vector<OriginSegment> segments;

  bool empty() const { return text.empty(); }
  uint32_t size() const { return static_cast<uint32_t>(text.size()); }

  // Bytes of a file, as they stand there.
  void append_source(std::string_view file_text, const Span& span);
  // A part of other rewritten text. What carries no expansion of its own gets `expansion` (kNone: left as it is).
  void append(const TracedText& from, uint32_t begin, uint32_t end, ExpansionId expansion = kNone);
  // Text that stands in no file; it answers for the whole of `origin`.
  void append_made(std::string_view made, const Span& origin);
  // The tokens [first, last) of `from` with the blanks between them; comments and joined line ends become one blank, so
  // that the result may stand anywhere in a line.
  void append_tokens(const TracedText& from, const std::vector<Token>& tokens, size_t first, size_t last);

  // The same straight from a file.
  void append_source_tokens(std::string_view file_text, FileId file, const std::vector<Token>& tokens, size_t first,
                            size_t last);

  Span origin(uint32_t begin, uint32_t end) const;
  void truncate(uint32_t size);
  void clear();

 private:
  void push_segment(const OriginSegment& segment);
};

// Where [begin, end) of a text with these segments came from. A range over several segments gives the range between its
// ends where both lie in the same place (same file and expansion), otherwise the part in which it begins.
Span find_origin(const std::vector<OriginSegment>& segments, uint32_t text_size, uint32_t begin, uint32_t end);

// Text with places to fill: [begin, end) of it verbatim, or parameter number `parameter` instead of it.
struct Piece {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t parameter = kNone;
};

// What a parameter written without # marks matches: a macro's whole names or leading parts of dotted names (sigil
// included), a define's any part of a dotted name. Parameters written #x# match everywhere; inside strings only those
// of macros.
enum class PieceRules : uint8_t { macro, define };

std::vector<Piece> cut_pieces(std::string_view text, const std::vector<std::string>& parameters, PieceRules rules);

}  // namespace fermata
