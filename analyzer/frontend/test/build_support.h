// Small programs from text, without going through the text level.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "frontend/expand.h"
#include "frontend/frontend.h"

namespace fermata::test {

using Lists = std::unordered_map<std::string, std::vector<std::string>>;

inline Program build(std::string_view text, const Lists& lists = {}, bool product = false) {
  Program program;
  SourceFile file;
  file.path = "main.ksp";
  file.text = text;
  file.line_starts.push_back(0);
  for (uint32_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') file.line_starts.push_back(i + 1);
  }
  program.files.push_back(file);
  Expanded expanded;
  expanded.lists = lists;
  expanded.imports_builder = product;
  ExpandedUnit unit;
  unit.file = 0;
  unit.text = text;
  unit.untouched = true;
  unit.segments.push_back({0, true, {0, 0, static_cast<uint32_t>(text.size()), kNone}});
  expanded.units.push_back(unit);
  build_program(expanded, {}, program);
  return program;
}

// The lines of print_expanded without their places, from the one that is `header` up to its `end`.
inline std::vector<std::string> body(const Program& program, std::string_view header) {
  std::vector<std::string> lines;
  const std::string text = print_expanded(program);
  bool inside = false;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    std::string line = text.substr(at, end - at);
    at = end + 1;
    const size_t comment = line.find("  { main.ksp:");
    if (comment != std::string::npos) line.erase(comment);
    while (!line.empty() && line.back() == ' ') line.pop_back();
    if (inside && !line.starts_with(' ')) break;
    if (inside) lines.push_back(line.substr(2));
    if (line == header) inside = true;
  }
  return lines;
}

// One section of a node, the same way.
inline std::vector<std::string> section(const Program& program, std::string_view node, std::string_view name) {
  std::vector<std::string> lines;
  bool inside = false;
  for (const std::string& line : body(program, node)) {
    if (inside && line.starts_with("cb ")) break;
    if (inside) lines.push_back(line.substr(2));
    if (line == "cb " + std::string(name) + ":") inside = true;
  }
  return lines;
}

inline const Symbol* symbol(const Program& program, std::string_view name, char sigil = '\0') {
  for (const Symbol& symbol : program.symbols) {
    if (program.name(symbol.name) == name && (sigil == '\0' || symbol.sigil == sigil)) return &symbol;
  }
  return nullptr;
}

inline std::vector<std::string> problems(const Program& program) {
  std::vector<std::string> out;
  for (const FrontendDiagnostic& diagnostic : program.diagnostics) {
    const LineColumn place = program.files[diagnostic.span.file].position(diagnostic.span.begin);
    out.push_back(std::to_string(place.line) + ": " + diagnostic.rule + ": " + diagnostic.message);
  }
  return out;
}

}  // namespace fermata::test
