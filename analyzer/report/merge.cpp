#include "report/merge.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>
#include <tuple>

#include "report/diagnostics.h"
#include "report/fingerprint.h"
#include "report/fixes.h"

namespace fermata {

namespace {

struct KeptFinding {
  Finding finding;
  std::string product;
  bool fails = false;
};

using FindingKey = std::tuple<Place, std::string, std::string>;  // where, rule, message unless it is a site's
using SiteKey = std::tuple<Place, std::string, std::size_t>;     // where, kind, how many alike came before

// Of two verdicts on one site in two products the one that asks for action counts.
int weight(Verdict verdict) { return verdict == Verdict::hung ? 2 : verdict == Verdict::unknown ? 1 : 0; }

bool better(const KeptFinding& a, const KeptFinding& b) {
  return std::tuple(a.finding.level, a.finding.replayed, a.finding.witness.size()) >
         std::tuple(b.finding.level, b.finding.replayed, b.finding.witness.size());
}

class Merger {
 public:
  explicit Merger(const Selection& selection) : selection_(selection) {}

  void add(MainFileResult& part) {
    std::vector<int> kept;
    kept.reserve(part.result.findings.size());
    for (Finding& finding : part.result.findings) kept.push_back(add_finding(std::move(finding), part));
    add_sites(part.result.sites, kept);
    for (auto& assumption : part.result.assumptions) assumptions_.insert(std::move(assumption));
    for (auto& [path, text] : part.result.texts) texts_.try_emplace(std::move(path), std::move(text));
    add_statistics(part.result.statistics);
  }

  CheckReport finish(std::vector<MainFileResult>& parts);

 private:
  int add_finding(Finding finding, const MainFileResult& part) {
    if (!selection_.wants(finding.rule) || !selection_.shows(finding.place.path)) return -1;
    if (const auto level = part.config.rules.find(finding.rule); level != part.config.rules.end()) {
      if (level->second) finding.level = *level->second;
      if (!level->second && !selection_.select.contains(finding.rule)) return -1;  // the command line counts for more
    }
    KeptFinding next{std::move(finding), part.main_file, false};
    next.fails = next.finding.level >= part.config.fail_on;
    const FindingKey key{next.finding.place, next.finding.rule, next.finding.message};
    const auto [known, fresh] = finding_ids_.try_emplace(key, findings_.size());
    if (fresh) {
      findings_.push_back(std::move(next));
    } else {
      KeptFinding& old = findings_[known->second];
      const bool fails = old.fails || next.fails;
      if (better(next, old)) old = std::move(next);
      old.fails = fails;
    }
    return static_cast<int>(known->second);
  }

  void add_sites(std::vector<SiteResult>& sites, const std::vector<int>& kept) {
    std::map<std::pair<Place, std::string>, std::size_t> alike;
    for (SiteResult& site : sites) {
      if (!selection_.shows(site.place.path)) continue;
      const bool has = site.finding >= 0 && static_cast<std::size_t>(site.finding) < kept.size();
      site.finding = has ? kept[static_cast<std::size_t>(site.finding)] : -1;
      const SiteKey key{site.place, site.kind, alike[{site.place, site.kind}]++};
      const auto [known, fresh] = site_ids_.try_emplace(key, sites_.size());
      if (fresh) {
        sites_.push_back(std::move(site));
        continue;
      }
      SiteResult& old = sites_[known->second];
      std::vector<std::string> rests;
      std::ranges::set_union(sorted(old.rests_on), sorted(site.rests_on), std::back_inserter(rests));
      if (weight(site.verdict) > weight(old.verdict)) old = std::move(site);
      old.rests_on = std::move(rests);
    }
  }

  static std::vector<std::string>& sorted(std::vector<std::string>& names) {
    std::ranges::sort(names);
    return names;
  }

  void add_statistics(const CheckStatistics& one) {
    statistics_.files += one.files;
    statistics_.bytes += one.bytes;
    statistics_.lines += one.lines;
    statistics_.states += one.states;
    statistics_.replays += one.replays;
    statistics_.seconds_frontend += one.seconds_frontend;
    statistics_.seconds_analysis += one.seconds_analysis;
    statistics_.seconds_replay += one.seconds_replay;
  }

  void apply_suppressions(std::vector<MainFileResult>& parts);

