#include "report/parts.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <nlohmann/json.hpp>

namespace fermata {

namespace {

using PartJson = nlohmann::json;

constexpr std::string_view kMagic = "fermata parts 1\n";
constexpr std::size_t kHeader = kMagic.size() + 17;  // the magic, and the hash of what follows

std::string header_of(std::string_view payload) {
  return fmt::format("{}{:016x}\n", kMagic, XXH64(payload.data(), payload.size(), 0));
}

PartJson place_out(const Place& p) { return PartJson::array({p.path, p.line, p.column, p.end_line, p.end_column}); }

Place place_in(const PartJson& json) {
  return {json.at(0).get<std::string>(), json.at(1), json.at(2), json.at(3), json.at(4)};
}

PartJson finding_out(const Finding& finding) {
  PartJson witness = PartJson::array(), related = PartJson::array(), fixes = PartJson::array();
  for (const WitnessStep& step : finding.witness) {
    witness.push_back(PartJson::array({place_out(step.place), step.message, step.input}));
  }
  for (const auto& [place, message] : finding.related) related.push_back(PartJson::array({place_out(place), message}));
  for (const Fix& fix : finding.fixes) {
    PartJson edits = PartJson::array();
    for (const Edit& edit : fix.edits) edits.push_back(PartJson::array({place_out(edit.place), edit.text}));
    fixes.push_back(PartJson::array({fix.title, fix.safe, std::move(edits)}));
  }
  return PartJson::array({finding.rule, static_cast<int>(finding.level), finding.message, place_out(finding.place),
                          finding.replayed, std::move(witness), finding.scenario_json, std::move(related),
                          std::move(fixes)});
}

Level level_in(const PartJson& json) {
  const int level = json;
  return level == 2 ? Level::error : level == 1 ? Level::warning : Level::note;
}

Finding finding_in(const PartJson& json) {
  Finding finding;
  finding.rule = json.at(0);
  finding.level = level_in(json.at(1));
  finding.message = json.at(2);
  finding.place = place_in(json.at(3));
  finding.replayed = json.at(4);
  for (const PartJson& step : json.at(5)) finding.witness.push_back({place_in(step.at(0)), step.at(1), step.at(2)});
  finding.scenario_json = json.at(6);
  for (const PartJson& each : json.at(7)) finding.related.emplace_back(place_in(each.at(0)), each.at(1));
  for (const PartJson& each : json.at(8)) {
    Fix fix{each.at(0), each.at(1), {}};
    for (const PartJson& edit : each.at(2)) fix.edits.push_back({place_in(edit.at(0)), edit.at(1)});
    finding.fixes.push_back(std::move(fix));
  }
  return finding;
}

PartJson site_out(const SiteResult& site) {
  return PartJson::array(
      {site.kind, place_out(site.place), static_cast<int>(site.verdict), site.rests_on, site.reason, site.finding});
}

SiteResult site_in(const PartJson& json, std::size_t findings) {
  SiteResult site;
  site.kind = json.at(0);
  site.place = place_in(json.at(1));
  const int verdict = json.at(2);
  site.verdict = verdict == 0 ? Verdict::proved : verdict == 1 ? Verdict::hung : Verdict::unknown;
  site.rests_on = json.at(3).get<std::vector<std::string>>();
  site.reason = json.at(4);
  site.finding = json.at(5);
  if (site.finding < -1 || (site.finding >= 0 && static_cast<std::size_t>(site.finding) >= findings)) site.finding = -1;
  return site;
}

// Of a configuration only what counts after the analysis.
PartJson config_out(const Config& config) {
  PartJson rules = PartJson::object();
  for (const auto& [rule, level] : config.rules) rules[rule] = level ? static_cast<int>(*level) : -1;
  return PartJson::array({static_cast<int>(config.fail_on), std::move(rules)});
}

Config config_in(const PartJson& json) {
  Config config;
  config.fail_on = level_in(json.at(0));
  for (const auto& [rule, level] : json.at(1).items()) {
    config.rules[rule] = level < 0 ? std::nullopt : std::optional(level_in(level));
  }
  return config;
}

PartJson part_out(const MainFileResult& part) {
  PartJson sites = PartJson::array(), findings = PartJson::array(), suppressions = PartJson::array();
  for (const SiteResult& site : part.result.sites) sites.push_back(site_out(site));
  for (const Finding& finding : part.result.findings) findings.push_back(finding_out(finding));
  for (const Suppression& each : part.suppressions) {
    suppressions.push_back(PartJson::array({each.rule, each.reason, place_out(each.place)}));
  }
  const CheckStatistics& figures = part.result.statistics;
  return PartJson{
      {"main_file", part.main_file},
      {"config", config_out(part.config)},
      {"files", part.files},
      {"assumptions", part.result.assumptions},
      {"sites", std::move(sites)},
      {"findings", std::move(findings)},
      {"texts", part.result.texts},
      {"suppressions", std::move(suppressions)},
      {"figures", PartJson::array({figures.files, figures.bytes, figures.lines, figures.states, figures.replays})}};
}

MainFileResult part_in(const PartJson& json) {
  MainFileResult part;
  part.main_file = json.at("main_file");
  part.config = config_in(json.at("config"));
  part.files = json.at("files").get<std::vector<std::string>>();
  part.result.assumptions = json.at("assumptions").get<decltype(part.result.assumptions)>();
  for (const PartJson& finding : json.at("findings")) part.result.findings.push_back(finding_in(finding));
  for (const PartJson& site : json.at("sites")) part.result.sites.push_back(site_in(site, part.result.findings.size()));
  part.result.texts = json.at("texts").get<decltype(part.result.texts)>();
  for (const PartJson& each : json.at("suppressions")) {
    part.suppressions.push_back({each.at(0), each.at(1), place_in(each.at(2)), false});
  }
  CheckStatistics& figures = part.result.statistics;
  const PartJson& numbers = json.at("figures");
  figures.files = numbers.at(0);
  figures.bytes = numbers.at(1);
  figures.lines = numbers.at(2);
  figures.states = numbers.at(3);
  figures.replays = numbers.at(4);
  return part;
}

}  // namespace

std::string parts_as_bytes(const std::vector<MainFileResult>& parts, std::string_view version) {
  PartJson list = PartJson::array();
  for (const MainFileResult& part : parts) list.push_back(part_out(part));
  std::string bytes;
  PartJson::to_cbor(PartJson{{"version", version}, {"parts", std::move(list)}}, bytes);
  return header_of(bytes) + bytes;
}

std::optional<std::vector<MainFileResult>> parts_from_bytes(std::string_view bytes, std::string_view version,
                                                            std::string& reason) {
  reason = "holds no results of 'fermata check --shard', or is cut off";
  if (bytes.size() < kHeader || header_of(bytes.substr(kHeader)) != bytes.substr(0, kHeader)) return std::nullopt;
  try {
    const PartJson json = PartJson::from_cbor(bytes.substr(kHeader));
    if (json.at("version") != version) {
      reason = "was written by version " + json.at("version").get<std::string>() + " of the program";
      return std::nullopt;
    }
    std::vector<MainFileResult> parts;
    for (const PartJson& part : json.at("parts")) parts.push_back(part_in(part));
    reason.clear();
    return parts;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace fermata
