// Which files of a tree are programs of their own.
#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "frontend/imports.h"

namespace fermata {

namespace fs = std::filesystem;

namespace {

// What one look at a file tells.
struct Script {
  fs::path path;
  std::string identity;
  std::vector<std::string> imports;
  bool product = false;
  bool callback = false;  // has a callback from `on` to `end on`: what makes a .txt a script
  bool ignored = false;   // __IGNORE__: the compiler drops it
};

Script look_at(const fs::path& path, std::string_view text) {
  Script script;
  script.path = path;
  Lexer lexer;
  LogicalLine line;
  bool inside = false;
  auto word = [&](size_t i) {
    return i < line.tokens.size() ? text.substr(line.tokens[i].begin, line.tokens[i].end - line.tokens[i].begin)
                                  : std::string_view();
  };
  while (lexer.next_line(text, line)) {
    if (line.tokens.empty()) continue;
    std::string_view first = word(0);
    if (first == "on" && line.tokens.size() > 1 && line.tokens[1].kind == TokenKind::word) inside = true;
    script.callback |= inside && first == "end" && word(1) == "on";
    script.ignored |= first == "__IGNORE__";
    if (first != "import") continue;
    auto statement = parse_import(text, line);
    if (!statement) continue;
    std::replace(statement->target.begin(), statement->target.end(), '\\', '/');
    script.product |= statement->target.ends_with("_IVLS/builder.ksp");
    script.imports.push_back(std::move(statement->target));
  }
  return script;
}

bool is_hidden(const fs::path& path) {
  std::string name = path.filename().string();
  // The framework's own folder holds no programs of the user.
  return name.starts_with('.') || name == "_IVLS" || name == "node_modules";
}

class MainFileSearch {
 public:
  explicit MainFileSearch(std::vector<std::string>& errors) : errors_(errors) {}

  void search(const fs::path& folder) {
    scripts_.clear();
    by_identity_.clear();
    imported_.clear();
    list(folder);
    for (const Script& script : scripts_) mark_imports(script, folder);
    for (const Script& script : scripts_) {
      if (script.product || (!script.ignored && !imported_.contains(script.identity))) add(script.path);
    }
  }

  void add(const fs::path& path) {
    std::error_code error;
    fs::path real = fs::weakly_canonical(path, error);
    if (found_identities_.insert((error ? path : real).generic_string()).second) found_.push_back(path);
  }

  std::vector<fs::path> take() {
    std::sort(found_.begin(), found_.end(),
              [](const fs::path& a, const fs::path& b) { return a.generic_string() < b.generic_string(); });
    return std::move(found_);
  }

 private:
  void list(const fs::path& folder) {
    std::error_code error;
    fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error), end;
    if (error) errors_.push_back("'" + folder.generic_string() + "' cannot be listed: " + error.message());
    while (!error && entry != end) {
      std::error_code status_error;
      if (entry->is_directory(status_error) && is_hidden(entry->path()))
        entry.disable_recursion_pending();
      else if (entry->is_regular_file(status_error))
        consider(entry->path());
      entry.increment(error);
    }
  }

  void consider(const fs::path& path) {
    fs::path extension = path.extension();
    if (extension != ".ksp" && extension != ".txt") return;
    ReadResult read = read_script(path, {});
    bool script_name = extension == ".ksp";
    if (read.status != ReadStatus::good) {
      // A .ksp that is no text is still a main file: analysing it says what is wrong with it.
      if (script_name) errors_.push_back("'" + path.generic_string() + "' is not read: " + read.reason);
      return;
    }
    Script script = look_at(path, read.text);
    if (!script_name && !script.callback) return;
    std::error_code error;
    fs::path real = fs::weakly_canonical(path, error);
    script.identity = (error ? path : real).generic_string();
    by_identity_.emplace(script.identity, scripts_.size());
    scripts_.push_back(std::move(script));
  }

  // An import is relative to the importing file or to a main file's folder, and that can be any folder above it.
  void mark_imports(const Script& script, const fs::path& top) {
    for (const std::string& target : script.imports) {
      fs::path folder = script.path.parent_path();
      while (!mark(folder / target, script)) {
        if (folder == top || !folder.has_relative_path() || folder == folder.parent_path()) break;
        folder = folder.parent_path();
      }
    }
  }

  bool mark(const fs::path& path, const Script& importer) {
    std::error_code error;
    fs::path real = fs::weakly_canonical(path, error);
    if (error) return false;
    std::string identity = real.generic_string();
    if (by_identity_.contains(identity)) {
      if (identity != importer.identity) imported_.insert(identity);
      return true;
    }
    if (!fs::is_directory(real, error)) return false;
    mark_folder(identity.ends_with('/') ? identity : identity + '/', importer);
    return true;
  }

  void mark_folder(const std::string& prefix, const Script& importer) {
    if (!marked_folders_.insert(importer.identity + '\n' + prefix).second) return;
    for (auto script = by_identity_.lower_bound(prefix);
         script != by_identity_.end() && script->first.starts_with(prefix); ++script) {
      if (script->first != importer.identity && scripts_[script->second].path.extension() == ".ksp")
        imported_.insert(script->first);
    }
  }

  std::vector<std::string>& errors_;
  std::vector<Script> scripts_;
  std::map<std::string, size_t> by_identity_;
  std::unordered_set<std::string> imported_;
  std::unordered_set<std::string> marked_folders_;
  std::unordered_set<std::string> found_identities_;
  std::vector<fs::path> found_;
};

}  // namespace

std::vector<fs::path> find_main_files(const std::vector<fs::path>& paths, std::vector<std::string>& errors) {
  MainFileSearch search(errors);
  for (const fs::path& path : paths) {
    std::error_code error;
    fs::file_status status = fs::status(path, error);
    if (fs::is_directory(status))
      search.search(path);
    else if (fs::exists(status))
      search.add(path);
    else
      errors.push_back("'" + path.generic_string() + "': there is no such file or folder");
  }
  return search.take();
}

}  // namespace fermata