  const Selection& selection_;
  std::vector<KeptFinding> findings_;
  std::vector<std::optional<std::string>> reason_;  // for each finding why it is allowed
  std::map<FindingKey, std::size_t> finding_ids_;
  std::vector<SiteResult> sites_;
  std::map<SiteKey, std::size_t> site_ids_;
  std::set<std::pair<std::string, std::string>> assumptions_;
  std::map<std::string, std::string> texts_;
  CheckStatistics statistics_;
};

void Merger::apply_suppressions(std::vector<MainFileResult>& parts) {
  reason_.assign(findings_.size(), std::nullopt);
  const std::size_t analysed = findings_.size();
  std::set<std::string> seen;
  for (MainFileResult& part : parts) {
    for (Suppression& suppression : part.suppressions) {
      if (seen.contains(suppression.place.path)) continue;
      for (std::size_t i = 0; i < analysed; ++i) {
        const Finding& finding = findings_[i].finding;
        if (suppression.reason.empty() || finding.rule != suppression.rule || !suppression.covers(finding.place))
          continue;
        suppression.used = true;
        if (!reason_[i]) reason_[i] = suppression.reason;
      }
      const auto level = part.config.rules.find(suppression.rule);
      const bool asked = selection_.wants(suppression.rule) && (level == part.config.rules.end() || level->second ||
                                                                selection_.select.contains(suppression.rule));
      if (suppression.used || !asked) continue;
      add_finding(unused_suppression(suppression), part);
      reason_.resize(findings_.size());
    }
    seen.insert(part.files.begin(), part.files.end());
  }
}

CheckReport Merger::finish(std::vector<MainFileResult>& parts) {
  apply_suppressions(parts);
  std::vector<std::size_t> order(findings_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    const Finding& x = findings_[a].finding;
    const Finding& y = findings_[b].finding;
    return std::tie(x.place, x.rule, x.message) < std::tie(y.place, y.rule, y.message);
  });
  CheckReport report;
  for (const auto& [path, text] : texts_) report.result.texts.emplace_back(path, text);
  std::vector<Finding*> in_order;
  for (const std::size_t i : order) in_order.push_back(&findings_[i].finding);
  set_fingerprints(in_order, report.result.texts);
  std::vector<int> place(findings_.size(), -1);
  for (const std::size_t i : order) {
    KeptFinding& kept = findings_[i];
    if (reason_[i]) {
      report.allowed.push_back({std::move(kept.finding), std::move(kept.product), *reason_[i]});
      continue;
    }
    place[i] = static_cast<int>(report.products.size());
    report.failed = report.failed || kept.fails;
    report.fails.push_back(kept.fails);
    report.products.push_back(std::move(kept.product));
    report.result.findings.push_back(std::move(kept.finding));
  }
  for (SiteResult& site : sites_) {
    if (site.finding >= 0) site.finding = place[static_cast<std::size_t>(site.finding)];
  }
  std::ranges::sort(sites_, [](const SiteResult& a, const SiteResult& b) {
    return std::tie(a.place, a.kind, a.verdict, a.reason, a.finding, a.rests_on) <
           std::tie(b.place, b.kind, b.verdict, b.reason, b.finding, b.rests_on);
  });
  report.result.sites = std::move(sites_);
  report.result.assumptions.assign(assumptions_.begin(), assumptions_.end());
  report.result.statistics = statistics_;
  return report;
}

}  // namespace

bool Selection::shows(std::string_view path) const {
  return paths.empty() || std::ranges::any_of(paths, [&](const std::string& wanted) {
           return path == wanted || (wanted.ends_with('/') && path.starts_with(wanted));
         });
}

MainFileResult keep_result(const Program& program, CheckResult result, Config config) {
  MainFileResult kept;
  if (!program.files.empty()) kept.main_file = program.files[0].path;
  kept.config = std::move(config);
  std::ranges::move(diagnostics_as_findings(program), std::back_inserter(result.findings));
  add_fixes(program, result);
  result.texts.clear();
  result.statistics.files = result.statistics.bytes = result.statistics.lines = 0;
  for (const SourceFile& file : program.files) {
    if (file.library) continue;
    ++result.statistics.files;
    result.statistics.bytes += file.text.size();
    result.statistics.lines += file.line_starts.size();
    kept.files.push_back(file.path);
    std::ranges::move(find_suppressions(file.path, file.text), std::back_inserter(kept.suppressions));
    const auto here = [&](const Finding& finding) { return finding.place.path == file.path; };
    const auto marks = [&](const Suppression& suppression) { return suppression.place.path == file.path; };
    if (std::ranges::any_of(result.findings, here) || std::ranges::any_of(kept.suppressions, marks)) {
      result.texts.emplace_back(file.path, file.text);
    }
  }
  kept.result = std::move(result);
  return kept;
}

CheckReport merge(std::vector<MainFileResult> parts, const Selection& selection) {
  std::ranges::sort(parts, {}, &MainFileResult::main_file);  // each main file comes once
  Merger merger(selection);
  for (MainFileResult& part : parts) merger.add(part);
  return merger.finish(parts);
}

std::vector<SetAside> take_out(CheckReport& report, const std::function<bool(const Finding&)>& unwanted) {
  std::vector<SetAside> out;
  std::vector<Finding> findings;
  std::vector<std::string> products;
  std::vector<bool> fails;
  std::vector<int> place(report.result.findings.size(), -1);
  for (std::size_t i = 0; i < report.result.findings.size(); ++i) {
    Finding& finding = report.result.findings[i];
    if (unwanted(finding)) {
      out.push_back({std::move(finding), std::move(report.products[i]), ""});
      continue;
    }
    place[i] = static_cast<int>(findings.size());
    findings.push_back(std::move(finding));
    products.push_back(std::move(report.products[i]));
    fails.push_back(report.fails[i]);
  }
  for (SiteResult& site : report.result.sites) {
    if (site.finding >= 0) site.finding = place[static_cast<std::size_t>(site.finding)];
  }
  report.failed = std::ranges::find(fails, true) != fails.end();
  report.result.findings = std::move(findings);
  report.products = std::move(products);
  report.fails = std::move(fails);
  return out;
}

Counts count(const CheckResult& result) {
  Counts counts;
  counts.sites = result.sites.size();
  for (const SiteResult& site : result.sites) {
    ++(site.verdict == Verdict::proved ? counts.proved : site.verdict == Verdict::hung ? counts.hung : counts.unknown);
  }
  for (const Finding& finding : result.findings) {
    ++(finding.level == Level::error     ? counts.errors
       : finding.level == Level::warning ? counts.warnings
                                         : counts.notes);
  }
  return counts;
}

}  // namespace fermata
