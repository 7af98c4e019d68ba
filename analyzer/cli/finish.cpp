#include "cli/finish.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "cli/input.h"
#include "cli/write.h"
#include "report/baseline.h"
#include "report/catalogue.h"

namespace fermata {

namespace {

bool colour_wanted(const ReportOptions& options) {
  const char* term = std::getenv("TERM");
  const char* no_colour = std::getenv("NO_COLOR");
  return options.output.empty() && isatty(STDOUT_FILENO) == 1 && (!no_colour || *no_colour == '\0') && term &&
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

// False when the status is to be 2.
bool use_baseline(CheckReport& report, const ReportOptions& options,
                  const std::function<bool(const BaselineEntry&)>& in_scope) {
  std::error_code error;
  Baseline baseline;
  const bool fresh = options.write_baseline && !std::filesystem::exists(options.baseline, error);
  if (fresh) {
    baseline = baseline_of(report);
  } else {
    std::string reason;
    const std::optional<std::string> text = read_file(options.baseline, reason);
    std::optional<Baseline> read = text ? parse_baseline(*text, reason) : std::nullopt;
    if (!read) {
      complain(options.baseline, reason);
      return false;
    }
    baseline = std::move(*read);
  }
  compare(report, baseline, in_scope);
  if (!options.write_baseline || (!fresh && report.gone.empty())) return true;
  if (const std::string why = write_atomically(options.baseline, baseline_as_json(without_gone(baseline, report)));
      !why.empty()) {
    complain(options.baseline, why);
    return false;
  }
  report.failed =
      report.failed && !report.result.findings.empty() && std::ranges::find(report.fails, true) != report.fails.end();
  report.gone.clear();
  return true;
}

}  // namespace

std::optional<Selection> read_selection(const ReportOptions& options) {
  Selection selection;
  if (!read_rules(options.select, "--select", selection.select)) return std::nullopt;
  if (!read_rules(options.ignore, "--ignore", selection.ignore)) return std::nullopt;
  if (options.write_baseline && options.baseline.empty()) {
    complain("--write-baseline", "name the file with --baseline FILE");
    return std::nullopt;
  }
  return selection;
}

Finished finish(CheckReport& report, const ReportOptions& options, const Selection& selection,
                const std::set<std::string>& files, bool complete) {
  Finished out;
  if (!options.baseline.empty()) {
    const auto in_scope = [&](const BaselineEntry& entry) {
      std::error_code error;
      const bool read = files.contains(entry.path) || !std::filesystem::exists(entry.path, error);
      return complete && read && selection.wants(entry.rule) && selection.shows(entry.path);
    };
    if (!use_baseline(report, options, in_scope)) return {true, 2};
  }
  const TextOptions text{colour_wanted(options), options.quiet};
  out.failed = !write_output(options.output, write_report(report, options.format, FERMATA_VERSION, text));
  if (options.format != Format::text && !report.gone.empty()) {
    complain(options.baseline,
             fmt::format("{} of its findings are gone; --write-baseline takes them out", report.gone.size()));
  }
  const std::size_t unknown = count(report.result).unknown;
  const bool lost = options.max_unknown >= 0 && unknown > static_cast<std::size_t>(options.max_unknown);
  if (lost) complain("--max-unknown", fmt::format("{} sites are undecided", unknown));
  out.status = out.failed ? 2 : report.failed || lost ? 1 : 0;
  return out;
}

}  // namespace fermata
