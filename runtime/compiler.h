// Program -> Code. User functions are inlined at each call: a parameter is the caller's expression, evaluated anew each
// time it is read, and assigned to where it is assigned. `call` of a function without arguments and task functions are
// real calls with cells of their own.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "frontend/program.h"
#include "runtime/bytecode.h"

namespace fermata::runtime {

class Compiler {
 public:
  explicit Compiler(const Program& program) : program_(program) {}
  Code run();

 private:
  // One piece of program text being compiled: a chunk, or a function inlined into one.
  struct Scope {
    Scope* outer = nullptr;  // of an inlined function: where its arguments are evaluated
    FunctionId function = kNone;
    std::vector<ExprId> arguments;                     // by name
    std::vector<std::pair<SymbolId, uint32_t>> slots;  // locals -> cell of the frame
    std::vector<std::pair<SymbolId, uint32_t>> local_arrays;
    ExprId result_target = kNone;  // the result is by name too when the call is all of a right side
    bool catches_exit = false;
    uint32_t depth = 0;         // cells on the stack where it began
    std::vector<size_t> exits;  // jumps to patch
  };
  // Where an assignment goes; its index, if any, is on the stack.
  struct Target {
    enum class Kind : uint8_t { none, global, local, polyphonic, item, field, event_parameter, control_parameter };
    Kind kind = Kind::none;
    ValueType type = ValueType::integer;
    int32_t operand = 0;
    NameId parameter = 0;
  };
  struct Loop {
    size_t top = 0;
    std::vector<size_t> continues;
    uint32_t depth = 0;
    bool continue_to_top = false;
  };
  struct Pending {
    uint32_t chunk = 0;
    FunctionId function = kNone;
  };

  // compiler.cpp: memory and entry points.
  void lay_out();
  void lay_out_symbol(SymbolId id);
  void compile_preamble();
  void compile_entries();
  uint32_t compile_chunk(std::vector<BlockId> blocks, uint32_t chunk);
  void compile_pending();
  void compile_function_chunk(const Pending& pending);
  uint32_t new_chunk();
  void begin_chunk(uint32_t chunk);
  void end_chunk(uint32_t chunk);
  uint32_t chunk_for(FunctionId function);

  // compile_statement.cpp
  void block(BlockId id);
  void statement(const Stmt& stmt);
  void assign(const Stmt& stmt);
  void if_statement(const Stmt& stmt);
  void while_statement(const Stmt& stmt);
  void for_statement(const Stmt& stmt);
  void select_statement(const Stmt& stmt);
  void child_loop(const Stmt& stmt);
  void declare(SymbolId id, Span span);
  void declare_array(SymbolId id);
  void exit_statement();
  void call_statement(const Stmt& stmt);
  size_t begin_loop(uint32_t& counter);

  // compile_expression.cpp
  ValueType expression(ExprId id);
  void expression_as(ExprId id, ValueType wanted);
  void convert(ValueType from, ValueType to);
  ValueType symbol_value(const Expr& expr);
  ValueType load_symbol(SymbolId id);
  ValueType builtin_symbol(const Symbol& symbol);
  ValueType index_value(const Expr& expr);
  ValueType unary(const Expr& expr);
  ValueType binary(const Expr& expr);
  ValueType arithmetic(const Expr& expr);
  ValueType comparison(const Expr& expr);
  void field_index(const Expr& expr);
  ValueType event_parameter(const Expr& expr);
  ValueType bare_name(const Expr& expr);
  ValueType type_of(ExprId id);
  int32_t array_of(ExprId id);  // index into Code::arrays, -1: no array
  int32_t array_of_symbol(SymbolId id);
  void flat_index(const Expr& expr, SymbolId symbol);
  Target target(ExprId id);
  Target symbol_target(SymbolId id);
  void store(const Target& target, ValueType value);
  // Runs `f` where the arguments of an inlined call are evaluated.
  template <typename F>
  auto in_scope_of(const Scope* scope, ExprId argument, F&& f) {
    Scope* const saved = scope_;
    const Span span = span_;
    scope_ = scope->outer;
    auto result = f(argument);
    scope_ = saved;
    span_ = span;
    return result;
  }
  bool parameter_argument(SymbolId id, ExprId& argument, Scope*& where);

  // compile_call.cpp
  ValueType call(ExprId id, bool discarded, ExprId result_target);
  ValueType user_call(const Expr& expr, bool discarded, ExprId result_target, bool subroutine);
  ValueType inline_call(const Expr& expr, bool discarded, ExprId result_target, bool catches_exit);
  ValueType task_call(const Expr& expr, bool discarded);
  ValueType builtin_call(const Expr& expr, int index, bool discarded);
  bool special_call(const Expr& expr, std::string_view name, ValueType& type);
  void step_variable(ExprId id, int32_t by);
  void builtin_argument(char kind, ExprId id, bool& reals);
  ValueType kernel_call(const Expr& expr, bool known);
  void kernel_argument(ExprId id);
  ValueType contract_call(const Expr& expr, const Contract& contract, bool discarded);
  ValueType inert_call(const Expr& expr, std::string_view name);
  int32_t variable_of(ExprId id);

  // Emission.
  size_t emit(Opcode op, int32_t a = 0, int b = 0, int effect = kVaries, uint8_t flag = 0);
  void patch(size_t jump);  // to here
  size_t here() const { return code_.instructions.size(); }
  uint32_t new_slot(uint32_t cells = 1);
  uint32_t slot_of(SymbolId id);
  int32_t real_constant(double value);
  int32_t string_constant(std::string_view text);
  int32_t field_constant(const Expr& expr);
  void fail(const std::string& message, Span span);
  bool enter(Span span);  // guards recursion
  void leave_depth() { --nesting_; }

  const Program& program_;
  Code code_;
  std::unordered_map<SymbolId, uint32_t> global_;
  std::unordered_map<SymbolId, uint32_t> polyphonic_;
  std::unordered_map<SymbolId, uint32_t> array_;
  std::unordered_map<FunctionId, uint32_t> function_chunk_;
  std::vector<Pending> pending_;
  std::vector<Loop> loops_;
  std::vector<uint32_t> counters_;  // of the chunk's loops
  Scope* scope_ = nullptr;
  Span span_;  // of what is being compiled
  uint32_t frame_ = 0, depth_ = 0, max_depth_ = 0;
  uint32_t nesting_ = 0;
};

}  // namespace fermata::runtime
