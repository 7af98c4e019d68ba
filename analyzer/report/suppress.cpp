#include "report/suppress.h"

#include <fmt/format.h>

#include "report/catalogue.h"

namespace fermata {

namespace {

constexpr std::string_view kBlank = " \t\n";

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

struct Cursor {
  std::string_view text;
  std::size_t at = 0;
  uint32_t line = 1, column = 1;

  bool done() const { return at >= text.size(); }
  bool sees(std::string_view token) const { return text.substr(at).starts_with(token); }
  void step() {
    const auto octet = static_cast<unsigned char>(text[at++]);
    if (octet == '\n') {
      ++line;
      column = 1;
    } else if ((octet & 0xc0u) != 0x80u) {
      ++column;
    }
  }
  void skip(std::size_t count) {
    for (; count > 0 && !done(); --count) step();
  }
};

// `body`: a comment without its marks. Adds one entry for each rule it names.
void read_comment(std::string_view body, const Place& place, std::vector<Suppression>& out) {
  body = trim(body);
  constexpr std::string_view kMark = "fermata:";
  if (!body.starts_with(kMark)) return;
  body = trim(body.substr(kMark.size()));
  constexpr std::string_view kAllow = "allow(";
  const std::size_t close = body.find(')');
  if (!body.starts_with(kAllow) || close == std::string_view::npos) return;
  const std::string_view reason = trim(body.substr(close + 1));
  std::string_view names = body.substr(kAllow.size(), close - kAllow.size());
  while (true) {
    const std::size_t comma = names.find(',');
    out.push_back({std::string(trim(names.substr(0, comma))), std::string(reason), place, false});
    if (comma == std::string_view::npos) return;
    names.remove_prefix(comma + 1);
  }
}

}  // namespace

std::vector<Suppression> find_suppressions(std::string_view path, std::string_view text) {
  std::vector<Suppression> out;
  if (text.find("fermata:") == std::string_view::npos) return out;
  constexpr std::pair<std::string_view, std::string_view> kMarks[] = {
      {"//", "\n"}, {"{", "}"}, {"(*", "*)"}, {"/*", "*/"}};
  Cursor cursor{text};
  while (!cursor.done()) {
    if (cursor.sees("\"") || cursor.sees("'")) {
      const char quote = text[cursor.at];
      cursor.step();
      while (!cursor.done() && text[cursor.at] != quote && text[cursor.at] != '\n') {
        cursor.skip(text[cursor.at] == '\\' ? 2 : 1);
      }
      cursor.skip(1);
      continue;
    }
    bool comment = false;
    for (const auto& [open, close] : kMarks) {
      if (!cursor.sees(open)) continue;
      Place place{std::string(path), cursor.line, cursor.column, 0, 0};
      cursor.skip(open.size());
      const std::size_t begin = cursor.at;
      const std::size_t end = std::min(text.find(close, begin), text.size());
      cursor.skip(end - begin);
      if (close != "\n") cursor.skip(close.size());
      place.end_line = cursor.line;
      place.end_column = cursor.column;
      read_comment(text.substr(begin, end - begin), place, out);
      comment = true;
      break;
    }
    if (!comment) cursor.step();
  }
  return out;
}

Finding unused_suppression(const Suppression& suppression) {
  Finding finding;
  finding.rule = "unused-suppression";
  finding.level = Level::note;
  finding.place = suppression.place;
  if (!find_rule(suppression.rule)) {
    const std::string near = nearest_rule(suppression.rule);
    finding.message = fmt::format("there is no rule '{}'{}", suppression.rule,
                                  near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
  } else if (suppression.reason.empty()) {
    finding.message = fmt::format("allow({}) gives no reason, so it allows nothing", suppression.rule);
  } else {
    finding.message = fmt::format("allow({}) matches no finding on this line or the next", suppression.rule);
  }
  return finding;
}

}  // namespace fermata
