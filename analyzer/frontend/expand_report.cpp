#include "frontend/expand_report.h"

namespace fermata {

namespace {

size_t most_of(const std::string& rule) { return rule == "limit-reached" ? 20 : 1000; }

}  // namespace

void Reporter::add(std::string rule, std::string level, std::string message, Span span, RelatedPlaces related) {
  size_t& count = counts_[rule];
  size_t most = most_of(rule);
  if (count > most || !said_.emplace(span.file, span.begin, rule + message).second) return;
  if (++count > most) message += " (there are more of this rule; they are not listed)";
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
