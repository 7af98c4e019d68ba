// Which files of a tree are programs of their own.
#include <algorithm>
#include <map>
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
  std::vector<size_t> uses;  // the scripts that they name
  bool product = false;
  bool callback = false;  // has a callback from `on` to `end on`: what makes a .txt a script
  bool ignored = false;   // __IGNORE__: the compiler drops it
  bool prose = false;     // its first line is none of a script: a manual that quotes one
};

// `Version 2: what is new`, `=== Title ===`: no line at the top of a script begins like this. `name` and `name(...)`
// may be macros; a keyword is followed by a name.
bool is_prose(std::string_view text, const LogicalLine& line) {
  const std::vector<Token>& tokens = line.tokens;
  if (tokens[0].kind != TokenKind::word) return tokens[0].kind != TokenKind::python;
  if (tokens.size() == 1) return false;
  if (tokens[1].kind == TokenKind::punct) return text[tokens[1].begin] != '(';
  constexpr std::string_view kOpeners[] = {
      "on",   "function", "taskfunc", "macro",    "define", "import",    "declare",       "const",
      "list", "family",   "struct",   "property", "node",   "namespace", "iterate_macro", "literate_macro"};
  const std::string_view first = text.substr(tokens[0].begin, tokens[0].end - tokens[0].begin);
  return std::ranges::find(kOpeners, first) == std::end(kOpeners);
}

Script look_at(const fs::path& path, std::string_view text) {
  Script script;
  script.path = path;
  Lexer lexer;
  LogicalLine line;
  bool inside = false, begun = false;
  auto word = [&](size_t i) {
    return i < line.tokens.size() ? text.substr(line.tokens[i].begin, line.tokens[i].end - line.tokens[i].begin)
                                  : std::string_view();
  };
  while (lexer.next_line(text, line)) {
    if (line.tokens.empty()) continue;
    if (!begun) script.prose = is_prose(text, line);
    begun = true;
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
  MainFileSearch(std::vector<std::string>& errors, const FrontendOptions& options)
      : errors_(errors), options_(options) {}

  void search(const fs::path& folder) {
    scripts_.clear();
    by_identity_.clear();
    list(folder);
    for (Script& script : scripts_) link_imports(script, folder);
    std::vector<bool> imported(scripts_.size()), reached(scripts_.size());
    for (const Script& script : scripts_) {
      for (size_t target : script.uses) imported[target] = true;
    }
    for (size_t i = 0; i < scripts_.size(); ++i) {
      if (scripts_[i].product || !imported[i]) start_at(i, reached);
    }
    // What is left is imported in a circle only: one of each circle stands for it.
    for (const auto& [identity, i] : by_identity_) {
      if (!reached[i]) start_at(i, reached);
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
    ReadResult read = read_script(path, options_);
    bool script_name = extension == ".ksp";
    if (read.status != ReadStatus::good) {
      // A .ksp that is no text is still a main file: analysing it says what is wrong with it.
      if (script_name) errors_.push_back("'" + path.generic_string() + "' is not read: " + read.reason);
      return;
    }
    Script script = look_at(path, read.text);
    if (!script_name && (!script.callback || script.prose)) return;
    std::error_code error;
    fs::path real = fs::weakly_canonical(path, error);
    script.identity = (error ? path : real).generic_string();
    by_identity_.emplace(script.identity, scripts_.size());
    scripts_.push_back(std::move(script));
  }

  void start_at(size_t script, std::vector<bool>& reached) {
    if (scripts_[script].ignored && !scripts_[script].product) return;
    add(scripts_[script].path);
    std::vector<size_t> open{script};
    while (!open.empty()) {
      size_t next = open.back();
      open.pop_back();
      if (reached[next]) continue;
      reached[next] = true;
      open.insert(open.end(), scripts_[next].uses.begin(), scripts_[next].uses.end());
    }
  }

  // An import is relative to the importing file or to a main file's folder, and that can be any folder above it.
  void link_imports(Script& script, const fs::path& top) {
    if (script.ignored) return;
    for (const std::string& target : script.imports) {
      fs::path folder = script.path.parent_path();
      while (!link(folder / target, script)) {
        if (folder == top || !folder.has_relative_path() || folder == folder.parent_path()) break;
        folder = folder.parent_path();
      }
    }
  }

  bool link(const fs::path& path, Script& importer) {
    std::error_code error;
    fs::path real = fs::weakly_canonical(path, error);
    if (error) return false;
    std::string identity = real.generic_string();
    if (auto found = by_identity_.find(identity); found != by_identity_.end()) {
      if (identity != importer.identity) importer.uses.push_back(found->second);
      return true;
    }
    if (!fs::is_directory(real, error)) return false;
    std::string prefix = identity.ends_with('/') ? identity : identity + '/';
    for (auto script = by_identity_.lower_bound(prefix); script != by_identity_.end(); ++script) {
      if (!script->first.starts_with(prefix)) break;
      bool counts = script->first != importer.identity && scripts_[script->second].path.extension() == ".ksp";
      if (counts) importer.uses.push_back(script->second);
    }
    return true;
  }

  std::vector<std::string>& errors_;
  const FrontendOptions& options_;
  std::vector<Script> scripts_;
  std::map<std::string, size_t> by_identity_;
  std::unordered_set<std::string> found_identities_;
  std::vector<fs::path> found_;
};

}  // namespace

std::vector<fs::path> find_main_files(const std::vector<fs::path>& paths, std::vector<std::string>& errors,
                                      const FrontendOptions& options) {
  MainFileSearch search(errors, options);
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
