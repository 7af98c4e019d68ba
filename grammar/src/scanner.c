// The words, comments, strings, numbers and raw texts of KSP.
//
// Each decision is taken from the text ahead and from what the parser can
// accept; the only state between tokens are the counts of "Limits". Every look
// ahead is bounded or paid for by the token that follows, so the whole stays
// linear.

#include <stdlib.h>
#include <string.h>

#include "scanner/ends.h"
#include "scanner/words.h"
#include "tree_sitter/parser.h"

// ---- Limits -----------------------------------------------------------------

// The parser keeps what is not yet complete on a stack, and at the end of a
// broken text makes one node of all of it. libtree-sitter 0.20 counts the
// children of a node in 16 bits and corrupts memory beyond. So what can pile up
// is counted here, and where it exceeds any script the rest is one error: parentheses and
// brackets in one statement, prefix operators in a row, blocks in blocks. A
// level takes some 24 places on the stack at most. Comments wait there, too,
// for the statement that follows; beyond their limit neighbours become one.
// Errors side by side are put together anew with each further one, so their
// number is limited as well, and what is closed in good order pays some back.
enum { MAX_OPEN = 1000, MAX_PREFIXES = 500, MAX_BLOCKS = 1000, MAX_EXTRAS = 20000, MAX_ERRORS = 4000 };

typedef struct {
  uint16_t open;
  uint16_t prefixes;
  uint16_t blocks;
  uint16_t extras;
  uint16_t errors;
  uint16_t busy;  // inside a statement or the header of a block
} Depth;

static bool end_token(TSLexer* lexer, enum TokenType token) {
  lexer->mark_end(lexer);
  lexer->result_symbol = token;
  return true;
}

// The rest of the text is one error.
static bool give_up(TSLexer* lexer) {
  while (!at_end(lexer)) advance(lexer);
  return end_token(lexer, UNEXPECTED);
}

// Passes over further comments behind one.
static void pass_extras(TSLexer* lexer) {
  for (;;) {
    lexer->mark_end(lexer);
    read_blank_lines(lexer);
    if (lexer->lookahead == '.') {
      int dots;
      advance(lexer);
      if (!pass_continuation(lexer, &dots)) return;
    } else if (lexer->lookahead == '{' || lexer->lookahead == '/') {
      char kind = open_comment(lexer);
      if (kind == 0) return;
      pass_comment(lexer, kind);
    } else {
      return;
    }
  }
}

// ---- The scanner ------------------------------------------------------------

static bool scan(TSLexer* lexer, const bool* valid, bool recovering, const Depth* depth) {
  if (!recovering) {
    if (valid[MACRO_BODY]) return scan_macro_body(lexer);
    if (valid[DEFINE_VALUE] || valid[MACRO_ARGUMENT]) {
      while (is_blank(lexer->lookahead)) lexer->advance(lexer, true);
      lexer->mark_end(lexer);
      bool argument = valid[MACRO_ARGUMENT];
      bool any = false;
      if (lexer->lookahead == '/') {
        char kind = open_comment(lexer);
        if (kind != 0) {
          lexer->result_symbol = pass_comment(lexer, kind) ? COMMENT : UNEXPECTED;
          lexer->mark_end(lexer);
          return true;
        }
        lexer->mark_end(lexer);
        any = true;
      }
      if (!is_line_end(lexer->lookahead) && lexer->lookahead != '{') {
        if (scan_raw(lexer, argument) || any) {
          lexer->result_symbol = argument ? MACRO_ARGUMENT : DEFINE_VALUE;
          return true;
        }
        if (!at_end(lexer)) return false;
      }
    }
  }

  // Where statements stand side by side a directive may stand, too.
  bool between_statements = (valid[SET_CONDITION] || valid[END_MACRO]) && !recovering;
  bool may_end = (valid[END_OF_STATEMENT] || valid[END_OF_HEADER]) && !between_statements;
  if ((may_end || valid[MISSING_END]) && !recovering) lexer->mark_end(lexer);

  for (;;) {
    int32_t c = lexer->lookahead;
    if (is_blank(c) || (c == ';' && !recovering && (may_end || between_statements))) {
      lexer->advance(lexer, true);
    } else if (is_line_end(c)) {
      if (may_end) {
        read_line_end(lexer);
        lexer->mark_end(lexer);
        lexer->result_symbol = valid[END_OF_STATEMENT] ? END_OF_STATEMENT : END_OF_HEADER;
        return true;
      }
      if (between_statements) {
        lexer->advance(lexer, true);
        continue;
      }
      read_blank_lines(lexer);
      lexer->mark_end(lexer);
      lexer->result_symbol = statement_ahead(lexer) ? END_OF_STATEMENT : CONTINUATION;
      return true;
    } else {
      break;
    }
  }

  int32_t c = lexer->lookahead;
  if (c == 0 && lexer->eof(lexer)) {
    if (recovering) return false;
    if (valid[MISSING_END]) {
      lexer->result_symbol = MISSING_END;
      return true;
    }
    if (!may_end) return false;
    lexer->result_symbol = valid[END_OF_STATEMENT] ? END_OF_STATEMENT : END_OF_HEADER;
    return true;
  }
  if (valid[END_OF_STATEMENT] && !recovering && may_end && !valid[IF] && c > 0 && c < 128) {
    // `x = 5`, `f(a))`: no statement goes on like this, so the rest of the line
    // is the error and what stands before it is kept.
    bool operand_before = valid[AND];
    if (strchr(")]:", c) != NULL || (!operand_before && strchr("=<>+-*&,", c) != NULL)) {
      advance(lexer);
      if (c != ')' && c != ']' && lexer->lookahead == '=') return false;
      if (c == '-' && lexer->lookahead == '>') return false;
      lexer->mark_end(lexer);
      return scan_unexpected(lexer);
    }
  }
  switch (c) {
    case '{':
    case '/':
      return scan_comment(lexer);
    case '(':
      if (scan_comment(lexer)) return true;
      return depth->open < MAX_OPEN ? end_token(lexer, OPEN) : give_up(lexer);
    case '[':
      advance(lexer);
      return depth->open < MAX_OPEN ? end_token(lexer, OPEN_INDEX) : give_up(lexer);
    case ')':
      advance(lexer);
      return end_token(lexer, CLOSE);
    case ']':
      advance(lexer);
      return end_token(lexer, CLOSE_INDEX);
    case '-':
      // In front of an operand. In a list of arguments it may stand alone.
      if (!valid[MINUS] || recovering) return false;
      advance(lexer);
      if (lexer->lookahead == '=' || lexer->lookahead == '>') return false;
      return depth->prefixes < MAX_PREFIXES ? end_token(lexer, MINUS) : give_up(lexer);
    case '.': {
      advance(lexer);
      if (is_digit(lexer->lookahead)) return finish_real(lexer);
      if (lexer->lookahead == 'n' && valid[BIT_NOT] && !recovering) {
        Word word;
        read_plain(lexer, &word);
        if (!is(&word, "not") || lexer->lookahead != '.') return false;
        advance(lexer);
        return depth->prefixes < MAX_PREFIXES ? end_token(lexer, BIT_NOT) : give_up(lexer);
      }
      int dots;
      if (!pass_continuation(lexer, &dots)) return false;
      return end_token(lexer, CONTINUATION);
    }
    case ';':
      while (lexer->lookahead == ';' || is_blank(lexer->lookahead)) advance(lexer);
      return end_token(lexer, UNEXPECTED);
    default:
      break;
  }
  if (may_end && !recovering) {
    if (is_name_start(c) || is_quote(c)) return scan_after_end(lexer, valid);
    return false;
  }
  if (is_quote(c)) return scan_string(lexer, STRING);
  if (is_digit(c)) return scan_number(lexer);
  if (is_name_start(c)) return scan_word(lexer, valid, recovering);
  return false;
}

