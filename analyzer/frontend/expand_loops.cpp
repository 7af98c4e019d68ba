// iterate_macro, literate_macro and START_INC.
#include "frontend/builtins.h"
#include "frontend/expand_arithmetic.h"
#include "frontend/expand_rewrite.h"

namespace fermata {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return result;
}

}  // namespace

// iterate_macro(what) := a to b, literate_macro(what) on list. `what` is a name to call with each value, or a line in
// which #n# and #l# are filled in.
bool Rewriter::start_loop(const TracedText& text, const LogicalLine& line, std::string_view keyword) {
  bool iterates = keyword.starts_with("iterate");
  Frame frame;
  frame.name_space = name_space_;
  frame.statement = place(text, line);
  frame.counts = iterates;
  size_t close = word_at(text.text, line, 1) == "(" ? matching_bracket(text.text, line.tokens, 1) : 0;
  bool good = close > 3 && word_at(text.text, line, close - 1) == ")";
  if (good) {
    frame.pattern.append_tokens(text, line.tokens, 2, close - 1);
    std::string_view marker = iterates ? "#n#" : "#l#";
    frame.calls = frame.pattern.text.find(marker) == std::string::npos;
    if (!frame.calls)
      frame.pieces = cut_pieces(frame.pattern.text,
                                iterates ? std::vector<std::string>{"#n#"} : std::vector<std::string>{"#n#", "#l#"},
                                PieceRules::macro);
    good = iterates ? parse_iterate(text, line, close, frame) : parse_literate(text, line, close, frame);
  }
  if (!good) {
    reporter_.error("expansion-failed",
                    std::string(keyword) +
                        (iterates ? "(name) := first to last [step n], with constant numbers" : "(name) on item, item"),
                    frame.statement);
    return true;
  }
  if (frame.calls) check_callee(text, line, 2, close - 1, keyword);
  Span statement = frame.statement;
  return push(std::move(frame), std::string(keyword), statement);
}

bool Rewriter::parse_iterate(const TracedText& text, const LogicalLine& line, size_t at, Frame& frame) {
  if (word_at(text.text, line, at) != ":" || word_at(text.text, line, at + 1) != "=") return false;
  size_t direction = 0, step = line.tokens.size();
  for (size_t i = at + 2; i < line.tokens.size(); ++i) {
    std::string_view word = word_at(text.text, line, i);
    if (direction == 0 && (word == "to" || word == "downto"))
      direction = i;
    else if (direction != 0 && word == "step")
      step = i;
  }
  if (direction == 0) return false;
  auto value = [&](size_t first, size_t last) {
    return evaluate_constant(text.text, line.tokens, first, last, NumberForms::any);
  };
  auto from = value(at + 2, direction), to = value(direction + 1, step);
  auto by = step < line.tokens.size() ? value(step + 1, line.tokens.size()) : std::optional<int64_t>(1);
  if (!from || !to || !by || *by <= 0) return false;
  bool down = word_at(text.text, line, direction) == "downto";
  frame.value = *from;
  frame.step = down ? -*by : *by;
  int64_t distance = down ? *from - *to : *to - *from;
  frame.turns = distance < 0 ? 0 : static_cast<uint64_t>(distance / *by) + 1;
  return true;
}

bool Rewriter::parse_literate(const TracedText& text, const LogicalLine& line, size_t at, Frame& frame) {
  if (word_at(text.text, line, at) != "on" || at + 1 >= line.tokens.size()) return false;
  for (TokenRange range : split_at_commas(text.text, line.tokens, at + 1, line.tokens.size())) {
    if (range.first == range.last) return false;
    frame.items.emplace_back().append_tokens(text, line.tokens, range.first, range.last);
  }
  frame.turns = frame.items.size();
  return true;
}

