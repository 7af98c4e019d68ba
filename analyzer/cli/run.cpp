#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/input.h"
#include "frontend/frontend.h"
#include "report/place.h"
#include "runtime/picture.h"
#include "runtime/runtime.h"

namespace fermata {

namespace {

// A product ready to be played. Says what is wrong on standard error and gives nothing when it cannot be.
struct Product {
  Program program;
  Assume assume;
};

std::optional<Product> load_product(const std::string& path, FrontendOptions reading) {
  if (const std::string reason = why_not_script(path); !reason.empty()) {
    complain(path, reason);
    return std::nullopt;
  }
  std::string what, reason;
  const std::optional<Config> config = config_for(path, "", what, reason);
  if (!config) {
    complain(what, reason);
    return std::nullopt;
  }
  if (reading.root.empty()) reading.root = find_root(path);
  reading.contracts = config->contracts;
  Product product{load_program(path, reading), config->assume};
  if (product.program.files.empty()) {
    complain(path, "cannot be read");
    return std::nullopt;
  }
  for (const FrontendDiagnostic& diagnostic : product.program.diagnostics) {
    if (diagnostic.level != "error") continue;
    const Place place = place_of(product.program, diagnostic.span);
    complain(fmt::format("{}:{}:{}", place.path, place.line, place.column), diagnostic.message);
  }
  return product;
}

std::optional<runtime::Scenario> load_scenario(const std::string& path) {
  if (path.empty()) return runtime::Scenario{};
  std::string reason;
  const std::optional<std::string> text = read_file(path, reason);
  if (!text) {
    complain(path, reason);
    return std::nullopt;
  }
  runtime::ScenarioResult read =
      text->starts_with("MThd") ? runtime::parse_scenario_midi(*text) : runtime::parse_scenario_json(*text);
  if (read.error.empty()) return std::move(read.scenario);
  complain(path, read.error);
  return std::nullopt;
}

// Something hangs, or it could not be told because the run did not come to rest.
bool hangs(const runtime::Report& report) { return !report.hung.empty() || !report.quiescent; }

}  // namespace

int run(const RunCommand& command) {
  const std::optional<Product> product = load_product(command.product, command.reading);
  if (!product) return 2;
  const std::optional<runtime::Scenario> scenario = load_scenario(command.scenario);
  if (!scenario) return 2;
  const runtime::Machine machine(product->program, product->assume);
  // A script may take its time for each input, a long performance is no run without end.
  runtime::Bounds bounds;
  bounds.steps += 20'000 * scenario->events.size();
  const runtime::Report report = machine.run(*scenario, bounds, true);
  if (!report.ran) {
    complain(command.product, report.error.empty() ? "could not be run" : report.error);
    return 2;
  }
  if (!command.timeline.empty() && !write_output(command.timeline, runtime::timeline_svg(product->program, report))) {
    return 2;
  }
  if (!command.render.empty()) {
    if (const std::string problem = runtime::render_wav(report, command.render); !problem.empty()) {
      complain(command.render, problem);
      return 2;
    }
  }
  const std::string text = command.format == Format::json ? runtime::report_to_json(product->program, report)
                                                          : runtime::report_to_text(product->program, report);
  if (!write_output("", text.ends_with('\n') ? text : text + "\n")) return 2;
  return hangs(report) ? 1 : 0;
}

int replay(const ReplayCommand& command) {
  std::string reason;
  const std::optional<std::string> text = read_file(command.findings, reason);
  if (!text) {
    complain(command.findings, reason);
    return 2;
  }
  const nlohmann::json report = nlohmann::json::parse(*text, nullptr, false);
  if (!report.is_object() || !report.contains("findings") || !report["findings"].is_array()) {
    complain(command.findings, "is no report of 'fermata check --format json'");
    return 2;
  }
  std::map<std::string, std::optional<Product>> products;
  std::string out;
  std::size_t replayed = 0, happened = 0;
  bool failed = false;
  for (const auto& finding : report["findings"]) {
    if (!finding.is_object()) continue;
    const std::string path = finding.value("path", "");
    const auto events = finding.value("/scenario/events"_json_pointer, nlohmann::json::array());
    if (events.empty() && !finding.value("replayed", false)) continue;
    const std::string main_file = finding.value("product", path);
    const auto [known, fresh] = products.try_emplace(main_file);
    if (fresh) known->second = load_product(main_file, command.reading);
    failed = failed || !known->second;
    if (!known->second) continue;
    const runtime::ScenarioResult scenario = runtime::parse_scenario_json(finding["scenario"].dump());
    if (!scenario.error.empty()) {
      complain(command.findings, scenario.error);
      failed = true;
      continue;
    }
    const Product& product = *known->second;
    const runtime::Report played = runtime::Machine(product.program, product.assume).run(scenario.scenario, {}, false);
    const bool happens = hangs(played) || !played.leaked.empty() || !played.faults.empty();
    ++replayed;
    happened += happens;
    out += fmt::format("{}:{}: {}: {} ({} hung, {} leaked, {} faults)\n", escape_for_terminal(path),
                       finding.value("line", 0), escape_for_terminal(finding.value("rule", "")),
                       happens ? "it happens" : "it does not happen", played.hung.size(), played.leaked.size(),
                       played.faults.size());
  }
  out += fmt::format("{} of {} witnesses happen\n", happened, replayed);
  if (!write_output("", out) || failed) return 2;
  return happened > 0 ? 1 : 0;
}

}  // namespace fermata
