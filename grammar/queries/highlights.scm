; Words of the language

[
  "on" "end on"
  "function" "end function"
  "taskfunc" "end taskfunc"
  "macro" "end macro"
  "property" "end property"
  "family" "end family"
  "struct" "end struct"
  "const" "end const"
  "list" "end list"
  "namespace" "end namespace"
  "node" "from" "cb" "end node"
  "declare" "vo_field" "call"
] @keyword

(modifier) @keyword.modifier
(mode) @keyword.modifier
(override) @keyword.modifier

["if" "else if" "else" "end if" "select" "case" "end select"] @keyword.conditional
["while" "end while" "for" "to" "downto" "step" "end for"] @keyword.repeat
["import" "as"] @keyword.import

[
  "define" "literals"
  "iterate_macro" "iterate_post_macro"
  "literate_macro" "literate_post_macro"
  "SET_CONDITION" "RESET_CONDITION" "USE_CODE_IF" "USE_CODE_IF_NOT" "END_USE_CODE"
] @keyword.directive

["and" "or" "xor" "not" "mod"] @keyword.operator
[
  ":=" "+=" "-=" "*=" "/=" "&=" "=+" "->"
  "+" "-" "*" "/" "&" "=" "#" "<" "<=" ">" ">="
  ".and." ".or." ".xor." ".not."
] @operator

["(" ")" "[" "]"] @punctuation.bracket
["," "." ":"] @punctuation.delimiter

; Values

(integer) @number
(real) @number.float
(string) @string
(fstring) @string
(comment) @comment

; Names

((identifier) @constant
  (#match? @constant "^\\$?[A-Z][A-Z0-9_]*$"))

(callback name: (identifier) @function.builtin)
(function_definition name: (identifier) @function)
(taskfunc_definition name: (identifier) @function)
(property_definition name: (identifier) @property)
(parameter name: (identifier) @variable.parameter)
(function_definition result: (identifier) @variable.parameter)
(taskfunc_definition result: (identifier) @variable.parameter)

(family_definition name: (identifier) @module)
(namespace_definition name: (identifier) @module)
(import_statement alias: (identifier) @module)
(struct_definition name: (identifier) @type)
(declare_statement struct_type: (identifier) @type)
(const_block name: (identifier) @type)
(const_member name: (identifier) @constant)
(list_block name: (identifier) @variable)

(node_definition name: (identifier) @type)
(node_definition base: (identifier) @type)
(cb_section name: (identifier) @function.builtin)
(vo_field_statement name: (identifier) @property)

(macro_definition name: (identifier) @function.macro)
(define_statement name: (identifier) @constant.macro)
(preprocessor_directive symbol: (identifier) @constant.macro)

(call_statement call: (identifier) @function.call)
(call_expression function: (identifier) @function.call)
(field_expression field: (identifier) @property)
(arrow_expression name: (identifier) @property)
