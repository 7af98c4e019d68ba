// Text with parameters in it, cut into what stays and what is filled in.
#include <algorithm>

#include "frontend/expand_text.h"

namespace fermata {
namespace {

class PieceCutter {
 public:
  PieceCutter(std::string_view text, const std::vector<std::string>& parameters, PieceRules rules)
      : text_(text), parameters_(parameters), rules_(rules) {
    for (const std::string& name : parameters) has_marked_ |= name.starts_with('#');
  }

  std::vector<Piece> cut() {
    Lexer lexer;
    LogicalLine line;
    while (lexer.next_line(text_, line)) {
      for (const Token& token : line.tokens) visit(token);
    }
    copy_until(static_cast<uint32_t>(text_.size()));
    return std::move(pieces_);
  }

 private:
  void visit(const Token& token) {
    if (token.begin < done_) return;
    std::string_view spelling = text_.substr(token.begin, token.end - token.begin);
    if (token.kind == TokenKind::word) {
      visit_word(token, spelling);
    } else if (token.kind == TokenKind::punct && spelling == "#") {
      try_marked(token.begin);
    } else if (token.kind == TokenKind::string && rules_ == PieceRules::macro && has_marked_) {
      for (size_t i = spelling.find('#'); i != std::string_view::npos; i = spelling.find('#', i + 1)) {
        uint32_t at = token.begin + static_cast<uint32_t>(i);
        if (at >= done_) try_marked(at);
      }
    }
  }

  void try_marked(uint32_t at) {
    for (uint32_t p = 0; p < parameters_.size(); ++p) {
      const std::string& name = parameters_[p];
      if (name.starts_with('#') && text_.substr(at, name.size()) == name) {
        put(at, at + static_cast<uint32_t>(name.size()), p);
        return;
      }
    }
  }

  void visit_word(const Token& token, std::string_view word) {
    if (rules_ == PieceRules::macro) {
      if (uint32_t p = find(word); p != kNone) return put(token.begin, token.end, p);
      if (is_sigil(word[0])) return;
    }
    size_t begin = is_sigil(word[0]) ? 1 : 0;
    while (begin < word.size()) {
      size_t dot = word.find('.', begin);
      bool last = dot == std::string_view::npos;
      size_t end = last ? word.size() : dot;
      uint32_t p = find(word.substr(begin, end - begin));
      if (p != kNone && (!last || rules_ == PieceRules::define)) {
        put(token.begin + static_cast<uint32_t>(begin), token.begin + static_cast<uint32_t>(end), p);
      }
      begin = end + 1;
    }
  }

  uint32_t find(std::string_view word) const {
    for (uint32_t p = 0; p < parameters_.size(); ++p) {
      if (parameters_[p] == word) return p;
    }
    return kNone;
  }

  void put(uint32_t begin, uint32_t end, uint32_t parameter) {
    copy_until(begin);
    pieces_.push_back({begin, end, parameter});
    done_ = end;
  }

  void copy_until(uint32_t end) {
    if (done_ < end) pieces_.push_back({done_, end, kNone});
    done_ = std::max(done_, end);
  }

  std::string_view text_;
  const std::vector<std::string>& parameters_;
  PieceRules rules_;
  bool has_marked_ = false;
  uint32_t done_ = 0;
  std::vector<Piece> pieces_;
};

}  // namespace

std::vector<Piece> cut_pieces(std::string_view text, const std::vector<std::string>& parameters, PieceRules rules) {
  return PieceCutter(text, parameters, rules).cut();
}

}  // namespace fermata
