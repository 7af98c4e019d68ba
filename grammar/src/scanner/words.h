// Which token a word is.
#pragma once

#include "names.h"

static bool is_modifier(const Word* word) {
  static const char* const modifiers[] = {"const", "polyphonic", "local", "global", "static",
                                          "pers",  "instpers",   "read",  "list"};
  if (word->length > 3 && memcmp(word->text, "ui_", 3) == 0) return true;
  for (unsigned i = 0; i < sizeof modifiers / sizeof *modifiers; i++) {
    if (is(word, modifiers[i])) return true;
  }
  return false;
}

// How far out a block of definitions stands.
static int rank_of_end(uint8_t token) {
  switch (token) {
    case END_CONST:
    case END_LIST:
      return 1;
    case END_FAMILY:
    case END_STRUCT:
      return 2;
    case END_FUNCTION:
    case END_TASKFUNC:
    case END_ON:
      return 3;
    case END_PROPERTY:
      return 4;
    case END_NAMESPACE:
    case END_NODE:
      return 5;
    default:
      return 0;
  }
}

// `end X` stands in a block that X does not end. Does it end a block around
// this one? If not it is astray.
static bool closes_from_outside(const bool* valid, uint8_t token) {
  if (valid[END_IF] || valid[END_WHILE] || valid[END_FOR] || valid[END_SELECT]) return true;
  for (uint8_t inner = END_ON; inner < END_IF; inner++) {
    if (valid[inner]) return rank_of_end(token) > rank_of_end(inner);
  }
  return false;
}

typedef enum { GO_ON, TOKEN, LEAVE } Verdict;

// The first word of a statement inside a block. Sends `missing_end` if the word
// cannot stand in the block and shows that an end was forgotten. To be able to,
// it must not move the end of the token before it knows. LEAVE: the word is a
// name and left to the grammar's `_soft_word`.
static Verdict scan_missing_end(TSLexer* lexer, const bool* valid, Word* word) {
  read_plain(lexer, word);
  if (lexer->lookahead == '.' || lexer->lookahead == '#') return GO_ON;
  const Keyword* keyword = find_keyword(word);
  if (keyword == NULL) return GO_ON;
  lexer->result_symbol = MISSING_END;
  switch (keyword->token) {
    case ON:
    case NODE:
    case CB:
    case NAMESPACE:
    case MACRO:
    case TASKFUNC:
      if (valid[keyword->token]) return GO_ON;
      if (!confirm(lexer, keyword)) return LEAVE;
      lexer->result_symbol = MISSING_END;
      return TOKEN;
    case FUNCTION:
      return valid[FUNCTION] ? GO_ON : TOKEN;
    case CASE:
      return !valid[CASE] && (valid[END_IF] || valid[END_WHILE] || valid[END_FOR]) ? TOKEN : GO_ON;
    case ELSE:
      return !valid[ELSE] && (valid[END_WHILE] || valid[END_FOR]) ? TOKEN : GO_ON;
    default:
      break;
  }
  if (keyword->kind != ENDING || !is_blank(lexer->lookahead)) return GO_ON;
  if (!confirm(lexer, keyword)) return LEAVE;
  uint8_t token = (uint8_t)lexer->result_symbol;
  if (!valid[token] && closes_from_outside(valid, token)) {
    lexer->result_symbol = MISSING_END;
    return TOKEN;
  }
  lexer->mark_end(lexer);
  return TOKEN;
}

// Reads a word that begins with a letter or underscore, a sigil or `#`.
static bool scan_word(TSLexer* lexer, const bool* valid, bool recovering) {
  Word word = {.length = 0};
  if (valid[MISSING_END] && !recovering && is_letter(lexer->lookahead)) {
    Verdict verdict = scan_missing_end(lexer, valid, &word);
    if (verdict != GO_ON) return verdict == TOKEN;
    lexer->mark_end(lexer);
  }
  bool plain = true;
  if (is_sigil(lexer->lookahead)) {
    advance(lexer);
    if (!is_word(lexer->lookahead) && lexer->lookahead != '#' && lexer->lookahead != '.') return false;
    plain = false;
  }
  bool hash = lexer->lookahead == '#';
  if (hash) {
    // `#x#` begins a name, any other `#` compares
    advance(lexer);
    if (!is_word(lexer->lookahead)) return false;
    while (is_word(lexer->lookahead) || lexer->lookahead == '.') advance(lexer);
    if (lexer->lookahead != '#') return false;
    advance(lexer);
    lexer->mark_end(lexer);
  }
  Shape shape = read_name(lexer, &word, true);
  lexer->result_symbol = IDENTIFIER;
  if (!plain) return true;

  if (valid[MODIFIER] && !recovering && !(shape == JOINED && !is_blank(lexer->lookahead))) {
    // Every word before the name modifies the declaration; where an expression
    // may stand as well, only the words that are known to.
    if (valid[INTEGER]) {
      if (is_modifier(&word) && name_follows(lexer)) lexer->result_symbol = MODIFIER;
    } else if (is_blank(lexer->lookahead)) {
      skip_blanks(lexer);
      if (is_name_start(lexer->lookahead) || lexer->lookahead == '&') lexer->result_symbol = MODIFIER;
    }
    if (!valid[INTEGER] || lexer->result_symbol == MODIFIER) return true;
  }
  if (hash) return true;

  const Keyword* keyword = find_keyword(&word);
  if (shape == JOINED) {
    // `and...`: the dots are not part of the word. Nothing more can be asked of
    // the text, so only words that need no context are keywords here.
    if (keyword == NULL || lexer->lookahead != '.') return true;
  }
  if (keyword == NULL) {
    if (shape == PLAIN && word.length == 1 && (word.text[0] == 'f' || word.text[0] == 'F') &&
        is_quote(lexer->lookahead)) {
      return scan_string(lexer, FSTRING);
    }
    if (is_binary(&word)) lexer->result_symbol = INTEGER;
    return true;
  }
  if (shape == JOINED) {
    // Dots after the first one: `and...`, not `and.x`
    advance(lexer);
    if (lexer->lookahead != '.') return true;
    if (keyword->kind == OPERATOR ? valid[keyword->token] : keyword->kind == ALWAYS)
      lexer->result_symbol = keyword->token;
    return true;
  }

  switch (keyword->kind) {
    case OPERATOR:
      if (valid[keyword->token]) lexer->result_symbol = keyword->token;
      return true;
    case MARKING:
      if (valid[keyword->token] && !recovering && name_follows(lexer)) lexer->result_symbol = keyword->token;
      return true;
    case OTHERWISE: {
      lexer->result_symbol = ELSE;
      if (!is_blank(lexer->lookahead)) return true;
      skip_blanks(lexer);
      Word next;
      read_plain(lexer, &next);
      if (is(&next, "if")) {
        lexer->mark_end(lexer);
        lexer->result_symbol = ELSE_IF;
      }
      return true;
    }
    case ENDING:
      // The token is chosen by the word after it, and covers both.
      if (confirm(lexer, keyword)) lexer->mark_end(lexer);
      return true;
    case PYTHON:
      if (lexer->lookahead == '<') {
        scan_python(lexer);
      }
      return true;
    case CALLBACK:
      if (valid[LITERATE_ON] && !recovering) {
        lexer->result_symbol = LITERATE_ON;
        return true;
      }
      // fall through
    default:
      if (confirm(lexer, keyword)) lexer->result_symbol = keyword->token;
      return true;
  }
}
