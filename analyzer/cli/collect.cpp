#include "cli/collect.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "cli/analyse.h"
#include "cli/input.h"
#include "cli/process.h"
#include "report/parts.h"

namespace fermata {

namespace {

bool has_file(const MainFileResult& part, std::string_view path) {
  return std::ranges::any_of(part.files, [&](const std::string& file) {
    return file == path || (path.ends_with('/') && file.starts_with(path));
  });
}

}  // namespace

Collected collect(const CheckCommand& command) {
  Inputs inputs = gather_inputs(command);
  Collected out;
  const auto tell = [&](std::string_view what, std::string_view reason) {
    if (command.overlay.empty()) complain(what, reason);  // with one it is a second look, and has been told
  };
  for (const auto& [what, reason] : inputs.failures) tell(what, reason);
  out.failed = !inputs.failures.empty();
  if (inputs.jobs.empty()) {
    out.failed = true;
    return out;
  }
  const bool divided = command.shard.count > 1;
  if (divided) {
    std::vector<Job> own;
    for (std::size_t i = command.shard.index - 1; i < inputs.jobs.size(); i += command.shard.count) {
      own.push_back(std::move(inputs.jobs[i]));
    }
    inputs.jobs = std::move(own);
  }
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  const std::size_t threads = command.jobs > 0 ? static_cast<std::size_t>(command.jobs) : cores;
  std::optional<Cache> cache;
  if (command.cache && !inputs.options.overlay) cache = Cache::open();
  for (Outcome& outcome : analyse_all(inputs, threads, command.replay, cache ? &*cache : nullptr)) {
    if (outcome.part) out.parts.push_back(std::move(*outcome.part));
    if (outcome.failure.empty()) continue;
    tell(outcome.main_file, outcome.failure);
    out.failed = true;
  }
  if (cache) {
    if (const std::string why = cache->tidy(); !why.empty()) tell("cache", why + "; --no-cache goes without");
  }
  for (const std::string& path : inputs.only) {
    if (out.parts.empty() || std::ranges::any_of(out.parts, [&](const auto& part) { return has_file(part, path); }))
      continue;
    tell(path, fmt::format("is no part of the product {}", command.product));
    out.failed = true;
  }
  out.only = std::move(inputs.only);
  return out;
}

Collected collect_in(const std::filesystem::path& folder, const CheckCommand& command, bool quiet) {
  Collected out;
  ProcessCall call{{"/proc/self/exe", "check", "--shard", "1/1"}, folder.string(), "", {}, quiet};
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) call.arguments.insert(call.arguments.end(), {std::string(name), value});
  };
  std::error_code error;
  add("--config", command.config.empty() ? "" : std::filesystem::absolute(command.config, error).string());
  add("--product", command.product);
  add("--jobs", command.jobs > 0 ? std::to_string(command.jobs) : "");
  const FrontendOptions& reading = command.reading;
  add("--root", reading.root.empty() ? "" : std::filesystem::relative(reading.root, error).string());
  const auto add_limit = [&](std::string_view name, uint64_t value) { add(name, std::to_string(value)); };
  add_limit("--max-file-bytes", reading.max_file_bytes);
  add_limit("--max-program-bytes", reading.max_program_bytes);
  add_limit("--max-expansion-bytes", reading.max_expansion_bytes);
  add_limit("--max-expansion-depth", reading.max_expansion_depth);
  add_limit("--max-imports", reading.max_imports);
  if (!command.replay) call.arguments.emplace_back("--no-replay");
  if (!command.cache) call.arguments.emplace_back("--no-cache");
  call.arguments.emplace_back("--");
  call.arguments.insert(call.arguments.end(), command.paths.begin(), command.paths.end());
  const ProcessResult done = run_process(call);
  std::string reason;
  std::optional<std::vector<MainFileResult>> parts = parts_from_bytes(done.output, FERMATA_VERSION, reason);
  out.failed = done.status != 0;
  if (parts) out.parts = std::move(*parts);
  return out;
}

}  // namespace fermata
