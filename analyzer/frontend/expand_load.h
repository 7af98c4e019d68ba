// First pass: reads the main file and all it imports in the compiler's order, decides conditions, collects defines and
// macros, and leaves the rest as a plan of runs of source text, unit by unit.
#pragma once

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "frontend/conditions.h"
#include "frontend/imports.h"
#include "frontend/macros.h"

namespace fermata {

// A stretch of a file that is program text, or (with `made`) a line that stands for one.
struct SourceRun {
  Span span;
  uint32_t name_space = 0;
  std::string made;
};

struct UnitPlan {
  FileId file = kNone;
  uint32_t name_space = 0;
  std::vector<SourceRun> runs;
  bool has_code = false;  // not only comments and blank lines
};

struct LoadPlan {
  std::vector<UnitPlan> units;
  std::vector<std::string> name_spaces{""};  // "", "ns.", "ns.inner."
  bool has_loops = false;                    // iterate_macro and its kin, START_INC
  bool imports_builder = false;
};

class Loader {
 public:
  Loader(const FrontendOptions& options, Program& program, Reporter& reporter, Conditions& conditions,
         DefineTable& defines, MacroTable& macros, const std::filesystem::path& main_file);

  // False when the main file cannot be read.
  bool load(LoadPlan& plan);

 private:
  struct OpenFile {
    FileId file = kNone;
    std::string identity;
    Lexer lexer;
    uint32_t run_begin = 0;
    uint32_t name_space = 0;
    Span import_span;                   // what brought it here
    std::vector<ImportedFile> waiting;  // of a folder import, last one first
    Span waiting_span;
    uint32_t waiting_name_space = 0;
    bool inside_block = false;  // imported in the middle of a block: part of the importer's unit
    bool inside_macro = false;  // imported by a macro's line: its lines are the macro's
    bool closes_family = false;
    size_t units_before = 0, runs_before = 0;  // to forget the file at an __IGNORE__
  };

  void open_main(std::string text);
  void step();
  void open_next_waiting();
  void open_file(ImportedFile&& file, Span import_span, uint32_t name_space);
  void close_file();
  void visit_line();
  bool visit_special(std::string_view word);
  bool visit_conditions();
  void visit_import();
  void resolve_import(const ImportStatement& statement, Span span);
  void report_cycle(const std::string& identity, Span span);
  bool is_open(const std::string& identity) const;
  void count_blocks(std::string_view word);
  void note_python();
  void flush(uint32_t end);
  void drop_line() { flush(line_.begin), files_.back().run_begin = line_.end; }
  void begin_unit();
  void forget_file();
  uint32_t name_space(uint32_t outer, const std::string& name);
  std::string_view text() const { return program_.files[files_.back().file].text; }
  std::string_view word(size_t i) const;
  Span token_span(size_t first, size_t last) const;
  FileId add_file(const std::filesystem::path& path, std::string text);

  const FrontendOptions& options_;
  Program& program_;
  Reporter& reporter_;
  Conditions& conditions_;
  DefineTable& defines_;
  MacroTable& macros_;
  std::filesystem::path main_file_;
  ImportResolver resolver_;
  LoadPlan* plan_ = nullptr;
  std::vector<OpenFile> files_;
  std::vector<std::filesystem::path> paths_;  // by FileId
  std::unordered_set<std::string> loaded_;
  std::unordered_map<std::string, uint32_t> name_space_ids_;
  LogicalLine line_;
  uint32_t block_depth_ = 0;
  bool python_said_ = false;
  bool imports_full_ = false;
  uint64_t program_bytes_ = 0;  // of all files read
};

}  // namespace fermata
