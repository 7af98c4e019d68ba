// From syntax to the program's expressions and statements. The only part of the front end that knows what a construct
// means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "frontend/build.h"

namespace fermata::build {

class Lowerer {
 public:
  explicit Lowerer(Build& build) : build_(build), program_(build.program) {}

  ExprId expression(const Context& context, uint32_t node);
  // The statements of a block node (or of nothing, for kNone) as a block of the program.
  BlockId block(const Context& context, uint32_t node);
  // The statements of a node's hook, after inheritance, appended to `out`; false when the node has no such section.
  bool hook(const Context& context, uint32_t plan, std::string_view name, std::vector<StmtId>& out);
  void statement(const Context& context, uint32_t node, std::vector<StmtId>& out);
  BlockId add_block(const std::vector<StmtId>& statements);

  // Sizes, ranges and initial values of what a declaration made; false when a constant or a size in it is not known
  // (yet).
  bool resolve(const PendingDeclaration& pending);
  void function(FunctionId id);
  void callback(const CallbackPlan& plan);

 private:
  // What a name means in a context. At most one member is set.
  struct Meaning {
    SymbolId symbol = kNone;
    ExprId alias = kNone;
    const PropertyPlan* property = nullptr;
  };
  Meaning find(const Context& context, std::string_view spelling, bool wants_array);
  SymbolId find_builtin(std::string_view spelling, bool wants_array);
  SymbolId implicit_global(std::string_view spelling, bool array, Span span);
  FunctionId find_function(const Context& context, std::string_view spelling, size_t arity);
  std::string callee_name(const Context& context, std::string_view spelling, size_t arity);

  // Declarations.
  bool resolve_const_block(const PendingDeclaration& pending);
  void resolve_range(const PendingDeclaration& pending);
  bool resolve_sizes(const PendingDeclaration& pending);
  void resolve_initial(const PendingDeclaration& pending);

  // Expressions.
  ExprId name(const Context& context, uint32_t node);
  ExprId size_constant(const Context& context, std::string_view spelling, Span span);
  ExprId call(const Context& context, uint32_t node);
  ExprId node_argument(const Context& context, uint32_t arguments, ExprId given);
  ExprId add_node(uint32_t plan, Span span);
  ExprId make_call(const Context& context, std::string_view spelling, const std::vector<ExprId>& arguments, Span span);
  ExprId subscript(const Context& context, uint32_t node);
  ExprId field(const Context& context, uint32_t node, const std::vector<ExprId>& more_indices);
  ExprId unary(const Context& context, uint32_t node);
  ExprId binary(const Context& context, uint32_t node);
  ExprId fstring(const Context& context, uint32_t node);
  ExprId property_get(const PropertyPlan& property, const std::vector<ExprId>& indices, Span span);
  ExprId property_target(const PropertyPlan& property, const std::vector<ExprId>& indices);
  std::vector<ExprId> expressions(const Context& context, uint32_t parent, Field field);
  std::vector<ExprId> arguments(const Context& context, uint32_t node);  // of an `arguments` or `initializer` node

  ExprId add(Expr expr, const std::vector<ExprId>& children = {});
  ExprId add_binary(Op op, ExprId left, ExprId right, Span span);
  ExprId add_symbol(SymbolId symbol, Span span);
  ExprId add_string(std::string_view text, Span span);
  ExprId add_integer(int64_t value, Span span);
  ExprId add_error(Span span);

  // Statements.
  // From `first` through its later siblings, up to the end of the loop that holds them; gives what it stopped at.
  uint32_t statements(const Context& context, uint32_t first, bool in_child_loop, std::vector<StmtId>& out);
  void assignment(const Context& context, uint32_t node, std::vector<StmtId>& out);
  ExprId target(const Context& context, uint32_t node);
  bool property_set(const Context& context, uint32_t left, ExprId value, Span span, std::vector<StmtId>& out);
  void call_statement(const Context& context, uint32_t node, std::vector<StmtId>& out);
  bool generated_code(const Context& context, std::string_view name, uint32_t call, std::vector<StmtId>& out);
  uint32_t child_loop(const Context& context, uint32_t first, std::vector<StmtId>& out);
  bool section_bodies(const Context& context, const FoundSection& found, uint32_t plan, std::vector<StmtId>& out);
  void run_everywhere(const Context& context, std::string_view hook_name, Span span, std::vector<StmtId>& out);
  void declare(const Context& context, uint32_t node, std::vector<StmtId>& out);
  SymbolId declare_local(const Context& context, uint32_t node);
  void initialise(SymbolId symbol, Span span, std::vector<StmtId>& out);
  ExprId condition(const Context& context, uint32_t node, Field wanted);
  StmtId if_chain(const Context& context, uint32_t node);
  StmtId loop(const Context& context, uint32_t node);
  StmtId select(const Context& context, uint32_t node);
  Case case_clause(const Context& context, uint32_t node);
  StmtId add(Stmt stmt);
  StmtId opaque(Span span);
  std::string callee_of(const Context& context, uint32_t statement) const;  // lower case; "" for other statements
  std::string first_word(const Context& context, uint32_t call) const;      // the first argument as written

  Span span(const Context& context, uint32_t node) const { return build_.span(context.unit, node); }
  const SyntaxTree& tree(const Context& context) const { return build_.tree(context.unit); }

  Build& build_;
  Program& program_;
  uint32_t depth_ = 0;       // of blocks in blocks, hooks included
  uint32_t hook_depth_ = 0;  // of hooks in hooks, and of properties in properties
};

}  // namespace fermata::build
