#include "frontend/expand_defines.h"

#include "frontend/expand_arithmetic.h"

namespace fermata {
namespace {

// Longer text than this is no number that anybody wrote.
constexpr uint32_t kLongestArithmetic = 4096;

}  // namespace

bool DefineExpansion::run(const TracedText& in, const LogicalLine& line, TracedText& out) {
  Frame frame;
  frame.text = &in;
  frame.line = &line;
  frames_.push_back(std::move(frame));
  return drive(out);
}

bool DefineExpansion::run(const Define& define, TracedText& out) {
  Frame frame;
  frame.text = &define.value;
  frame.line = &define.line;
  frame.order = define.order;
  // The value counts as an expansion of itself, so that a way back to it is seen.
  frame.expansion = make_expansion(define, define.span);
  frames_.push_back(std::move(frame));
  return drive(out);
}

bool DefineExpansion::drive(TracedText& out) {
  while (!frames_.empty()) {
    if (mode_ == Mode::arithmetic && out.size() > kLongestArithmetic) return false;
    Frame& frame = frames_.back();
    if (frame.next == frame.line->tokens.size()) {
      out.append(*frame.text, frame.copied, frame.text->size(), frame.expansion);
      frames_.pop_back();
      continue;
    }
    const Token& token = frame.line->tokens[frame.next];
    if (token.kind == TokenKind::word) {
      if (!visit(token, out)) return false;
    } else if (mode_ == Mode::arithmetic && !may_be_arithmetic(frame.text->text, token)) {
      return false;
    } else {
      ++frame.next;
    }
  }
  return true;
}

// Leaves the token to be copied with its surroundings, or replaces it.
bool DefineExpansion::visit(const Token& token, TracedText& out) {
  Frame& frame = frames_.back();
  std::string_view word = std::string_view(frame.text->text).substr(token.begin, token.end - token.begin);
  if (const Define* define = table_.find(word)) return replace(*define, token, out);
  size_t length = 0;
  if (const Define* define = table_.find_prefix(word, length)) {
    replace_prefix(*define, token, length, out);
  } else if (mode_ == Mode::arithmetic && !may_be_arithmetic(frame.text->text, token)) {
    return false;
  } else {
    ++frame.next;
  }
  return true;
}

bool DefineExpansion::replace(const Define& define, const Token& token, TracedText& out) {
  Frame& frame = frames_.back();
  Span call = place(frame, token.begin, token.end);
  if (comes_from(define, call.expansion)) {
    complain("expansion-failed", "define '" + define.name + "' leads back to itself: it would grow without end", call,
             {{define.span, "defined here"}});
    ++frame.next;
    return mode_ != Mode::arithmetic;
  }
  if (depth_ + frames_.size() > table_.max_depth_) {
    complain("limit-reached",
             "define '" + define.name +
                 "' is left as it stands: expansions are nested deeper than --max-expansion-depth (" +
                 std::to_string(table_.max_depth_) + ")",
             call);
    ++frame.next;
    return mode_ != Mode::arithmetic;
  }
  if (!define.parameters.empty()) return replace_call(define, frame.next, out);
  if (!spend(define, define.value.size(), call)) return false;

  uint32_t name_begin = token.begin + (is_sigil(frame.text->text[token.begin]) ? 1 : 0);
  out.append(*frame.text, frame.copied, name_begin, frame.expansion);
  frame.copied = token.end;
  ++frame.next;
  ExpansionId expansion = make_expansion(define, call);
  if (define.folded && define.order < frame.order) {
    Span value = define.value.origin(0, define.value.size());
    value.expansion = expansion;
    out.append_made(*define.folded, value);
    return true;
  }
  Frame inner;
  inner.text = &define.value;
  inner.line = &define.line;
  inner.expansion = expansion;
  inner.order = define.order;
  frames_.push_back(std::move(inner));
  return true;
}

bool DefineExpansion::replace_call(const Define& define, size_t name_index, TracedText& out) {
  Frame& frame = frames_.back();
  const std::vector<Token>& tokens = frame.line->tokens;
  const std::string& text = frame.text->text;
  const Token& name = tokens[name_index];
  bool has_arguments = name_index + 1 < tokens.size() && text[tokens[name_index + 1].begin] == '(';
  size_t close = has_arguments ? matching_bracket(text, tokens, name_index + 1) : 0;
  if (!has_arguments || text[tokens[close - 1].begin] != ')') {
    complain("expansion-failed", "define '" + define.name + "' is used without its arguments in parentheses",
             place(frame, name.begin, name.end), {{define.span, "defined here"}});
    ++frame.next;
    return mode_ != Mode::arithmetic;
  }
  Span call = place(frame, name.begin, tokens[close - 1].end);
  std::vector<TokenRange> arguments = split_at_commas(text, tokens, name_index + 2, close - 1);
  const TracedText* from = frame.text;
  const std::vector<Token>* from_tokens = &tokens;
  ExpansionId from_expansion = frame.expansion;
  Owned rewritten;
  if (arguments.size() != define.parameters.size()) {
    // A define among the arguments may stand for several.
    TracedText raw;
    raw.append(*frame.text, tokens[name_index + 1].end, tokens[close - 1].begin, frame.expansion);
    LogicalLine raw_line = lex_line(raw.text);
    DefineExpansion inner(table_, mode_, depth_ + static_cast<uint32_t>(frames_.size()) + 1);
    if (!inner.run(raw, raw_line, rewritten.text)) return false;
    rewritten.line = lex_line(rewritten.text.text);
    arguments = split_at_commas(rewritten.text.text, rewritten.line.tokens, 0, rewritten.line.tokens.size());
    from = &rewritten.text;
    from_tokens = &rewritten.line.tokens;
    from_expansion = kNone;
  }
  if (arguments.size() != define.parameters.size()) {
    complain("expansion-failed",
             "define '" + define.name + "' takes " + std::to_string(define.parameters.size()) +
                 " arguments, here are " + std::to_string(arguments.size()),
             call, {{define.span, "defined here"}});
    frame.next = name_index + 1;
    return mode_ != Mode::arithmetic;
  }
  out.append(*frame.text, frame.copied, name.begin, frame.expansion);
  frame.copied = tokens[close - 1].end;
  frame.next = close;
  return push_arguments(define, *from, *from_tokens, arguments, from_expansion, call);
}

bool DefineExpansion::push_arguments(const Define& define, const TracedText& from, const std::vector<Token>& tokens,
                                     const std::vector<TokenRange>& arguments, ExpansionId from_expansion,
                                     const Span& call) {
  std::vector<TracedText> values(arguments.size());
  for (size_t i = 0; i < arguments.size(); ++i) {
    TracedText plain;
    plain.append_tokens(from, tokens, arguments[i].first, arguments[i].last);
    values[i].append(plain, 0, plain.size(), from_expansion);
  }
  ExpansionId expansion = make_expansion(define, call);
  Frame inner;
  inner.owned = std::make_unique<Owned>();
  TracedText& text = inner.owned->text;
  for (const Piece& piece : define.pieces) {
    bool verbatim = piece.parameter == kNone;
    // The text is read again, token by token: it costs more than its bytes.
    uint64_t bytes = verbatim ? piece.end - piece.begin : values[piece.parameter].size();
    if (!spend(define, bytes * 4, call)) return false;
    if (verbatim) {
      text.append(define.value, piece.begin, piece.end, expansion);
    } else {
      text.append(values[piece.parameter], 0, values[piece.parameter].size());
    }
  }
  inner.owned->line = lex_line(text.text);
  inner.text = &inner.owned->text;
  inner.line = &inner.owned->line;
  inner.order = define.order;
  frames_.push_back(std::move(inner));
  return true;
}

void DefineExpansion::replace_prefix(const Define& define, const Token& token, size_t length, TracedText& out) {
  Frame& frame = frames_.back();
  uint32_t name_begin = token.begin + (is_sigil(frame.text->text[token.begin]) ? 1 : 0);
  uint32_t name_end = token.begin + static_cast<uint32_t>(length);
  out.append(*frame.text, frame.copied, name_begin, frame.expansion);
  ExpansionId expansion = make_expansion(define, place(frame, name_begin, name_end));
  out.append(define.value, 0, define.value.size(), expansion);
  frame.copied = name_end;
  ++frame.next;
}

ExpansionId DefineExpansion::make_expansion(const Define& define, const Span& call) {
  table_.program_.expansions.push_back({define.name, call});
  return static_cast<ExpansionId>(table_.program_.expansions.size() - 1);
}

Span DefineExpansion::place(const Frame& frame, uint32_t begin, uint32_t end) const {
  Span span = frame.text->origin(begin, end);
  if (span.expansion == kNone) span.expansion = frame.expansion;
  return span;
}

bool DefineExpansion::comes_from(const Define& define, ExpansionId expansion) const {
  const std::vector<Expansion>& expansions = table_.program_.expansions;
  for (ExpansionId id = expansion; id != kNone; id = expansions[id].call.expansion) {
    if (expansions[id].name == define.name) return true;
  }
  return false;
}

bool DefineExpansion::spend(const Define& define, uint64_t bytes, const Span& call) {
  if (table_.budget_.spend(bytes)) return true;
  complain("limit-reached",
           "expanding define '" + define.name + "' would give more text than --max-expansion-bytes (" +
               std::to_string(table_.budget_.limit()) + "): this line is left out",
           call);
  return false;
}

void DefineExpansion::complain(const char* rule, std::string message, const Span& span, RelatedPlaces related) {
  bool limit = rule == std::string_view("limit-reached");
  if (mode_ != Mode::full && (mode_ != Mode::listing || limit)) return;
  if (limit) {
    table_.reporter_.warning(rule, std::move(message), span, std::move(related));
  } else {
    table_.reporter_.error(rule, std::move(message), span, std::move(related));
  }
}

}  // namespace fermata
