// Comments, strings, line ends, and the texts that are taken as they stand.
#pragma once

#include "text.h"

// Passes over the comment whose first characters were read up to `kind`
// ('{', '(' for a parenthesis and a star, '*' for a slash and a star, '/').
// False when it has no end.
static bool pass_comment(TSLexer* lexer, char kind) {
  if (kind == '/') {
    while (!at_end(lexer) && !is_line_end(lexer->lookahead)) advance(lexer);
    return true;
  }
  if (kind == '{') {
    // `{{ Name }}` is one comment; otherwise the first `}` ends it.
    bool doubled = lexer->lookahead == '{';
    while (!at_end(lexer)) {
      if (lexer->lookahead == '}') {
        advance(lexer);
        if (doubled && lexer->lookahead == '}') advance(lexer);
        return true;
      }
      advance(lexer);
    }
    return false;
  }
  int32_t last = kind == '(' ? ')' : '/';
  while (!at_end(lexer)) {
    if (lexer->lookahead == '*') {
      advance(lexer);
      if (lexer->lookahead == last) {
        advance(lexer);
        return true;
      }
    } else {
      advance(lexer);
    }
  }
  return false;
}

// At a character that may open a comment: reads it and tells which comment it
// opens, 0 if none (one character has been read then).
static char open_comment(TSLexer* lexer) {
  int32_t first = lexer->lookahead;
  advance(lexer);
  if (first == '{') return '{';
  if (first == '(' && lexer->lookahead == '*') {
    advance(lexer);
    return '(';
  }
  if (first == '/' && (lexer->lookahead == '/' || lexer->lookahead == '*')) {
    char kind = (char)lexer->lookahead;
    advance(lexer);
    return kind;
  }
  return 0;
}

// Passes over the rest of a string in raw text. Its line ends it, too.
static void pass_string(TSLexer* lexer, int32_t quote) {
  while (!at_end(lexer) && !is_line_end(lexer->lookahead)) {
    int32_t c = lexer->lookahead;
    advance(lexer);
    if (c == quote) return;
    if (c == '\\' && !is_line_end(lexer->lookahead) && !at_end(lexer)) advance(lexer);
  }
}

// One line end: LF, CR LF, CR CR LF, CR.
static void read_line_end(TSLexer* lexer) {
  while (lexer->lookahead == '\r') advance(lexer);
  if (lexer->lookahead == '\n') advance(lexer);
}

static void read_blank_lines(TSLexer* lexer) {
  while (is_blank(lexer->lookahead) || is_line_end(lexer->lookahead)) advance(lexer);
}

// After the first dot of what may be `...`: passes over the rest of it, a
// comment, and the line ends. False if the line goes on; then `dots` tells how
// many dots were read in all.
static bool pass_continuation(TSLexer* lexer, int* dots) {
  *dots = 1;
  while (*dots < 3 && lexer->lookahead == '.') {
    advance(lexer);
    ++*dots;
  }
  if (*dots < 3) return false;
  skip_blanks(lexer);
  if (lexer->lookahead == '{' || lexer->lookahead == '/') {
    char kind = open_comment(lexer);
    if (kind == 0 || !pass_comment(lexer, kind)) return false;
    skip_blanks(lexer);
  }
  if (at_end(lexer)) return true;
  if (!is_line_end(lexer->lookahead)) return false;
  read_blank_lines(lexer);
  return true;
}

// A comment without an end is an error of its line. In a long text it takes the
// rest, so that many of them are not each looked for to the end of the text.
#define OPEN_COMMENT_LIMIT 16384

static bool scan_comment(TSLexer* lexer) {
  char kind = open_comment(lexer);
  if (kind == 0) return false;
  if (kind != '{') {
    lexer->result_symbol = pass_comment(lexer, kind) ? COMMENT : UNEXPECTED;
    lexer->mark_end(lexer);
    return true;
  }
  // `{{ Name }}` is one comment; otherwise the first `}` ends it.
  bool doubled = lexer->lookahead == '{';
  bool line_ended = false;
  uint32_t length = 0;
  for (; !at_end(lexer); length++) {
    int32_t c = lexer->lookahead;
    if (!line_ended && is_line_end(c)) {
      lexer->mark_end(lexer);
      line_ended = true;
    }
    advance(lexer);
    if (c == '}') {
      if (doubled && lexer->lookahead == '}') advance(lexer);
      lexer->mark_end(lexer);
      lexer->result_symbol = COMMENT;
      return true;
    }
  }
  if (!line_ended || length > OPEN_COMMENT_LIMIT) lexer->mark_end(lexer);
  lexer->result_symbol = UNEXPECTED;
  return true;
}

