#include "report/gitlab.h"

#include <nlohmann/json.hpp>

namespace fermata {

namespace {

using Json = nlohmann::ordered_json;

std::string_view severity(Level level) {
  return level == Level::error ? "critical" : level == Level::warning ? "major" : "info";
}

}  // namespace

std::string report_as_gitlab(const CheckReport& report) {
  Json issues = Json::array();
  for (const Finding& finding : report.result.findings) {
    const Json lines{{"begin", finding.place.line}, {"end", finding.place.end_line}};
    issues.push_back(Json{{"type", "issue"},
                          {"check_name", finding.rule},
                          {"description", finding.message},
                          {"categories", Json::array({"Bug Risk"})},
                          {"severity", severity(finding.level)},
                          {"fingerprint", finding.fingerprint},
                          {"location", Json{{"path", finding.place.path}, {"lines", lines}}}});
  }
  return issues.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fermata
