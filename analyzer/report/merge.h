// From the results of single main files to the one report of a run: levels, suppressions, duplicates of files that
// several products share, order, fingerprints. The outcome depends on the set of inputs alone, not on their order or on
// timing.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/config.h"
#include "frontend/program.h"
#include "report/result.h"
#include "report/suppress.h"

namespace fermata {

// What is kept of one analysed main file once its program is gone.
struct MainFileResult {
  std::string main_file;
  Config config;
  CheckResult result;                     // with the front end's diagnostics among the findings
  std::vector<Suppression> suppressions;  // of every user file that was read
  std::vector<std::string> files;         // those files
};

MainFileResult keep_result(const Program& program, CheckResult result, Config config);

struct Selection {
  std::set<std::string, std::less<>> select;  // empty: all rules
  std::set<std::string, std::less<>> ignore;
  std::set<std::string, std::less<>> paths;  // empty: all files; else only what stands in these (folders end in '/')
  bool wants(std::string_view rule) const {
    return (select.empty() || select.contains(rule)) && !ignore.contains(rule);
  }
  bool shows(std::string_view path) const;
};

// A finding that is not reported, and why: allowed by a comment, or known from the baseline.
struct SetAside {
  Finding finding;
  std::string product;
  std::string reason;  // of the comment; empty: known
};

// What a baseline keeps of a finding; all but the fingerprint is for people.
struct BaselineEntry {
  std::string fingerprint, rule, path, message;
  friend auto operator<=>(const BaselineEntry&, const BaselineEntry&) = default;
};

struct CheckReport {
  CheckResult result;
  std::vector<std::string> products;  // for each finding the main file whose analysis gave it
  std::vector<bool> fails;            // for each finding whether it is at or above its configuration's fail-on
  std::vector<SetAside> allowed;      // sorted as the findings are
  bool compared = false;              // with a baseline: `known` and `gone` say how
  std::vector<SetAside> known;        // findings of the baseline
  std::vector<BaselineEntry> gone;    // entries of the baseline that nothing matches any more
  bool failed = false;                // some finding fails, or the baseline is out of date
};

// Takes the findings for which `unwanted` holds out of the report, in their order.
std::vector<SetAside> take_out(CheckReport& report, const std::function<bool(const Finding&)>& unwanted);

CheckReport merge(std::vector<MainFileResult> parts, const Selection& selection);

struct Counts {
  std::size_t sites = 0, proved = 0, hung = 0, unknown = 0, errors = 0, warnings = 0, notes = 0;
};
Counts count(const CheckResult& result);

}  // namespace fermata
