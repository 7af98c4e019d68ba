// Characters, short words and which keyword they are.
#pragma once

#include <string.h>

#include "../tree_sitter/parser.h"
#include "keywords.h"

static inline bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static inline bool is_letter(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static inline bool is_word(int32_t c) { return is_letter(c) || is_digit(c) || c == '_'; }
static inline bool is_line_end(int32_t c) { return c == '\n' || c == '\r'; }
static inline bool is_blank(int32_t c) {
  return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == 0xa0 || c == 0xfeff;
}
static inline bool is_quote(int32_t c) { return c == '"' || c == '\''; }

static inline bool is_sigil(int32_t c) { return c == '$' || c == '%' || c == '@' || c == '!' || c == '~' || c == '?'; }

static inline bool is_name_start(int32_t c) { return is_word(c) || is_sigil(c) || c == '#'; }

static inline void advance(TSLexer* lexer) { lexer->advance(lexer, false); }

static inline bool at_end(TSLexer* lexer) { return lexer->lookahead == 0 && lexer->eof(lexer); }

static inline void skip_blanks(TSLexer* lexer) {
  while (is_blank(lexer->lookahead)) advance(lexer);
}

// The longest keyword has 19 letters; a longer word only has to be known as one.
#define WORD_SIZE 24

typedef struct {
  char text[WORD_SIZE];
  uint32_t length;
} Word;

static inline void put(Word* word, int32_t c) {
  if (word->length < WORD_SIZE - 1) word->text[word->length] = (char)c;
  word->length++;
}

static inline bool is(const Word* word, const char* text) {
  return word->length < WORD_SIZE && strncmp(word->text, text, word->length) == 0 && text[word->length] == 0;
}

// The letters, digits and underscores ahead.
static void read_plain(TSLexer* lexer, Word* word) {
  word->length = 0;
  while (is_word(lexer->lookahead)) {
    put(word, lexer->lookahead);
    advance(lexer);
  }
}

static const Keyword* find_keyword(const Word* word) {
  if (word->length < 2 || word->length >= WORD_SIZE) return NULL;
  const Keyword* keyword = by_letter[word->text[0] & 127];
  if (keyword == NULL) return NULL;
  for (; keyword->text != NULL; keyword++) {
    if (is(word, keyword->text)) return keyword;
  }
  return NULL;
}

static bool is_infix(const Word* word) {
  const Keyword* keyword = find_keyword(word);
  if (keyword == NULL || keyword->kind != OPERATOR) return false;
  return keyword->token != NOT && keyword->token != OVERRIDE;
}

// After a word: does a name follow on the same line? A word that joins two
// expressions is no name here: in `list and 1` the word `list` is one.
static bool name_follows(TSLexer* lexer) {
  if (!is_blank(lexer->lookahead)) return false;
  skip_blanks(lexer);
  if (!is_name_start(lexer->lookahead)) return false;
  if (is_digit(lexer->lookahead)) return true;
  if (!is_letter(lexer->lookahead)) {
    if (lexer->lookahead != '#') return true;
    // `a # b` compares; `a #b#` names.
    advance(lexer);
    if (!is_word(lexer->lookahead)) return false;
    while (is_word(lexer->lookahead)) advance(lexer);
    return lexer->lookahead == '#';
  }
  Word next;
  read_plain(lexer, &next);
  if (!is_infix(&next)) return true;
  // `define step := 4`, `macro mod(a, b)`, `family to`
  int32_t c = lexer->lookahead;
  if (c == '(' || c == '[') return true;
  skip_blanks(lexer);
  c = lexer->lookahead;
  if (is_line_end(c) || c == '{' || at_end(lexer)) return true;
  if (c != ':' && c != '+' && c != '=') return false;
  advance(lexer);
  return lexer->lookahead == '=' || (c == '=' && lexer->lookahead == '+');
}
