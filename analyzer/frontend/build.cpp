#include "frontend/build.h"

#include "frontend/library.h"

namespace fermata {
namespace build {

Span Build::span(uint32_t unit, uint32_t node) const {
  const SyntaxNode& syntax = units[unit].tree[node];
  return units[unit].source->origin(syntax.begin, syntax.end);
}

uint32_t Build::add_unit(const ExpandedUnit& source, bool library) {
  const auto id = static_cast<uint32_t>(units.size());
  units.push_back({&source, SyntaxTree(source.text), library});
  uint64_t last_line = ~0ull;
  for (const SyntaxError& error : units[id].tree.errors()) {
    const Span span = source.origin(error.begin, error.end);
    // The parser often stumbles twice over one mistake: one message a line is enough.
    const uint64_t line = span.file < program.files.size() ? (static_cast<uint64_t>(span.file) << 32) |
                                                                 program.files[span.file].position(span.begin).line
                                                           : error.begin;
    if (line == last_line || (error.too_deep && !first_time("too deep " + std::to_string(id)))) continue;
    last_line = line;
    diagnose(error.too_deep ? "limit-reached" : "syntax-error", error.too_deep ? "warning" : "error", error.message,
             span);
  }
  return id;
}

void Build::diagnose(std::string rule, std::string level, std::string message, Span where) {
  program.diagnostics.push_back({std::move(rule), std::move(level), std::move(message), where, {}});
}

NodeId Build::find_plan(std::string_view name) const {
  const auto found = plan_names.find(lower(name));
  return found == plan_names.end() ? kNone : found->second;
}

namespace {

bool holds_node(const SyntaxTree& tree) {
  for (uint32_t i = 0; i < tree.size(); ++i) {
    if (tree[i].kind == Kind::node_definition || tree[i].kind == Kind::cb_section) return true;
  }
  return false;
}

// The bundled model of the framework stands in front of the user's text, as the real one does.
void add_library(Build& build) {
  for (const auto& [name, text] : library_files()) {
    const auto file = static_cast<FileId>(build.program.files.size());
    SourceFile source;
    source.path = "<fermata>/" + std::string(name);
    source.text = text;
    source.library = true;
    source.line_starts.push_back(0);
    for (uint32_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') source.line_starts.push_back(i + 1);
    }
    build.program.files.push_back(std::move(source));
    ExpandedUnit& unit = build.own_units.emplace_back();
    unit.file = file;
    unit.text = text;
    unit.untouched = true;
    unit.segments.push_back({0, true, {file, 0, static_cast<uint32_t>(text.size()), kNone}});
    build.add_unit(unit, true);
  }
}

}  // namespace
}  // namespace build

void build_program(const Expanded& expanded, const FrontendOptions&, Program& program) {
  build::Build build(expanded, program);
  if (program.names.empty()) program.intern("");
  program.conditions_taken = expanded.conditions_taken;
  program.no_sys_script_pedal = expanded.no_sys_script_pedal;
  program.product = expanded.imports_builder;
  build.lists_nodes = expanded.lists.contains("IVLS_NODES");
  for (const ExpandedUnit& unit : expanded.units) {
    const uint32_t id = build.add_unit(unit, false);
    program.ivls = program.ivls || build::holds_node(build.units[id].tree);
  }
  program.ivls = program.ivls || program.product;
  if (program.ivls) build::add_library(build);
  build::collect(build);
  build::order_nodes(build);
  build::declare_globals(build);
  build::declare_flows(build);
  build::resolve_declarations(build);
  build::lower_bodies(build);
  build::bind_late_names(build);
  build::build_flows(build);
  build::finish_widgets(build);
}

}  // namespace fermata
