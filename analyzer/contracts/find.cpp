#include <algorithm>

#include "contracts/contract.h"

namespace fermata {

namespace {

// "studio.*" stands for every name that begins with "studio.".
bool stands_for(std::string_view pattern, std::string_view name) {
  return pattern.ends_with('*') && name.starts_with(pattern.substr(0, pattern.size() - 1));
}

template <class Rows>
const Contract* longest_family(const Rows& rows, std::string_view name) {
  const Contract* found = nullptr;
  std::size_t length = 0;
  for (const auto& row : rows) {
    if (row.name.size() <= length || !stands_for(row.name, name)) continue;
    length = row.name.size();
    found = &row.contract;
  }
  return found;
}

}  // namespace

const BuiltinContract* find_builtin_contract(std::string_view name) {
  const std::span<const BuiltinContract> rows = builtin_contracts();
  const auto found = std::ranges::lower_bound(rows, name, {}, &BuiltinContract::name);
  return found != rows.end() && found->name == name ? &*found : nullptr;
}

const Contract* find_users_contract(std::span<const NamedContract> users, std::string_view name) {
  const auto own = std::ranges::find(users, name, &NamedContract::name);
  if (own != users.end()) return &own->contract;
  return users.empty() || find_builtin_contract(name) != nullptr ? nullptr : longest_family(users, name);
}

const Contract* find_contract(std::span<const NamedContract> users, std::string_view name) {
  if (const Contract* own = find_users_contract(users, name)) return own;
  if (const BuiltinContract* builtin = find_builtin_contract(name)) return &builtin->contract;
  return longest_family(builtin_contracts(), name);
}

}  // namespace fermata
