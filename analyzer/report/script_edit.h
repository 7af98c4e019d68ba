// Expressions and statements of a program at a place that a user sees, and edits of the text around them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "frontend/program.h"
#include "report/result.h"

namespace fermata {

class ScriptEdit {
 public:
  explicit ScriptEdit(const Program& program) : program_(program) {}

  const Program& program() const { return program_; }
  // Written in place, in a file of the user.
  bool in_place(Span span) const;
  // The call at a place, kNone when there is none that is written in place.
  ExprId call_at(const Place& place) const;
  // The innermost simple statement (an assignment or a call) that holds the expression; kNone when there is none.
  StmtId statement_of(ExprId expr) const;
  std::string text(Span span) const;
  std::string text(ExprId expr) const { return text(program_.exprs[expr].span); }

  Edit replace(Span span, std::string text) const;
  // A line of its own, indented like the line of the statement. Nothing when the statement is not alone on its lines.
  std::optional<Edit> line_before(Span statement, std::string_view line) const;
  std::optional<Edit> line_after(Span statement, std::string_view line) const;
  std::string indentation(Span span) const;

 private:
  Place place_of_span(Span span) const;

  const Program& program_;
};

}  // namespace fermata
