#include "report/baseline.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace fermata {

namespace {

using Json = nlohmann::ordered_json;

void sort_once(Baseline& baseline) {
  std::ranges::sort(baseline);
  const auto same = std::ranges::unique(baseline, {}, &BaselineEntry::fingerprint);
  baseline.erase(same.begin(), same.end());
}

const BaselineEntry* find(const Baseline& baseline, std::string_view fingerprint) {
  const auto found = std::ranges::lower_bound(baseline, fingerprint, {}, &BaselineEntry::fingerprint);
  return found != baseline.end() && found->fingerprint == fingerprint ? &*found : nullptr;
}

}  // namespace

std::optional<Baseline> parse_baseline(std::string_view text, std::string& reason) {
  const Json json = Json::parse(text, nullptr, false);
  const bool right = json.is_object() && json.contains("version") && json["version"] == 1 &&
                     json.contains("findings") && json["findings"].is_array();
  reason = "is no baseline that 'fermata check --write-baseline' wrote";
  if (!right) return std::nullopt;
  Baseline baseline;
  for (const Json& each : json["findings"]) {
    const auto field = [&](const char* name) {
      return each.is_object() && each.contains(name) && each[name].is_string() ? each[name].get<std::string>() : "";
    };
    baseline.push_back({field("fingerprint"), field("rule"), field("path"), field("message")});
    if (baseline.back().fingerprint.empty() || baseline.back().rule.empty()) return std::nullopt;
  }
  reason.clear();
  sort_once(baseline);
  return baseline;
}

std::string baseline_as_json(const Baseline& baseline) {
  // By place rather than by fingerprint: what changes together stands together.
  Baseline ordered = baseline;
  std::ranges::sort(ordered, {}, [](const BaselineEntry& entry) {
    return std::tie(entry.path, entry.rule, entry.message, entry.fingerprint);
  });
  Json findings = Json::array();
  for (const BaselineEntry& entry : ordered) {
    findings.push_back(Json{
        {"path", entry.path}, {"rule", entry.rule}, {"message", entry.message}, {"fingerprint", entry.fingerprint}});
  }
  const Json json{{"version", 1}, {"findings", std::move(findings)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Baseline baseline_of(const CheckReport& report) {
  Baseline baseline;
  for (const Finding& finding : report.result.findings) {
    baseline.push_back({finding.fingerprint, finding.rule, finding.place.path, finding.message});
  }
  sort_once(baseline);
  return baseline;
}

void compare(CheckReport& report, const Baseline& baseline, const std::function<bool(const BaselineEntry&)>& in_scope) {
  std::set<std::string, std::less<>> met;
  for (const SetAside& aside : report.allowed) met.insert(aside.finding.fingerprint);
  report.compared = true;
  report.known = take_out(report, [&](const Finding& finding) {
    met.insert(finding.fingerprint);
    return find(baseline, finding.fingerprint) != nullptr;
  });
  for (const BaselineEntry& entry : baseline) {
    if (!met.contains(entry.fingerprint) && in_scope(entry)) report.gone.push_back(entry);
  }
  report.failed = report.failed || !report.gone.empty();
}

Baseline without_gone(const Baseline& baseline, const CheckReport& report) {
  Baseline kept;
  std::ranges::copy_if(baseline, std::back_inserter(kept),
                       [&](const BaselineEntry& entry) { return find(report.gone, entry.fingerprint) == nullptr; });
  return kept;
}

}  // namespace fermata
