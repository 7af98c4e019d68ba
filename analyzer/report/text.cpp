#include "report/text.h"

#include <fmt/format.h>

#include "report/catalogue.h"
#include "report/excerpt.h"
#include "report/place.h"

namespace fermata {

namespace {

struct Style {
  bool on = false;
  std::string wrap(std::string_view code, std::string_view text) const {
    return on ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }
  std::string bold(std::string_view text) const { return wrap("1", text); }
  std::string dim(std::string_view text) const { return wrap("2", text); }
  std::string level(Level level) const {
    return wrap(level == Level::error ? "1;31" : level == Level::warning ? "1;33" : "1;36", level_name(level));
  }
  std::string mark(std::string_view text) const { return wrap("1;32", text); }
};

std::string where(const Place& place) {
  return fmt::format("{}:{}:{}", escape_for_terminal(place.path), place.line, place.column);
}

void write_excerpt(std::string& out, const LineIndex& lines, const Place& place, const Style& style) {
  const std::string_view line = lines.line(place.path, place.line);
  if (line.empty()) return;
  const Excerpt shown = excerpt(line, place);
  const std::string number = std::to_string(place.line);
  out += fmt::format("{} {}\n", style.dim(fmt::format("{:>6} |", number)), shown.line);
  out += fmt::format("{} {}\n", style.dim("       |"), style.mark(shown.marks));
}

void write_witness(std::string& out, const Finding& finding, const Style& style) {
  int number = 0;
  for (const WitnessStep& step : finding.witness) {
    const std::string place = step.place.path.empty() ? "" : style.dim(where(step.place)) + ": ";
    out += fmt::format("    {:>2}. {}{}\n", ++number, place, escape_for_terminal(step.message));
  }
  const Rule* rule = find_rule(finding.rule);
  const bool of_site = rule ? rule->kind == "site" : !finding.witness.empty();
  if (finding.replayed) {
    out += "    replayed on the runtime: it happens\n";
  } else if (of_site) {
    out += "    not replayed on the runtime\n";
  }
}

void write_finding(std::string& out, const Finding& finding, const LineIndex& lines, const TextOptions& options) {
  const Style style{options.colour};
  out += fmt::format("{}: {}: {} [{}]\n", style.bold(where(finding.place)), style.level(finding.level),
                     escape_for_terminal(finding.message), finding.rule);
  if (options.quiet) return;
  write_excerpt(out, lines, finding.place, style);
  write_witness(out, finding, style);
  for (const auto& [place, message] : finding.related) {
    out += fmt::format("    {}: {}: {}\n", style.dim(where(place)), style.level(Level::note),
                       escape_for_terminal(message));
  }
  for (const Fix& fix : finding.fixes) {
    out += fmt::format("    fix{}: {}\n", fix.safe ? "" : " (to be looked at)", escape_for_terminal(fix.title));
  }
  out += '\n';
}

std::string plural(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

std::string report_as_text(const CheckReport& report, const TextOptions& options) {
  const CheckResult& result = report.result;
  const LineIndex lines(result.texts);
  std::string out;
  for (const Finding& finding : result.findings) write_finding(out, finding, lines, options);
  if (options.quiet) return out;

  for (const SiteResult& site : result.sites) {
    if (site.verdict != Verdict::unknown) continue;
    out += fmt::format("{}: unknown: {}{}{}\n", where(site.place), site.kind, site.reason.empty() ? "" : ": ",
                       escape_for_terminal(site.reason));
  }
  for (const BaselineEntry& entry : report.gone) {
    out += fmt::format("{}: gone: {} [{}] is in the baseline and no longer found\n", escape_for_terminal(entry.path),
                       escape_for_terminal(entry.message), escape_for_terminal(entry.rule));
  }
  const Counts counts = count(result);
  out += fmt::format("{}: {} proved, {} hung, {} unknown; {}, {}, {}\n", plural(counts.sites, "site"), counts.proved,
                     counts.hung, counts.unknown, plural(counts.errors, "error"), plural(counts.warnings, "warning"),
                     plural(counts.notes, "note"));
  if (report.compared) {
    out += fmt::format("baseline: {} known, {} gone{}\n", report.known.size(), report.gone.size(),
                       report.gone.empty() ? "" : "; --write-baseline takes them out, so that they cannot come back");
  }
  if (!result.assumptions.empty()) {
    out += "assumed:";
    for (std::size_t i = 0; i < result.assumptions.size(); ++i) {
      out += fmt::format("{} {} = {}", i == 0 ? "" : ",", result.assumptions[i].first, result.assumptions[i].second);
    }
    out += '\n';
  }
  return out;
}

}  // namespace fermata
