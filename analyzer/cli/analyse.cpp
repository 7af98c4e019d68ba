#include "cli/analyse.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <map>
#include <thread>

#include "cli/input.h"
#include "cli/progress.h"
#include "witness/check.h"

namespace fermata {

namespace {

namespace fs = std::filesystem;

fs::path normal(const fs::path& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error).lexically_normal();
  return error ? path.lexically_normal() : absolute;
}

// As the front end shows paths: relative to the working directory, '/' as separator.
std::string shown(const fs::path& path) {
  std::error_code error;
  const fs::path relative = normal(path).lexically_relative(normal(fs::current_path(error)));
  return (relative.empty() ? path : relative).generic_string();
}

class Gatherer {
 public:
  explicit Gatherer(const CheckCommand& command) : command_(command) {}

  Inputs gather() {
    inputs_.options = command_.reading;
    std::vector<std::string> paths = command_.paths;
    if (paths.empty() && command_.product.empty()) paths.emplace_back(".");
    if (!command_.stdin_filename.empty() && std::ranges::find(paths, "-") == paths.end()) {
      fail("--stdin-filename", "standard input is not among the inputs; add - as a path");
    }
    for (std::string& path : paths) {
      if (path == "-") path = standard_input();
    }
    if (!command_.product.empty()) {
      for (const std::string& path : paths) add_only(path);
      if (everything_) inputs_.only.clear();
      add(command_.product, true);
    } else {
      for (const std::string& path : paths) add_path(path);
    }
    if (!command_.overlay.empty()) {
      inputs_.options.overlay = [texts = command_.overlay](const fs::path& path) {
        const auto text = texts.find(shown(path));
        return text == texts.end() ? std::nullopt : std::optional<std::string>(text->second);
      };
    }
    std::ranges::sort(inputs_.jobs, {}, [](const Job& job) { return shown(job.main_file); });
    const auto same = std::ranges::unique(inputs_.jobs, {}, [](const Job& job) { return normal(job.main_file); });
    inputs_.jobs.erase(same.begin(), same.end());
    return std::move(inputs_);
  }

 private:
  void fail(std::string what, std::string reason) { inputs_.failures.emplace_back(std::move(what), std::move(reason)); }

  std::string standard_input() {
    const std::string name = command_.stdin_filename.empty() ? "<stdin>" : command_.stdin_filename;
    if (overlay_.empty()) {
      std::string text = read_standard_input();
      if (std::string reason = why_not_text(text); !reason.empty()) fail(name, std::move(reason));
      overlay_ = normal(name);
      inputs_.options.overlay = [file = overlay_, text = std::move(text)](const fs::path& path) {
        return normal(path) == file ? std::optional<std::string>(text) : std::nullopt;
      };
    }
    return name;
  }

  bool is_overlay(const fs::path& path) const { return !overlay_.empty() && normal(path) == overlay_; }

  void add_only(const std::string& path) {
    std::error_code error;
    const bool folder = fs::is_directory(path, error);
    std::string reason = is_overlay(path) || folder ? "" : why_not_script(path);
    if (!reason.empty()) return fail(path, std::move(reason));
    std::string name = shown(path);
    while (name.ends_with('/')) name.pop_back();
    if (name == ".") everything_ = true;
    inputs_.only.push_back(name + (folder ? "/" : ""));
  }

  void add_path(const std::string& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) return add(path, true);
    std::vector<std::string> errors;
    std::vector<fs::path> found = find_main_files({path}, errors, inputs_.options);
    for (const std::string& line : errors) {
      const std::size_t colon = line.find(": ");
      const bool split = colon != std::string::npos;
      fail(split ? line.substr(0, colon) : path, split ? line.substr(colon + 2) : line);
    }
    if (found.empty() && errors.empty()) return fail(path, "no scripts in this folder");
    const std::size_t before = inputs_.jobs.size() + inputs_.failures.size();
    for (const fs::path& file : found) add(file, false, path);
    if (inputs_.jobs.size() + inputs_.failures.size() == before && errors.empty()) {
      fail(path, "no scripts in this folder that the configuration wants checked");
    }
  }

