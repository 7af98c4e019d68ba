#include "report/format.h"

#include "report/github.h"
#include "report/gitlab.h"
#include "report/json.h"
#include "report/junit.h"
#include "report/sarif.h"

namespace fermata {

std::string write_report(const CheckReport& report, Format format, std::string_view version,
                         const TextOptions& options) {
  switch (format) {
    case Format::json:
      return report_as_json(report, version);
    case Format::sarif:
      return report_as_sarif(report, version);
    case Format::github:
      return report_as_github(report);
    case Format::gitlab:
      return report_as_gitlab(report);
    case Format::junit:
      return report_as_junit(report);
    case Format::text:
      break;
  }
  return report_as_text(report, options);
}

}  // namespace fermata
