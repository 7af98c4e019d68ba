#include "report/json.h"

#include <nlohmann/json.hpp>

namespace fermata {

namespace {

using Json = nlohmann::ordered_json;

Json start_of(const Place& place) { return Json{{"path", place.path}, {"line", place.line}, {"column", place.column}}; }

Json range_of(const Place& place) {
  Json json = start_of(place);
  json["end_line"] = place.end_line;
  json["end_column"] = place.end_column;
  return json;
}

Json site_as_json(const SiteResult& site) {
  Json json;
  json["kind"] = site.kind;
  json.update(start_of(site.place));
  json["verdict"] = verdict_name(site.verdict);
  json["rests_on"] = site.rests_on;
  json["reason"] = site.reason;
  json["finding"] = site.finding >= 0 ? Json(site.finding) : Json(nullptr);
  return json;
}

Json fix_as_json(const Fix& fix) {
  Json json;
  json["title"] = fix.title;
  json["safe"] = fix.safe;
  json["edits"] = Json::array();
  for (const Edit& edit : fix.edits) {
    Json one = range_of(edit.place);
    one["text"] = edit.text;
    json["edits"].push_back(std::move(one));
  }
  return json;
}

Json step_as_json(const Place& place, std::string_view message) {
  Json json = place.path.empty() ? Json::object() : start_of(place);
  json["message"] = message;
  return json;
}

Json finding_as_json(const Finding& finding, const std::string& product) {
  Json json;
  json["rule"] = finding.rule;
  json["level"] = level_name(finding.level);
  json["message"] = finding.message;
  json.update(range_of(finding.place));
  json["replayed"] = finding.replayed;
  json["fingerprint"] = finding.fingerprint;
  json["witness"] = Json::array();
  for (const WitnessStep& step : finding.witness) json["witness"].push_back(step_as_json(step.place, step.message));
  Json scenario = Json::parse(finding.scenario_json, nullptr, false);
  if (!scenario.is_object()) scenario = Json{{"events", Json::array()}};
  json["scenario"] = std::move(scenario);
  json["fixes"] = Json::array();
  for (const Fix& fix : finding.fixes) json["fixes"].push_back(fix_as_json(fix));
  json["related"] = Json::array();
  for (const auto& [place, message] : finding.related) json["related"].push_back(step_as_json(place, message));
  json["product"] = product;
  return json;
}

}  // namespace

std::string report_as_json(const CheckReport& report, std::string_view version) {
  const CheckResult& result = report.result;
  const Counts counts = count(result);
  Json json;
  json["version"] = 1;
  json["tool"] = Json{{"name", "fermata"}, {"version", version}};
  json["assumptions"] = Json::object();
  for (const auto& [name, value] : result.assumptions) json["assumptions"][name] = value;
  json["summary"] = Json{{"sites", counts.sites},     {"proved", counts.proved}, {"hung", counts.hung},
                         {"unknown", counts.unknown}, {"errors", counts.errors}, {"warnings", counts.warnings},
                         {"notes", counts.notes}};
  json["sites"] = Json::array();
  for (const SiteResult& site : result.sites) json["sites"].push_back(site_as_json(site));
  json["findings"] = Json::array();
  for (std::size_t i = 0; i < result.findings.size(); ++i) {
    json["findings"].push_back(finding_as_json(result.findings[i], report.products[i]));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fermata
