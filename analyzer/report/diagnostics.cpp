#include "report/diagnostics.h"

#include "report/place.h"

namespace fermata {

std::vector<Finding> diagnostics_as_findings(const Program& program) {
  std::vector<Finding> findings;
  findings.reserve(program.diagnostics.size());
  for (const FrontendDiagnostic& diagnostic : program.diagnostics) {
    Finding finding;
    finding.rule = diagnostic.rule;
    finding.level = diagnostic.level == "error"     ? Level::error
                    : diagnostic.level == "warning" ? Level::warning
                                                    : Level::note;
    finding.message = diagnostic.message;
    finding.place = place_of(program, diagnostic.span);
    for (const auto& [span, text] : diagnostic.related) finding.related.emplace_back(place_of(program, span), text);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace fermata
