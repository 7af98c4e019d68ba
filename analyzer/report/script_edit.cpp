#include "report/script_edit.h"

#include <algorithm>

#include "report/place.h"

namespace fermata {

namespace {

std::string_view line_around(const SourceFile& file, uint32_t offset) {
  return file.line_text(file.position(offset).line);
}

}  // namespace

bool ScriptEdit::in_place(Span span) const {
  return span.file < program_.files.size() && !program_.files[span.file].library && span.expansion == kNone &&
         span.begin < span.end && span.end <= program_.files[span.file].text.size();
}

Place ScriptEdit::place_of_span(Span span) const { return place_of(program_, span); }

ExprId ScriptEdit::call_at(const Place& place) const {
  for (ExprId id = 0; id < program_.exprs.size(); ++id) {
    const Expr& expr = program_.exprs[id];
    if (expr.kind != ExprKind::call || !in_place(expr.span) || program_.files[expr.span.file].path != place.path)
      continue;
    const LineColumn begin = program_.files[expr.span.file].position(expr.span.begin);
    if (begin.line == place.line && begin.column == place.column) return id;
  }
  return kNone;
}

StmtId ScriptEdit::statement_of(ExprId expr) const {
  const Span inner = program_.exprs[expr].span;
  StmtId best = kNone;
  for (StmtId id = 0; id < program_.stmts.size(); ++id) {
    const Stmt& stmt = program_.stmts[id];
    const bool simple = stmt.kind == StmtKind::assign || stmt.kind == StmtKind::call;
    if (!simple || !in_place(stmt.span) || stmt.span.file != inner.file) continue;
    if (stmt.span.begin <= inner.begin && inner.end <= stmt.span.end) best = id;
  }
  return best;
}

std::string ScriptEdit::text(Span span) const {
  return program_.files[span.file].text.substr(span.begin, span.end - span.begin);
}

Edit ScriptEdit::replace(Span span, std::string text) const { return {place_of_span(span), std::move(text)}; }

std::string ScriptEdit::indentation(Span span) const {
  const std::string_view line = line_around(program_.files[span.file], span.begin);
  return std::string(line.substr(0, line.find_first_not_of(" \t")));
}

std::optional<Edit> ScriptEdit::line_before(Span statement, std::string_view line) const {
  if (!in_place(statement)) return std::nullopt;
  const SourceFile& file = program_.files[statement.file];
  const LineColumn begin = file.position(statement.begin);
  const std::string indent = indentation(statement);
  if (file.line_starts[begin.line - 1] + indent.size() != statement.begin) return std::nullopt;
  return Edit{{file.path, begin.line, begin.column, begin.line, begin.column}, std::string(line) + "\n" + indent};
}

std::optional<Edit> ScriptEdit::line_after(Span statement, std::string_view line) const {
  if (!in_place(statement)) return std::nullopt;
  const SourceFile& file = program_.files[statement.file];
  const LineColumn end = file.position(statement.end);
  const std::size_t begin_of_line = file.line_starts[end.line - 1];
  const std::string_view rest = file.line_text(end.line).substr(statement.end - begin_of_line);
  // A comment behind the statement stays where it is, unless it goes on into the next line.
  const std::size_t first = rest.find_first_not_of(" \t");
  const bool line_comment = first != std::string_view::npos && rest.substr(first).starts_with("//");
  const bool braces =
      first != std::string_view::npos && rest[first] == '{' && rest.find('}') == rest.find_last_not_of(" \t");
  if (first != std::string_view::npos && !line_comment && !braces) return std::nullopt;
  const auto code_points = static_cast<uint32_t>(
      std::ranges::count_if(rest, [](char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; }));
  const uint32_t column = end.column + code_points;
  return Edit{{file.path, end.line, column, end.line, column}, "\n" + indentation(statement) + std::string(line)};
}

}  // namespace fermata
