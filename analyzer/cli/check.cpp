#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "cli/analyse.h"
#include "cli/commands.h"
#include "cli/input.h"
#include "report/catalogue.h"
#include "report/format.h"

namespace fermata {

namespace {

bool colour_wanted(const CheckCommand& command) {
  const char* term = std::getenv("TERM");
  const char* no_colour = std::getenv("NO_COLOR");
  return command.output.empty() && isatty(STDOUT_FILENO) == 1 && (!no_colour || *no_colour == '\0') && term &&
         std::string_view(term) != "dumb";
}

// Fills `out` with the names; false after naming one that is no rule.
bool read_rules(const std::vector<std::string>& names, std::string_view option,
                std::set<std::string, std::less<>>& out) {
  for (const std::string& name : names) {
    if (find_rule(name)) {
      out.insert(name);
      continue;
    }
    const std::string near = nearest_rule(name);
    complain(option,
             fmt::format("there is no rule '{}'{}", name, near.empty() ? "" : "; did you mean '" + near + "'?"));
    return false;
  }
  return true;
}

void print_statistics(const CheckStatistics& figures) {
  const std::string text = fmt::format(
      "files {}, bytes {}, lines {}\nstates {}, replays {}\nfront end {:.3f} s, analysis {:.3f} s, replay {:.3f} s\n",
      figures.files, figures.bytes, figures.lines, figures.states, figures.replays, figures.seconds_frontend,
      figures.seconds_analysis, figures.seconds_replay);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace

int check(const CheckCommand& command) {
  Selection selection;
  if (!read_rules(command.select, "--select", selection.select)) return 2;
  if (!read_rules(command.ignore, "--ignore", selection.ignore)) return 2;

  Inputs inputs = gather_inputs(command);
  for (const auto& [what, reason] : inputs.failures) complain(what, reason);
  bool failed = !inputs.failures.empty();
  if (inputs.jobs.empty()) return 2;

  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  const std::size_t threads = command.jobs > 0 ? static_cast<std::size_t>(command.jobs) : cores;
  std::vector<MainFileResult> parts;
  for (Outcome& outcome : analyse_all(inputs, threads, command.replay)) {
    if (outcome.part) parts.push_back(std::move(*outcome.part));
    if (outcome.failure.empty()) continue;
    complain(outcome.main_file, outcome.failure);
    failed = true;
  }
  if (parts.empty()) return 2;

  for (const std::string& path : inputs.only) {
    const auto has = [&](const MainFileResult& part) {
      return std::ranges::any_of(part.files, [&](const std::string& file) {
        return file == path || (path.ends_with('/') && file.starts_with(path));
      });
    };
    if (std::ranges::any_of(parts, has)) continue;
    complain(path, fmt::format("is no part of the product {}", command.product));
    failed = true;
  }
  selection.paths.insert(inputs.only.begin(), inputs.only.end());

  const CheckReport report = merge(std::move(parts), selection);
  const std::string text =
      write_report(report, command.format, FERMATA_VERSION, {colour_wanted(command), command.quiet});
  if (!write_output(command.output, text)) failed = true;
  if (command.stats) print_statistics(report.result.statistics);
  return failed ? 2 : report.failed ? 1 : 0;
}

}  // namespace fermata
