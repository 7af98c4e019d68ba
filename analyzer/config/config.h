// fermata.toml: what a project says about how it wants to be checked. Unknown keys and wrong values are errors that
// name the key and its line; nothing in the file is ignored silently.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/contract.h"
#include "frontend/assume.h"
#include "report/result.h"

namespace fermata {

struct Config {
  std::filesystem::path path;        // empty: no file, all defaults
  std::vector<std::string> include;  // globs, relative to the file's folder; empty: everything
  std::vector<std::string> exclude;
  Level fail_on = Level::warning;
  std::map<std::string, std::optional<Level>, std::less<>> rules;  // nullopt: off
  Assume assume;
  std::vector<NamedContract> contracts;  // [contracts]: what calls do that nobody defines

  // Whether a script found in a folder is to be checked. `file` may be relative to the working directory.
  bool wants(const std::filesystem::path& file) const;
};

struct ConfigResult {
  Config config;
  std::string error;  // "12: unknown key 'check.inclde'": without the file's name; empty when fine
};

ConfigResult parse_config(std::string_view text, const std::filesystem::path& path);
ConfigResult read_config(const std::filesystem::path& path);

// Fills in config.contracts from the section [contracts] and the files that it names, which lie below the folder of
// config.path. The error as in ConfigResult.
std::string read_contracts(std::string_view text, Config& config);

// The nearest fermata.toml in the folder of `file` or above it; empty when there is none.
std::filesystem::path find_config(const std::filesystem::path& file);

// `*` within a path component, `**` across components, `?` one character.
bool glob_matches(std::string_view pattern, std::string_view path);

}  // namespace fermata