// A name that nothing in the program and nothing in Kontakt answers to. With the framework around it may be the
// framework's.
void Rewriter::check_callee(const TracedText& text, const LogicalLine& line, size_t first, size_t last,
                            std::string_view keyword) {
  if (last - first != 1 || line.tokens[first].kind != TokenKind::word || can_call_unknown()) return;
  std::string_view name = word_at(text.text, line, first);
  if (find_macro(name, 1) != nullptr || macros_.is_function(name) || is_builtin_function(lower(name))) return;
  if (macros_.is_function(plan_.name_spaces[name_space_] + std::string(name))) return;
  const Macro* other = find_macro(name, kNone);
  Span span = text.origin(line.tokens[first].begin, line.tokens[first].end);
  RelatedPlaces related;
  if (other != nullptr) related.emplace_back(other->span, "this one takes " + std::to_string(other->parameters.size()));
  reporter_.error("expansion-failed",
                  std::string(keyword) + " calls '" + std::string(name) +
                      "', and there is no macro of this name with one parameter",
                  span, std::move(related));
}

bool Rewriter::can_call_unknown() const { return plan_.imports_builder; }

bool Rewriter::make_turn(Frame& frame, TracedText& line) {
  if (frame.turn == frame.turns) return false;
  TracedText number;
  number.append_made(std::to_string(frame.counts ? frame.value : static_cast<int64_t>(frame.turn)), frame.statement);
  const TracedText& item = frame.counts ? number : frame.items[frame.turn];
  if (frame.calls) {
    line.append(frame.pattern, 0, frame.pattern.size());
    line.append_made("(", frame.statement);
    line.append(item, 0, item.size());
    line.append_made(")", frame.statement);
  }
  for (const Piece& piece : frame.pieces) {
    if (piece.parameter == kNone)
      line.append(frame.pattern, piece.begin, piece.end);
    else
      line.append(piece.parameter == 0 ? number : item, 0, piece.parameter == 0 ? number.size() : item.size());
  }
  line.append_made("\n", frame.statement);
  frame.value += frame.step;
  ++frame.turn;
  return true;
}

// --------------------------------------------------------------------------------------------------- counters

bool Rewriter::handle_counter(const TracedText& text, const LogicalLine& line) {
  Span span = place(text, line);
  if (word_at(text.text, line, 0) == "END_INC") {
    if (counters_.empty())
      reporter_.error("expansion-failed", "END_INC without a START_INC before it", span);
    else
      counters_.pop_back();
    return true;
  }
  bool good = word_at(text.text, line, 1) == "(" && word_at(text.text, line, line.tokens.size() - 1) == ")";
  std::vector<TokenRange> parts;
  if (good) parts = split_at_commas(text.text, line.tokens, 2, line.tokens.size() - 1);
  good = parts.size() == 3 && parts[0].last - parts[0].first == 1 && line.tokens[2].kind == TokenKind::word;
  std::optional<int64_t> start, step;
  if (good) {
    start = evaluate_constant(text.text, line.tokens, parts[1].first, parts[1].last, NumberForms::any);
    step = evaluate_constant(text.text, line.tokens, parts[2].first, parts[2].last, NumberForms::any);
  }
  if (!start || !step) {
    reporter_.error("expansion-failed", "START_INC takes a name and two constant numbers: START_INC(name, start, step)",
                    span);
    return true;
  }
  counters_.push_back({std::string(word_at(text.text, line, 2)), *start, *step, span});
  return true;
}

// All uses in one line have one value; the line after has the next.
TracedText Rewriter::fill_counters(const TracedText& line, const LogicalLine&) {
  TracedText filled;
  filled.append(line, 0, line.size());
  for (Counter& counter : counters_) {
    TracedText next;
    bool used = false;
    for (const Piece& piece : cut_pieces(filled.text, {counter.name}, PieceRules::define)) {
      if (piece.parameter == kNone) {
        next.append(filled, piece.begin, piece.end);
      } else {
        next.append_made(std::to_string(counter.value), filled.origin(piece.begin, piece.end));
        used = true;
      }
    }
    filled = std::move(next);
    if (used) counter.value += counter.step;
  }
  return filled;
}

}  // namespace fermata
