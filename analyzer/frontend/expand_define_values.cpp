// What defines amount to once all are known: folded numbers, sizes, lists.
#include <algorithm>
#include <numeric>

#include "frontend/expand_arithmetic.h"
#include "frontend/expand_defines.h"

namespace fermata {
namespace {

std::string item_text(const std::string& text, const LogicalLine& line, TokenRange range) {
  uint32_t begin = line.tokens[range.first].begin;
  return text.substr(begin, line.tokens[range.last - 1].end - begin);
}

// A list that costs more than this is none that assembles a product.
constexpr uint64_t kLongestList = 1u << 20;

}  // namespace

void DefineTable::finish() {
  for (Define& define : defines_) {
    define.line = lex_line(define.value.text);
    if (!define.parameters.empty())
      define.pieces = cut_pieces(define.value.text, define.parameters, PieceRules::define);
    bool one_word =
        define.parameters.empty() && define.line.tokens.size() == 1 && define.line.tokens[0].kind == TokenKind::word;
    any_prefix_ |= one_word;
  }
  std::vector<uint32_t> by_order(defines_.size());
  std::iota(by_order.begin(), by_order.end(), 0u);
  std::sort(by_order.begin(), by_order.end(),
            [&](uint32_t a, uint32_t b) { return defines_[a].order < defines_[b].order; });
  for (uint32_t i : by_order) fold(defines_[i]);
  add_sizes();
}

// `define N := 2 + 3` is 5 wherever it is used, so that N * 2 is 10. As in the compiler a define sees the folded value
// of those before it and the text of those behind it.
void DefineTable::fold(Define& define) {
  if (!define.parameters.empty() || define.line.tokens.size() < 2) return;
  size_t expansions = program_.expansions.size();
  uint64_t mark = budget_.mark();
  TracedText text;
  bool arithmetic = DefineExpansion(*this, DefineExpansion::Mode::arithmetic).run(define, text);
  program_.expansions.resize(expansions);
  budget_.give_back(mark);
  if (!arithmetic) return;
  LogicalLine line = lex_line(text.text);
  auto value = evaluate_constant(text.text, line.tokens, 0, line.tokens.size(), NumberForms::folded);
  if (value) define.folded = std::to_string(*value);
}

// X.SIZE of every list. A list in one line has as many items as it names; one that grows line by line has those it ends
// with.
void DefineTable::add_sizes() {
  size_t count = defines_.size();
  for (size_t i = 0; i < count; ++i) {
    if (!defines_[i].parameters.empty() || (!defines_[i].list && defines_[i].items < 2)) continue;
    std::string name = defines_[i].name + ".SIZE";
    if (index_.contains(name)) continue;
    size_t items = defines_[i].items;
    if (defines_[i].list) {
      TracedText expanded;
      size_t expansions = program_.expansions.size();
      uint64_t mark = budget_.mark();
      bool complete = DefineExpansion(*this, DefineExpansion::Mode::quiet).run(defines_[i], expanded);
      program_.expansions.resize(expansions);
      budget_.give_back(mark);
      if (!complete) continue;
      LogicalLine line = lex_line(expanded.text);
      items = split_at_commas(expanded.text, line.tokens, 0, line.tokens.size()).size();
    }
    Define size;
    size.name = name;
    size.generated = true;
    size.value.append_made(std::to_string(items), defines_[i].span);
    size.line = lex_line(size.value.text);
    size.order = next_order_++;
    size.span = defines_[i].span;
    index_.emplace(name, static_cast<uint32_t>(defines_.size()));
    defines_.push_back(std::move(size));
  }
}

std::unordered_map<std::string, std::vector<std::string>> DefineTable::lists() {
  std::unordered_map<std::string, std::vector<std::string>> result;
  for (const Define& define : defines_) {
    if (!define.parameters.empty() || define.generated) continue;
    TracedText text;
    uint64_t mark = budget_.mark();
    size_t expansions = program_.expansions.size(), diagnostics = program_.diagnostics.size();
    budget_.tighten(kLongestList);
    bool complete = DefineExpansion(*this, DefineExpansion::Mode::listing).run(define, text);
    budget_.give_back(mark);
    // Only a diagnostic could still speak of what has just been expanded.
    if (program_.diagnostics.size() == diagnostics) program_.expansions.resize(expansions);
    if (!complete) continue;
    std::vector<std::string>& items = result[define.name];
    if (define.folded) {
      items.push_back(*define.folded);
      continue;
    }
    LogicalLine line = lex_line(text.text);
    for (TokenRange range : split_at_commas(text.text, line.tokens, 0, line.tokens.size())) {
      if (range.first < range.last) items.push_back(item_text(text.text, line, range));
    }
  }
  return result;
}

}  // namespace fermata
