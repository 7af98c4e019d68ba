// The tokens of the external scanner, in the order of grammar.js, and the words that are keywords.
#pragma once

#include <stddef.h>
#include <stdint.h>

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

typedef enum {
  ALWAYS,     // a keyword wherever it stands
  OPENING,    // a keyword unless a parenthesis follows directly
  NAMING,     // a keyword when a name follows on the line
  OPERATOR,   // a keyword where the parser can take it, else a name
  MARKING,    // both: taken by the parser, and a name follows
  CALLBACK,   // on NAME, alone on its line
  ENDING,     // end X
  OTHERWISE,  // else, else if
  SECTION,    // cb NAME, node NAME
  PATH,       // import "..."
  PYTHON,     // run<< >>
} Kind;

typedef struct {
  const char* text;
  uint8_t kind;
  uint8_t token;
} Keyword;

// clang-format off
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
// clang-format on
