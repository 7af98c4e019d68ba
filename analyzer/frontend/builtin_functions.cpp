// The functions of Kontakt's language, and those that the SublimeKSP compiler adds: what rules/contracts says of them.
// Names of the Kontakt 2 era carry a leading underscore in old scripts; the table holds them without.
#include "contracts/contract.h"
#include "frontend/builtins.h"

namespace fermata {

std::optional<BuiltinFunction> find_builtin_function(std::string_view lower_name) {
  const BuiltinContract* found = find_builtin_contract(lower_name);
  if (found == nullptr || found->library == Library::ivls) return std::nullopt;
  return BuiltinFunction{found->name, found->contract.min_arguments, found->contract.max_arguments};
}

bool is_builtin_function(std::string_view lower_name) { return find_builtin_function(lower_name).has_value(); }

}  // namespace fermata
