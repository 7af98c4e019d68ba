// What the passes of build_program share: the parsed units, the tables of names, and the plans of what is to be
// lowered. The passes, in order: collect (which definitions are there), order of nodes, declare (global symbols), lower
// (bodies), finish (flows, ranges of widgets, persistence).
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "frontend/expand.h"
#include "frontend/program.h"
#include "frontend/tree.h"

namespace fermata::build {

struct TextUnit {
  const ExpandedUnit* source = nullptr;
  SyntaxTree tree;
  bool library = false;
};

// The names that one activation brings: locals, parameters, the loop variable of for_each_child. Text inlined into a
// body (a hook of a derived node) gets a scope of its own inside the body's.
struct Scope {
  const Scope* outer = nullptr;
  std::unordered_map<std::string, std::vector<SymbolId>> symbols;
  std::unordered_map<std::string, ExprId> aliases;  // the indices of `property p[i] -> a[i * 2]`
};

// Where a piece of text stands: what its names mean depends on this.
struct Context {
  uint32_t unit = 0;
  std::string prefix;  // "" or "family." or "space.family.", lower case
  Scope* scope = nullptr;
  bool global_declares = false;  // on init and its relatives: `declare` makes globals
  uint32_t plan = kNone;         // the node whose callback is being lowered: decides __VIRTUAL__
  uint32_t owner = kNone;        // the node in whose definition the text is written: decides __PARENT__
  std::string section;           // the cb the text is written in
};

// One `cb NAME:` as written; a node that says the same name twice has both bodies.
struct Section {
  std::string name;
  std::vector<uint32_t> bodies;  // cb_section nodes
};

struct NodePlan {
  std::string name;
  std::string base_name;
  uint32_t base = kNone;  // plan; kNone: no base, or nobody defines it
  uint32_t syntax = kNone;
  uint32_t unit = 0;
  std::string prefix;
  bool library = false;
  NodeId id = kNone;
  std::vector<Section> sections;
};

struct FunctionPlan {
  Context context;
  uint32_t syntax = kNone;
  bool library = false;
};

struct CallbackPlan {
  Context context;
  uint32_t syntax = kNone;
  bool init = false;
};

// `property p`: its accessors, or the expression it stands for.
struct PropertyPlan {
  std::string get, set;  // canonical names of the functions; "" where there is none
  Context context;
  uint32_t syntax = kNone;
  uint32_t target = kNone;
};

struct StructPlan {
  Context context;
  uint32_t body = kNone;
};

// A symbol whose size, initial value and arguments are still text.
struct PendingDeclaration {
  Context context;
  uint32_t syntax = kNone;
  SymbolId symbol = kNone;
  std::vector<std::pair<Context, uint32_t>> outer;  // the `[n]` of the struct variables that it is a member of
};

// Statements and declarations that run when the instrument starts, in the order of the text.
struct StartItem {
  Context context;
  uint32_t syntax = kNone;  // a block, or one top-level statement
  bool statement = false;
};

constexpr uint32_t kMaxHookDepth = 32;     // hooks that inline hooks
constexpr uint32_t kMaxStructDepth = 16;   // structs that hold structs
constexpr uint32_t kMaxInheritance = 100;  // nodes from nodes

struct Build {
  Build(const Expanded& expanded_, Program& program_) : expanded(expanded_), program(program_) {}

  const Expanded& expanded;
  Program& program;
  std::deque<ExpandedUnit> own_units;  // library files and the inner text of f-strings
  std::deque<TextUnit> units;

  std::unordered_map<std::string, std::vector<SymbolId>> globals;
  std::unordered_map<std::string, SymbolId> builtins;
  std::unordered_map<std::string, std::vector<FunctionId>> functions;
  std::unordered_map<std::string, PropertyPlan> properties;
  std::unordered_map<std::string, StructPlan> structs;
  std::unordered_map<std::string, uint32_t> plan_names;          // lower-case node name -> plan
  std::unordered_map<uint64_t, std::vector<SymbolId>> declared;  // place of a declaration -> its symbols

  std::vector<NodePlan> plans;
  std::vector<FunctionPlan> function_plans;  // same index as program.functions
  std::vector<CallbackPlan> callback_plans;
  std::vector<StartItem> start_items;  // everything that declares globals
  std::vector<PendingDeclaration> pending;
  std::unordered_map<std::string, bool> reported;  // things that are said once
  bool lists_nodes = false;                        // the program has an IVLS_NODES list

  const SyntaxTree& tree(uint32_t unit) const { return units[unit].tree; }
  std::string_view text(const Context& context, uint32_t node) const { return tree(context.unit).text(node); }
  Span span(uint32_t unit, uint32_t node) const;
  static uint64_t place(uint32_t unit, uint32_t node) { return (static_cast<uint64_t>(unit) << 32) | node; }

  uint32_t add_unit(const ExpandedUnit& source, bool library);  // parses it and reports its syntax errors
  void diagnose(std::string rule, std::string level, std::string message, Span span);
  bool first_time(const std::string& what) { return reported.emplace(what, true).second; }
  NodeId find_plan(std::string_view name) const;
};

// Names ------------------------------------------------------------------------------------------------------------

std::string lower(std::string_view text);
char sigil_of(std::string_view spelling);          // 0 when written without
std::string canonical(std::string_view spelling);  // lower case, without sigil
bool is_array_sigil(char sigil);
ValueType type_of_sigil(char sigil);
// Calls `visit(prefix)` with "a.b.", "a.", "" for the context prefix "a.b." until it returns true.
template <typename Visit>
bool each_prefix(std::string_view prefix, const Visit& visit) {
  while (true) {
    if (visit(prefix)) return true;
    if (prefix.empty()) return false;
    const size_t dot = prefix.substr(0, prefix.size() - 1).rfind('.');
    prefix = dot == std::string_view::npos ? std::string_view() : prefix.substr(0, dot + 1);
  }
}
// Of the symbols that share a name: the one that a use with this sigil means.
SymbolId pick(const Program& program, const std::vector<SymbolId>& symbols, char sigil, bool wants_array);
bool is_start_section(std::string_view name);       // Init, ICB, PostInit, Post_ICB: run once, declare globals
bool is_definition_section(std::string_view name);  // Functions, Macros: hold definitions, never run

// Passes -----------------------------------------------------------------------------------------------------------

void collect(Build& build);
void order_nodes(Build& build);
void declare_globals(Build& build);
void declare_flows(Build& build);
void resolve_declarations(Build& build);
void lower_bodies(Build& build);
void build_flows(Build& build);
void bind_late_names(Build& build);
void finish_widgets(Build& build);

// The section of that name that a node ends up with after inheritance, and the plan in which it is written.
struct FoundSection {
  const Section* section = nullptr;
  uint32_t owner = kNone;
};
FoundSection find_section(const Build& build, uint32_t plan, std::string_view name);

// Makes the symbol of one declare statement: name, kind, type, flags. Sizes and values come later.
SymbolId make_symbol(Build& build, const Context& context, uint32_t syntax, std::string_view name, SymbolKind kind);
void add_global(Build& build, SymbolId symbol);
void declare_parameters(Build& build, FunctionId id);

}  // namespace fermata::build
