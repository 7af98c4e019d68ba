// From paths to an expanded program. Never throws; what goes wrong is in Program::diagnostics.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "frontend/program.h"

namespace fermata {

// What keeps every run finite; beyond each of them stands a `limit-reached` that names the option. The largest scripts
// in the field have some hundred kilobytes, and expand to a few megabytes.
constexpr uint64_t kMaxFileBytes = 16u << 20;
constexpr uint64_t kMaxProgramBytes = 32u << 20;    // main file and imports together
constexpr uint64_t kMaxExpansionBytes = 32u << 20;  // what defines, macros and loops give
constexpr uint32_t kMaxExpansionDepth = 100;        // macros that use macros
constexpr uint32_t kMaxImports = 10000;

struct FrontendOptions {
  std::filesystem::path root;               // imports may not leave it; empty: the main file's folder
  std::vector<std::string> conditions_set;  // preset SET_CONDITION symbols
  uint64_t max_file_bytes = kMaxFileBytes;
  uint64_t max_program_bytes = kMaxProgramBytes;
  uint64_t max_expansion_bytes = kMaxExpansionBytes;
  uint32_t max_expansion_depth = kMaxExpansionDepth;
  uint32_t max_imports = kMaxImports;
  std::vector<NamedContract> contracts;  // [contracts] of fermata.toml
  // Editors and --stdin-filename: text to use instead of what is on disk.
  std::function<std::optional<std::string>(const std::filesystem::path&)> overlay;
};

// Reads `main_file` with all it imports and expands it. The bundled library nodes are added when the script uses the
// framework. A missing or unreadable main file gives an empty program with one `import-not-found` error.
Program load_program(const std::filesystem::path& main_file, const FrontendOptions& options);

// The folder that a main file's imports may not leave: the repository that holds it, else the folder of the nearest
// fermata.toml, else its own. `named` is widened to: a folder that the user asked about, or empty.
std::filesystem::path find_root(const std::filesystem::path& main_file, const std::filesystem::path& named = {});

// Syntax tree of one file as an S-expression with positions (fermata parse FILE).
std::string print_tree(std::string_view text);

// The expanded program as text, each line with its origin (fermata parse --expanded FILE).
std::string print_expanded(const Program& program);

// Main files below the given paths: a file is itself; in a folder every file that imports the framework's builder is a
// product; script files (.ksp, and .txt with a callback that do not begin as prose does) imported by nobody are main
// files of their own. Of the options only max_file_bytes counts.
std::vector<std::filesystem::path> find_main_files(const std::vector<std::filesystem::path>& paths,
                                                   std::vector<std::string>& errors,
                                                   const FrontendOptions& options = {});

}  // namespace fermata
