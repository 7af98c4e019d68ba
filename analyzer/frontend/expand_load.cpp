#include "frontend/expand_load.h"

#include <algorithm>

#include "frontend/encoding.h"

namespace fermata {

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
  program_bytes_ = read.text.size();
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
  if (imports_full_) return;
  if (program_.files.size() > options_.max_imports) {
    reporter_.warning("limit-reached",
                      "more files are imported than --max-imports (" + std::to_string(options_.max_imports) +
                          ") allows: from here on imports are left out; raise it if they are meant",
                      span);
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
  program_bytes_ += read.text.size();
  if (program_bytes_ > options_.max_program_bytes) {
    reporter_.warning("limit-reached",
                      "the files of this program have more bytes than --max-program-bytes (" +
                          std::to_string(options_.max_program_bytes) +
                          ") allows: from here on imports are left out; raise it if they are meant",
                      span);
    imports_full_ = true;
    return;
  }
  OpenFile file;
  file.identity = std::move(imported.identity);
  file.inside_macro = macros_.is_open();
  file.inside_block = block_depth_ > 0 || file.inside_macro;
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
  if (!file.inside_macro) macros_.close_unfinished();
  if (file.closes_family) plan_->units.back().runs.push_back({file.import_span, file.name_space, "end family\n"});
  // An `end` that is missing in one file must not make the others part of its block.
  if (!file.inside_block) block_depth_ = 0;
  bool own_units = !file.inside_block;
  files_.pop_back();
  if (own_units && !files_.empty()) begin_unit();
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
