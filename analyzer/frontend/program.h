// The expanded program: what the front end hands to the runtime and to the analysis, and the only thing they share.
// Everything lives in vectors and is named by index. Macros, defines, imports, families, structs, const blocks, list
// blocks, node inheritance (`from`, __VIRTUAL__, __RUN_CB__) and preprocessor conditions are gone; user functions are
// NOT inlined yet (each consumer binds parameters itself, by name, as the compiler does).
//
// Nesting of expressions and of blocks is at most kMaxNesting (deeper text is a `limit-reached` diagnostic), so that
// consumers may recurse over it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "contracts/contract.h"
#include "frontend/source.h"

namespace fermata {

using NameId = uint32_t;  // interned spelling
using ExprId = uint32_t;
using StmtId = uint32_t;
using BlockId = uint32_t;
using SymbolId = uint32_t;
using FunctionId = uint32_t;
using NodeId = uint32_t;
using FlowId = uint32_t;

constexpr uint32_t kMaxNesting = 1000;

// ---------------------------------------------------------------------------------------------------- symbols

enum class ValueType : uint8_t { integer, real, string };

enum class SymbolKind : uint8_t {
  global,      // declared in on init / at top level / in cb Init; lives as long as the instrument
  local,       // declared in a callback, function or cb body: one per activation, survives waits (task stack)
  parameter,   // of a function (by name) or taskfunc (by mode)
  result,      // the `-> r` of a function
  constant,    // `value` holds its folded value when known
  builtin,     // a variable of Kontakt or of the framework: EVENT_ID, EVENT_NOTE, CC (array), self, nenv, ...
  voice_field  // vo_field: accessed as Voice[v].name
};

enum class UiKind : uint8_t { none, button, knob, slider, menu, value_edit, switch_, table, text_edit, label, other };

enum class ParameterMode : uint8_t { by_name, in, var, out };  // by_name: inlined function; the others: taskfunc

struct Symbol {
  NameId name = 0;  // canonical: lower case, without sigil, families joined with '.'
  char sigil = 0;   // '$' '%' '~' '?' '@' '!' or 0 when written without
  SymbolKind kind = SymbolKind::global;
  ValueType type = ValueType::integer;
  bool is_array = false;
  bool polyphonic = false;
  bool persistent = false;
  UiKind ui = UiKind::none;
  bool ui_range_known = false;  // ui_min..ui_max is what a user can set; a menu's range spans its add_menu_item values
  int32_t ui_min = 0, ui_max = 0;
  std::vector<uint32_t> dimensions;   // folded sizes; 0 where unknown; empty for scalars
  bool is_list = false;               // `list n[]` / `declare list`: grows by append
  ExprId initial = kNone;             // scalar initialiser or vo_field default
  std::vector<ExprId> initial_items;  // array initialiser; fewer items than cells: the last one repeats
  bool has_value = false;             // kind constant: folded
  int64_t value = 0;
  ParameterMode mode = ParameterMode::by_name;
  Span span;
};

// ------------------------------------------------------------------------------------------------ expressions

enum class ExprKind : uint8_t {
  error,     // could not be understood: its value is anything
  integer,   // int_value
  real,      // real_value
  string,    // name = text
  symbol,    // symbol; an array symbol alone denotes the whole array (argument of search(), sort(), ...)
  index,     // symbol[children...] (1 or more indices; multi-dimensional kept as written)
  field,     // NAME[child0].field: name = "voice", "nodeenv" or a struct type; field = field name (lower case)
  call,      // name = callee as written in lower case; function = user function or kNone; children = arguments
  node_ref,  // a node's name used as a value (second argument of register_node): node
  name,      // a bare word that is no symbol (a PGS key, a framework constant nobody declared): name
  unary,     // op, child0
  binary,    // op, child0, child1
  event_par  // child0 -> name  (get_event_par / get_control_par by arrow)
};

enum class Op : uint8_t {
  none,
  neg,
  logical_not,
  bit_not,
  add,
  sub,
  mul,
  div,
  mod,
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  logical_and,
  logical_or,
  logical_xor,
  bit_and,
  bit_or,
  bit_xor,
  concat
};

struct Expr {
  ExprKind kind = ExprKind::error;
  Op op = Op::none;
  uint32_t first_child = 0;  // into Program::children
  uint32_t child_count = 0;
  NameId name = 0;
  NameId field = 0;
  SymbolId symbol = kNone;
  FunctionId function = kNone;
  NodeId node = kNone;
  int64_t int_value = 0;
  double real_value = 0;
  Span span;
};

// ------------------------------------------------------------------------------------------------- statements

enum class StmtKind : uint8_t {
  assign,      // target (symbol, index, field, event_par) := value
  call,        // value is a call expression; `subroutine` when written with `call`
  if_,         // condition, body, else_body (else-if is an if_ alone in else_body)
  while_,      // condition, body
  for_,        // target := value to/downto limit [step]; body. Lowered by consumers to assign + while: the bound is
               // evaluated every turn, the variable is one past the end afterwards
  select,      // value; cases
  declare,     // run-time initialisation of `symbol` where it stands (locals; globals in on init)
  exit_,       // leaves the callback or the called function
  continue_,   // innermost loop
  child_loop,  // for_each_child(v) ... : value = v, symbol = loop variable `child`; body
  run_hook,    // __RUN_CB__(Hook) that had no receiver: nothing
  opaque       // run<<...>> and the like: effect unknown, text reported once
};

struct Case {
  ExprId from = kNone;  // kNone: else
  ExprId to = kNone;    // kNone: single value
  BlockId body = kNone;
};

struct Stmt {
  StmtKind kind = StmtKind::opaque;
  bool downto = false;
  bool subroutine = false;
  ExprId target = kNone;
  ExprId value = kNone;  // also the condition
  ExprId limit = kNone;
  ExprId step = kNone;
  SymbolId symbol = kNone;
  BlockId body = kNone;
  BlockId else_body = kNone;
  uint32_t first_case = 0, case_count = 0;
  Span span;
};

struct Block {
  uint32_t first = 0;  // into Program::block_items
  uint32_t count = 0;
};

// ---------------------------------------------------------------------------------- callables and entry points

struct Function {
  NameId name = 0;
  bool task = false;  // taskfunc: parameters by mode, own frame
  std::vector<SymbolId> parameters;
  SymbolId result = kNone;
  BlockId body = kNone;
  Span span;  // of the header
};

// A native callback: `on note`, `on ui_control($x)`. kind is the lower-case name: "init", "note", "release", ...
struct Callback {
  NameId kind = 0;
  SymbolId control = kNone;  // ui_control's widget
  BlockId body = kNone;
  Span span;  // of the `on NAME` line
};

// One `cb NAME:` of a node, after inheritance. Names as written ("NoteOn", "NoteOff", "NotePass", "Init", "CC", ...).
struct NodeCallback {
  NameId name = 0;
  BlockId body = kNone;
  Span span;
};

struct NodeDef {
  NameId name = 0;       // as written; compare lower case
  NameId base = 0;       // spelling of the base node or 0
  bool listed = false;   // in IVLS_NODES (directly, through a bundle, or implied for a library node)
  bool library = false;  // from the bundled framework model
  bool plays = false;    // itself or an ancestor is Stl.PlayEvent.Template: the standard play node
  std::vector<NodeCallback> callbacks;
  Span span;
};

struct FlowEntry {
  NodeId node = kNone;  // kNone: register_move to `move`
  FlowId move = kNone;
  std::vector<std::pair<int64_t, int64_t>> arguments;  // register_arg(flow, index, value) with constant values
  Span span;                                           // the register_node / register_move call
};

struct Flow {
  NameId name = 0;
  SymbolId symbol = kNone;  // the variable that holds the flow's number at run time
  bool declared = false;    // appears in `define FLOWS += ...`
  std::vector<FlowEntry> entries;
  Span span;
};

// ------------------------------------------------------------------------------------------------ diagnostics

// A problem found before any analysis. `rule` is the stable rule name (syntax-error, import-not-found, ...).
struct FrontendDiagnostic {
  std::string rule;
  std::string level;  // "error" | "warning" | "note"
  std::string message;
  Span span;
  std::vector<std::pair<Span, std::string>> related;
};

// --------------------------------------------------------------------------------------------------- program

struct Program {
  std::vector<SourceFile> files;  // files[0] is the main file
  std::vector<Expansion> expansions;
  std::vector<std::string> names;  // NameId -> spelling; names[0] is ""
  std::unordered_map<std::string, NameId> name_ids;
  std::vector<Expr> exprs;
  std::vector<ExprId> children;
  std::vector<Stmt> stmts;
  std::vector<StmtId> block_items;
  std::vector<Block> blocks;
  std::vector<Case> cases;
  std::vector<Symbol> symbols;
  std::vector<Function> functions;
  std::vector<Callback> callbacks;
  std::vector<NodeDef> nodes;
  std::vector<Flow> flows;
  std::vector<FrontendDiagnostic> diagnostics;
  std::vector<NamedContract> contracts;  // the user's: what calls do that nobody here defines

  bool ivls = false;          // has nodes
  bool product = false;       // imports the framework's builder: flows and key maps are the whole instrument
  bool multi_script = false;  // has on midi_in
  bool flows_exact = true;    // false: register_node stood under a condition that could not be folded
  // Conditions that some file asks (USE_CODE_IF) and nobody sets are free but the same everywhere; `conditions_taken`
  // lists (symbol, assumed value) of this variant. The front end gives one Program per variant that matters (usually
  // 1).
  std::vector<std::pair<std::string, bool>> conditions_taken;
  bool no_sys_script_pedal = false;

  std::string_view name(NameId id) const { return names[id]; }
  NameId intern(std::string_view text);
  std::span<const StmtId> statements(BlockId block) const;  // empty for kNone
  std::span<const ExprId> children_of(ExprId expr) const;
  NodeId find_node(std::string_view name) const;  // case-insensitive; kNone if absent
  const NodeCallback* find_callback(NodeId node, std::string_view name) const;
  // Where a user should look: for code from an expansion the outermost call that lies in a user's file; for library
  // code the span itself.
  Span user_span(Span span) const;
};

}  // namespace fermata
