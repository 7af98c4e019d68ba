// The words, comments, strings, numbers and raw texts of KSP.
//
// Each decision is taken from the text ahead and from what the parser can
// accept; the only state between tokens are the counts of "Limits". Every look
// ahead is bounded or paid for by the token that follows, so the whole stays
// linear.

#include <stdlib.h>
#include <string.h>

#include "tree_sitter/parser.h"

enum TokenType {
  END_OF_STATEMENT,
  END_OF_HEADER,
  COMMENT,
  CONTINUATION,
  IDENTIFIER,
  INTEGER,
  REAL,
  STRING,
  UNTERMINATED_STRING,
  STRING_END,
  FSTRING,
  MODIFIER,
  DEFINE_VALUE,
  MACRO_ARGUMENT,
  MACRO_BODY,
  PYTHON_BLOCK,
  ON,
  FUNCTION,
  TASKFUNC,
  MACRO,
  PROPERTY,
  FAMILY,
  STRUCT,
  CONST,
  LIST,
  NAMESPACE,
  NODE,
  CB,
  FROM,
  IMPORT,
  AS,
  DEFINE,
  LITERALS,
  ITERATE_MACRO,
  ITERATE_POST_MACRO,
  LITERATE_MACRO,
  LITERATE_POST_MACRO,
  LITERATE_ON,
  SET_CONDITION,
  RESET_CONDITION,
  USE_CODE_IF,
  USE_CODE_IF_NOT,
  END_USE_CODE,
  DECLARE,
  IF,
  ELSE_IF,
  ELSE,
  WHILE,
  FOR,
  TO,
  DOWNTO,
  STEP,
  SELECT,
  CASE,
  CALL,
  VO_FIELD,
  OVERRIDE,
  MODE,
  OR,
  XOR,
  AND,
  NOT,
  MOD,
  END_ON,
  END_FUNCTION,
  END_TASKFUNC,
  END_MACRO,
  END_PROPERTY,
  END_FAMILY,
  END_STRUCT,
  END_CONST,
  END_LIST,
  END_NAMESPACE,
  END_NODE,
  END_IF,
  END_WHILE,
  END_FOR,
  END_SELECT,
  MISSING_END,
  OPEN,
  CLOSE,
  OPEN_INDEX,
  CLOSE_INDEX,
  MINUS,
  BIT_NOT,
  UNEXPECTED,
  ERROR_SENTINEL,
};

// ---- Keywords ---------------------------------------------------------------

typedef enum {
  ALWAYS,    // a keyword wherever it stands
  OPENING,   // a keyword unless a parenthesis follows directly
  NAMING,    // a keyword when a name follows on the line
  OPERATOR,  // a keyword where the parser can take it, else a name
  MARKING,   // both: taken by the parser, and a name follows
  CALLBACK,  // on NAME, alone on its line
  ENDING,    // end X
  OTHERWISE, // else, else if
  SECTION,   // cb NAME, node NAME
  PATH,      // import "..."
  PYTHON,    // run<< >>
} Kind;

typedef struct {
  const char *text;
  uint8_t kind;
  uint8_t token;
} Keyword;

#define LETTER(name, ...) static const Keyword name[] = {__VA_ARGS__, {NULL, 0, 0}}

LETTER(words_a, {"and", OPERATOR, AND}, {"as", OPERATOR, AS});
LETTER(words_c, {"case", ALWAYS, CASE}, {"call", NAMING, CALL}, {"cb", SECTION, CB}, {"const", NAMING, CONST});
LETTER(words_d, {"declare", OPENING, DECLARE}, {"define", NAMING, DEFINE}, {"downto", OPERATOR, DOWNTO});
LETTER(words_e, {"end", ENDING, 0}, {"else", OTHERWISE, ELSE});
LETTER(words_f, {"for", ALWAYS, FOR}, {"function", ALWAYS, FUNCTION}, {"family", NAMING, FAMILY},
       {"from", OPERATOR, FROM});
LETTER(words_i, {"if", ALWAYS, IF}, {"import", PATH, IMPORT}, {"iterate_macro", ALWAYS, ITERATE_MACRO},
       {"iterate_post_macro", ALWAYS, ITERATE_POST_MACRO});
LETTER(words_l, {"list", NAMING, LIST}, {"literals", MARKING, LITERALS}, {"literate_macro", ALWAYS, LITERATE_MACRO},
       {"literate_post_macro", ALWAYS, LITERATE_POST_MACRO});
