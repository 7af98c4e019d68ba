// Memory of the program and its entry points.
#include "runtime/compiler.h"

#include <algorithm>

namespace fermata::runtime {
namespace {

constexpr size_t kMaxInstructions = 4'000'000;
constexpr uint32_t kMaxCells = 16'000'000;
constexpr uint32_t kMaxCompilerNesting = 6000;

constexpr int kEffects[] = {
#define FERMATA_EFFECT(name, effect) effect,
    FERMATA_OPCODES(FERMATA_EFFECT)
#undef FERMATA_EFFECT
};

}  // namespace

Code compile(const Program& program) { return Compiler(program).run(); }

Code Compiler::run() {
  string_constant("");
  lay_out();
  compile_preamble();
  compile_entries();
  compile_pending();
  return std::move(code_);
}

// ----------------------------------------------------------------------------------------------------- memory

void Compiler::lay_out() {
  for (SymbolId id = 0; id < program_.symbols.size(); ++id) lay_out_symbol(id);
  if (code_.globals > kMaxCells) fail("the script's variables need too much memory", Span{});
}

void Compiler::lay_out_symbol(SymbolId id) {
  const Symbol& symbol = program_.symbols[id];
  const bool constant_array = symbol.kind == SymbolKind::constant && (symbol.is_array || symbol.is_list);
  if (symbol.kind != SymbolKind::global && !constant_array) return;
  Variable variable{id, -1, code_.globals};
  if (symbol.is_list || symbol.is_array) {
    ArrayInfo info;
    info.type = symbol.type;
    if (symbol.is_list) {
      info.where = ArrayInfo::Where::list;
      info.offset = code_.lists++;
    } else {
      uint64_t size = symbol.dimensions.empty() ? 0 : 1;
      for (const uint32_t dimension : symbol.dimensions) size = std::min<uint64_t>(size * dimension, kMaxCells + 1ull);
      info.offset = code_.globals;
      info.size = static_cast<uint32_t>(size);
      code_.globals = std::min(code_.globals + info.size, kMaxCells + 1u);
    }
    variable.array = static_cast<int32_t>(code_.arrays.size());
    array_[id] = static_cast<uint32_t>(code_.arrays.size());
    code_.arrays.push_back(info);
  } else if (symbol.polyphonic) {
    polyphonic_[id] = code_.polyphonic++;
    return;
  } else {
    global_[id] = code_.globals++;
  }
  const auto number = static_cast<uint32_t>(code_.variables.size());
  code_.variables.push_back(variable);
  code_.variable_of[id] = number;
  code_.variable_names[std::string(program_.name(symbol.name))].push_back(number);
}

// ----------------------------------------------------------------------------------------------- entry points

// Variables that no statement declares (top level, families, built lists) get their initial values before `on init`.
void Compiler::compile_preamble() {
  std::vector<bool> declared(program_.symbols.size(), false);
  for (const Stmt& stmt : program_.stmts) {
    if (stmt.kind == StmtKind::declare && stmt.symbol != kNone) declared[stmt.symbol] = true;
  }
  const uint32_t chunk = new_chunk();
  begin_chunk(chunk);
  Scope scope;
  scope_ = &scope;
  for (const Variable& variable : code_.variables) {
    const Symbol& symbol = program_.symbols[variable.symbol];
    if (!declared[variable.symbol] || symbol.ui != UiKind::none) declare(variable.symbol, symbol.span);
  }
  // The variable of a flow holds its number.
  for (size_t flow = 0; flow < program_.flows.size(); ++flow) {
    const auto found = global_.find(program_.flows[flow].symbol);
    if (found == global_.end()) continue;
    emit(Opcode::push_int, static_cast<int32_t>(flow));
    emit(Opcode::store_global, static_cast<int32_t>(found->second));
  }
  emit(Opcode::leave);
  scope_ = nullptr;
  end_chunk(chunk);
  code_.preamble = static_cast<int32_t>(chunk);
}

void Compiler::compile_entries() {
  std::vector<std::pair<NameId, std::vector<BlockId>>> kinds;
  for (const Callback& callback : program_.callbacks) {
    if (callback.control != kNone) {
      code_.control_callbacks.try_emplace(callback.control, compile_chunk({callback.body}, new_chunk()));
      continue;
    }
    auto found = std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.first == callback.kind; });
    if (found == kinds.end()) found = kinds.insert(kinds.end(), {callback.kind, {}});
    found->second.push_back(callback.body);
  }
  for (const auto& [kind, blocks] : kinds) {
    std::string_view name = program_.name(kind);
    if (name.starts_with('_')) name.remove_prefix(1);
    code_.callbacks.emplace_back(std::string(name), compile_chunk(blocks, new_chunk()));
  }
  for (const NodeDef& node : program_.nodes) {
    for (const NodeCallback& callback : node.callbacks) {
      if (callback.body == kNone || code_.blocks.contains(callback.body)) continue;
      code_.blocks[callback.body] = compile_chunk({callback.body}, new_chunk());
      code_.note_pass[callback.body] = program_.name(callback.name) == "NotePass";
    }
  }
}

uint32_t Compiler::compile_chunk(std::vector<BlockId> blocks, uint32_t chunk) {
  begin_chunk(chunk);
  Scope scope;
  scope_ = &scope;
  for (const BlockId id : blocks) block(id);
  emit(Opcode::leave);
  scope_ = nullptr;
  end_chunk(chunk);
  return chunk;
}

