[
  (source_file)
  (callback)
  (function_definition)
  (taskfunc_definition)
  (cb_section)
] @local.scope

(parameter name: (identifier) @local.definition.parameter)
(function_definition result: (identifier) @local.definition.parameter)
(taskfunc_definition result: (identifier) @local.definition.parameter)
(declare_statement name: (identifier) @local.definition.var)
(const_member name: (identifier) @local.definition.constant)
(function_definition name: (identifier) @local.definition.function)
(taskfunc_definition name: (identifier) @local.definition.function)
(macro_definition name: (identifier) @local.definition.macro)
(define_statement name: (identifier) @local.definition.macro)

(identifier) @local.reference
