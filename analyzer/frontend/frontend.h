// From paths to an expanded program. Never throws; what goes wrong is in Program::diagnostics.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "frontend/program.h"

namespace fermata {

struct FrontendOptions {
  std::filesystem::path root;               // imports may not leave it; empty: the main file's folder
  std::vector<std::string> conditions_set;  // preset SET_CONDITION symbols
  uint64_t max_file_bytes = 64u << 20;
  uint64_t max_expansion_bytes = 64u << 20;  // beyond: `limit-reached`
  uint32_t max_expansion_depth = 100;
  uint32_t max_imports = 10000;
  std::vector<NamedContract> contracts;  // [contracts] of fermata.toml
  // Editors and --stdin-filename: text to use instead of what is on disk.
  std::function<std::optional<std::string>(const std::filesystem::path&)> overlay;
};

// Reads `main_file` with all it imports and expands it. The bundled library nodes are added when the script uses the
// framework. A missing or unreadable main file gives an empty program with one `import-not-found` error.
Program load_program(const std::filesystem::path& main_file, const FrontendOptions& options);

// Syntax tree of one file as an S-expression with positions (fermata parse FILE).
std::string print_tree(std::string_view text);

// The expanded program as text, each line with its origin (fermata parse --expanded FILE).
std::string print_expanded(const Program& program);

// Main files below the given paths: a file is itself; in a folder every file that imports the framework's builder is a
// product; script files (.ksp, .txt with KSP content) imported by nobody are main files of their own.
std::vector<std::filesystem::path> find_main_files(const std::vector<std::filesystem::path>& paths,
                                                   std::vector<std::string>& errors);

}  // namespace fermata
