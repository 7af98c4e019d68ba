#include "frontend/tree_words.h"

#include <algorithm>
#include <utility>

#include "frontend/program.h"

namespace fermata {

std::string_view expected_in(Kind parent) {
  switch (parent) {
    case Kind::source_file:
      return "a callback, a function, a node or a declaration";
    case Kind::block:
    case Kind::callback:
    case Kind::function_definition:
    case Kind::taskfunc_definition:
    case Kind::cb_section:
    case Kind::if_statement:
    case Kind::while_statement:
    case Kind::for_statement:
      return "a statement";
    case Kind::select_statement:
      return "'case'";
    case Kind::node_definition:
      return "'cb' or 'end node'";
    case Kind::declare_statement:
      return "a name, a size or ':='";
    case Kind::arguments:
    case Kind::call_expression:
      return "an argument, ',' or ')'";
    default:
      return "an expression";
  }
}

std::string_view end_of(Kind kind) {
  switch (kind) {
    case Kind::callback:
      return "end on";
    case Kind::function_definition:
      return "end function";
    case Kind::taskfunc_definition:
      return "end taskfunc";
    case Kind::property_definition:
      return "end property";
    case Kind::family_definition:
      return "end family";
    case Kind::namespace_definition:
      return "end namespace";
    case Kind::struct_definition:
      return "end struct";
    case Kind::const_block:
      return "end const";
    case Kind::list_block:
      return "end list";
    case Kind::node_definition:
      return "end node";
    case Kind::if_statement:
      return "end if";
    case Kind::while_statement:
      return "end while";
    case Kind::for_statement:
      return "end for";
    case Kind::select_statement:
      return "end select";
    default:
      return "end";
  }
}

std::string found_at(std::string_view text, uint32_t offset) {
  size_t at = offset;
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  if (at < text.size() && text[at] == '{') return "the end of the line";  // a comment, as a rule
  if (at >= text.size()) return "the end of the file";
  if (text[at] == '\n') return "the end of the line";
  constexpr std::string_view kEnd = "end ";
  if (text.substr(at).starts_with(kEnd)) {
    const size_t stop = text.find_first_of(" \t\n", at + kEnd.size());
    return "'" + std::string(text.substr(at, std::min(stop, text.size()) - at)) + "'";
  }
  const auto is_word = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
           c == '$' || c == '%' || c == '@' || c == '!' || c == '?' || c == '~' ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  size_t end = at + 1;
  if (is_word(text[at])) {
    while (end < text.size() && is_word(text[end]) && end - at < 40) ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
  }
  return "'" + std::string(text.substr(at, end - at)) + "'";
}

uint32_t blamed_argument(std::string_view text, uint32_t begin, uint32_t end) {
  constexpr std::string_view kBlanks = " \t";
  const size_t before = text.substr(0, begin).find_last_not_of(kBlanks);
  const size_t next = text.find_first_not_of(kBlanks, end);
  if (before == std::string_view::npos || (text[before] != '(' && text[before] != ',')) return begin;
  if (next == std::string_view::npos || std::string_view(",)\n{/").find(text[next]) != std::string_view::npos)
    return begin;
  return static_cast<uint32_t>(next);
}

size_t nested_too_deep(std::string_view text) {
  uint32_t depth = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') depth = 0;
    if ((c == '(' || c == '[') && ++depth > kMaxNesting) return at;
    if ((c == ')' || c == ']') && depth > 0) --depth;
  }
  return std::string_view::npos;
}

namespace {

constexpr std::string_view kWordCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";

// The number of `-`, `not` and `.not.` with which the text begins.
uint32_t count_prefixes(std::string_view text) {
  for (uint32_t count = 0;; ++count) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    const bool is_not = text.starts_with("not") && (text.size() == 3 || kWordCharacters.find(text[3]) == text.npos);
    const size_t length = text.starts_with('-') ? 1 : is_not ? 3 : text.starts_with(".not.") ? 5 : 0;
    if (length == 0) return count;
    text.remove_prefix(length);
  }
}

}  // namespace

size_t blocks_too_deep(std::string_view text) {
  constexpr std::string_view kOpeners[] = {"if",     "while", "for",       "select",   "family",
                                           "struct", "node",  "namespace", "function", "taskfunc"};
  uint32_t depth = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const std::string_view line = text.substr(at, std::min(text.find('\n', at), text.size()) - at);
    const size_t first = std::min(line.find_first_not_of(" \t"), line.size());
    const std::string_view rest = line.substr(first);
    const std::string_view word = rest.substr(0, std::min(rest.find_first_not_of(kWordCharacters), rest.size()));
    if (word == "end" && depth > 0) --depth;
    if (std::ranges::find(kOpeners, word) != std::end(kOpeners) && ++depth > kMaxNesting) return at + first;
    for (size_t sign = line.find_first_of("-n."); sign != std::string_view::npos;) {
      const uint32_t row = count_prefixes(line.substr(sign));
      if (row > kMaxNesting / 2) return at + sign;
      sign = line.find_first_of("-n.", sign + row + 1);
    }
    at += line.size();
  }
  return std::string_view::npos;
}

bool is_case_else(std::string_view text, uint32_t begin) {
  text.remove_prefix(std::min<size_t>(begin, text.size()));
  constexpr std::string_view kCase = "case", kElse = "else";
  if (!text.starts_with(kCase)) return false;
  text.remove_prefix(kCase.size());
  const size_t next = text.find_first_not_of(" \t");
  if (next == 0 || next == std::string_view::npos || !text.substr(next).starts_with(kElse)) return false;
  return text.find_first_of(" \t\n{/", next) <= next + kElse.size() || next + kElse.size() == text.size();
}

std::string_view unclosed_comment(std::string_view text) {
  constexpr std::pair<std::string_view, std::string_view> kComments[] = {{"{", "}"}, {"/*", "*/"}, {"(*", "*)"}};
  for (const auto& [open, close] : kComments) {
    if (text.starts_with(open)) return text.find(close, open.size()) == std::string_view::npos ? close : "";
  }
  return "";
}

std::string_view left_open(std::string_view text) {
  int round = 0, square = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      quote = c == quote ? 0 : quote;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else {
      round += (c == '(') - (c == ')');
      square += (c == '[') - (c == ']');
    }
  }
  if (quote != 0) return quote == '"' ? "\"" : "'";
  if (square > 0) return "]";
  return round > 0 ? ")" : "";
}

}  // namespace fermata
