#include "frontend/imports.h"

#include <algorithm>
#include <fstream>

#include "frontend/encoding.h"

namespace fermata {

namespace fs = std::filesystem;

namespace {

fs::path absolute_normal(const fs::path& path) {
  std::error_code error;
  fs::path absolute = fs::absolute(path, error);
  return (error ? path : absolute).lexically_normal();
}

fs::path resolve_links(const fs::path& path) {
  std::error_code error;
  fs::path real = fs::weakly_canonical(path, error);
  return error ? absolute_normal(path) : real;
}

bool lies_in(const fs::path& path, const fs::path& folder) {
  auto [in_folder, in_path] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  // A folder written with a final slash ends in an empty component.
  return in_folder == folder.end() || (in_folder->empty() && std::next(in_folder) == folder.end());
}

std::optional<std::string> ask_overlay(const fs::path& path, const FrontendOptions& options) {
  if (!options.overlay) return std::nullopt;
  if (auto text = options.overlay(path)) return text;
  fs::path absolute = absolute_normal(path);
  if (absolute != path) {
    if (auto text = options.overlay(absolute)) return text;
  }
  return std::nullopt;
}

bool same_but_case(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

ReadResult decode(std::string_view bytes) {
  ReadResult result;
  std::optional<std::string> text = decode_text(bytes);
  result.status = text ? ReadStatus::good : ReadStatus::not_text;
  if (text)
    result.text = normalize_line_ends(*text);
  else
    result.reason = "it holds NUL bytes and is not UTF-16: it is not text";
  return result;
}

}  // namespace

ReadResult read_script(const fs::path& path, const FrontendOptions& options) {
  // Positions are 32 bits wide.
  uint64_t limit = std::min<uint64_t>(options.max_file_bytes, 1u << 30);
  auto too_large = [&](uint64_t size) {
    return ReadResult{ReadStatus::too_large,
                      {},
                      "it has " + std::to_string(size) + " bytes and --max-file-bytes is " + std::to_string(limit) +
                          ": split the file, or raise the limit"};
  };
  if (auto text = ask_overlay(path, options)) return text->size() > limit ? too_large(text->size()) : decode(*text);
  std::error_code error;
  fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return {ReadStatus::missing, {}, "there is no such file"};
  if (!fs::is_regular_file(status)) return {ReadStatus::unreadable, {}, "it is not a file"};
  uint64_t size = fs::file_size(path, error);
  if (!error && size > limit) return too_large(size);
  std::ifstream in(path, std::ios::binary);
  std::string bytes(error ? 0 : size, '\0');
  if (!in) return {ReadStatus::unreadable, {}, "it cannot be opened"};
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (in.bad()) return {ReadStatus::unreadable, {}, "it cannot be read"};
  bytes.resize(static_cast<size_t>(in.gcount()));
  return decode(bytes);
}

fs::path find_root(const fs::path& main_file, const fs::path& named) {
  const fs::path own = absolute_normal(main_file).parent_path();
  fs::path repository, configured;
  for (fs::path folder = own; repository.empty(); folder = folder.parent_path()) {
    std::error_code error;
    if (fs::exists(folder / ".git", error)) repository = folder;
    if (configured.empty() && fs::exists(folder / "fermata.toml", error)) configured = folder;
    if (folder == folder.parent_path()) break;
  }
  fs::path root = !repository.empty() ? repository : !configured.empty() ? configured : own;
  const fs::path wider = named.empty() ? root : absolute_normal(named);
  return lies_in(root, wider) ? wider : root;
}

std::string display_path(const fs::path& path) {
  std::error_code error;
  fs::path relative = absolute_normal(path).lexically_proximate(fs::current_path(error));
  return (error ? path : relative).generic_string();
}

std::optional<ImportStatement> parse_import(std::string_view text, const LogicalLine& line) {
  const std::vector<Token>& tokens = line.tokens;
  auto word = [&](size_t i) { return text.substr(tokens[i].begin, tokens[i].end - tokens[i].begin); };
  bool plain = tokens.size() == 2, named = tokens.size() == 4;
  if ((!plain && !named) || tokens[1].kind != TokenKind::string || word(1).size() < 3) return std::nullopt;
  if (named && (word(2) != "as" || tokens[3].kind != TokenKind::word || is_sigil(word(3)[0]))) return std::nullopt;
  ImportStatement statement;
  statement.target = word(1).substr(1, word(1).size() - 2);
  statement.target_begin = tokens[1].begin;
  statement.target_end = tokens[1].end;
  if (named) statement.name_space = word(3);
  return statement;
}

ImportResolver::ImportResolver(const fs::path& main_file, const FrontendOptions& options)
    : options_(options), main_folder_(absolute_normal(main_file).parent_path()) {
  root_ = options.root.empty() ? main_folder_ : absolute_normal(options.root);
  real_root_ = resolve_links(root_);
}

std::string ImportResolver::identity(const fs::path& path) const { return resolve_links(path).generic_string(); }

bool ImportResolver::inside_root(const fs::path& path) const { return lies_in(resolve_links(path), real_root_); }

bool ImportResolver::exists(const fs::path& path) const {
  std::error_code error;
  return fs::exists(path, error) || ask_overlay(path, options_).has_value();
}

ImportResult ImportResolver::resolve(const std::string& written, const fs::path& importer) const {
  ImportResult result;
  if (written.starts_with("http://") || written.starts_with("https://")) {
    result.status = ImportStatus::address;
    return result;
  }
  std::string target = written;
  std::replace(target.begin(), target.end(), '\\', '/');
  bool outside = false;
  for (const fs::path& folder : {absolute_normal(importer).parent_path(), main_folder_, root_}) {
    fs::path path = (folder / target).lexically_normal();
    // What lies outside by its very name is not even looked for; what a link leads outside is seen once it is found.
    if (!lies_in(path, root_) && !lies_in(path, real_root_)) {
      outside = true;
      continue;
    }
    if (!exists(path)) continue;
    if (!inside_root(path)) {
      outside = true;
      continue;
    }
    result.status = ImportStatus::found;
    std::error_code error;
    if (fs::is_directory(path, error))
      list_folder(path, result);
    else
      result.files.push_back({path, identity(path)});
    return result;
  }
  bool framework = target.starts_with("_IVLS/") || target.find("/_IVLS/") != std::string::npos;
  if (!framework && !outside) result.hint = find_similar(target, absolute_normal(importer).parent_path());
  result.status = framework ? ImportStatus::framework : outside ? ImportStatus::outside_root : ImportStatus::not_found;
  return result;
}

// The same path in other letters: scripts come from systems that do not tell them apart.
std::string ImportResolver::find_similar(const std::string& target, const fs::path& importer_folder) const {
  for (const fs::path& folder : {importer_folder, main_folder_, root_}) {
    fs::path wanted = (folder / target).lexically_normal();
    std::error_code error;
    for (fs::directory_iterator entry(wanted.parent_path(), error), end; !error && entry != end;
         entry.increment(error)) {
      if (same_but_case(entry->path().filename().string(), wanted.filename().string()))
        return display_path(entry->path());
    }
  }
  return {};
}

// Every .ksp file below the folder, in the order of their paths. Links to folders are not followed; a link to a file
// counts if it stays inside the root.
void ImportResolver::list_folder(const fs::path& folder, ImportResult& result) const {
  result.folder = true;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error), end;
  while (!error && entry != end) {
    std::error_code status_error;
    bool script = entry->path().extension() == ".ksp" && entry->is_regular_file(status_error);
    if (script && inside_root(entry->path())) result.files.push_back({entry->path(), identity(entry->path())});
    entry.increment(error);
  }
  std::sort(result.files.begin(), result.files.end(), [](const ImportedFile& a, const ImportedFile& b) {
    return a.path.generic_string() < b.path.generic_string();
  });
}

}  // namespace fermata
