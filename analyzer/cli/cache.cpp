#include "cli/cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "cli/input.h"
#include "cli/write.h"
#include "report/parts.h"

namespace fermata {

namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMostBytes = 256u << 20;
constexpr int kStates = 4;  // kept of one main file: branches, and both sides of a comparison

std::string hash_of(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

fs::path slot(const fs::path& stem, int number) { return fs::path(stem) += fmt::format("-{}", number); }

// The scripts below a folder, as an import of it would find them.
std::string listing_of(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error), end;
  for (; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".ksp") names.push_back(at->path().generic_string());
  }
  std::ranges::sort(names);
  std::string all;
  for (const std::string& name : names) all += name + '\n';
  return hash_of(all);
}

// "-" where there is nothing; nothing where it cannot be read. A name that ends in '/' is a folder's.
std::optional<std::string> state_of(const std::string& name) {
  std::error_code error;
  const fs::file_status status = fs::status(name, error);
  if (!fs::exists(status)) return "-";
  if (name.ends_with('/')) return listing_of(name);
  if (!fs::is_regular_file(status)) return std::nullopt;
  std::string reason;
  const std::optional<std::string> bytes = read_file(name, reason);
  return bytes ? std::optional(hash_of(*bytes)) : std::nullopt;
}

// Folders that some import names: what is in them counts, too.
void add_imported_folders(const Program& program, std::map<std::string, std::string>& reads) {
  for (const SourceFile& file : program.files) {
    if (file.library) continue;
    const std::string_view text = file.text;
    for (std::size_t at = text.find("import"); at != std::string_view::npos; at = text.find("import", at + 1)) {
      const std::size_t open = text.find_first_not_of(" \t", at + 6);
      if (open == std::string_view::npos || (text[open] != '"' && text[open] != '\'')) continue;
      std::string target(text.substr(open + 1, text.find(text[open], open + 1) - open - 1));
      std::ranges::replace(target, '\\', '/');
      std::error_code error;
      for (const std::string& importer : {file.path, program.files[0].path}) {
        const fs::path folder = (fs::path(importer).parent_path() / target / "").lexically_normal();
        if (fs::is_directory(folder, error)) reads.try_emplace(folder.generic_string(), listing_of(folder));
      }
    }
  }
}

std::string entry_as_bytes(const std::map<std::string, std::string>& reads, const MainFileResult& part) {
  std::string bytes;
  nlohmann::json::to_cbor(nlohmann::json{{"reads", reads}, {"part", parts_as_bytes({part}, FERMATA_VERSION)}}, bytes);
  return hash_of(bytes) + bytes;
}

}  // namespace

std::optional<Cache> Cache::open() {
  const char* xdg = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  Cache cache;
  if (xdg && *xdg == '/') {
    cache.folder_ = fs::path(xdg) / "fermata";
  } else if (home && *home == '/') {
    cache.folder_ = fs::path(home) / ".cache" / "fermata";
  } else {
    return std::nullopt;
  }
  struct stat program{};
  if (::stat("/proc/self/exe", &program) != 0) return std::nullopt;
  cache.program_ = fmt::format("{} {} {} {}.{}", FERMATA_VERSION, program.st_ino, program.st_size,
                               program.st_mtim.tv_sec, program.st_mtim.tv_nsec);
  return cache;
}

Cache::Entry::Entry(const Cache& cache, const std::string& main_file, const Config& config, const std::string& options)
    : cache_(cache) {
  std::string reason;
  const std::string settings = config.path.empty() ? "" : read_file(config.path, reason).value_or("?");
  const std::string name = hash_of(fmt::format("{}\n{}\n{}\n{}", cache.program_, main_file, options, settings));
  stem_ = cache.folder_ / name.substr(0, 2) / name.substr(2);
}

