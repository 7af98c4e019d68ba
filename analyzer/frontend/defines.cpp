#include "frontend/defines.h"

#include "frontend/expand_defines.h"

namespace fermata {
namespace {

bool is_punct(std::string_view text, const std::vector<Token>& tokens, size_t i, char c) {
  return i < tokens.size() && tokens[i].kind == TokenKind::punct && text[tokens[i].begin] == c;
}

std::string spelled(std::string_view text, const std::vector<Token>& tokens, size_t first, size_t last) {
  if (first >= last) return {};
  return std::string(text.substr(tokens[first].begin, tokens[last - 1].end - tokens[first].begin));
}

}  // namespace

size_t matching_bracket(std::string_view text, const std::vector<Token>& tokens, size_t open) {
  int depth = 0;
  for (size_t i = open; i < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::punct) continue;
    char c = text[tokens[i].begin];
    if (c == '(' || c == '[') ++depth;
    if ((c == ')' || c == ']') && --depth == 0) return i + 1;
  }
  return tokens.size();
}

std::vector<TokenRange> split_at_commas(std::string_view text, const std::vector<Token>& tokens, size_t first,
                                        size_t last) {
  std::vector<TokenRange> ranges;
  if (first >= last) return ranges;
  int depth = 0;
  size_t begin = first;
  for (size_t i = first; i < last; ++i) {
    if (tokens[i].kind != TokenKind::punct) continue;
    char c = text[tokens[i].begin];
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (c != ',' || depth != 0) continue;
    ranges.push_back({begin, i});
    begin = i + 1;
  }
  ranges.push_back({begin, last});
  return ranges;
}

// What stands before the value: the name, the parameters and how the value is taken.
struct DefineTable::Head {
  enum class How : uint8_t { set, append, prepend };
  std::string name;
  std::vector<std::string> parameters;
  How how = How::set;
  size_t value_first = 0, value_last = 0;
  Span span;
};

bool DefineTable::parse_head(std::string_view text, FileId file, const LogicalLine& line, Head& head) {
  const std::vector<Token>& tokens = line.tokens;
  size_t i = 1;
  bool literals = tokens.size() > 2 && spelled(text, tokens, 1, 2) == "literals" && tokens[2].kind == TokenKind::word;
  if (literals) ++i;
  if (i >= tokens.size() || tokens[i].kind != TokenKind::word) return false;
  head.name = without_sigil(text.substr(tokens[i].begin, tokens[i].end - tokens[i].begin));
  head.span = {file, tokens[i].begin, tokens[i].end};
  ++i;
  if (is_punct(text, tokens, i, '(')) {
    size_t close = matching_bracket(text, tokens, i);
    for (TokenRange range : split_at_commas(text, tokens, i + 1, close - 1)) {
      head.parameters.push_back(spelled(text, tokens, range.first, range.last));
    }
    i = close;
  }
  bool joined = i + 1 < tokens.size() && tokens[i].end == tokens[i + 1].begin;
  if (!joined) return false;
  if (is_punct(text, tokens, i, ':') && is_punct(text, tokens, i + 1, '=')) {
    head.how = Head::How::set;
  } else if (is_punct(text, tokens, i, '+') && is_punct(text, tokens, i + 1, '=')) {
    head.how = Head::How::append;
  } else if (is_punct(text, tokens, i, '=') && is_punct(text, tokens, i + 1, '+')) {
    head.how = Head::How::prepend;
  } else {
    return false;
  }
  head.value_first = i + 2;
  head.value_last = tokens.size();
  // The old list form has its items in parentheses, and old values of every form may stand between two #.
  bool wrapped = head.value_last - head.value_first > 2 && is_punct(text, tokens, head.value_first, '#') &&
                 is_punct(text, tokens, head.value_last - 1, '#');
  for (size_t k = head.value_first + 1; wrapped && k + 1 < head.value_last; ++k)
    wrapped = !is_punct(text, tokens, k, '#');
  if (wrapped || (literals && is_punct(text, tokens, head.value_first, '('))) {
    ++head.value_first;
    --head.value_last;
  }
  return head.value_first < head.value_last;
}