static bool scan_string(TSLexer* lexer, enum TokenType token) {
  int32_t quote = lexer->lookahead;
  bool backslash_before_quote = false;
  advance(lexer);
  while (!at_end(lexer) && !is_line_end(lexer->lookahead)) {
    int32_t c = lexer->lookahead;
    advance(lexer);
    if (c == quote) {
      lexer->mark_end(lexer);
      lexer->result_symbol = token;
      return true;
    }
    if (c == '\\' && !is_line_end(lexer->lookahead) && !at_end(lexer)) {
      bool escaped_quote = lexer->lookahead == quote;
      advance(lexer);
      if (escaped_quote) {
        lexer->mark_end(lexer);
        backslash_before_quote = true;
      }
    }
  }
  // `"C:\"`: with no other quote on the line the escaped one closes.
  if (backslash_before_quote) {
    lexer->result_symbol = token;
    return true;
  }
  lexer->mark_end(lexer);
  lexer->result_symbol = UNTERMINATED_STRING;
  return true;
}

// ---- Raw texts --------------------------------------------------------------

// The rest of a logical line, without the comment that ends it. In an argument
// it also ends before the parenthesis that closes it.
static bool scan_raw(TSLexer* lexer, bool argument) {
  bool any = false;
  uint32_t depth = 0;
  while (!at_end(lexer)) {
    int32_t c = lexer->lookahead;
    if (is_line_end(c)) break;
    if (is_blank(c)) {
      advance(lexer);
      continue;
    }
    if (is_quote(c)) {
      advance(lexer);
      pass_string(lexer, c);
    } else if (c == '{' || c == '/' || c == '(') {
      char kind = open_comment(lexer);
      if (kind == '/') break;
      if (kind != 0) {
        if (!pass_comment(lexer, kind)) break;
        continue;  // in the text only if more text follows
      }
      if (c == '(') depth++;
    } else if (c == '.') {
      int dots;
      advance(lexer);
      if (pass_continuation(lexer, &dots)) continue;
    } else if (c == ')') {
      if (argument && depth == 0) break;
      if (depth > 0) depth--;
      advance(lexer);
    } else {
      advance(lexer);
    }
    lexer->mark_end(lexer);
    any = true;
  }
  return any;
}

// Whole lines up to the line `end macro`, or to the next `macro NAME` when the
// end is missing.
static bool scan_macro_body(TSLexer* lexer) {
  while (is_blank(lexer->lookahead) || is_line_end(lexer->lookahead)) lexer->advance(lexer, true);
  bool any = false;
  bool line_start = true;
  lexer->mark_end(lexer);
  lexer->result_symbol = MACRO_BODY;
  while (!at_end(lexer)) {
    int32_t c = lexer->lookahead;
    if (is_line_end(c)) {
      advance(lexer);
      line_start = true;
      continue;
    }
    if (is_blank(c)) {
      advance(lexer);
      continue;
    }
    if (line_start && (c == 'e' || c == 'm')) {
      Word word;
      read_plain(lexer, &word);
      if (is(&word, "end") && is_blank(lexer->lookahead)) {
        skip_blanks(lexer);
        read_plain(lexer, &word);
        if (is(&word, "macro")) {
          if (any) return true;
          lexer->mark_end(lexer);
          lexer->result_symbol = END_MACRO;
          return true;
        }
      } else if (is(&word, "macro") && is_blank(lexer->lookahead)) {
        skip_blanks(lexer);
        if (is_name_start(lexer->lookahead)) {
          if (!any) lexer->result_symbol = MISSING_END;
          return true;
        }
      }
    } else if (is_quote(c)) {
      advance(lexer);
      pass_string(lexer, c);
    } else if (c == '{' || c == '/' || c == '(') {
      char kind = open_comment(lexer);
      if (kind != 0) pass_comment(lexer, kind);
    } else {
      while (is_word(lexer->lookahead)) advance(lexer);
      if (!is_word(c)) advance(lexer);
    }
    line_start = false;
    any = true;
    lexer->mark_end(lexer);
  }
  if (!any) lexer->result_symbol = MISSING_END;
  return true;
}

static bool scan_python(TSLexer* lexer) {
  advance(lexer);
  if (lexer->lookahead != '<') return false;
  while (!at_end(lexer)) {
    int32_t c = lexer->lookahead;
    advance(lexer);
    if (c == '>' && lexer->lookahead == '>') {
      advance(lexer);
      lexer->mark_end(lexer);
      lexer->result_symbol = PYTHON_BLOCK;
      return true;
    }
  }
  lexer->mark_end(lexer);
  lexer->result_symbol = UNEXPECTED;
  return true;
}
