// define NAME := text, with arguments, as a list that grows by += and =+. Defines hold for the whole program, wherever
// they stand; all are collected before any is replaced.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "frontend/expand_report.h"
#include "frontend/expand_text.h"

namespace fermata {

struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

struct Define {
  std::string name;
  std::vector<std::string> parameters;
  TracedText value;
  LogicalLine line;                   // tokens of `value`
  std::vector<Piece> pieces;          // of `value`, where there are parameters
  bool generated = false;             // NAME.SIZE
  bool list = false;                  // made by += or =+
  size_t items = 1;                   // as its own line counts them
  uint32_t order = 0;                 // of its last declaration
  std::optional<std::string> folded;  // pure arithmetic: what the compiler puts in its place
  Span span;
};

class DefineTable {
 public:
  DefineTable(Program& program, Reporter& reporter, Budget& budget, uint32_t max_depth)
      : program_(program), reporter_(reporter), budget_(budget), max_depth_(max_depth) {}

  // Takes the line `define ...` of `file` in. The tokens belong to `line`.
  void declare(FileId file, const LogicalLine& line);
  // After the last declaration: sizes of lists, folding.
  void finish();

  bool empty() const { return defines_.empty(); }
  // Would `expand` change anything about this line?
  bool mentioned(std::string_view text, const LogicalLine& line) const;
  // Replaces all defines in the line. False when a limit stopped it: then `out` is not complete.
  bool expand(const TracedText& in, const LogicalLine& line, TracedText& out);
  // Items of every define without arguments, fully expanded.
  std::unordered_map<std::string, std::vector<std::string>> lists();

 private:
  friend class DefineExpansion;
  struct Head;

  bool parse_head(std::string_view text, FileId file, const LogicalLine& line, Head& head);
  void store(Head&& head, FileId file, std::string_view text, const LogicalLine& line);
  void add_sizes();
  void fold(Define& define);
  const Define* find(std::string_view word) const;
  const Define* find_prefix(std::string_view word, size_t& length) const;

  Program& program_;
  Reporter& reporter_;
  Budget& budget_;
  uint32_t max_depth_;
  std::vector<Define> defines_;
  std::unordered_map<std::string, uint32_t, StringHash, std::equal_to<>> index_;
  bool any_prefix_ = false;
  uint32_t next_order_ = 0;
};

// Index behind the bracket that closes the one at `open`; tokens.size() if none does. Round and square brackets count
// alike.
size_t matching_bracket(std::string_view text, const std::vector<Token>& tokens, size_t open);

struct TokenRange {
  size_t first = 0;
  size_t last = 0;
};

// [first, last) cut at the commas outside brackets; one empty range for nothing at all between two commas.
std::vector<TokenRange> split_at_commas(std::string_view text, const std::vector<Token>& tokens, size_t first,
                                        size_t last);

}  // namespace fermata
