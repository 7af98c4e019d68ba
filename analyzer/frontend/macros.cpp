#include "frontend/macros.h"

namespace fermata {
namespace {

std::string key(std::string_view name, size_t arguments) { return std::string(name) + '/' + std::to_string(arguments); }

}  // namespace

bool MacroTable::parse_header(std::string_view text, const LogicalLine& header, Macro& macro) {
  const std::vector<Token>& tokens = header.tokens;
  if (tokens.size() < 2 || tokens[1].kind != TokenKind::word || is_sigil(text[tokens[1].begin])) return false;
  macro.name += word_at(text, header, 1);
  macro.span = {macro.span.file, tokens[1].begin, tokens[1].end};
  if (tokens.size() == 2) return true;
  if (word_at(text, header, 2) != "(") return false;
  size_t close = matching_bracket(text, tokens, 2);
  if (close != tokens.size() || text[tokens.back().begin] != ')') return false;
  for (TokenRange range : split_at_commas(text, tokens, 3, close - 1)) {
    size_t count = range.last - range.first;
    bool marked =
        count == 3 && word_at(text, header, range.first) == "#" && word_at(text, header, range.last - 1) == "#";
    if (count != 1 && !marked) return false;
    const Token& word = tokens[marked ? range.first + 1 : range.first];
    if (word.kind != TokenKind::word) return false;
    macro.parameters.emplace_back(
        text.substr(tokens[range.first].begin, tokens[range.last - 1].end - tokens[range.first].begin));
  }
  return true;
}

void MacroTable::open(FileId file, const LogicalLine& header, const std::string& prefix, uint32_t name_space) {
  if (open_) {
    reporter_.error("syntax-error", "macro '" + current_.name + "' has no 'end macro' before the next macro begins",
                    current_.span);
    close();
  }
  current_ = Macro();
  current_.name = prefix;
  current_.name_space = name_space;
  current_.span = {file, header.tokens.front().begin, header.tokens.back().end};
  open_ = true;
  broken_ = !parse_header(program_.files[file].text, header, current_);
  if (broken_)
    reporter_.error("syntax-error", "a macro begins with 'macro name' or 'macro name(a, #b#)'", current_.span);
}

void MacroTable::add_line(FileId file, const LogicalLine& line) {
  std::string_view text = program_.files[file].text;
  MacroLine added;
  added.span = {file, line.begin, line.end};
  added.pieces = cut_pieces(text.substr(line.begin, line.end - line.begin), current_.parameters, PieceRules::macro);
  added.opens_control = word_at(text, line, 0) == "on" && word_at(text, line, 1) == "ui_control";
  added.ends_callback = word_at(text, line, 0) == "end" && word_at(text, line, 1) == "on";
  current_.lines.push_back(std::move(added));
}

bool MacroTable::uses_parameter(FileId file, const LogicalLine& line) const {
  std::string_view text = std::string_view(program_.files[file].text).substr(line.begin, line.end - line.begin);
  for (const Piece& piece : cut_pieces(text, current_.parameters, PieceRules::macro)) {
    if (piece.parameter != kNone) return true;
  }
  return false;
}

// A callback is moved out only where the same macro also ends it; a macro that opens one and leaves the rest to another
// macro keeps its lines where they are.
void MacroTable::mark_callbacks(Macro& macro) {
  bool ends_later = false;
  for (size_t i = macro.lines.size(); i-- > 0;) {
    MacroLine& line = macro.lines[i];
    if (line.ends_callback) ends_later = true;
    if (line.opens_control && !ends_later) line.opens_control = false;
    if (line.opens_control) ends_later = false;
  }
}

void MacroTable::close() {
  open_ = false;
  if (broken_) return;
  mark_callbacks(current_);
  // The compiler lets a later definition with the same number of parameters replace the earlier one.
  uint32_t id = static_cast<uint32_t>(macros_.size());
  index_[key(current_.name, current_.parameters.size())] = id;
  names_.try_emplace(current_.name, id);
  macros_.push_back(std::move(current_));
}

void MacroTable::close_unfinished() {
  if (!open_) return;
  reporter_.error("syntax-error", "macro '" + current_.name + "' has no 'end macro' in this file", current_.span);
  close();
}

const Macro* MacroTable::find(std::string_view name, size_t arguments) const {
  auto found = index_.find(key(name, arguments));
  return found == index_.end() ? nullptr : &macros_[found->second];
}

const Macro* MacroTable::any(std::string_view name) const {
  auto found = names_.find(name);
  return found == names_.end() ? nullptr : &macros_[found->second];
}

bool parse_macro_call(std::string_view text, const LogicalLine& line, MacroCall& call) {
  const std::vector<Token>& tokens = line.tokens;
  call.arguments.clear();
  if (tokens.empty() || tokens[0].kind != TokenKind::word || is_sigil(text[tokens[0].begin])) return false;
  call.name = text.substr(tokens[0].begin, tokens[0].end - tokens[0].begin);
  if (tokens.size() == 1) return true;
  if (text[tokens[1].begin] != '(' || tokens[1].kind != TokenKind::punct) return false;
  if (matching_bracket(text, tokens, 1) != tokens.size() || text[tokens.back().begin] != ')') return false;
  call.arguments = split_at_commas(text, tokens, 2, tokens.size() - 1);
  return true;
}

}  // namespace fermata