void DefineTable::declare(FileId file, const LogicalLine& line) {
  std::string_view text = program_.files[file].text;
  Head head;
  if (!parse_head(text, file, line, head)) {
    Span span{file, line.tokens.front().begin, line.tokens.back().end};
    reporter_.error(
        "syntax-error",
        "a define reads 'define NAME := text', 'define NAME(a, #b#) := text' or 'define NAME += item, item'", span);
    return;
  }
  for (size_t i = head.value_first; i < head.value_last; ++i) {
    if (line.tokens[i].kind == TokenKind::word && spelled(text, line.tokens, i, i + 1) == head.name) {
      reporter_.error("expansion-failed", "define '" + head.name + "' contains itself: it would grow without end",
                      head.span);
      return;
    }
  }
  store(std::move(head), file, text, line);
}

void DefineTable::store(Head&& head, FileId file, std::string_view text, const LogicalLine& line) {
  TracedText value;
  value.append_source_tokens(text, file, line.tokens, head.value_first, head.value_last);
  auto [entry, added] = index_.try_emplace(head.name, static_cast<uint32_t>(defines_.size()));
  if (added) {
    Define define;
    define.name = head.name;
    define.parameters = std::move(head.parameters);
    define.value = std::move(value);
    define.list = head.how != Head::How::set;
    define.items = split_at_commas(text, line.tokens, head.value_first, head.value_last).size();
    define.order = next_order_++;
    define.span = head.span;
    defines_.push_back(std::move(define));
    return;
  }
  Define& known = defines_[entry->second];
  if (head.how == Head::How::set) {
    // The compiler keeps the first one.
    if (known.value.text == value.text) return;
    reporter_.warning("expansion-failed",
                      "define '" + head.name + "' was declared before with another value: the first one holds",
                      head.span, {{known.span, "declared here first"}});
    return;
  }
  bool after = head.how == Head::How::append;
  TracedText& front = after ? known.value : value;
  TracedText& back = after ? value : known.value;
  TracedText grown;
  if (after)
    grown = std::move(front);
  else
    grown.append(front, 0, front.size());
  grown.append_made(", ", head.span);
  grown.append(back, 0, back.size());
  known.value = std::move(grown);
  known.list = true;
  known.order = next_order_++;
}

const Define* DefineTable::find(std::string_view word) const {
  auto found = index_.find(without_sigil(word));
  return found == index_.end() ? nullptr : &defines_[found->second];
}

// PREFIX.rest where PREFIX is a define for one plain name. The compiler replaces whole words between dots; only this
// form gives a name again.
const Define* DefineTable::find_prefix(std::string_view word, size_t& length) const {
  if (!any_prefix_) return nullptr;
  for (size_t dot = word.rfind('.'); dot != std::string_view::npos && dot > 0; dot = word.rfind('.', dot - 1)) {
    const Define* define = find(word.substr(0, dot));
    if (define == nullptr) continue;
    bool name = !define->list && define->parameters.empty() && define->line.tokens.size() == 1 &&
                define->line.tokens[0].kind == TokenKind::word &&
                (define->value.text[0] < '0' || define->value.text[0] > '9');
    bool inside_itself = define->value.text.starts_with(define->name + ".");
    if (!name || inside_itself) return nullptr;
    length = dot;
    return define;
  }
  return nullptr;
}

bool DefineTable::mentioned(std::string_view text, const LogicalLine& line) const {
  if (defines_.empty()) return false;
  size_t length = 0;
  for (const Token& token : line.tokens) {
    if (token.kind != TokenKind::word) continue;
    std::string_view word = text.substr(token.begin, token.end - token.begin);
    if (find(word) != nullptr || find_prefix(word, length) != nullptr) return true;
  }
  return false;
}

bool DefineTable::expand(const TracedText& in, const LogicalLine& line, TracedText& out) {
  return DefineExpansion(*this, DefineExpansion::Mode::full).run(in, line, out);
}

}  // namespace fermata
