// What a name means where it stands.
#include "frontend/builtins.h"
#include "frontend/lower.h"

namespace fermata::build {

Lowerer::Meaning Lowerer::find(const Context& context, std::string_view spelling, bool wants_array) {
  const std::string name = canonical(spelling);
  const char sigil = sigil_of(spelling);
  Meaning meaning;
  for (const Scope* scope = context.scope; scope != nullptr; scope = scope->outer) {
    if (const auto alias = scope->aliases.find(name); alias != scope->aliases.end()) {
      meaning.alias = alias->second;
      return meaning;
    }
    if (const auto found = scope->symbols.find(name); found != scope->symbols.end()) {
      meaning.symbol = pick(program_, found->second, sigil, wants_array);
      if (meaning.symbol != kNone) return meaning;
    }
  }
  each_prefix(context.prefix, [&](std::string_view prefix) {
    const std::string full = std::string(prefix) + name;
    if (const auto found = build_.globals.find(full); found != build_.globals.end()) {
      meaning.symbol = pick(program_, found->second, sigil, wants_array);
    }
    if (meaning.symbol == kNone) {
      if (const auto found = build_.properties.find(full); found != build_.properties.end()) {
        meaning.property = &found->second;
      }
    }
    return meaning.symbol != kNone || meaning.property != nullptr;
  });
  return meaning;
}

SymbolId Lowerer::find_builtin(std::string_view spelling, bool wants_array) {
  const std::string name = canonical(spelling);
  if (const auto known = build_.builtins.find(name); known != build_.builtins.end()) return known->second;
  const BuiltinVariable* variable = find_builtin_variable(name);
  const std::optional<int64_t> constant = builtin_constant(name);
  if (variable == nullptr && !constant && !looks_like_builtin(spelling)) return kNone;
  Symbol symbol;
  symbol.name = program_.intern(name);
  symbol.kind = constant ? SymbolKind::constant : SymbolKind::builtin;
  symbol.sigil = variable != nullptr ? variable->sigil : sigil_of(spelling);
  symbol.type = type_of_sigil(symbol.sigil);
  symbol.is_array = is_array_sigil(symbol.sigil) || (variable == nullptr && !constant && wants_array);
  if (symbol.is_array) symbol.dimensions.push_back(variable != nullptr ? variable->cells : 0);
  symbol.has_value = constant.has_value();
  symbol.value = constant.value_or(0);
  const auto id = static_cast<SymbolId>(program_.symbols.size());
  program_.symbols.push_back(std::move(symbol));
  build_.builtins.emplace(name, id);
  return id;
}

// What is written to or indexed is a variable, even if the text that declares it is not here (a part of the closed
// framework, a file that was not given).
SymbolId Lowerer::implicit_global(std::string_view spelling, bool array, Span where) {
  Symbol symbol;
  symbol.name = program_.intern(canonical(spelling));
  symbol.sigil = sigil_of(spelling);
  symbol.type = type_of_sigil(symbol.sigil);
  symbol.is_array = array || is_array_sigil(symbol.sigil);
  if (symbol.is_array) symbol.dimensions.push_back(0);
  symbol.span = where;
  program_.symbols.push_back(std::move(symbol));
  const auto id = static_cast<SymbolId>(program_.symbols.size() - 1);
  add_global(build_, id);
  return id;
}

FunctionId Lowerer::find_function(const Context& context, std::string_view spelling, size_t arity) {
  const std::string name = lower(spelling);
  FunctionId result = kNone;
  each_prefix(context.prefix, [&](std::string_view prefix) {
    const auto found = build_.functions.find(std::string(prefix) + name);
    if (found == build_.functions.end()) return false;
    for (const FunctionId id : found->second) {
      if (program_.functions[id].parameters.size() == arity) result = id;
    }
    return result != kNone;
  });
  return result;
}

// Scripts of the Kontakt 2 era write some functions with a leading underscore.
std::string Lowerer::callee_name(const Context& context, std::string_view spelling, size_t arity) {
  const std::string name = lower(spelling);
  if (name.size() > 1 && name[0] == '_' && find_function(context, spelling, arity) == kNone &&
      !is_builtin_function(name) && is_builtin_function(std::string_view(name).substr(1))) {
    return name.substr(1);
  }
  return name;
}

}  // namespace fermata::build
