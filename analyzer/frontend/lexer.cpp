#include "frontend/lexer.h"

namespace fermata {
namespace {

constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f' || c == '\v'; }

}  // namespace

bool Lexer::next_line(std::string_view text, LogicalLine& line) {
  line.tokens.clear();
  line.begin = at_;
  in_format_ = false;
  if (at_ >= text.size()) return false;
  while (at_ < text.size()) {
    char c = text[at_];
    if (c == '\n') {
      ++at_;
      break;
    }
    if (is_blank(c)) {
      ++at_;
    } else if (is_word_char(c) || (is_sigil(c) && at_ + 1 < text.size() && is_word_char(text[at_ + 1]))) {
      line.tokens.push_back(read_word(text));
    } else if (in_format_ && c == '>' && text[at_ - 1] != '-') {
      line.tokens.push_back(read_string(text, at_, true));
    } else if (c == '"' || c == '\'') {
      line.tokens.push_back(read_string(text, at_, false));
    } else if (!skip_comment(text) && !skip_continuation(text)) {
      line.tokens.push_back({at_, at_ + 1, TokenKind::punct});
      ++at_;
    }
  }
  line.end = at_;
  return true;
}

// Is the closer somewhere from `from` on? Moves behind it if so.
bool Lexer::closes(std::string_view text, std::string_view closer, uint32_t from, bool& none_left) {
  if (none_left) return false;
  size_t found = text.find(closer, from);
  if (found == std::string_view::npos) {
    none_left = true;
    return false;
  }
  at_ = static_cast<uint32_t>(found + closer.size());
  return true;
}

bool Lexer::skip_comment(std::string_view text) {
  char c = text[at_];
  char next = at_ + 1 < text.size() ? text[at_ + 1] : '\0';
  if (c == '{') return closes(text, "}", at_ + 1, no_brace_);
  if (c == '(' && next == '*') return closes(text, "*)", at_ + 2, no_round_);
  if (c != '/') return false;
  if (next == '*') return closes(text, "*/", at_ + 2, no_slash_);
  if (next != '/') return false;
  size_t end = text.find('\n', at_);
  at_ = static_cast<uint32_t>(end == std::string_view::npos ? text.size() : end);
  return true;
}

// `...` joins the next line that is not blank (doubled line ends give blank ones); comments may stand between it and
// the line end.
bool Lexer::skip_continuation(std::string_view text) {
  if (text.substr(at_, 3) != "...") return false;
  uint32_t start = at_;
  at_ += 3;
  bool newline = false;
  while (at_ < text.size()) {
    char c = text[at_];
    if (is_blank(c) || c == '\n') {
      newline |= c == '\n';
      ++at_;
    } else if (newline || !skip_comment(text)) {
      break;
    }
  }
  if (!newline && at_ < text.size()) at_ = start;
  return newline || at_ >= text.size();
}

Token Lexer::read_word(std::string_view text) {
  uint32_t begin = at_;
  if (is_sigil(text[at_])) ++at_;
  while (at_ < text.size()) {
    bool dot_inside = text[at_] == '.' && at_ + 1 < text.size() && is_word_char(text[at_ + 1]);
    if (!is_word_char(text[at_]) && !dot_inside) break;
    ++at_;
  }
  Token word{begin, at_, TokenKind::word};
  std::string_view spelling = text.substr(begin, at_ - begin);
  if (spelling == "f" && at_ < text.size() && text[at_] == '\'') return read_string(text, begin, true);
  if (spelling == "run" || spelling == "read") read_python(text, word);
  return word;
}

// Backslash keeps a quote inside. A string that its line does not close ends with the line. An f-string is left at each
// < and taken up again at the > that ends the expression: the compiler reads what stands between them like any other
// code.
Token Lexer::read_string(std::string_view text, uint32_t begin, bool formatted) {
  bool resumed = in_format_ && text[at_] == '>';
  char quote = resumed ? '\'' : text[at_];
  in_format_ = false;
  ++at_;
  while (at_ < text.size() && text[at_] != '\n') {
    char c = text[at_++];
    if (c == quote) break;
    if (c == '\\' && at_ < text.size() && (text[at_] == quote || text[at_] == '<')) {
      ++at_;
    } else if (formatted && c == '<') {
      in_format_ = true;
      break;
    }
  }
  return {begin, at_, TokenKind::string};
}

bool Lexer::read_python(std::string_view text, Token& word) {
  uint32_t after_word = at_;
  uint32_t at = at_;
  while (at < text.size() && is_blank(text[at])) ++at;
  if (text.substr(at, 2) != "<<" || !closes(text, ">>", at + 2, no_python_)) {
    at_ = after_word;
    return false;
  }
  word.end = at_;
  word.kind = TokenKind::python;
  return true;
}

LogicalLine lex_line(std::string_view text) {
  LogicalLine line;
  Lexer().next_line(text, line);
  return line;
}

}  // namespace fermata
