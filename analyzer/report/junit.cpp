#include "report/junit.h"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "report/place.h"

namespace fermata {

namespace {

// XML 1.0 has no way to write most control characters, so they are written out first.
std::string xml(std::string_view text) {
  std::string out;
  for (const char c : escape_for_terminal(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string at_place(const Place& place) { return fmt::format("{}:{}:{}", place.path, place.line, place.column); }

struct Suite {
  std::string cases;
  std::size_t tests = 0, failures = 0, skipped = 0;
};

class JunitWriter {
 public:
  explicit JunitWriter(const CheckReport& report) : report_(report) {}

  std::string write() {
    for (const SiteResult& site : report_.result.sites) add_site(site);
    for (std::size_t i = 0; i < report_.result.findings.size(); ++i) add_finding(i);
    Suite all;
    for (const auto& [path, suite] : suites_) {
      all.tests += suite.tests;
      all.failures += suite.failures;
      all.skipped += suite.skipped;
    }
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    out += fmt::format("<testsuites name=\"fermata\" {}>\n", figures(all));
    for (const auto& [path, suite] : suites_) {
      out += fmt::format("  <testsuite name=\"{}\" {}>\n{}  </testsuite>\n", xml(path), figures(suite), suite.cases);
    }
    return out + "</testsuites>\n";
  }

 private:
  static std::string figures(const Suite& suite) {
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"", suite.tests, suite.failures,
                       suite.skipped);
  }

  // `content` is XML; empty: the case passes.
  void add(const Place& place, std::string_view name, const std::string& content) {
    Suite& suite = suites_[place.path];
    ++suite.tests;
    suite.cases +=
        fmt::format("    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\"", xml(place.path),
                    xml(fmt::format("{} at {}:{}", name, place.line, place.column)), xml(place.path), place.line);
    suite.cases += content.empty() ? "/>\n" : fmt::format(">\n{}    </testcase>\n", content);
  }

  // A hung site speaks through its finding.
  void add_site(const SiteResult& site) {
    if (site.finding >= 0) return;
    if (site.verdict != Verdict::unknown) return add(site.place, site.kind, "");
    ++suites_[site.place.path].skipped;
    add(site.place, site.kind, fmt::format("      <skipped message=\"{}\"/>\n", xml("unknown: " + site.reason)));
  }

  void add_finding(std::size_t i) {
    const Finding& finding = report_.result.findings[i];
    std::string path = at_place(finding.place) + "\n";
    int number = 0;
    for (const WitnessStep& step : finding.witness) {
      const std::string place = step.place.path.empty() ? "" : at_place(step.place) + ": ";
      path += fmt::format("{}. {}{}\n", ++number, place, step.message);
    }
    std::string lines;
    for (std::size_t at = 0; at < path.size();) {
      const std::size_t end = path.find('\n', at);
      lines += xml(std::string_view(path).substr(at, end - at)) + "\n";
      at = end + 1;
    }
    std::string content;
    if (report_.fails[i]) {
      ++suites_[finding.place.path].failures;
      content = fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n", level_name(finding.level),
                            xml(finding.message), lines);
    } else {
      content = fmt::format("      <system-out>{}: {}\n{}</system-out>\n", level_name(finding.level),
                            xml(finding.message), lines);
    }
    add(finding.place, finding.rule, content);
  }

  const CheckReport& report_;
  std::map<std::string, Suite> suites_;
};

}  // namespace

std::string report_as_junit(const CheckReport& report) { return JunitWriter(report).write(); }

}  // namespace fermata