void Compiler::compile_pending() {
  for (size_t i = 0; i < pending_.size() && code_.error.empty(); ++i) {
    const Pending pending = pending_[i];
    compile_function_chunk(pending);
  }
}

// A task function or a `call`ed one. Its results are the var and out parameters, after the declared result if any.
void Compiler::compile_function_chunk(const Pending& pending) {
  const Function& function = program_.functions[pending.function];
  begin_chunk(pending.chunk);
  code_.chunks[pending.chunk].arguments = static_cast<uint32_t>(function.parameters.size());
  Scope scope;
  scope.function = pending.function;
  scope.catches_exit = true;
  scope_ = &scope;
  for (const SymbolId parameter : function.parameters) scope.slots.emplace_back(parameter, new_slot());
  if (function.result != kNone) slot_of(function.result);
  block(function.body);
  for (const size_t exit : scope.exits) patch(exit);
  int32_t results = 0;
  if (function.result != kNone) {
    emit(Opcode::load_local, static_cast<int32_t>(slot_of(function.result)));
    ++results;
  }
  for (const SymbolId parameter : function.parameters) {
    const ParameterMode mode = program_.symbols[parameter].mode;
    if (mode != ParameterMode::var && mode != ParameterMode::out) continue;
    emit(Opcode::load_local, static_cast<int32_t>(slot_of(parameter)));
    ++results;
  }
  emit(Opcode::leave, results);
  scope_ = nullptr;
  end_chunk(pending.chunk);
}

uint32_t Compiler::new_chunk() {
  code_.chunks.emplace_back();
  return static_cast<uint32_t>(code_.chunks.size() - 1);
}

void Compiler::begin_chunk(uint32_t chunk) {
  code_.chunks[chunk].first = static_cast<uint32_t>(here());
  frame_ = depth_ = max_depth_ = 0;
  loops_.clear();
  counters_.clear();
}

void Compiler::end_chunk(uint32_t chunk) {
  code_.chunks[chunk].locals = frame_;
  code_.chunks[chunk].max_stack = max_depth_ + 2;
  code_.chunks[chunk].loop_counters = counters_;
}

uint32_t Compiler::chunk_for(FunctionId function) {
  const auto [found, inserted] = function_chunk_.try_emplace(function, 0);
  if (inserted) {
    found->second = new_chunk();
    pending_.push_back({found->second, function});
  }
  return found->second;
}

// --------------------------------------------------------------------------------------------------- emission

size_t Compiler::emit(Opcode op, int32_t a, int b, int effect, uint8_t flag) {
  if (here() >= kMaxInstructions) {
    fail(
        "the program grows too large when its functions are inlined: a function that is called from many places can "
        "be called with `call` instead",
        span_);
    return 0;
  }
  Instruction instruction;
  instruction.op = op;
  instruction.flag = flag;
  instruction.a = a;
  instruction.b = static_cast<uint16_t>(b);
  code_.instructions.push_back(instruction);
  code_.spans.push_back(span_);
  const int change = effect == kVaries ? kEffects[static_cast<size_t>(op)] : effect;
  depth_ = static_cast<uint32_t>(static_cast<int>(depth_) + (change == kVaries ? 0 : change));
  max_depth_ = std::max(max_depth_, depth_);
  return here() - 1;
}

void Compiler::patch(size_t jump) { code_.instructions[jump].a = static_cast<int32_t>(here()); }

uint32_t Compiler::new_slot(uint32_t cells) {
  const uint32_t slot = frame_;
  frame_ = std::min(frame_ + cells, kMaxCells);
  if (frame_ >= kMaxCells) fail("the local variables of one callback need too much memory", span_);
  return slot;
}

uint32_t Compiler::slot_of(SymbolId id) {
  for (const auto& [symbol, slot] : scope_->slots) {
    if (symbol == id) return slot;
  }
  const uint32_t slot = new_slot();
  scope_->slots.emplace_back(id, slot);
  return slot;
}

int32_t Compiler::real_constant(double value) {
  code_.reals.push_back(value);
  return static_cast<int32_t>(code_.reals.size() - 1);
}

int32_t Compiler::string_constant(std::string_view text) {
  const auto [found, inserted] =
      code_.string_ids.try_emplace(std::string(text), static_cast<int32_t>(code_.strings.size()));
  if (inserted) code_.strings.emplace_back(text);
  return found->second;
}

int32_t Compiler::field_constant(const Expr& expr) {
  const FieldInfo wanted{program_.name(expr.name), program_.name(expr.field)};
  for (size_t i = 0; i < code_.fields.size(); ++i) {
    if (code_.fields[i].type == wanted.type && code_.fields[i].field == wanted.field) return static_cast<int32_t>(i);
  }
  code_.fields.push_back(wanted);
  return static_cast<int32_t>(code_.fields.size() - 1);
}

void Compiler::fail(const std::string& message, Span span) {
  if (!code_.error.empty()) return;
  code_.error = message;
  const Span user = program_.user_span(span);
  if (user.file == kNone || user.file >= program_.files.size()) return;
  const SourceFile& file = program_.files[user.file];
  code_.error = file.path + ":" + std::to_string(file.position(user.begin).line) + ": " + message;
}

bool Compiler::enter(Span span) {
  if (++nesting_ <= kMaxCompilerNesting && code_.error.empty()) return true;
  fail("functions and expressions are nested too deeply", span);
  return false;
}

}  // namespace fermata::runtime
