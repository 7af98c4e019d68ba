// Macro definitions of the whole program, and the lines that use them.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "frontend/defines.h"

namespace fermata {

struct MacroLine {
  Span span;                   // of the logical line with its line end
  std::vector<Piece> pieces;   // relative to span.begin
  bool opens_control = false;  // `on ui_control(...)` whose `end on` stands in the same macro: the callback moves out
  bool ends_callback = false;
};

struct Macro {
  std::string name;  // with the namespace of its file
  std::vector<std::string> parameters;
  std::vector<MacroLine> lines;
  uint32_t name_space = 0;  // index of the prefix that its lines look names up with
  Span span;
};

class MacroTable {
 public:
  MacroTable(Program& program, Reporter& reporter) : program_(program), reporter_(reporter) {}

  // A definition is opened by its header, gets its lines, and is closed by `end macro` (or by what shows that it is
  // missing).
  void open(FileId file, const LogicalLine& header, const std::string& prefix, uint32_t name_space);
  bool is_open() const { return open_; }
  void add_line(FileId file, const LogicalLine& line);
  // Does the line name a parameter of the macro that is open?
  bool uses_parameter(FileId file, const LogicalLine& line) const;
  void close();
  void close_unfinished();

  bool empty() const { return macros_.empty(); }
  const Macro* find(std::string_view name, size_t arguments) const;
  bool knows(std::string_view name) const { return names_.contains(name); }
  const Macro* any(std::string_view name) const;

  // Functions of the program: a call that fits no macro may be theirs.
  void add_function(std::string name) { functions_.insert(std::move(name)); }
  bool is_function(std::string_view name) const { return functions_.contains(name); }

 private:
  bool parse_header(std::string_view text, const LogicalLine& header, Macro& macro);
  void mark_callbacks(Macro& macro);

  Program& program_;
  Reporter& reporter_;
  std::vector<Macro> macros_;
  std::unordered_map<std::string, uint32_t, StringHash, std::equal_to<>> index_;  // name/arity
  std::unordered_map<std::string, uint32_t, StringHash, std::equal_to<>> names_;
  std::unordered_set<std::string, StringHash, std::equal_to<>> functions_;
  Macro current_;
  bool open_ = false;
  bool broken_ = false;
};

// A line that could call a macro: `name` or `name(arguments)` and nothing else.
struct MacroCall {
  std::string_view name;
  std::vector<TokenRange> arguments;
};
bool parse_macro_call(std::string_view text, const LogicalLine& line, MacroCall& call);

}  // namespace fermata
