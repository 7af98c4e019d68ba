// Ends of statements and headers.
#pragma once

#include "names.h"

// Does the line ahead begin a statement beyond doubt? It does with a keyword,
// and with an assignment.
static bool statement_ahead(TSLexer* lexer) {
  if (!is_name_start(lexer->lookahead) || is_digit(lexer->lookahead)) return false;
  bool sigil = is_sigil(lexer->lookahead);
  if (sigil) advance(lexer);
  Word word;
  read_plain(lexer, &word);
  if (!sigil) {
    const Keyword* keyword = find_keyword(&word);
    if (keyword != NULL && keyword->kind != OPERATOR) {
      if (keyword->kind != MARKING && keyword->kind != PYTHON && confirm(lexer, keyword)) return true;
      return false;
    }
    if (keyword != NULL && keyword->token != STEP && keyword->token != FROM) return false;
  }
  // What is assigned to: names, subscripts, `->`.
  int32_t depth = 0;
  for (int i = 0; i < 200; i++) {
    int32_t c = lexer->lookahead;
    if (is_line_end(c) || c == 0) return false;
    if (c == '[' || c == '(')
      depth++;
    else if (c == ']' || c == ')') {
      if (--depth < 0) return false;
    } else if (depth == 0) {
      if (c == ':') {
        advance(lexer);
        return lexer->lookahead == '=';
      }
      if (!is_word(c) && !is_blank(c) && c != '.' && c != '#' && c != '-' && c != '>') return false;
    }
    advance(lexer);
  }
  return false;
}

// The rest of the line, which can be no part of a statement.
static bool scan_unexpected(TSLexer* lexer) {
  for (;;) {
    int32_t c = lexer->lookahead;
    if (is_line_end(c) || c == '{' || at_end(lexer)) break;
    advance(lexer);
    if (c == '/' && lexer->lookahead == '/') break;
    if (!is_blank(c)) lexer->mark_end(lexer);
  }
  lexer->result_symbol = UNEXPECTED;
  return true;
}

// A word, number or string where a statement or its header may end. The end of
// the token stands before it already.
static bool scan_after_end(TSLexer* lexer, const bool* valid) {
  int32_t c = lexer->lookahead;
  uint8_t end = valid[END_OF_STATEMENT] ? END_OF_STATEMENT : END_OF_HEADER;
  Word word = {.length = 0};
  if (c == '#') {
    // `a # b` compares
    advance(lexer);
    if (!is_word(lexer->lookahead)) return false;
    while (is_word(lexer->lookahead)) advance(lexer);
    if (lexer->lookahead != '#') return false;
  } else if (is_letter(c)) {
    read_plain(lexer, &word);
    const Keyword* keyword = find_keyword(&word);
    if (keyword != NULL && lexer->lookahead != '#') {
      if (valid[keyword->token] && (keyword->kind == OPERATOR || keyword->token == IF)) {
        lexer->mark_end(lexer);
        lexer->result_symbol = keyword->token;
        return true;
      }
      if (valid[LITERATE_ON] && keyword->token == ON) {
        lexer->mark_end(lexer);
        lexer->result_symbol = LITERATE_ON;
        return true;
      }
      if (lexer->lookahead != '.' && confirm(lexer, keyword)) {
        lexer->result_symbol = end;
        return true;
      }
    }
  } else if (is_quote(c)) {
    return end == END_OF_HEADER ? false : scan_unexpected(lexer);
  }
  if (end == END_OF_HEADER) {
    lexer->result_symbol = end;
    return true;
  }
  // A statement may follow on the same line if it looks like one.
  while (is_name_start(lexer->lookahead) || lexer->lookahead == '.') advance(lexer);
  skip_blanks(lexer);
  c = lexer->lookahead;
  if (c == ':' || c == '(' || c == '[') {
    lexer->result_symbol = end;
    return true;
  }
  if (c == '-') {
    advance(lexer);
    if (lexer->lookahead == '>') {
      lexer->result_symbol = end;
      return true;
    }
  }
  lexer->mark_end(lexer);
  return scan_unexpected(lexer);
}
