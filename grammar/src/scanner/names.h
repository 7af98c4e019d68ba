// Names, numbers, and whether a keyword has the context it needs.
#pragma once

#include "raw.h"

typedef enum {
  PLAIN,   // letters, digits and underscores, and the text after it not yet read
  JOINED,  // with dots or `#x#` pieces, or with text read beyond its end
} Shape;

// Reads a name from here on; with `mark` it is the token that ends there. The
// word holds the text before the first dot or `#`.
static Shape read_name(TSLexer* lexer, Word* word, bool mark) {
  Shape shape = PLAIN;
  for (;;) {
    int32_t c = lexer->lookahead;
    if (is_word(c)) {
      if (shape == PLAIN) put(word, c);
      advance(lexer);
      if (mark && !is_word(lexer->lookahead)) lexer->mark_end(lexer);
      continue;
    }
    if (c == '.') {
      advance(lexer);
      if (lexer->lookahead == '#') {
        // `a.#n#`: looked at in the next turn, the dot counts only if a piece follows
        shape = JOINED;
        continue;
      }
      if (!is_word(lexer->lookahead)) return JOINED;
      Word part;
      read_plain(lexer, &part);
      if (lexer->lookahead == '.' && (is(&part, "and") || is(&part, "or") || is(&part, "xor") || is(&part, "not"))) {
        return JOINED;
      }
      if (mark) lexer->mark_end(lexer);
      shape = JOINED;
      continue;
    }
    if (c == '#') {
      advance(lexer);
      if (!is_word(lexer->lookahead)) return JOINED;
      while (is_word(lexer->lookahead) || lexer->lookahead == '.') advance(lexer);
      if (lexer->lookahead != '#') return JOINED;
      advance(lexer);
      if (mark) lexer->mark_end(lexer);
      shape = JOINED;
      continue;
    }
    return shape;
  }
}

static bool is_hexadecimal(const Word* word) {
  uint32_t n = word->length;
  const char* s = word->text;
  if (n < 3 || n >= WORD_SIZE) return n == 2 && is_digit(s[0]) && (s[1] == 'h' || s[1] == 'H');
  uint32_t first = 0, last = n;
  if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
    first = 2;
  else if (s[n - 1] == 'h' || s[n - 1] == 'H')
    last = n - 1;
  else
    return false;
  for (uint32_t i = first; i < last; i++) {
    if (!is_digit(s[i]) && !(s[i] >= 'a' && s[i] <= 'f') && !(s[i] >= 'A' && s[i] <= 'F')) return false;
  }
  return true;
}

static bool all_binary(const char* s, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    if (s[i] != '0' && s[i] != '1') return false;
  }
  return n > 0;
}

static bool is_binary(const Word* word) {
  uint32_t n = word->length;
  const char* s = word->text;
  // Up to 32 digits: longer than a keyword, so the word may be cut short.
  if (n < 2 || n > 33) return false;
  uint32_t kept = n < WORD_SIZE ? n : WORD_SIZE - 1;
  // `b1` is too often a name; `b0101` is a number.
  if (s[0] == 'b' || s[0] == 'B') return n > 2 && all_binary(s + 1, kept - 1);
  return n < WORD_SIZE && (s[n - 1] == 'b' || s[n - 1] == 'B') && all_binary(s, n - 1);
}

static bool read_exponent(TSLexer* lexer) {
  if (lexer->lookahead != 'e' && lexer->lookahead != 'E') return false;
  advance(lexer);
  if (lexer->lookahead == '+' || lexer->lookahead == '-') advance(lexer);
  if (!is_digit(lexer->lookahead)) return false;
  while (is_digit(lexer->lookahead)) advance(lexer);
  return true;
}

static bool finish_real(TSLexer* lexer) {
  while (is_digit(lexer->lookahead)) advance(lexer);
  lexer->mark_end(lexer);
  if (read_exponent(lexer)) lexer->mark_end(lexer);
  lexer->result_symbol = REAL;
  return true;
}

