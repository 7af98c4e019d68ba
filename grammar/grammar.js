/**
 * The KSP family: plain KSP as Kontakt reads it, the extended syntax of
 * SublimeKSP, and the IVLS dialect (nodes, voice fields, generated code).
 *
 * One grammar serves all three. What a dialect forbids is decided after
 * parsing; here a construct is accepted wherever any dialect accepts it.
 *
 * All words are read by the external scanner (src/scanner.c). No word of KSP
 * is reserved in every dialect: `on`, `end`, `to`, `step`, `list`, `read` and
 * many more name variables in released scripts. The scanner tells a keyword
 * from a name by what stands beside it on the line, so the tables of the
 * parser stay small and no rule below needs a list of soft keywords.
 *
 * A line end separates statements but is never demanded: `else $x := 1` and
 * `if ($a) exit end if` are legal. The scanner sends `_end_of_statement` and
 * `_end_of_header`, with the line end or, before a word that begins the next
 * statement, without one. Where no statement can end (inside parentheses, after
 * an operator) it passes over the line end, unless the next line plainly
 * starts a new statement; then the error is reported on the line that is
 * broken. Since every statement is closed by a token of its own, the states
 * inside it do not depend on where it stands: that is what keeps the tables
 * small.
 */

// Loosest first.
const PREC = {
  concat: 1, //        &
  or: 2,
  xor: 3,
  and: 4,
  not: 5, //           prefix
  compare: 6, //       < <= > >= = #
  bit_or: 7, //        .or.
  bit_xor: 8, //       .xor.
  bit_and: 9, //       .and.
  bit_not: 10, //      .not.  prefix
  add: 11, //          + -
  multiply: 12, //     * / mod
  negate: 13, //       -  prefix
  postfix: 14, //      a(b)  a[b]  a[b].c  a -> c
};

const body = $ => field('body', $.block);
const definition_body = $ => field('body', alias($._definition_block, $.block));

// An end that is missing stands as an empty node before the keyword that shows
// that it is: `end on` inside an `if`, `function` inside a callback.
const end = ($, token, text) => choice(alias(token, text), $.missing_end);

// The scanner counts what opens and closes: see "Limits" there.
const OPEN = $ => alias($._open, '(');
const CLOSE = $ => alias($._close, ')');
const OPEN_INDEX = $ => alias($._open_index, '[');
const CLOSE_INDEX = $ => alias($._close_index, ']');

const comma_separated = rule => seq(rule, repeat(seq(',', rule)));

