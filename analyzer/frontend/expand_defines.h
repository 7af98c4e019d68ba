// One replacement run: a line (or a define's own value) with every define in it replaced, to the end of the chain.
#pragma once

#include <memory>
#include <vector>

#include "frontend/defines.h"

namespace fermata {

class DefineExpansion {
 public:
  enum class Mode : uint8_t {
    full,
    listing,    // says all but that a limit was hit: whoever uses the define meets that itself
    quiet,      // says nothing: somebody else will
    arithmetic  // quiet, and gives up at the first token that cannot stand in arithmetic
  };

  DefineExpansion(DefineTable& table, Mode mode, uint32_t depth = 0) : table_(table), mode_(mode), depth_(depth) {}

  bool run(const TracedText& in, const LogicalLine& line, TracedText& out);
  // The value of a define as it is where it stands.
  bool run(const Define& define, TracedText& out);

 private:
  struct Owned {
    TracedText text;
    LogicalLine line;
  };
  // Text being copied to the output, up to `copied`.
  struct Frame {
    const TracedText* text = nullptr;
    const LogicalLine* line = nullptr;
    size_t next = 0;
    uint32_t copied = 0;
    ExpansionId expansion = kNone;
    uint32_t order = kNone;        // defines older than this are seen folded
    std::unique_ptr<Owned> owned;  // a value with its arguments filled in
  };

  bool drive(TracedText& out);
  bool visit(const Token& token, TracedText& out);
  bool replace(const Define& define, const Token& token, TracedText& out);
  bool replace_call(const Define& define, size_t name_index, TracedText& out);
  bool push_arguments(const Define& define, const TracedText& from, const std::vector<Token>& tokens,
                      const std::vector<TokenRange>& arguments, ExpansionId from_expansion, const Span& call);
  void replace_prefix(const Define& define, const Token& token, size_t length, TracedText& out);
  ExpansionId make_expansion(const Define& define, const Span& call);
  Span place(const Frame& frame, uint32_t begin, uint32_t end) const;
  bool comes_from(const Define& define, ExpansionId expansion) const;
  bool spend(const Define& define, uint64_t bytes, const Span& call);
  void complain(const char* rule, std::string message, const Span& span, RelatedPlaces related = {});

  DefineTable& table_;
  Mode mode_;
  uint32_t depth_;
  std::vector<Frame> frames_;
};

}  // namespace fermata