// A number, or a name that begins with a digit.
static bool scan_number(TSLexer* lexer) {
  Word word = {.length = 0};
  while (is_digit(lexer->lookahead)) {
    put(&word, lexer->lookahead);
    advance(lexer);
  }
  lexer->mark_end(lexer);
  lexer->result_symbol = INTEGER;
  int32_t c = lexer->lookahead;
  if (c == '.') {
    advance(lexer);
    c = lexer->lookahead;
    if (is_digit(c)) return finish_real(lexer);
    if (c == 'e' || c == 'E') {
      if (read_exponent(lexer)) {
        lexer->mark_end(lexer);
        lexer->result_symbol = REAL;
      }
      return true;
    }
    // `2...` and `2.and.1` are an integer and what follows; `2.` is a real.
    if (c != '.' && !is_letter(c)) {
      lexer->mark_end(lexer);
      lexer->result_symbol = REAL;
    }
    return true;
  }
  if (c == '#') {
    if (read_name(lexer, &word, true) == JOINED) {
      // The end moved only if a piece was read; the text before it is a number else.
      lexer->result_symbol = INTEGER;
    }
    return true;
  }
  if (!is_word(c)) return true;
  if (c == 'e' || c == 'E') {
    put(&word, c);
    advance(lexer);
    c = lexer->lookahead;
    if (c == '+' || c == '-') {
      advance(lexer);
      if (is_digit(lexer->lookahead)) return finish_real(lexer);
      return true;
    }
    bool digits = is_digit(c);
    while (is_digit(lexer->lookahead)) {
      put(&word, lexer->lookahead);
      advance(lexer);
    }
    if (digits && !is_word(lexer->lookahead)) {
      lexer->mark_end(lexer);
      lexer->result_symbol = REAL;
      return true;
    }
    lexer->mark_end(lexer);
  }
  read_name(lexer, &word, true);
  lexer->result_symbol = is_hexadecimal(&word) || is_binary(&word) ? INTEGER : IDENTIFIER;
  return true;
}

static bool is_callback_name(const Word* word) {
  static const char* const names[] = {
      "init",
      "note",
      "release",
      "controller",
      "note_controller",
      "poly_at",
      "rpn",
      "nrpn",
      "listener",
      "ui_control",
      "ui_controls",
      "ui_update",
      "persistence_changed",
      "pgs_changed",
      "async_complete",
      "midi_in",
  };
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
    if (is(word, names[i]) ||
        (word->text[0] == '_' && word->length < WORD_SIZE && strlen(names[i]) + 1 == word->length &&
         memcmp(word->text + 1, names[i], word->length - 1) == 0)) {
      return true;
    }
  }
  return false;
}

static inline bool line_ends_here(TSLexer* lexer) {
  int32_t c = lexer->lookahead;
  return is_line_end(c) || c == '{' || c == '/' || c == '(' || at_end(lexer);
}

// After a keyword that needs its context: does it have it?
static bool confirm(TSLexer* lexer, const Keyword* keyword) {
  switch (keyword->kind) {
    case ALWAYS:
    case OTHERWISE:
      return true;
    case OPENING:
      return lexer->lookahead != '(';
    case NAMING:
    case MARKING:
      return name_follows(lexer);
    case CALLBACK: {
      if (!is_blank(lexer->lookahead)) return false;
      skip_blanks(lexer);
      if (!is_letter(lexer->lookahead) && lexer->lookahead != '_' && lexer->lookahead != '#') return false;
      Word name = {.length = 0};
      read_name(lexer, &name, false);
      if (is_infix(&name)) return false;
      if (is_callback_name(&name)) return true;
      skip_blanks(lexer);
      return line_ends_here(lexer);
    }
    case SECTION: {
      if (!is_blank(lexer->lookahead)) return false;
      skip_blanks(lexer);
      if (!is_name_start(lexer->lookahead)) return false;
      Word name = {.length = 0};
      read_name(lexer, &name, false);
      if (is_infix(&name)) return false;
      skip_blanks(lexer);
      if (lexer->lookahead == ':') {
        advance(lexer);
        return lexer->lookahead != '=';
      }
      if (is_line_end(lexer->lookahead) || lexer->lookahead == '{') return true;
      if (keyword->token != NODE) return false;
      read_plain(lexer, &name);
      return is(&name, "from");
    }
    case PATH:
      skip_blanks(lexer);
      return is_quote(lexer->lookahead);
    case ENDING: {
      if (!is_blank(lexer->lookahead)) return false;
      skip_blanks(lexer);
      Word name;
      read_plain(lexer, &name);
      for (unsigned i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (is(&name, endings[i].text)) {
          lexer->result_symbol = endings[i].token;
          return true;
        }
      }
      return false;
    }
    default:
      return false;
  }
}
