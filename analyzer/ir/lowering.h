// The state of one lowering; shared by lower.cpp (entries, statements), lower_expr.cpp and lower_calls.cpp.
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>

#include "ir/lower.h"

namespace fermata::ir {

// What a parameter or local of an inlined function stands for: the caller's expression (by name) or a slot of its own.
struct Binding {
  fermata::ExprId by_name = kNone;
  uint32_t scope = kNone;  // in which `by_name` is to be read
  SlotId slot = kNone;
};

// One inlined call.
struct Scope {
  uint32_t parent = kNone;
  FunctionId function = kNone;
  std::unordered_map<SymbolId, Binding> bindings;
  std::vector<BlockId> exits;  // blocks that leave the function through `exit`
  bool exit_leaves_function = false;
};

class Lowering {
 public:
  Lowering(const Program& program, const LowerOptions& options, Module& module)
      : program_(program), options_(options), module_(module) {}
  void run();

 private:
  // entries and statements (lower.cpp)
  void add_entry(EntryKind kind, NodeId node, SymbolId control, fermata::BlockId body, Span span, std::string name);
  void add_symbols();
  void add_native_callbacks();
  void add_nodes();
  void finish_module();
  void block(fermata::BlockId id, uint32_t scope);
  void statement(const Stmt& stmt, uint32_t scope);
  void if_statement(const Stmt& stmt, uint32_t scope);
  void while_statement(const Stmt& stmt, uint32_t scope);
  void for_statement(const Stmt& stmt, uint32_t scope);
  void select_statement(const Stmt& stmt, uint32_t scope);
  void child_loop(const Stmt& stmt, uint32_t scope);
  void declaration(const Stmt& stmt, uint32_t scope);
  void exit_statement(uint32_t scope);
  void assign(fermata::ExprId target, ExprId value, uint32_t scope, Span span);

  // blocks
  BlockId open_block(Span span);
  void close_go(BlockId target);
  BlockId current_block() const { return static_cast<BlockId>(module_.blocks.size() - 1); }
  Instr& emit(Effect effect, Span span);
  bool over_limit();

  // expressions (lower_expr.cpp)
  ExprId expression(fermata::ExprId id, uint32_t scope);
  ExprId symbol_value(const fermata::Expr& expr, uint32_t scope);
  ExprId index_value(const fermata::Expr& expr, uint32_t scope);
  ExprId field_value(const fermata::Expr& expr, uint32_t scope);
  ExprId flat_index(ArrayId array, const fermata::Expr& expr, uint32_t scope, uint32_t first);
  struct ArrayPlace {
    ArrayId array = kNone;
    ExprId index = kNone;
  };
  std::optional<ArrayPlace> array_place(const fermata::Expr& expr, uint32_t scope);
  ArrayId field_array(std::string_view field);
  SlotId slot_of(SymbolId symbol, uint32_t scope);
  const Binding* binding_of(SymbolId symbol, uint32_t scope, uint32_t* where = nullptr) const;
  SlotId new_local(SymbolId symbol);
  ExprId constant(int64_t value);
  ExprId slot_expr(SlotId slot);
  ExprId env(Env which);
  ExprId unknown(int64_t lo = INT32_MIN, int64_t hi = INT32_MAX);
  ExprId pure(Pure which, std::vector<ExprId> args);
  ExprId binary(Op op, ExprId a, ExprId b);
  ExprId load(ArrayId array, ExprId index, Span span);
  ExprId builtin_variable(std::string_view name);
  ExprId add(Expr expr);

  // calls (lower_calls.cpp, lower_contracts.cpp)
  ExprId call(const fermata::Expr& expr, uint32_t scope, bool statement, bool subroutine);
  ExprId inline_call(const fermata::Expr& expr, uint32_t scope, bool subroutine);
  ExprId contract_call(const fermata::Expr& expr, uint32_t scope, bool statement);
  ExprId inert_call(const fermata::Expr& expr, uint32_t scope);
  ExprId step_variable(const fermata::Expr& expr, uint32_t scope, Op op);
  ExprId event_parameter(const fermata::Expr& expr, uint32_t scope, const ContractEffect& effect);
  ExprId contract_value(const ContractEffect& effect, const std::vector<ExprId>& args);
  ExprId contract_effect(const fermata::Expr& expr, const ContractEffect& effect, const std::vector<ExprId>& args,
                         bool statement);
  const Contract* contract_of(const fermata::Expr& call) const;
  // The call does something that the analysis has to see at its place.
  static bool acts(const Contract& contract);
  ExprId unknown_call(const fermata::Expr& expr, uint32_t scope);
  bool has_effect(fermata::ExprId id, uint32_t scope) const;

  const Program& program_;
  LowerOptions options_;
  Module& module_;
  std::vector<Scope> scopes_;
  std::vector<BlockId> entry_exits_;  // blocks that leave the callback
  std::vector<std::vector<BlockId>> continues_;
  std::unordered_map<SymbolId, SlotId> global_slots_;
  std::unordered_map<SymbolId, SlotId> local_slots_;  // of the entry being built
  std::unordered_map<SymbolId, ArrayId> arrays_;
  std::unordered_map<std::string, ArrayId> fields_;
  EntryId entry_ = kNone;
  uint32_t entry_first_instr_ = 0;
  uint32_t entry_first_block_ = 0;
  uint32_t depth_ = 0;
  bool given_up_ = false;
};

}  // namespace fermata::ir