  // A file that the user named is checked whatever [check] says.
  void add(const fs::path& file, bool named, const fs::path& folder = {}) {
    const std::string name = shown(file);
    if (!is_overlay(file)) {
      if (std::string reason = why_not_script(file); !reason.empty()) return fail(name, std::move(reason));
    }
    const Config* config = config_of(file);
    if (config && (named || config->wants(file))) inputs_.jobs.push_back({file, *config, find_root(file, folder)});
  }

  // Read once for each folder; a wrong one is reported once.
  const Config* config_of(const fs::path& file) {
    const fs::path folder = command_.config.empty() ? normal(file).parent_path() : fs::path();
    const auto [known, fresh] = configs_.try_emplace(folder);
    if (!fresh) return known->second ? &*known->second : nullptr;
    std::string what, reason;
    known->second = config_for(command_.config.empty() ? folder : file, command_.config, what, reason);
    if (known->second) return &*known->second;
    const std::pair failure{what, reason};
    if (std::ranges::find(inputs_.failures, failure) == inputs_.failures.end()) inputs_.failures.push_back(failure);
    return nullptr;
  }

  const CheckCommand& command_;
  Inputs inputs_;
  fs::path overlay_;
  bool everything_ = false;  // a path was the working directory itself
  std::map<fs::path, std::optional<Config>> configs_;
};

// All that an analysis depends on beside the texts and the configuration.
std::string settings_of(const FrontendOptions& options, const CheckOptions& check) {
  return fmt::format("{} {} {} {} {} {} {} {}", check.replay, options.root.empty() ? "" : shown(options.root),
                     options.max_file_bytes, options.max_program_bytes, options.max_expansion_bytes,
                     options.max_expansion_depth, options.max_imports, fmt::join(options.conditions_set, " "));
}

Outcome analyse(const Job& job, FrontendOptions options, const CheckOptions& check_options, const Cache* cache) {
  if (options.root.empty()) options.root = job.root;
  Outcome outcome{shown(job.main_file), std::nullopt, ""};
  std::optional<Cache::Entry> entry;
  if (cache) {
    entry.emplace(*cache, outcome.main_file, job.config, settings_of(options, check_options));
    if ((outcome.part = entry->find())) {
      outcome.part->config = job.config;
      return outcome;
    }
    options.overlay = entry->trace(options.max_file_bytes);
  }
  using Clock = std::chrono::steady_clock;
  try {
    const Clock::time_point start = Clock::now();
    FrontendOptions own = options;
    own.contracts = job.config.contracts;
    const Program program = load_program(job.main_file, own);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (program.files.empty()) {
      outcome.failure = program.diagnostics.empty() ? "cannot be read" : program.diagnostics[0].message;
      return outcome;
    }
    CheckResult result = check_program(program, check_options);
    result.statistics.seconds_frontend = seconds;
    outcome.part = keep_result(program, std::move(result), job.config);
    if (entry) entry->store(program, *outcome.part);
  } catch (const std::exception& error) {
    outcome.failure = fmt::format("internal error: {}", error.what());
  }
  return outcome;
}

}  // namespace

Inputs gather_inputs(const CheckCommand& command) { return Gatherer(command).gather(); }

std::vector<Outcome> analyse_all(const Inputs& inputs, std::size_t threads, bool replay, const Cache* cache) {
  std::vector<Outcome> outcomes(inputs.jobs.size());
  std::atomic<std::size_t> next = 0;
  const std::size_t workers = std::min(threads, inputs.jobs.size());
  Progress progress(inputs.jobs.size());
  const auto work = [&] {
    for (std::size_t i = next++; i < inputs.jobs.size(); i = next++) {
      CheckOptions options;
      options.assume = inputs.jobs[i].config.assume;
      options.replay = replay;
      options.jobs = static_cast<int>(std::max<std::size_t>(1, threads / workers));
      outcomes[i] = analyse(inputs.jobs[i], inputs.options, options, cache);
      progress.one_done();
    }
  };
  std::vector<std::jthread> pool;
  for (std::size_t i = 1; i < workers; ++i) pool.emplace_back(work);
  work();
  pool.clear();
  return outcomes;
}

}  // namespace fermata
