// Contracts from TOML: the files of rules/contracts, files of the user's, and [contracts] of fermata.toml. One reader,
// so that all are checked alike. rules/contracts/README.md describes the format.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "contracts/contract.h"

namespace fermata {

struct ContractFile {
  std::vector<NamedContract> contracts;  // sorted by name; `place` is the line's number
  // Of [contracts]: the files named there, as written, with the line.
  std::vector<std::pair<std::string, std::string>> files;
  std::string error;  // "12: what is wrong and what to write": empty when fine
};

// A file of its own: `format = 1` and the calls under [calls].
ContractFile read_contract_file(std::string_view toml);

// The section [contracts] of fermata.toml; its other sections are not looked at.
ContractFile read_contract_section(std::string_view toml);

}  // namespace fermata