module.exports = grammar({
  name: 'ksp',

  // The order is that of `enum TokenType` in src/scanner/keywords.h.
  externals: $ => [
    $._end_of_statement,
    $._end_of_header,
    $.comment,
    $._continuation,
    $.identifier,
    $.integer,
    $.real,
    $._string,
    $._unterminated_string,
    $._string_end,
    $.fstring,
    $.modifier,
    $.define_value,
    $.macro_argument,
    $.macro_body,
    $.python_block,
    $._on,
    $._function,
    $._taskfunc,
    $._macro,
    $._property,
    $._family,
    $._struct,
    $._const,
    $._list,
    $._namespace,
    $._node,
    $._cb,
    $._from,
    $._import,
    $._as,
    $._define,
    $._literals,
    $._iterate_macro,
    $._iterate_post_macro,
    $._literate_macro,
    $._literate_post_macro,
    $._literate_on,
    $._set_condition,
    $._reset_condition,
    $._use_code_if,
    $._use_code_if_not,
    $._end_use_code,
    $._declare,
    $._if,
    $._else_if,
    $._else,
    $._while,
    $._for,
    $._to,
    $._downto,
    $._step,
    $._select,
    $._case,
    $._call,
    $._vo_field,
    $._override,
    $._mode,
    $._or,
    $._xor,
    $._and,
    $._not,
    $._mod,
    $._end_on,
    $._end_function,
    $._end_taskfunc,
    $._end_macro,
    $._end_property,
    $._end_family,
    $._end_struct,
    $._end_const,
    $._end_list,
    $._end_namespace,
    $._end_node,
    $._end_if,
    $._end_while,
    $._end_for,
    $._end_select,
    $.missing_end,
    $._open,
    $._close,
    $._open_index,
    $._close_index,
    $._minus,
    $._bit_not,
    // Never accepted: text that can be no token, reported as one error.
    $._unexpected,
    // Never used: valid only while the parser recovers.
    $._error_sentinel,
  ],

  extras: $ => [/[ \t\f\v\r\n\u00a0\ufeff]/, $.comment, $._continuation],

  supertypes: $ => [$._expression, $._statement],

  // No entry: the grammar is LR(1) as it stands. The two places that are not
  // by themselves are settled by precedence, and say so where they stand.
  conflicts: $ => [],

  rules: {
    source_file: $ => repeat(seq(optional($._item), $._end_of_statement)),

    _item: $ => choice(
      $.callback,
      $._definition,
      $._statement,
    ),

    // What may stand at the top of a file and inside the bodies that hold
    // definitions: families, structs, properties, the sections of a node. A
    // callback or an `if` holds none of these: a missing `end on` is reported
    // where the next function begins, and not at the end of the file.
    _definition: $ => choice(
      $.function_definition,
      $.taskfunc_definition,
      $.namespace_definition,
      $.node_definition,
    ),

    // The end of a statement without a statement is never sent in good text.
    // It lets the parser leave a broken line at the line's end.
    //
    // A block is there even when it is empty: the end of its header is part
    // of it.
    block: $ => seq($._end_of_header, repeat(seq(optional($._statement), $._end_of_statement))),

    _definition_block: $ => seq(
      $._end_of_header,
      repeat(seq(optional(choice($._definition, $._statement)), $._end_of_statement)),
    ),

    // ---- Callbacks and functions -------------------------------------------

    callback: $ => seq(
      alias($._on, 'on'),
      field('name', $.identifier),
      optional(seq(OPEN($), comma_separated(field('argument', $._expression)), CLOSE($))),
      body($),
      end($, $._end_on, 'end on'),
    ),

    function_definition: $ => seq(
      alias($._function, 'function'),
      field('name', $.identifier),
      optional(field('parameters', $.parameters)),
      optional(seq('->', field('result', $.identifier))),
      optional(field('override', $.override)),
      body($),
      end($, $._end_function, 'end function'),
    ),

    taskfunc_definition: $ => seq(
      alias($._taskfunc, 'taskfunc'),
      field('name', $.identifier),
      optional(field('parameters', $.parameters)),
      optional(seq('->', field('result', $.identifier))),
      optional(field('override', $.override)),
      body($),
      end($, $._end_taskfunc, 'end taskfunc'),
    ),

    override: $ => $._override,

    parameters: $ => seq(OPEN($), optional(comma_separated($.parameter)), CLOSE($)),

    parameter: $ => seq(
      optional(field('mode', alias($._mode, $.mode))),
      field('name', $.identifier),
    ),

    property_definition: $ => seq(
      alias($._property, 'property'),
      field('name', $.identifier),
      choice(
        seq(definition_body($), end($, $._end_property, 'end property')),
        seq(
          optional(seq(OPEN_INDEX($), optional(field('index', comma_separated($.identifier))), CLOSE_INDEX($))),
          '->',
          field('target', $._expression),
        ),
      ),
    ),

    // ---- Named groups of declarations --------------------------------------

    family_definition: $ => seq(
      alias($._family, 'family'),
      field('name', $.identifier),
      definition_body($),
      end($, $._end_family, 'end family'),
    ),

    struct_definition: $ => seq(
      alias($._struct, 'struct'),
      field('name', $.identifier),
      definition_body($),
      end($, $._end_struct, 'end struct'),
    ),

    namespace_definition: $ => seq(
      alias($._namespace, 'namespace'),
      field('name', $.identifier),
      definition_body($),
      end($, $._end_namespace, 'end namespace'),
    ),

    const_block: $ => seq(
      alias($._const, 'const'),
      field('name', $.identifier),
      $._end_of_header,
      repeat(seq(
        optional(choice($.const_member, $._line_directive, alias($._macro_call, $.call_statement))),
        $._end_of_statement,
      )),
      end($, $._end_const, 'end const'),
    ),

    const_member: $ => seq(
      field('name', $.identifier),
      optional(seq(':=', field('value', $._expression))),
    ),

    _macro_call: $ => field('call', $.call_expression),

    list_block: $ => seq(
      alias($._list, 'list'),
      field('name', $.identifier),
      optional(field('size', $.dimensions)),
      $._end_of_header,
      repeat(seq(optional(choice($.list_item, $._line_directive)), $._end_of_statement)),
      end($, $._end_list, 'end list'),
    ),

    list_item: $ => comma_separated(field('value', $._expression)),

    // ---- IVLS nodes --------------------------------------------------------

    node_definition: $ => seq(
      alias($._node, 'node'),
      field('name', $.identifier),
      optional(seq(alias($._from, 'from'), field('base', $.identifier))),
      optional(':'),
      $._end_of_header,
      repeat(seq(optional($._statement), $._end_of_statement)),
      repeat($.cb_section),
      end($, $._end_node, 'end node'),
    ),

    cb_section: $ => seq(
      alias($._cb, 'cb'),
      field('name', $.identifier),
      optional(':'),
      definition_body($),
    ),

    vo_field_statement: $ => seq(
      alias($._vo_field, 'vo_field'),
      field('name', $.identifier),
      optional(seq('=', field('value', $._expression))),
      optional(seq(alias($._if, 'if'), field('predicate', $._expression))),
    ),

    // ---- Imports, defines, macros ------------------------------------------

    import_statement: $ => seq(
      alias($._import, 'import'),
      field('path', $.string),
      optional(seq(alias($._as, 'as'), field('alias', $.identifier))),
    ),

    define_statement: $ => seq(
      alias($._define, 'define'),
      optional(alias($._literals, 'literals')),
      field('name', $.identifier),
      optional(field('parameters', $.parameters)),
      field('operator', choice(':=', '+=', '=+')),
      optional(field('value', $.define_value)),
    ),

    macro_definition: $ => seq(
      alias($._macro, 'macro'),
      field('name', $.identifier),
      optional(field('parameters', $.parameters)),
      $._end_of_header,
      optional(field('body', $.macro_body)),
      end($, $._end_macro, 'end macro'),
    ),

    iterate_statement: $ => seq(
      field('kind', choice(
        alias($._iterate_macro, 'iterate_macro'),
        alias($._iterate_post_macro, 'iterate_post_macro'),
      )),
      OPEN($),
      optional(field('argument', $.macro_argument)),
      CLOSE($),
      ':=',
      field('from', $._expression),
      field('direction', choice(alias($._to, 'to'), alias($._downto, 'downto'))),
      field('to', $._expression),
      optional(seq(alias($._step, 'step'), field('step', $._expression))),
    ),

    literate_statement: $ => seq(
      field('kind', choice(
        alias($._literate_macro, 'literate_macro'),
        alias($._literate_post_macro, 'literate_post_macro'),
      )),
      OPEN($),
      optional(field('argument', $.macro_argument)),
      CLOSE($),
      alias($._literate_on, 'on'),
      optional(field('list', $.define_value)),
    ),

    // Flat on purpose: a condition may cut a block in two.
    preprocessor_directive: $ => seq(
      field('name', choice(
        alias($._set_condition, 'SET_CONDITION'),
        alias($._reset_condition, 'RESET_CONDITION'),
        alias($._use_code_if, 'USE_CODE_IF'),
        alias($._use_code_if_not, 'USE_CODE_IF_NOT'),
        alias($._end_use_code, 'END_USE_CODE'),
      )),
      optional(seq(OPEN($), optional(field('symbol', $.identifier)), CLOSE($))),
    ),

    // ---- Statements --------------------------------------------------------

    _statement: $ => choice(
      $.declare_statement,
      $.assignment_statement,
      $.call_statement,
      $.if_statement,
      $.while_statement,
      $.for_statement,
      $.select_statement,
      $.define_statement,
      $.iterate_statement,
      $.literate_statement,
      $.preprocessor_directive,
      $.python_statement,
      $.vo_field_statement,
      $.property_definition,
      $.family_definition,
      $.struct_definition,
      $.const_block,
      $.list_block,
      $.macro_definition,
      $.import_statement,
    ),

    // What may stand between the entries of a const block, of a list block,
    // and before the first case of a select.
    _line_directive: $ => choice(
      $.iterate_statement,
      $.literate_statement,
      $.preprocessor_directive,
      $.define_statement,
    ),

    python_statement: $ => $.python_block,

    // After a size the parenthesised list is an initializer even with one
    // item: the precedence of `initializer` over `parenthesized_expression`
    // decides. Without a size one item in parentheses is a plain expression.
    declare_statement: $ => seq(
      alias($._declare, 'declare'),
      repeat(field('modifier', $.modifier)),
      optional(seq('&', field('struct_type', $.identifier))),
      field('name', $.identifier),
      choice(
        seq(
          optional(field('arguments', $.arguments)),
          optional(seq(':=', field('value', choice($._expression, alias($._long_initializer, $.initializer))))),
        ),
        seq(
          field('size', $.dimensions),
          optional(field('arguments', $.arguments)),
          optional(seq(':=', field('value', choice($._expression, $.initializer)))),
        ),
      ),
    ),

    dimensions: $ => seq(OPEN_INDEX($), repeat(choice(field('size', $._expression), ',')), CLOSE_INDEX($)),

    initializer: $ => prec(1, seq(OPEN($), optional(seq(comma_separated($._expression), optional(','))), CLOSE($))),

    _long_initializer: $ => choice(
      seq(OPEN($), CLOSE($)),
      seq(OPEN($), $._expression, ',', optional(seq(comma_separated($._expression), optional(','))), CLOSE($)),
    ),

    assignment_statement: $ => seq(
      field('left', $._place),
      field('operator', choice(':=', '+=', '-=', '*=', '/=', '&=')),
      field('right', $._expression),
    ),

    call_statement: $ => seq(
      optional(alias($._call, 'call')),
      field('call', choice($.identifier, $.call_expression)),
    ),

    if_statement: $ => seq(
      alias($._if, 'if'),
      field('condition', $._expression),
      body($),
      repeat($.elseif_clause),
      optional($.else_clause),
      end($, $._end_if, 'end if'),
    ),

    elseif_clause: $ => seq(
      alias($._else_if, 'else if'),
      field('condition', $._expression),
      body($),
    ),

    else_clause: $ => seq(alias($._else, 'else'), body($)),

    while_statement: $ => seq(
      alias($._while, 'while'),
      field('condition', $._expression),
      body($),
      end($, $._end_while, 'end while'),
    ),

    for_statement: $ => seq(
      alias($._for, 'for'),
      field('variable', $._place),
      ':=',
      field('from', $._expression),
      field('direction', choice(alias($._to, 'to'), alias($._downto, 'downto'))),
      field('to', $._expression),
      optional(seq(alias($._step, 'step'), field('step', $._expression))),
      body($),
      end($, $._end_for, 'end for'),
    ),

    select_statement: $ => seq(
      alias($._select, 'select'),
      field('subject', $._expression),
      $._end_of_header,
      repeat(seq(optional(choice($._line_directive, $.call_statement)), $._end_of_statement)),
      repeat($.case_clause),
      optional($.else_clause),
      end($, $._end_select, 'end select'),
    ),

    case_clause: $ => seq(
      alias($._case, 'case'),
      field('value', $._expression),
      optional(seq(alias($._to, 'to'), field('to', $._expression))),
      body($),
    ),

    // ---- Expressions -------------------------------------------------------

    _expression: $ => choice(
      $._primary,
      $.unary_expression,
      $.binary_expression,
    ),

    _primary: $ => choice(
      $._place,
      $.integer,
      $.real,
      $.string,
      $.fstring,
      $.python_block,
      $.parenthesized_expression,
    ),

    // What can be called, indexed, assigned to. No place begins with a
    // parenthesis, and so no statement does: that keeps the line end optional.
    _place: $ => choice(
      $.identifier,
      alias($._soft_word, $.identifier),
      $.call_expression,
      $.subscript_expression,
      $.field_expression,
      $.arrow_expression,
    ),

    // Words that may end the block they stand in. Where they do, the scanner
    // says so; where they do not, it leaves them to this rule.
    _soft_word: $ => choice('on', 'end', 'node', 'cb', 'namespace', 'macro', 'taskfunc'),

    // An unclosed string ends with its line and lacks only its quote.
    string: $ => choice(
      $._string,
      seq($._unterminated_string, alias($._string_end, '"')),
    ),

    parenthesized_expression: $ => seq(OPEN($), $._expression, CLOSE($)),

    unary_expression: $ => choice(
      prec(PREC.negate, seq(field('operator', alias($._minus, '-')), field('argument', $._expression))),
      prec(PREC.bit_not, seq(field('operator', alias($._bit_not, '.not.')), field('argument', $._expression))),
      prec(PREC.not, seq(field('operator', alias($._not, 'not')), field('argument', $._expression))),
    ),

    binary_expression: $ => choice(
      ...[
        [PREC.concat, '&'],
        [PREC.or, alias($._or, 'or')],
        [PREC.xor, alias($._xor, 'xor')],
        [PREC.and, alias($._and, 'and')],
        [PREC.compare, choice('<', '<=', '>', '>=', '=', '#')],
        [PREC.bit_or, '.or.'],
        [PREC.bit_xor, '.xor.'],
        [PREC.bit_and, '.and.'],
        [PREC.add, choice('+', '-')],
        [PREC.multiply, choice('*', '/', alias($._mod, 'mod'))],
      ].map(([precedence, operator]) => prec.left(precedence, seq(
        field('left', $._expression),
        field('operator', operator),
        field('right', $._expression),
      ))),
    ),

    call_expression: $ => prec(PREC.postfix, seq(
      field('function', $._place),
      field('arguments', $.arguments),
    )),

    arguments: $ => seq(OPEN($), optional(comma_separated(choice($._expression, $.text_argument))), CLOSE($)),

    // What only a macro can take: the head of a declaration, an assignment, an
    // operator.
    text_argument: $ => choice(
      $.assignment_statement,
      seq(repeat1($.modifier), $.identifier),
      ':=', '+', alias($._minus, '-'), '*', '/', '&', '<', '<=', '>', '>=', '=', '#', '.and.', '.or.', '.xor.',
    ),

    subscript_expression: $ => prec(PREC.postfix, seq(
      field('object', $._place),
      OPEN_INDEX($),
      optional(comma_separated(field('index', $._expression))),
      CLOSE_INDEX($),
    )),

    field_expression: $ => prec(PREC.postfix, seq(
      field('object', $._place),
      '.',
      field('field', $.identifier),
    )),

    arrow_expression: $ => prec(PREC.postfix, seq(
      field('object', choice($._place, $.integer)),
      '->',
      field('name', $.identifier),
    )),
  },
});