LETTER(words_m, {"mod", OPERATOR, MOD}, {"macro", NAMING, MACRO});
LETTER(words_n, {"not", OPERATOR, NOT}, {"node", SECTION, NODE}, {"namespace", NAMING, NAMESPACE});
LETTER(words_o, {"or", OPERATOR, OR}, {"on", CALLBACK, ON}, {"out", MARKING, MODE}, {"override", OPERATOR, OVERRIDE});
LETTER(words_p, {"property", NAMING, PROPERTY});
LETTER(words_r, {"ref", MARKING, MODE}, {"run", PYTHON, 0}, {"read", PYTHON, 0});
LETTER(words_s, {"select", ALWAYS, SELECT}, {"step", OPERATOR, STEP}, {"struct", NAMING, STRUCT});
LETTER(words_t, {"to", OPERATOR, TO}, {"taskfunc", NAMING, TASKFUNC});
LETTER(words_v, {"var", MARKING, MODE}, {"vo_field", NAMING, VO_FIELD});
LETTER(words_w, {"while", ALWAYS, WHILE});
LETTER(words_x, {"xor", OPERATOR, XOR});
LETTER(words_E, {"END_USE_CODE", ALWAYS, END_USE_CODE});
LETTER(words_R, {"RESET_CONDITION", ALWAYS, RESET_CONDITION});
LETTER(words_S, {"SET_CONDITION", ALWAYS, SET_CONDITION});
LETTER(words_U, {"USE_CODE_IF", ALWAYS, USE_CODE_IF}, {"USE_CODE_IF_NOT", ALWAYS, USE_CODE_IF_NOT});

static const Keyword *const by_letter[128] = {
  ['a'] = words_a, ['c'] = words_c, ['d'] = words_d, ['e'] = words_e, ['f'] = words_f, ['i'] = words_i,
  ['l'] = words_l, ['m'] = words_m, ['n'] = words_n, ['o'] = words_o, ['p'] = words_p, ['r'] = words_r,
  ['s'] = words_s, ['t'] = words_t, ['v'] = words_v, ['w'] = words_w, ['x'] = words_x,
  ['E'] = words_E, ['R'] = words_R, ['S'] = words_S, ['U'] = words_U,
};

static const struct {
  const char *text;
  uint8_t token;
} endings[] = {
  {"if", END_IF}, {"on", END_ON}, {"function", END_FUNCTION}, {"while", END_WHILE}, {"select", END_SELECT},
  {"for", END_FOR}, {"macro", END_MACRO}, {"taskfunc", END_TASKFUNC}, {"node", END_NODE}, {"family", END_FAMILY},
  {"property", END_PROPERTY}, {"struct", END_STRUCT}, {"const", END_CONST}, {"list", END_LIST},
  {"namespace", END_NAMESPACE},
};

// ---- Characters and short words ---------------------------------------------

static inline bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static inline bool is_letter(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static inline bool is_word(int32_t c) { return is_letter(c) || is_digit(c) || c == '_'; }
static inline bool is_line_end(int32_t c) { return c == '\n' || c == '\r'; }
static inline bool is_blank(int32_t c) { return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == 0xa0 || c == 0xfeff; }
static inline bool is_quote(int32_t c) { return c == '"' || c == '\''; }

static inline bool is_sigil(int32_t c) {
  return c == '$' || c == '%' || c == '@' || c == '!' || c == '~' || c == '?';
}

static inline bool is_name_start(int32_t c) { return is_word(c) || is_sigil(c) || c == '#'; }

static inline void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

static inline bool at_end(TSLexer *lexer) { return lexer->lookahead == 0 && lexer->eof(lexer); }

static inline void skip_blanks(TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) advance(lexer);
}

// The longest keyword has 19 letters; a longer word only has to be known as one.
#define WORD_SIZE 24

typedef struct {
  char text[WORD_SIZE];
  uint32_t length;
} Word;

static inline void put(Word *word, int32_t c) {
  if (word->length < WORD_SIZE - 1) word->text[word->length] = (char)c;
  word->length++;
}

static inline bool is(const Word *word, const char *text) {
  return word->length < WORD_SIZE && strncmp(word->text, text, word->length) == 0 && text[word->length] == 0;
}

// The letters, digits and underscores ahead.
static void read_plain(TSLexer *lexer, Word *word) {
  word->length = 0;
  while (is_word(lexer->lookahead)) {
    put(word, lexer->lookahead);
    advance(lexer);
  }
}

static const Keyword *find_keyword(const Word *word) {
  if (word->length < 2 || word->length >= WORD_SIZE) return NULL;
  const Keyword *keyword = by_letter[word->text[0] & 127];
  if (keyword == NULL) return NULL;
  for (; keyword->text != NULL; keyword++) {
    if (is(word, keyword->text)) return keyword;
  }
  return NULL;
}

