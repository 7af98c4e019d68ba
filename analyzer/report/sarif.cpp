#include "report/sarif.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "report/catalogue.h"
#include "report/uri.h"

namespace fermata {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostSteps = 1000;  // of one code flow; what comes first counts least

Json text_of(std::string_view text) { return Json{{"text", text}}; }

Json region_of(const Place& place) {
  return Json{{"startLine", std::max(1u, place.line)},
              {"startColumn", std::max(1u, place.column)},
              {"endLine", std::max(1u, place.end_line)},
              {"endColumn", std::max(1u, place.end_column)}};
}

Json artifact_of(std::string_view path) {
  Json artifact{{"uri", uri_of_path(path)}};
  if (!path.starts_with('/')) artifact["uriBaseId"] = "SRCROOT";
  return artifact;
}

Json location_of(const Place& place) {
  return Json{{"physicalLocation", Json{{"artifactLocation", artifact_of(place.path)}, {"region", region_of(place)}}}};
}

Json message_at(const Place& place, std::string_view message) {
  Json location = place.path.empty() ? Json::object() : location_of(place);
  location["message"] = text_of(message);
  return location;
}

// One thread flow for each activation; executionOrder keeps the order over all of them.
Json code_flow(const std::vector<WitnessStep>& witness) {
  const std::size_t first = witness.size() > kMostSteps ? witness.size() - kMostSteps : 0;
  Json flows = Json::array();
  for (std::size_t i = first; i < witness.size(); ++i) {
    if (flows.empty() || witness[i].input) {
      flows.push_back(Json{{"id", std::to_string(flows.size() + 1)},
                           {"message", text_of(witness[i].message)},
                           {"locations", Json::array()}});
    }
    flows.back()["locations"].push_back(Json{{"location", message_at(witness[i].place, witness[i].message)},
                                             {"importance", i + 2 >= witness.size() ? "essential" : "important"},
                                             {"executionOrder", i - first + 1}});
  }
  return Json{{"threadFlows", std::move(flows)}};
}

Json fix_of(const Fix& fix) {
  std::map<std::string, Json> files;
  for (const Edit& edit : fix.edits) {
    Json replacement{{"deletedRegion", region_of(edit.place)}};
    if (!edit.text.empty()) replacement["insertedContent"] = text_of(edit.text);
    files.try_emplace(edit.place.path, Json::array()).first->second.push_back(std::move(replacement));
  }
  Json changes = Json::array();
  for (auto& [path, replacements] : files) {
    changes.push_back(Json{{"artifactLocation", artifact_of(path)}, {"replacements", std::move(replacements)}});
  }
  return Json{{"description", text_of(fix.title)},
              {"artifactChanges", std::move(changes)},
              {"properties", Json{{"safe", fix.safe}}}};
}

// The rule's page is Markdown with a title, a summary and sections; viewers that know no Markdown get it as it is.
Json descriptor_of(const std::string& name) {
  Json rule{{"id", name}};
  const Rule* page = find_rule(name);
  if (!page) return rule;
  const std::string help = explain_rule(*page);
  rule["shortDescription"] = text_of(page->summary);
  rule["fullDescription"] = text_of(page->summary);
  rule["help"] = Json{{"text", help}, {"markdown", help}};
  const bool off = page->level == "off";
  rule["defaultConfiguration"] = Json{{"enabled", !off}, {"level", off ? "note" : page->level}};
  rule["properties"] = Json{{"tags", Json::array({page->kind})}};
  return rule;
}

class SarifWriter {
 public:
  explicit SarifWriter(const CheckReport& report) : report_(report) {
    for (const Finding& finding : report.result.findings) rules_.insert(finding.rule);
    for (const SetAside& aside : report.allowed) rules_.insert(aside.finding.rule);
    for (const SetAside& aside : report.known) rules_.insert(aside.finding.rule);
    for (const BaselineEntry& entry : report.gone) rules_.insert(entry.rule);
  }

  Json run(std::string_view version) const {
    Json rules = Json::array();
    for (const std::string& name : rules_) rules.push_back(descriptor_of(name));
    const Counts counts = count(report_.result);
    Json run{{"tool", Json{{"driver", Json{{"name", "fermata"}, {"semanticVersion", version}, {"rules", rules}}}}},
             {"columnKind", "unicodeCodePoints"},
             {"originalUriBaseIds", Json{{"SRCROOT", Json{{"description", text_of("The working directory.")}}}}},
             {"results", results()}};
    Json assumptions = Json::object();
    for (const auto& [name, value] : report_.result.assumptions) assumptions[name] = value;
    run["properties"] = Json{{"sites", counts.sites},
                             {"proved", counts.proved},
                             {"hung", counts.hung},
                             {"unknown", counts.unknown},
                             {"assumptions", std::move(assumptions)}};
    return run;
  }

 private:
  Json results() const {
    Json all = Json::array();
    for (std::size_t i = 0; i < report_.result.findings.size(); ++i) {
      all.push_back(result_of(report_.result.findings[i], report_.products[i]));
      if (report_.compared) all.back()["baselineState"] = "new";
    }
    for (const SetAside& aside : report_.known) {
      all.push_back(result_of(aside.finding, aside.product));
      all.back()["baselineState"] = "unchanged";
    }
    for (const BaselineEntry& entry : report_.gone) all.push_back(absent(entry));
    for (const SetAside& aside : report_.allowed) {
      Json result = result_of(aside.finding, aside.product);
      result["suppressions"] = Json::array({Json{{"kind", "inSource"}, {"justification", aside.reason}}});
      all.push_back(std::move(result));
    }
    return all;
  }

  auto index_of(const std::string& rule) const { return std::distance(rules_.begin(), rules_.find(rule)); }

  Json absent(const BaselineEntry& entry) const {
    const Json place{{"physicalLocation", Json{{"artifactLocation", artifact_of(entry.path)}}}};
    return Json{{"ruleId", entry.rule},
                {"ruleIndex", index_of(entry.rule)},
                {"level", "none"},
                {"message", text_of(entry.message)},
                {"locations", Json::array({place})},
                {"partialFingerprints", Json{{"fermata/v1", entry.fingerprint}}},
                {"baselineState", "absent"}};
  }

  Json result_of(const Finding& finding, std::string_view product) const {
    Json result{{"ruleId", finding.rule},
                {"ruleIndex", index_of(finding.rule)},
                {"level", level_name(finding.level)},
                {"message", text_of(finding.message)},
                {"locations", Json::array({location_of(finding.place)})},
                {"partialFingerprints", Json{{"fermata/v1", finding.fingerprint}}}};
    if (!finding.witness.empty()) result["codeFlows"] = Json::array({code_flow(finding.witness)});
    int id = 0;
    for (const auto& [place, message] : finding.related) {
      Json location = message_at(place, message);
      location["id"] = id++;
      result["relatedLocations"].push_back(std::move(location));
    }
    for (const Fix& fix : finding.fixes) result["fixes"].push_back(fix_of(fix));
    result["properties"] = Json{{"replayed", finding.replayed}, {"product", product}};
    return result;
  }

  const CheckReport& report_;
  std::set<std::string> rules_;
};

}  // namespace

std::string report_as_sarif(const CheckReport& report, std::string_view version) {
  const Json sarif{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                   {"version", "2.1.0"},
                   {"runs", Json::array({SarifWriter(report).run(version)})}};
  return sarif.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fermata
