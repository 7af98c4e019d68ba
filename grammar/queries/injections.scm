; The body of a macro is text until the macro is called. It is shown as the
; script it will be.
((macro_body) @injection.content
  (#set! injection.language "ksp"))

((python_block) @injection.content
  (#set! injection.language "python"))
