// Words, strings and single characters of the language family, one logical line at a time: comments are skipped, a
// comment that spans lines and `...` join what stands before and after them. That is all the text level needs to know
// of the syntax.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace fermata {

enum class TokenKind : uint8_t {
  word,    // name, keyword or number, with its sigil and its dots: $x, ivls.play, 0FFh, 1.5
  string,  // "...", '...'; of f'a <x> b' the parts f'a < and > b' around the tokens of x
  punct,   // one character
  python   // run<<...>> or read<<...>>, whatever it holds
};

struct Token {
  uint32_t begin = 0;
  uint32_t end = 0;
  TokenKind kind = TokenKind::punct;
};

struct LogicalLine {
  uint32_t begin = 0;
  uint32_t end = 0;  // behind its line end
  std::vector<Token> tokens;
};

constexpr bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

constexpr bool is_sigil(char c) { return c == '$' || c == '%' || c == '~' || c == '?' || c == '@' || c == '!'; }

constexpr std::string_view without_sigil(std::string_view word) {
  return !word.empty() && is_sigil(word[0]) ? word.substr(1) : word;
}

// The text is handed over with each call: it may move between two lines, the offsets stay good.
class Lexer {
 public:
  explicit Lexer(uint32_t at = 0) : at_(at) {}

  // The next logical line, blank ones included; false at the end of the text.
  bool next_line(std::string_view text, LogicalLine& line);

 private:
  bool skip_comment(std::string_view text);
  bool skip_continuation(std::string_view text);
  bool closes(std::string_view text, std::string_view closer, uint32_t from, bool& none_left);
  Token read_word(std::string_view text);
  Token read_string(std::string_view text, uint32_t begin, bool formatted);
  bool read_python(std::string_view text, Token& word);

  uint32_t at_ = 0;
  bool in_format_ = false;  // between < and > of an f-string
  // Once a closer is not found, there is none further on either: text full of openers stays linear.
  bool no_brace_ = false, no_round_ = false, no_slash_ = false, no_python_ = false;
};

// The text of the line's token `i`; empty when there are fewer.
inline std::string_view word_at(std::string_view text, const LogicalLine& line, size_t i) {
  if (i >= line.tokens.size()) return {};
  return text.substr(line.tokens[i].begin, line.tokens[i].end - line.tokens[i].begin);
}

// Convenience for a text that is one line.
LogicalLine lex_line(std::string_view text);

}  // namespace fermata
