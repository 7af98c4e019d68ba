// The text level of the language family: imports, preprocessor conditions, defines, macros and the iterate/literate
// family, rewritten away on tokens that remember where they came from. What comes out is text that the grammar can
// parse.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "frontend/frontend.h"
#include "frontend/program.h"

namespace fermata {

// From byte `at` of the expanded text on, text came from `origin` (byte for byte while `exact`, else the whole stretch
// stands for the whole origin range).
struct OriginSegment {
  uint32_t at = 0;
  bool exact = true;
  Span origin;
};

// One file's worth of expanded text (or a macro that produced top-level items: it stays inside the unit that called
// it). Units come in the order in which the compiler sees them: an imported file's unit stands before the rest of its
// importer; an importer may therefore give several units. `text` is always filled; `untouched` units are byte-identical
// to files[file].text from `first_byte` on. An import inside a block (on, function, node, family, ...) gives no unit of
// its own: its text stands in place in the importer's unit, and the segments name the other file.
struct ExpandedUnit {
  FileId file = kNone;
  std::string text;
  uint32_t first_byte = 0;              // of an untouched unit
  std::vector<OriginSegment> segments;  // sorted by `at`; empty when untouched
  bool untouched = false;
  std::string import_prefix;  // import "f" as ns: names of the unit get "ns." (SublimeKSP), else ""
  // Where [begin, end) came from. A range over several origins gives the whole range where both ends lie in the same
  // place (file and expansion), otherwise the part in which it begins.
  Span origin(uint32_t begin, uint32_t end) const;
};

struct Expanded {
  std::vector<ExpandedUnit> units;
  // Defines that are lists or plain values after the last line of the program, by name as written: IVLS_NODES, FLOWS,
  // ...
  std::unordered_map<std::string, std::vector<std::string>> lists;
  // import "_IVLS/..." of what is not on disk (the closed framework), or "_IVLS/builder.ksp" wherever it is.
  bool imports_builder = false;
  std::vector<std::pair<std::string, bool>> conditions_taken;
  bool no_sys_script_pedal = false;
};

// Reads and expands; fills in program.files, program.expansions and program.diagnostics.
Expanded expand(const std::filesystem::path& main_file, const FrontendOptions& options, Program& program);

// Second half: parses the units and builds everything else of `program`.
void build_program(const Expanded& expanded, const FrontendOptions& options, Program& program);

}  // namespace fermata
