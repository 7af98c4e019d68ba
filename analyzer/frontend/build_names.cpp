// Spellings, prefixes and the choice between symbols of one name.
#include <algorithm>

#include "frontend/build.h"

namespace fermata::build {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

char sigil_of(std::string_view spelling) {
  constexpr std::string_view kSigils = "$%~?@!";
  return !spelling.empty() && kSigils.find(spelling.front()) != std::string_view::npos ? spelling.front() : '\0';
}

std::string canonical(std::string_view spelling) { return lower(spelling.substr(sigil_of(spelling) != 0 ? 1 : 0)); }

bool is_array_sigil(char sigil) { return sigil == '%' || sigil == '?' || sigil == '!'; }

ValueType type_of_sigil(char sigil) {
  if (sigil == '~' || sigil == '?') return ValueType::real;
  return sigil == '@' || sigil == '!' ? ValueType::string : ValueType::integer;
}

SymbolId pick(const Program& program, const std::vector<SymbolId>& symbols, char sigil, bool wants_array) {
  const auto find = [&](const auto& fits) {
    const auto found = std::ranges::find_if(symbols, [&](SymbolId id) { return fits(program.symbols[id]); });
    return found == symbols.end() ? kNone : *found;
  };
  if (sigil != 0) {
    const SymbolId exact = find([&](const Symbol& symbol) { return symbol.sigil == sigil; });
    if (exact != kNone) return exact;
    return find([&](const Symbol& symbol) {
      return symbol.sigil == 0 && (symbol.kind == SymbolKind::parameter || symbol.kind == SymbolKind::result ||
                                   symbol.is_array == is_array_sigil(sigil));
    });
  }
  const SymbolId shape = find([&](const Symbol& symbol) { return symbol.is_array == wants_array; });
  return shape != kNone || symbols.empty() ? shape : symbols.front();
}

bool is_start_section(std::string_view name) {
  const std::string section = lower(name);
  return section == "init" || section == "icb" || section == "postinit" || section == "post_icb";
}

bool is_definition_section(std::string_view name) {
  const std::string section = lower(name);
  return section == "functions" || section == "macros";
}

}  // namespace fermata::build
