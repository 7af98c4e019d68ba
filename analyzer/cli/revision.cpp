#include "cli/revision.h"

#include <stdlib.h>

#include <charconv>
#include <string_view>

#include "cli/process.h"

namespace fermata {

namespace {

namespace fs = std::filesystem;

constexpr const char* kEmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

ProcessResult git(std::vector<std::string> arguments, std::string input = "",
                  std::vector<std::string> environment = {}) {
  arguments.insert(arguments.begin(), {"git", "-c", "core.quotePath=off"});
  return run_process({std::move(arguments), "", std::move(input), std::move(environment), true});
}

std::string line_of(const ProcessResult& result) { return result.output.substr(0, result.output.find('\n')); }

// The pieces between zero octets.
std::vector<std::string> pieces(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\0');
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

bool is_script(const fs::path& path) {
  return path.extension() == ".ksp" || path.extension() == ".txt" || path.filename() == "fermata.toml";
}

// "@@ -a,b +c,d @@" gives [c, c + d - 1]; lines that are only gone mark the line before them.
void add_hunk(std::string_view line, LineRanges& ranges) {
  const std::size_t plus = line.find(" +");
  if (plus == std::string_view::npos) return;
  const char* at = line.data() + plus + 2;
  const char* const end = line.data() + line.size();
  uint32_t first = 0, count = 1;
  at = std::from_chars(at, end, first).ptr;
  if (at != end && *at == ',') std::from_chars(at + 1, end, count);
  ranges.emplace_back(first, count == 0 ? first : first + count - 1);
}

}  // namespace

Snapshot::~Snapshot() {
  std::error_code error;
  if (!folder_.empty()) fs::remove_all(folder_, error);
}

std::optional<Repository> Repository::open(std::string& reason) {
  const ProcessResult top = git({"rev-parse", "--show-toplevel"});
  if (top.status == 127) reason = "git is not installed";
  if (top.status != 0 && reason.empty()) reason = "this folder is in no git repository";
  if (!reason.empty()) return std::nullopt;
  Repository repository;
  std::error_code error;
  repository.top_ = line_of(top);
  repository.below_top_ = fs::weakly_canonical(fs::current_path(error), error).lexically_relative(repository.top_);
  return repository;
}

std::string Repository::why_no_commit(const std::string& revision) const {
  if (revision.starts_with('-')) return "is no revision";
  if (git({"rev-parse", "--verify", "--quiet", revision + "^{commit}"}).status == 0) return "";
  const bool shallow = line_of(git({"rev-parse", "--is-shallow-repository"})) == "true";
  return shallow ? "is not in this shallow clone; fetch it first, for instance with git fetch --unshallow"
                 : "is no commit of this repository";
}

bool Repository::has_commits() const { return git({"rev-parse", "--verify", "--quiet", "HEAD^{commit}"}).status == 0; }

std::map<std::string, LineRanges> Repository::changes(const std::string& revision, bool staged) const {
  std::vector<std::string> call{
      "diff", "-U0", "--no-color", "--no-ext-diff", "--no-renames", "--src-prefix=a/", "--dst-prefix=b/"};
  if (staged) call.emplace_back("--cached");
  call.push_back(revision.empty() ? kEmptyTree : revision);
  const std::string diff = git(call).output;
  const auto shown = [&](const std::string& path) {
    return (top_ / path).lexically_relative(top_ / below_top_).generic_string();
  };
  std::map<std::string, LineRanges> out;
  LineRanges* ranges = nullptr;
  std::string_view rest = diff;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.starts_with("diff --git ")) ranges = nullptr;
    // Only in a file's header, not a changed line that looks like one: those come after the first "@@".
    if (!ranges && line.starts_with("+++ b/")) {
      std::string path(line.substr(6));
      while (path.ends_with('\t') || path.ends_with('\r')) path.pop_back();
      ranges = &out[shown(path)];
    }
    if (ranges && line.starts_with("@@ ")) add_hunk(line, *ranges);
  }
  if (staged) return out;
  for (const std::string& path :
       pieces(git({"ls-files", "--others", "--exclude-standard", "--full-name", "-z"}).output)) {
    out[shown(path)] = {{1, UINT32_MAX}};
  }
  return out;
}

std::optional<Snapshot> Repository::snapshot(const std::string& revision, const std::set<std::string>& more,
                                             std::string& reason) const {
  std::error_code error;
  std::string name = (fs::temp_directory_path(error) / "fermata-XXXXXX").string();
  if (error || ::mkdtemp(name.data()) == nullptr) {
    reason = "no temporary folder can be made";
    return std::nullopt;
  }
  Snapshot snapshot{name};
  std::vector<std::string> environment;
  if (!revision.empty()) {
    environment = {"GIT_INDEX_FILE=" + name + "/index"};
    if (git({"read-tree", revision}, "", environment).status != 0) {
      reason = "its tree cannot be read";
      return std::nullopt;
    }
  }
  std::string wanted;
  const std::string top = top_.string();
  for (const std::string& path : pieces(git({"-C", top, "ls-files", "--cached", "-z"}, "", environment).output)) {
    const std::string shown = (top_ / path).lexically_relative(top_ / below_top_).generic_string();
    if (is_script(path) || more.contains(shown)) wanted += path + '\0';
  }
  const ProcessResult done =
      git({"-C", top, "checkout-index", "-z", "--stdin", "--prefix=" + name + "/tree/"}, wanted, environment);
  if (done.status != 0) {
    reason = "its scripts cannot be written to " + name;
    return std::nullopt;
  }
  return snapshot;
}

}  // namespace fermata
