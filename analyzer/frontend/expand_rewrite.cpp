#include "frontend/expand_rewrite.h"

namespace fermata {
namespace {

enum class Keyword : uint8_t { none, loop, counter };

Keyword keyword_of(std::string_view word) {
  if (word == "iterate_macro" || word == "iterate_post_macro" || word == "literate_macro" ||
      word == "literate_post_macro") {
    return Keyword::loop;
  }
  return word == "START_INC" || word == "END_INC" ? Keyword::counter : Keyword::none;
}

}  // namespace

ExpandedUnit Rewriter::rewrite(const UnitPlan& plan) {
  out_.clear();
  moved_.clear();
  touched_ = plan.runs.size() != 1 || plan.runs.front().span.file != plan.file;
  for (const SourceRun& run : plan.runs) rewrite_run(run);
  if (!moved_.empty()) {
    if (!out_.text.ends_with('\n')) out_.append_made("\n", out_.origin(out_.size(), out_.size()));
    out_.append(moved_, 0, moved_.size());
  }
  ExpandedUnit unit;
  unit.file = plan.file;
  unit.import_prefix = plan_.name_spaces[plan.name_space];
  unit.untouched = !touched_;
  if (unit.untouched)
    unit.first_byte = plan.runs.front().span.begin;
  else
    unit.segments = std::move(out_.segments);
  unit.text = std::move(out_.text);
  return unit;
}

// Most lines name no define and call no macro: they are copied as one stretch.
void Rewriter::rewrite_run(const SourceRun& run) {
  if (!run.made.empty()) {
    touched_ = true;
    out_.append_made(run.made, run.span);
    return;
  }
  std::string_view text = std::string_view(program_.files[run.span.file].text).substr(0, run.span.end);
  uint32_t copied = run.span.begin;
  bool may_change = !defines_.empty() || !macros_.empty() || plan_.has_loops;
  Lexer lexer(run.span.begin);
  LogicalLine line;
  while (may_change && lexer.next_line(text, line)) {
    if (line.tokens.empty() || is_plain(text, line, run.name_space)) continue;
    touched_ = true;
    out_.append_source(text, {run.span.file, copied, line.begin});
    expand_top_line(run, line);
    copied = line.end;
  }
  out_.append_source(text, {run.span.file, copied, run.span.end});
  // Another file may follow.
  bool file_ends = run.span.end == program_.files[run.span.file].text.size();
  if (touched_ && file_ends && !out_.empty() && !out_.text.ends_with('\n')) {
    out_.append_made("\n", {run.span.file, run.span.end, run.span.end});
  }
}

bool Rewriter::is_plain(std::string_view text, const LogicalLine& line, uint32_t name_space) const {
  if (!counters_.empty() || defines_.mentioned(text, line)) return false;
  if (line.tokens[0].kind != TokenKind::word) return true;
  std::string_view first = word_at(text, line, 0);
  if (plan_.has_loops && keyword_of(first) != Keyword::none) return false;
  if (macros_.empty()) return true;
  return !macros_.knows(first) &&
         (name_space == 0 || !macros_.knows(plan_.name_spaces[name_space] + std::string(first)));
}

void Rewriter::expand_top_line(const SourceRun& run, const LogicalLine& line) {
  Mark mark{out_.size(), moved_.size(), program_.expansions.size(), program_.diagnostics.size(), budget_.mark()};
  TracedText text;
  text.append_source(program_.files[run.span.file].text, {run.span.file, line.begin, line.end});
  name_space_ = run.name_space;
  bool complete = process(text);
  while (complete && !frames_.empty()) {
    name_space_ = frames_.back().name_space;
    text.clear();
    if (next_line(text)) complete = process(text);
  }
  if (!complete) undo(mark);
}

// A limit was hit: half an expansion would break more than it gives, so nothing of it stays.
void Rewriter::undo(const Mark& mark) {
  frames_.clear();
  moving_frame_ = 0;
  out_.truncate(mark.out);
  moved_.truncate(mark.moved);
  budget_.give_back(mark.budget);
  for (size_t i = mark.diagnostics; i < program_.diagnostics.size(); ++i) {
    FrontendDiagnostic& diagnostic = program_.diagnostics[i];
    diagnostic.span = program_.user_span(diagnostic.span);
    for (auto& [span, message] : diagnostic.related) span = program_.user_span(span);
  }
  program_.expansions.resize(mark.expansions);
}

// The next line of the innermost frame; false when it gave none and was left.
bool Rewriter::next_line(TracedText& line) {
  Frame& frame = frames_.back();
  bool more = frame.macro != nullptr ? make_macro_line(frame, line) : make_turn(frame, line);
  if (more) return true;
  if (moving_frame_ == frames_.size()) moving_frame_ = 0;
  frames_.pop_back();
  return false;
}

bool Rewriter::make_macro_line(Frame& frame, TracedText& line) {
  if (frame.next_line == frame.macro->lines.size()) return false;
  const MacroLine& source = frame.macro->lines[frame.next_line++];
  const std::string& text = program_.files[source.span.file].text;
  for (const Piece& piece : source.pieces) {
    if (piece.parameter == kNone) {
      line.append_source(
          text, {source.span.file, source.span.begin + piece.begin, source.span.begin + piece.end, frame.expansion});
    } else {
      const TracedText& argument = frame.arguments[piece.parameter];
      line.append(argument, 0, argument.size());
    }
  }
  if (!line.text.ends_with('\n'))
    line.append_made("\n", {source.span.file, source.span.end, source.span.end, frame.expansion});
  return true;
}

// Defines first, as the compiler does: they may stand for a macro's name, for several arguments, for a list.
bool Rewriter::process(TracedText& text) {
  LogicalLine line = lex_line(text.text);
  if (defines_.mentioned(text.text, line)) {
    TracedText replaced;
    if (!defines_.expand(text, line, replaced)) return false;
    text = std::move(replaced);
    line = lex_line(text.text);
  }
  if (!spend(text.size(), place(text, line))) return false;
  if (!line.tokens.empty() && line.tokens[0].kind == TokenKind::word) {
    std::string_view first = word_at(text.text, line, 0);
    switch (keyword_of(first)) {
      case Keyword::loop:
        return start_loop(text, line, first);
      case Keyword::counter:
        if (handle_counter(text, line)) return true;
        break;
      case Keyword::none:
        break;
    }
    MacroCall call;
    if (!macros_.empty() && parse_macro_call(text.text, line, call)) {
      if (find_macro(call.name, call.arguments.size()) != nullptr) return start_macro(text, line);
      const Macro* other = find_macro(call.name, kNone);
      if (other != nullptr && !macros_.is_function(call.name) && !macros_.is_function(other->name)) {
        reporter_.error(
            "expansion-failed",
            "no macro '" + std::string(call.name) + "' takes " + std::to_string(call.arguments.size()) + " arguments",
            place(text, line), {{other->span, "this one takes " + std::to_string(other->parameters.size())}});
      }
    }
  }
  emit(text, line);
  return true;
}

bool Rewriter::start_macro(const TracedText& text, const LogicalLine& line) {
  MacroCall call;
  parse_macro_call(text.text, line, call);
  Frame frame;
  frame.macro = find_macro(call.name, call.arguments.size());
  frame.name_space = frame.macro->name_space;
  for (TokenRange range : call.arguments) {
    frame.arguments.emplace_back().append_tokens(text, line.tokens, range.first, range.last);
  }
  Span span = place(text, line);
  program_.expansions.push_back({frame.macro->name, span});
  frame.expansion = static_cast<ExpansionId>(program_.expansions.size() - 1);
  return push(std::move(frame), "macro '" + std::string(call.name) + "'", span);
}

bool Rewriter::push(Frame&& frame, const std::string& what, const Span& call) {
  if (frames_.size() >= max_depth_) {
    bool own = false;
    for (const Frame& open : frames_) own |= open.macro != nullptr && open.macro == frame.macro;
    std::string limit = "--max-expansion-depth (" + std::to_string(max_depth_) + ")";
    // Once more round a circle leads nowhere, and a circle with two ways round would take the whole of the other limit.
    if (own) {
      reporter_.warning("limit-reached",
                        what + " leads back to itself: the expansion ends at " + limit + " and is left out",
                        program_.user_span(call));
    } else {
      reporter_.warning("limit-reached", what + " is nested deeper than " + limit + ": the call is left out", call);
    }
    return !own;
  }
  frames_.push_back(std::move(frame));
  return true;
}

bool Rewriter::spend(uint64_t bytes, const Span& at) {
  if (frames_.empty() || budget_.spend(bytes)) return true;
  reporter_.warning("limit-reached",
                    "this expansion gives more text than --max-expansion-bytes (" + std::to_string(budget_.limit()) +
                        "): it is left out",
                    program_.user_span(at));
  return false;
}

void Rewriter::emit(const TracedText& line, const LogicalLine& tokens) {
  bool from_macro = !frames_.empty() && frames_.back().macro != nullptr;
  const MacroLine* source = from_macro ? &frames_.back().macro->lines[frames_.back().next_line - 1] : nullptr;
  // The compiler moves a callback out of the block in which its macro was called.
  if (source != nullptr && source->opens_control && moving_frame_ == 0) moving_frame_ = frames_.size();
  TracedText& target = moving_frame_ != 0 ? moved_ : out_;
  if (counters_.empty()) {
    target.append(line, 0, line.size());
  } else {
    TracedText filled = fill_counters(line, tokens);
    target.append(filled, 0, filled.size());
  }
  if (!target.text.ends_with('\n') && !frames_.empty()) target.append_made("\n", line.origin(line.size(), line.size()));
  if (source != nullptr && source->ends_callback && moving_frame_ == frames_.size()) moving_frame_ = 0;
}

const Macro* Rewriter::find_macro(std::string_view name, size_t arguments) const {
  auto look = [&](std::string_view full) {
    return arguments == kNone ? macros_.any(full) : macros_.find(full, arguments);
  };
  if (name_space_ != 0) {
    if (const Macro* macro = look(plan_.name_spaces[name_space_] + std::string(name))) return macro;
  }
  return look(name);
}

Span Rewriter::place(const TracedText& text, const LogicalLine& line) const {
  if (line.tokens.empty()) return text.origin(0, text.size());
  return text.origin(line.tokens.front().begin, line.tokens.back().end);
}

void Rewriter::finish() {
  for (const Counter& counter : counters_) {
    reporter_.error("expansion-failed", "START_INC for '" + counter.name + "' has no END_INC", counter.span);
  }
}

}  // namespace fermata
