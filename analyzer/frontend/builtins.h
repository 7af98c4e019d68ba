// What Kontakt and the framework define without being asked: functions, variables, constants. Names are canonical:
// lower case, without sigil.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "frontend/program.h"

namespace fermata {

struct BuiltinFunction {
  std::string_view name;
  uint8_t min_arguments = 0;
  uint8_t max_arguments = 0;
};

struct BuiltinVariable {
  std::string_view name;
  char sigil = '$';
  uint32_t cells = 0;  // of an array ('%' or '!'); 0: not known
};

// Of Kontakt's language and SublimeKSP's; rules/contracts lists them.
std::optional<BuiltinFunction> find_builtin_function(std::string_view lower_name);
bool is_builtin_function(std::string_view lower_name);

const BuiltinVariable* find_builtin_variable(std::string_view lower_name);

// The folded value of a constant of Kontakt or of the framework. Where Kontakt does not document a number, values are
// distinct within their group (EVENT_PAR_*, CONTROL_PAR_*, NI_SIGNAL_*, ...), which is all that a script may rely on.
std::optional<int64_t> builtin_constant(std::string_view lower_name);

// `$SOME_NAME` or `SOME_NAME`: the spelling that Kontakt keeps for its own constants, also for those no table knows
// yet.
bool looks_like_builtin(std::string_view spelling);

}  // namespace fermata
