// Files: reading them, and finding those that an import names without ever leaving the root folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/frontend.h"
#include "frontend/lexer.h"

namespace fermata {

enum class ReadStatus : uint8_t { good, missing, unreadable, too_large, not_text };

struct ReadResult {
  ReadStatus status = ReadStatus::missing;
  std::string text;
  std::string reason;  // for a person, when it went wrong
};

ReadResult read_script(const std::filesystem::path& path, const FrontendOptions& options);

// As the user knows the file: relative to the working directory, with '/'.
std::string display_path(const std::filesystem::path& path);

struct ImportStatement {
  std::string target;
  std::string name_space;
  uint32_t target_begin = 0, target_end = 0;  // the quoted path
};

// `import "path" [as name]`; nothing where the line starts with import but does not go on like this.
std::optional<ImportStatement> parse_import(std::string_view text, const LogicalLine& line);

enum class ImportStatus : uint8_t { found, framework, not_found, outside_root, address };

struct ImportedFile {
  std::filesystem::path path;
  std::string identity;  // equal for two ways to the same file
};

struct ImportResult {
  ImportStatus status = ImportStatus::not_found;
  bool folder = false;
  std::vector<ImportedFile> files;
  std::string hint;  // for not_found: what is there instead
};

class ImportResolver {
 public:
  ImportResolver(const std::filesystem::path& main_file, const FrontendOptions& options);

  ImportResult resolve(const std::string& target, const std::filesystem::path& importer) const;
  std::string identity(const std::filesystem::path& path) const;

 private:
  bool inside_root(const std::filesystem::path& path) const;
  bool exists(const std::filesystem::path& path) const;
  std::string find_similar(const std::string& target, const std::filesystem::path& importer_folder) const;
  void list_folder(const std::filesystem::path& folder, ImportResult& result) const;

  const FrontendOptions& options_;
  std::filesystem::path main_folder_;
  std::filesystem::path root_;       // absolute, as given
  std::filesystem::path real_root_;  // with symbolic links resolved
};

}  // namespace fermata