std::optional<MainFileResult> Cache::Entry::find() const {
  for (int i = 0; i < kStates; ++i) {
    const fs::path file = slot(stem_, i);
    std::string reason;
    const std::optional<std::string> bytes = read_file(file, reason);
    if (!bytes || bytes->size() < 32 || hash_of(std::string_view(*bytes).substr(32)) != bytes->substr(0, 32)) continue;
    const nlohmann::json entry = nlohmann::json::from_cbor(std::string_view(*bytes).substr(32), true, false);
    if (!entry.is_object() || !entry.contains("reads") || !entry.contains("part")) continue;
    const auto& reads = entry["reads"].items();
    const bool same = std::ranges::all_of(reads.begin(), reads.end(), [](const auto& read) {
      return state_of(read.key()) == read.value().template get<std::string>();
    });
    if (!same) continue;
    auto parts = parts_from_bytes(entry["part"].get_ref<const std::string&>(), FERMATA_VERSION, reason);
    if (!parts || parts->size() != 1) continue;
    ::utimensat(AT_FDCWD, file.c_str(), nullptr, 0);  // used: not the oldest any more
    return std::move(parts->front());
  }
  return std::nullopt;
}

std::function<std::optional<std::string>(const fs::path&)> Cache::Entry::trace(uint64_t max_bytes) {
  return [this, max_bytes](const fs::path& path) -> std::optional<std::string> {
    std::error_code error;
    const std::string name = path.lexically_proximate(fs::current_path(error)).generic_string();
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) {
      reads_.try_emplace(name, "-");
      return std::nullopt;
    }
    std::string reason;
    const bool plain = fs::is_regular_file(status) && fs::file_size(path, error) <= max_bytes && !error;
    std::optional<std::string> bytes = plain ? read_file(path, reason) : std::nullopt;
    if (!bytes) {
      complete_ = false;
      return std::nullopt;
    }
    const auto [known, fresh] = reads_.try_emplace(name, hash_of(*bytes));
    complete_ = complete_ && (fresh || known->second == hash_of(*bytes));  // it changed while it was read
    return bytes;
  };
}

void Cache::Entry::store(const Program& program, const MainFileResult& part) {
  const auto looked_around = [](const Finding& finding) { return finding.rule == "import-not-found"; };
  if (!complete_ || std::ranges::any_of(part.result.findings, looked_around)) return;
  add_imported_folders(program, reads_);
  std::error_code error;
  fs::create_directories(stem_.parent_path(), error);
  // Into an empty slot, or over the one that was used longest ago.
  fs::path oldest = slot(stem_, 0);
  fs::file_time_type age = fs::file_time_type::max();
  for (int i = 0; i < kStates; ++i) {
    const fs::file_time_type time = fs::last_write_time(slot(stem_, i), error);
    if (!error && time >= age) continue;
    oldest = slot(stem_, i);
    if (error) break;
    age = time;
  }
  const bool good = write_atomically(oldest, entry_as_bytes(reads_, part), false).empty();
  (good ? cache_.shared_->written : cache_.shared_->failed) = true;
}

std::string Cache::tidy() const {
  if (shared_->failed) return folder_.string() + " cannot be written";
  if (!shared_->written) return "";
  struct File {
    fs::file_time_type time;
    uint64_t size;
    fs::path path;
  };
  std::vector<File> files;
  uint64_t sum = 0;
  std::error_code error;
  const auto an_hour_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
  for (fs::recursive_directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;  // another process may tidy, too
    if (!at->is_regular_file(gone)) continue;
    const File file{at->last_write_time(gone), at->file_size(gone), at->path()};
    if (gone) continue;
    const bool left_over = file.path.filename().string().starts_with('.') && file.time < an_hour_ago;
    if (left_over) fs::remove(file.path, gone);
    if (left_over) continue;
    sum += file.size;
    files.push_back(file);
  }
  if (sum <= kMostBytes) return "";
  std::ranges::sort(files, {}, &File::time);
  for (const File& file : files) {
    if (sum <= kMostBytes / 4 * 3) break;
    fs::remove(file.path, error);
    sum -= file.size;
  }
  return "";
}

}  // namespace fermata
