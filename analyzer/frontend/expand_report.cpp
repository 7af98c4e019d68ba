#include "frontend/expand_report.h"

namespace fermata {

void Reporter::add(std::string rule, std::string level, std::string message, Span span, RelatedPlaces related) {
  if (!said_.emplace(span.file, span.begin, rule + message).second) return;
  program_.diagnostics.push_back({std::move(rule), std::move(level), std::move(message), span, std::move(related)});
}

void Reporter::error(std::string rule, std::string message, Span span, RelatedPlaces related) {
  add(std::move(rule), "error", std::move(message), span, std::move(related));
}

void Reporter::warning(std::string rule, std::string message, Span span, RelatedPlaces related) {
  add(std::move(rule), "warning", std::move(message), span, std::move(related));
}

void Reporter::note(std::string rule, std::string message, Span span, RelatedPlaces related) {
  add(std::move(rule), "note", std::move(message), span, std::move(related));
}

}  // namespace fermata
