#include "frontend/expand_load.h"

#include <algorithm>

#include "frontend/encoding.h"

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

Loader::Loader(const FrontendOptions& options, Program& program, Reporter& reporter, Conditions& conditions,
               DefineTable& defines, MacroTable& macros, const std::filesystem::path& main_file)
    : options_(options),
      program_(program),
      reporter_(reporter),
      conditions_(conditions),
      defines_(defines),
      macros_(macros),
      main_file_(main_file),
      resolver_(main_file, options) {}

bool Loader::load(LoadPlan& plan) {
  plan_ = &plan;
  ReadResult read = read_script(main_file_, options_);
  open_main(std::move(read.text));
  if (read.status != ReadStatus::good) {
    std::string message = "'" + display_path(main_file_) + "' cannot be analysed: " + read.reason;
    Span start{0, 0, 0};
    if (read.status == ReadStatus::too_large)
      reporter_.warning("limit-reached", message, start);
    else if (read.status == ReadStatus::not_text)
      reporter_.error("syntax-error", message, start);
    else
      reporter_.error("import-not-found", message, start);
    return false;
  }
  while (!files_.empty()) step();
  return true;
}

void Loader::open_main(std::string text) {
  OpenFile main;
  main.identity = resolver_.identity(main_file_);
  main.file = add_file(main_file_, std::move(text));
  loaded_.insert(main.identity);
  files_.push_back(std::move(main));
  conditions_.enter_file();
  begin_unit();
}

FileId Loader::add_file(const std::filesystem::path& path, std::string text) {
  SourceFile file;
  file.path = display_path(path);
  file.text = std::move(text);
  file.line_starts = find_line_starts(file.text);
  program_.files.push_back(std::move(file));
  paths_.push_back(path);
  return static_cast<FileId>(program_.files.size() - 1);
}

void Loader::step() {
  OpenFile& file = files_.back();
  if (!file.waiting.empty()) return open_next_waiting();
  if (!file.lexer.next_line(text(), line_)) return close_file();
  visit_line();
}

void Loader::open_next_waiting() {
  OpenFile& file = files_.back();
  ImportedFile next = std::move(file.waiting.back());
  file.waiting.pop_back();
  Span span = file.waiting_span;
  uint32_t name_space = file.waiting_name_space;
  open_file(std::move(next), span, name_space);
}

void Loader::open_file(ImportedFile&& imported, Span span, uint32_t name_space) {
  if (!loaded_.insert(imported.identity).second) return;  // each file once, as in the compiler
  if (program_.files.size() > options_.max_imports) {
    if (!imports_full_) {
      reporter_.warning("limit-reached",
                        "more files are imported than max_imports (" + std::to_string(options_.max_imports) +
                            ") allows: from here on imports are left out",
                        span);
    }
    imports_full_ = true;
    return;
  }
  ReadResult read = read_script(imported.path, options_);
  if (read.status != ReadStatus::good) {
    std::string message = "'" + display_path(imported.path) + "' is not read: " + read.reason;
    if (read.status == ReadStatus::too_large)
      reporter_.warning("limit-reached", message, span);
    else if (read.status == ReadStatus::not_text)
      reporter_.error("syntax-error", message, span);
    else
      reporter_.error("import-not-found", message, span);
    return;
  }
  OpenFile file;
  file.identity = std::move(imported.identity);
  file.inside_block = block_depth_ > 0;
  file.import_span = span;
  file.name_space = name_space;
  bool new_name_space = name_space != files_.back().name_space;
  file.file = add_file(imported.path, std::move(read.text));
  file.closes_family = file.inside_block && new_name_space;
  conditions_.enter_file();
  files_.push_back(std::move(file));
  if (!files_.back().inside_block) begin_unit();
  files_.back().units_before = plan_->units.size();
  files_.back().runs_before = plan_->units.back().runs.size();
  if (files_.back().closes_family) {
    // Names of the file get the prefix; inside a block a family says the same.
    std::string name =
        plan_->name_spaces[name_space].substr(plan_->name_spaces[files_[files_.size() - 2].name_space].size());
    name.pop_back();
    plan_->units.back().runs.push_back({span, name_space, "family " + name + "\n"});
  }
}

void Loader::close_file() {
  OpenFile& file = files_.back();
  flush(static_cast<uint32_t>(text().size()));
  conditions_.leave_file();
  macros_.close_unfinished();
  if (file.closes_family) plan_->units.back().runs.push_back({file.import_span, file.name_space, "end family\n"});
  // An `end` that is missing in one file must not make the others part of its block.
  if (!file.inside_block) block_depth_ = 0;
  bool own_units = !file.inside_block;
  files_.pop_back();
  if (own_units && !files_.empty()) begin_unit();
}

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

void Loader::flush(uint32_t end) {
  OpenFile& file = files_.back();
  if (file.run_begin < end) plan_->units.back().runs.push_back({{file.file, file.run_begin, end}, file.name_space, {}});
  file.run_begin = std::max(file.run_begin, end);
}

void Loader::begin_unit() {
  const OpenFile& file = files_.back();
  UnitPlan* last = plan_->units.empty() ? nullptr : &plan_->units.back();
  if (last == nullptr || last->has_code) last = &plan_->units.emplace_back();
  *last = UnitPlan();
  last->file = file.file;
  last->name_space = file.name_space;
}

void Loader::forget_file() {
  OpenFile& file = files_.back();
  plan_->units.resize(file.units_before);
  plan_->units.back().runs.resize(file.runs_before);
  if (!file.inside_block) plan_->units.back().has_code = false;
  file.closes_family = false;
  file.run_begin = static_cast<uint32_t>(text().size());
  file.lexer = Lexer(file.run_begin);
}

uint32_t Loader::name_space(uint32_t outer, const std::string& name) {
  if (name.empty()) return outer;
  std::string prefix = plan_->name_spaces[outer] + name + ".";
  auto [entry, added] = name_space_ids_.try_emplace(prefix, static_cast<uint32_t>(plan_->name_spaces.size()));
  if (added) plan_->name_spaces.push_back(prefix);
  return entry->second;
}

std::string_view Loader::word(size_t i) const {
  if (i >= line_.tokens.size()) return {};
  return text().substr(line_.tokens[i].begin, line_.tokens[i].end - line_.tokens[i].begin);
}

Span Loader::token_span(size_t first, size_t last) const {
  return {files_.back().file, line_.tokens[first].begin, line_.tokens[std::min(last, line_.tokens.size()) - 1].end};
}

}  // namespace fermata
