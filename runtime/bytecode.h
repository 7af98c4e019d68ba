// The code that the interpreter runs: one table of opcodes for a stack machine, and the compiled program around it.
//
// A cell is eight bytes without a tag: the compiler knows every type. Integers are 32 bits wide, kept sign-extended;
// a string is its number in the run's string table.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "frontend/program.h"

namespace fermata::runtime {

union Cell {
  int64_t i;
  double r;
};

inline Cell none() { return Cell{0}; }

inline int32_t wrap(int64_t value) { return static_cast<int32_t>(static_cast<uint32_t>(static_cast<uint64_t>(value))); }

inline Cell integer_cell(int64_t value) {
  Cell cell;
  cell.i = static_cast<int32_t>(static_cast<uint32_t>(static_cast<uint64_t>(value)));
  return cell;
}

inline Cell real_cell(double value) {
  Cell cell;
  cell.r = value;
  return cell;
}

constexpr int kVaries = 100;  // stack effect depends on the operands

// X(name, stack effect). `a` and `b` are the operands of the instruction.
#define FERMATA_OPCODES(X)                                                                \
  X(push_int, 1)           /* a */                                                        \
  X(push_real, 1)          /* reals[a] */                                                 \
  X(pop, -1)               /* */                                                          \
  X(drop, kVaries)         /* a cells */                                                  \
  X(load_global, 1)        /* globals[a] */                                               \
  X(store_global, -1)      /* globals[a] */                                               \
  X(load_local, 1)         /* frame[a] */                                                 \
  X(store_local, -1)       /* frame[a] */                                                 \
  X(load_polyphonic, 1)    /* cell a of the callback's event */                           \
  X(store_polyphonic, -1)  /* cell a of the callback's event */                           \
  X(load_item, 0)          /* index -> arrays[a][index] */                                \
  X(store_item, -2)        /* index, value -> */                                          \
  X(load_variable, 1)      /* builtin variable a */                                       \
  X(load_variable_item, 0) /* index -> builtin array a */                                 \
  X(load_field, 0)         /* index -> fields[a] of that voice or node env */             \
  X(store_field, -2)       /* index, value -> */                                          \
  X(fill, -1)              /* index -> arrays[a] from there on repeats the item before */ \
  X(size_of, 1)            /* number of items of arrays[a] */                             \
  X(add, -1)                                                                              \
  X(sub, -1)                                                                              \
  X(mul, -1)                                                                              \
  X(div, -1)                                                                              \
  X(mod, -1)                                                                              \
  X(bit_and, -1)                                                                          \
  X(bit_or, -1)                                                                           \
  X(bit_xor, -1)                                                                          \
  X(logical_and, -1)                                                                      \
  X(logical_or, -1)                                                                       \
  X(logical_xor, -1)                                                                      \
  X(eq, -1)                                                                               \
  X(ne, -1)                                                                               \
  X(lt, -1)                                                                               \
  X(le, -1)                                                                               \
  X(gt, -1)                                                                               \
  X(ge, -1)                                                                               \
  X(real_add, -1)                                                                         \
  X(real_sub, -1)                                                                         \
  X(real_mul, -1)                                                                         \
  X(real_div, -1)                                                                         \
  X(real_mod, -1)                                                                         \
  X(real_eq, -1)                                                                          \
  X(real_ne, -1)                                                                          \
  X(real_lt, -1)                                                                          \
  X(real_le, -1)                                                                          \
  X(real_gt, -1)                                                                          \
  X(real_ge, -1)                                                                          \
  X(neg, 0)                                                                               \
  X(real_neg, 0)                                                                          \
  X(bit_not, 0)                                                                           \
  X(logical_not, 0)                                                                       \
  X(to_real, 0)                                                                           \
  X(to_int, 0)                                                                            \
  X(int_to_string, 0)                                                                     \
  X(real_to_string, 0)                                                                    \
  X(concat, -1)                                                                           \
  X(jump, 0)          /* to a */                                                          \
  X(jump_if_zero, -1) /* to a */                                                          \
  X(loop_enter, 0)    /* frame[a] := 0 */                                                 \
  X(loop_turn, 1)     /* counts in frame[a]; 0 when the guard cuts it off */              \
  X(call, kVaries)    /* chunks[a]; b arguments become its first locals */                \
  X(leave, 0)         /* ends the chunk; a cells are its results */                       \
  X(invoke, kVaries)  /* builtin a with b arguments */                                    \
  X(kernel, kVaries)  /* kernel function names[a] with b arguments */                     \
  X(unknown, kVaries) /* nobody knows names[a]: b arguments -> 0 */

enum class Opcode : uint8_t {
#define FERMATA_OPCODE(name, effect) name,
  FERMATA_OPCODES(FERMATA_OPCODE)
#undef FERMATA_OPCODE
};

// `flag` of invoke: bits of how the result and the arguments are taken.
constexpr uint8_t kDiscarded = 1;  // the call is a statement of its own
constexpr uint8_t kReal = 2;       // a builtin that takes either kind of number was given reals

struct Instruction {
  Opcode op = Opcode::pop;
  uint8_t flag = 0;
  uint16_t b = 0;
  int32_t a = 0;
};

// One callback, node callback or really called function.
struct Chunk {
  uint32_t first = 0;  // into Code::instructions
  uint32_t locals = 0;
  uint32_t max_stack = 0;               // cells above the locals
  uint32_t arguments = 0;               // of the locals, the first ones
  std::vector<uint32_t> loop_counters;  // locals
};

struct ArrayInfo {
  enum class Where : uint8_t { global, local, list };
  Where where = Where::global;
  ValueType type = ValueType::integer;
  uint32_t offset = 0;  // into globals or the frame; number of the list
  uint32_t size = 0;
};

struct FieldInfo {
  std::string_view type;
  std::string_view field;
};

// A widget or variable that a scenario or get_ui_id can name.
struct Variable {
  SymbolId symbol = kNone;
  int32_t array = -1;   // into Code::arrays
  uint32_t offset = 0;  // into globals when it is no array
};

struct Code {
  std::vector<Instruction> instructions;
  std::vector<Span> spans;  // of each instruction
  std::vector<Chunk> chunks;
  std::vector<double> reals;
  std::vector<std::string> strings;  // [0] is ""
  std::unordered_map<std::string, int32_t> string_ids;
  std::vector<ArrayInfo> arrays;
  std::vector<FieldInfo> fields;
  std::vector<Variable> variables;  // globals in order of symbol
  std::unordered_map<SymbolId, uint32_t> variable_of;
  std::unordered_map<std::string, std::vector<uint32_t>> variable_names;

  std::vector<std::pair<std::string, uint32_t>> callbacks;   // kind -> chunk, without ui_control
  std::unordered_map<SymbolId, uint32_t> control_callbacks;  // widget -> chunk
  std::unordered_map<BlockId, uint32_t> blocks;              // node callback -> chunk
  std::unordered_map<BlockId, bool> note_pass;
  int32_t preamble = -1;  // initialises globals that no statement declares
  uint32_t globals = 0;
  uint32_t polyphonic = 0;
  uint32_t lists = 0;
  std::string error;  // not empty: the program cannot run

  int32_t chunk_of(std::string_view kind) const {
    for (const auto& [name, chunk] : callbacks) {
      if (name == kind) return static_cast<int32_t>(chunk);
    }
    return -1;
  }
};

Code compile(const Program& program);

}  // namespace fermata::runtime
