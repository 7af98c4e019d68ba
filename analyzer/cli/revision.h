// The scripts of a git repository as they were at another time, for `check --since` and `check --staged`.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace fermata {

// Lines of the new text, from 1; [first, last].
using LineRanges = std::vector<std::pair<uint32_t, uint32_t>>;

// The scripts of one state of the repository, written to a folder that goes away with this.
class Snapshot {
 public:
  explicit Snapshot(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Snapshot(Snapshot&& other) noexcept : folder_(std::exchange(other.folder_, {})) {}
  Snapshot& operator=(Snapshot&&) = delete;
  ~Snapshot();
  // The folder that stands for the working directory; it may be missing.
  std::filesystem::path here(const std::filesystem::path& below_top) const { return folder_ / "tree" / below_top; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

class Repository {
 public:
  // The repository around the working directory; nothing, with `reason` set, when there is none or no git.
  static std::optional<Repository> open(std::string& reason);

  // "" when the name means a commit, otherwise why not.
  std::string why_no_commit(const std::string& revision) const;
  bool has_commits() const;

  // Changed lines between a commit and the index (`staged`) or the files, by path as a report shows it. Files that are
  // new and not yet added count whole.
  std::map<std::string, LineRanges> changes(const std::string& revision, bool staged) const;

  // Of a commit; of the index when `revision` is empty. `more` names files that count as scripts, as a report does.
  std::optional<Snapshot> snapshot(const std::string& revision, const std::set<std::string>& more,
                                   std::string& reason) const;

  const std::filesystem::path& below_top() const { return below_top_; }  // of the working directory

 private:
  std::filesystem::path top_, below_top_;
};

}  // namespace fermata