bool tree_sitter_ksp_external_scanner_scan(void* payload, TSLexer* lexer, const bool* valid) {
  Depth* depth = payload;
  bool recovering = valid[ERROR_SENTINEL];
  bool broken = false;
  if (!recovering) {
    // Between statements with the last one not ended: the parser gave it up.
    if (valid[SET_CONDITION] && depth->busy) broken = true;
    // Where a statement may end nothing is open; where a callback may begin,
    // no block is.
    if (valid[END_OF_STATEMENT] || valid[END_OF_HEADER] || valid[SET_CONDITION]) depth->open = depth->prefixes = 0;
    if (valid[ON]) depth->blocks = 0;
  }
  if (!scan(lexer, valid, recovering, depth)) return false;

  TSSymbol token = lexer->result_symbol;
  if (recovering || broken || !valid[token]) {
    if (depth->errors >= MAX_ERRORS) return give_up(lexer);
    depth->errors++;
  }
  if (token == COMMENT || token == CONTINUATION) {
    if (depth->extras < MAX_EXTRAS) {
      depth->extras++;
    } else {
      pass_extras(lexer);
      lexer->mark_end(lexer);
    }
    return true;
  }
  depth->busy = token != END_OF_STATEMENT && token != END_OF_HEADER;
  if (token != UNEXPECTED && valid[ON] && !recovering) depth->extras = 0;
  switch (token) {
    case OPEN:
    case OPEN_INDEX:
      if (depth->open < MAX_OPEN) depth->open++;
      break;
    case CLOSE:
    case CLOSE_INDEX:
      if (depth->open > 0) depth->open--;
      break;
    case MINUS:
    case BIT_NOT:
    case NOT:
      if (++depth->prefixes > MAX_PREFIXES) return give_up(lexer);
      return true;
    case IF:
    case WHILE:
    case FOR:
    case SELECT:
    case FAMILY:
    case STRUCT:
    case NAMESPACE:
    case PROPERTY:
    case FUNCTION:
    case TASKFUNC:
    case NODE:
      if (depth->blocks >= MAX_BLOCKS) return give_up(lexer);
      depth->blocks++;
      break;
    default:
      if (token >= END_ON && token <= MISSING_END) {
        if (depth->blocks > 0) depth->blocks--;
        if (!recovering && valid[token]) depth->errors = depth->errors > 64 ? depth->errors - 64 : 0;
      }
      break;
  }
  depth->prefixes = 0;
  return true;
}

void* tree_sitter_ksp_external_scanner_create(void) { return calloc(1, sizeof(Depth)); }

void tree_sitter_ksp_external_scanner_destroy(void* payload) { free(payload); }

unsigned tree_sitter_ksp_external_scanner_serialize(void* payload, char* buffer) {
  memcpy(buffer, payload, sizeof(Depth));
  return sizeof(Depth);
}

void tree_sitter_ksp_external_scanner_deserialize(void* payload, const char* buffer, unsigned length) {
  if (length == sizeof(Depth))
    memcpy(payload, buffer, sizeof(Depth));
  else
    memset(payload, 0, sizeof(Depth));
}