static bool is_infix(const Word *word) {
  const Keyword *keyword = find_keyword(word);
  if (keyword == NULL || keyword->kind != OPERATOR) return false;
  return keyword->token != NOT && keyword->token != OVERRIDE;
}

// After a word: does a name follow on the same line? A word that joins two
// expressions is no name here: in `list and 1` the word `list` is one.
static bool name_follows(TSLexer *lexer) {
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

// ---- Comments, strings, line ends -------------------------------------------

// Passes over the comment whose first characters were read up to `kind`
// ('{', '(' for a parenthesis and a star, '*' for a slash and a star, '/').
// False when it has no end.
static bool pass_comment(TSLexer *lexer, char kind) {
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
static char open_comment(TSLexer *lexer) {
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
static void pass_string(TSLexer *lexer, int32_t quote) {
  while (!at_end(lexer) && !is_line_end(lexer->lookahead)) {
    int32_t c = lexer->lookahead;
    advance(lexer);
    if (c == quote) return;
    if (c == '\\' && !is_line_end(lexer->lookahead) && !at_end(lexer)) advance(lexer);
  }
}

// One line end: LF, CR LF, CR CR LF, CR.
static void read_line_end(TSLexer *lexer) {
  while (lexer->lookahead == '\r') advance(lexer);
  if (lexer->lookahead == '\n') advance(lexer);
}

static void read_blank_lines(TSLexer *lexer) {
  while (is_blank(lexer->lookahead) || is_line_end(lexer->lookahead)) advance(lexer);
}

// After the first dot of what may be `...`: passes over the rest of it, a
// comment, and the line ends. False if the line goes on; then `dots` tells how
// many dots were read in all.
static bool pass_continuation(TSLexer *lexer, int *dots) {
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

static bool scan_comment(TSLexer *lexer) {
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

static bool scan_string(TSLexer *lexer, enum TokenType token) {
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
static bool scan_raw(TSLexer *lexer, bool argument) {
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
        continue; // in the text only if more text follows
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
static bool scan_macro_body(TSLexer *lexer) {
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

static bool scan_python(TSLexer *lexer) {
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

// ---- Names ------------------------------------------------------------------

typedef enum {
  PLAIN,   // letters, digits and underscores, and the text after it not yet read
  JOINED,  // with dots or `#x#` pieces, or with text read beyond its end
} Shape;

// Reads a name from here on; with `mark` it is the token that ends there. The
// word holds the text before the first dot or `#`.
static Shape read_name(TSLexer *lexer, Word *word, bool mark) {
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

static bool is_hexadecimal(const Word *word) {
  uint32_t n = word->length;
  const char *s = word->text;
  if (n < 3 || n >= WORD_SIZE) return n == 2 && is_digit(s[0]) && (s[1] == 'h' || s[1] == 'H');
  uint32_t first = 0, last = n;
  if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) first = 2;
  else if (s[n - 1] == 'h' || s[n - 1] == 'H') last = n - 1;
  else return false;
  for (uint32_t i = first; i < last; i++) {
    if (!is_digit(s[i]) && !(s[i] >= 'a' && s[i] <= 'f') && !(s[i] >= 'A' && s[i] <= 'F')) return false;
  }
  return true;
}

static bool all_binary(const char *s, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    if (s[i] != '0' && s[i] != '1') return false;
  }
  return n > 0;
}

static bool is_binary(const Word *word) {
  uint32_t n = word->length;
  const char *s = word->text;
  // Up to 32 digits: longer than a keyword, so the word may be cut short.
  if (n < 2 || n > 33) return false;
  uint32_t kept = n < WORD_SIZE ? n : WORD_SIZE - 1;
  // `b1` is too often a name; `b0101` is a number.
  if (s[0] == 'b' || s[0] == 'B') return n > 2 && all_binary(s + 1, kept - 1);
  return n < WORD_SIZE && (s[n - 1] == 'b' || s[n - 1] == 'B') && all_binary(s, n - 1);
}

static bool read_exponent(TSLexer *lexer) {
  if (lexer->lookahead != 'e' && lexer->lookahead != 'E') return false;
  advance(lexer);
  if (lexer->lookahead == '+' || lexer->lookahead == '-') advance(lexer);
  if (!is_digit(lexer->lookahead)) return false;
  while (is_digit(lexer->lookahead)) advance(lexer);
  return true;
}

static bool finish_real(TSLexer *lexer) {
  while (is_digit(lexer->lookahead)) advance(lexer);
  lexer->mark_end(lexer);
  if (read_exponent(lexer)) lexer->mark_end(lexer);
  lexer->result_symbol = REAL;
  return true;
}

// A number, or a name that begins with a digit.
static bool scan_number(TSLexer *lexer) {
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

static bool is_callback_name(const Word *word) {
  static const char *const names[] = {
    "init", "note", "release", "controller", "note_controller", "poly_at", "rpn", "nrpn", "listener",
    "ui_control", "ui_controls", "ui_update", "persistence_changed", "pgs_changed", "async_complete", "midi_in",
  };
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
    if (is(word, names[i]) || (word->text[0] == '_' && word->length < WORD_SIZE && strlen(names[i]) + 1 == word->length &&
                               memcmp(word->text + 1, names[i], word->length - 1) == 0)) {
      return true;
    }
  }
  return false;
}

static inline bool line_ends_here(TSLexer *lexer) {
  int32_t c = lexer->lookahead;
  return is_line_end(c) || c == '{' || c == '/' || c == '(' || at_end(lexer);
}

// After a keyword that needs its context: does it have it?
static bool confirm(TSLexer *lexer, const Keyword *keyword) {
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

static bool is_modifier(const Word *word) {
  static const char *const modifiers[] = {"const", "polyphonic", "local", "global", "static", "pers", "instpers",
                                          "read", "list"};
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
    case END_LIST: return 1;
    case END_FAMILY:
    case END_STRUCT: return 2;
    case END_FUNCTION:
    case END_TASKFUNC:
    case END_ON: return 3;
    case END_PROPERTY: return 4;
    case END_NAMESPACE:
    case END_NODE: return 5;
    default: return 0;
  }
}

// `end X` stands in a block that X does not end. Does it end a block around
// this one? If not it is astray.
static bool closes_from_outside(const bool *valid, uint8_t token) {
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
static Verdict scan_missing_end(TSLexer *lexer, const bool *valid, Word *word) {
  read_plain(lexer, word);
  if (lexer->lookahead == '.' || lexer->lookahead == '#') return GO_ON;
  const Keyword *keyword = find_keyword(word);
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
static bool scan_word(TSLexer *lexer, const bool *valid, bool recovering) {
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

  const Keyword *keyword = find_keyword(&word);
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
    if (keyword->kind == OPERATOR ? valid[keyword->token] : keyword->kind == ALWAYS) lexer->result_symbol = keyword->token;
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

// ---- Ends of statements and headers -----------------------------------------

// Does the line ahead begin a statement beyond doubt? It does with a keyword,
// and with an assignment.
static bool statement_ahead(TSLexer *lexer) {
  if (!is_name_start(lexer->lookahead) || is_digit(lexer->lookahead)) return false;
  bool sigil = is_sigil(lexer->lookahead);
  if (sigil) advance(lexer);
  Word word;
  read_plain(lexer, &word);
  if (!sigil) {
    const Keyword *keyword = find_keyword(&word);
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
    if (c == '[' || c == '(') depth++;
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
static bool scan_unexpected(TSLexer *lexer) {
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
static bool scan_after_end(TSLexer *lexer, const bool *valid) {
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
    const Keyword *keyword = find_keyword(&word);
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
  uint16_t busy; // inside a statement or the header of a block
} Depth;

static bool end_token(TSLexer *lexer, enum TokenType token) {
  lexer->mark_end(lexer);
  lexer->result_symbol = token;
  return true;
}

// The rest of the text is one error.
static bool give_up(TSLexer *lexer) {
  while (!at_end(lexer)) advance(lexer);
  return end_token(lexer, UNEXPECTED);
}

// Passes over further comments behind one.
static void pass_extras(TSLexer *lexer) {
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

static bool scan(TSLexer *lexer, const bool *valid, bool recovering, const Depth *depth) {
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

bool tree_sitter_ksp_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  Depth *depth = payload;
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

void *tree_sitter_ksp_external_scanner_create(void) { return calloc(1, sizeof(Depth)); }

void tree_sitter_ksp_external_scanner_destroy(void *payload) { free(payload); }

unsigned tree_sitter_ksp_external_scanner_serialize(void *payload, char *buffer) {
  memcpy(buffer, payload, sizeof(Depth));
  return sizeof(Depth);
}

void tree_sitter_ksp_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  if (length == sizeof(Depth)) memcpy(payload, buffer, sizeof(Depth));
  else memset(payload, 0, sizeof(Depth));
}
