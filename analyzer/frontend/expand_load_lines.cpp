// What the first pass does with one line.
#include "frontend/expand_load.h"

namespace fermata {
namespace {

bool opens_block(std::string_view word) {
  return word == "on" || word == "function" || word == "taskfunc" || word == "node" || word == "family" ||
         word == "property" || word == "struct" || word == "namespace";
}

bool is_loop(std::string_view word) {
  return word == "iterate_macro" || word == "iterate_post_macro" || word == "literate_macro" ||
         word == "literate_post_macro" || word == "START_INC" || word == "END_INC";
}

}  // namespace

void Loader::visit_line() {
  if (line_.tokens.empty()) return;
  if (visit_conditions()) return;
  if (conditions_.removing()) return drop_line();
  const Token& first = line_.tokens.front();
  note_python();
  if (first.kind == TokenKind::word && visit_special(word(0))) return;
  if (macros_.is_open()) {
    macros_.add_line(files_.back().file, line_);
    return drop_line();
  }
  plan_->units.back().has_code = true;
  if (first.kind == TokenKind::word) count_blocks(word(0));
}

// Lines that are the text level's own. True: the line is done with.
bool Loader::visit_special(std::string_view first) {
  if (first == "define") {
    if (macros_.is_open() && macros_.uses_parameter(files_.back().file, line_)) {
      reporter_.warning("expansion-failed",
                        "a define inside a macro is read once, before the macro is used: the macro's parameter stays "
                        "in it as it is written",
                        token_span(0, line_.tokens.size()));
    }
    defines_.declare(files_.back().file, line_);
    drop_line();
  } else if (first == "macro") {
    macros_.open(files_.back().file, line_, plan_->name_spaces[files_.back().name_space], files_.back().name_space);
    drop_line();
  } else if (first == "end" && word(1) == "macro") {
    if (macros_.is_open())
      macros_.close();
    else
      reporter_.error("syntax-error", "'end macro' without a macro before it", token_span(0, 2));
    drop_line();
  } else if (first == "import") {
    visit_import();
  } else if (first == "__IGNORE__") {
    // In the main file it has no say: somebody asked for just this file.
    if (files_.size() > 1)
      forget_file();
    else
      drop_line();
  } else {
    plan_->has_loops |= is_loop(first);
    if ((first == "function" || first == "taskfunc") && line_.tokens.size() > 1) {
      macros_.add_function(plan_->name_spaces[files_.back().name_space] + std::string(word(1)));
    }
    return false;
  }
  return true;
}

// Several may stand in one line, with code between them: Kontakt does not ask for line ends. What counts stays.
bool Loader::visit_conditions() {
  bool any = false;
  for (size_t i = 0; i < line_.tokens.size();) {
    ConditionKind kind = condition_kind(word(i));
    if (kind == ConditionKind::none) {
      ++i;
      continue;
    }
    size_t end = i + 1;
    std::string symbol;
    bool has_symbol = word(i + 1) == "(" && word(i + 3) == ")";
    if (kind == ConditionKind::end) {
      if (word(i + 1) == "(" && word(i + 2) == ")") end = i + 3;
    } else if (has_symbol) {
      symbol = word(i + 2);
      end = i + 4;
    } else {
      reporter_.error("syntax-error", std::string(word(i)) + " takes one symbol in parentheses", token_span(i, i + 1));
      return any;
    }
    uint32_t begin = i == 0 ? line_.begin : line_.tokens[i].begin;
    if (conditions_.removing()) files_.back().run_begin = begin;
    plan_->units.back().has_code |= !conditions_.removing() && files_.back().run_begin < begin && i > 0;
    flush(begin);
    conditions_.apply(kind, symbol, token_span(i, end));
    files_.back().run_begin = end < line_.tokens.size() ? line_.tokens[end].begin : line_.end;
    any = true;
    i = end;
  }
  if (!any) return false;
  if (conditions_.removing())
    files_.back().run_begin = line_.end;
  else
    plan_->units.back().has_code |= files_.back().run_begin < line_.end;
  return true;
}

void Loader::count_blocks(std::string_view first) {
  if (first == "end") {
    if (opens_block(word(1)) && block_depth_ > 0) --block_depth_;
    return;
  }
  if (!opens_block(first) || line_.tokens.size() < 2 || line_.tokens[1].kind != TokenKind::word) return;
  bool arrow = false;
  for (size_t i = 1; i + 1 < line_.tokens.size(); ++i) arrow |= word(i) == "-" && word(i + 1) == ">";
  // `property name -> variable` is complete in its line.
  if (!(first == "property" && arrow)) ++block_depth_;
}

void Loader::note_python() {
  if (python_said_) return;
  for (const Token& token : line_.tokens) {
    if (token.kind != TokenKind::python) continue;
    python_said_ = true;
    reporter_.note(
        "executable-source",
        "run<< >> and read<< >> hold Python that the compiler executes; it is never executed here, and what it would "
        "produce is not known",
        {files_.back().file, token.begin, token.end});
    return;
  }
}

}  // namespace fermata
