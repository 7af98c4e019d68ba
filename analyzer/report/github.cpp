#include "report/github.h"

#include <fmt/format.h>

#include "report/place.h"

namespace fermata {

namespace {

// A command is one line; what would end it, or one of its properties, is percent-encoded.
std::string encode(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    const bool ends = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    out += ends ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return out;
}

std::string message_of(const Finding& finding) {
  std::string text = escape_for_terminal(finding.message);
  int number = 0;
  for (const WitnessStep& step : finding.witness) {
    const std::string place = step.place.path.empty() ? ""
                                                      : fmt::format("{}:{}:{}: ", escape_for_terminal(step.place.path),
                                                                    step.place.line, step.place.column);
    text += fmt::format("\n{}. {}{}", ++number, place, escape_for_terminal(step.message));
  }
  return text;
}

}  // namespace

std::string report_as_github(const CheckReport& report) {
  std::string out;
  for (const Finding& finding : report.result.findings) {
    const Place& place = finding.place;
    // GitHub takes columns only where the range is on one line.
    const std::string columns = place.line == place.end_line
                                    ? fmt::format(",col={},endColumn={}", place.column, place.end_column)
                                    : std::string();
    out += fmt::format("::{} file={},line={},endLine={}{},title={}::{}\n",
                       finding.level == Level::note ? "notice" : level_name(finding.level),
                       encode(escape_for_terminal(place.path), true), place.line, place.end_line, columns,
                       encode("fermata: " + finding.rule, true), encode(message_of(finding), false));
  }
  return out;
}

}  // namespace fermata
