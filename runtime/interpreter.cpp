// The loop that runs a task until it waits or ends.
#include <algorithm>
#include <cstdio>

#include "runtime/arithmetic.h"
#include "runtime/builtins.h"
#include "runtime/session.h"

namespace fermata::runtime {
namespace {

std::string real_text(double value) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.6f", value);
  return buffer;
}

}  // namespace

void Session::enter_chunk(Task& task, uint32_t chunk, uint32_t arguments) {
  constexpr size_t kDeepestCalls = 1000;
  const Chunk& info = code_.chunks[chunk];
  if (task.frames.size() >= kDeepestCalls) return stop("calls");
  const uint32_t base = task.top - arguments;
  const size_t needed = size_t{base} + info.locals + info.max_stack;
  if (task.stack.size() < needed) task.stack.resize(needed);
  std::fill(task.stack.begin() + task.top, task.stack.begin() + base + info.locals, Cell{0});
  task.top = base + info.locals;
  task.frames.push_back({chunk, info.first, base});
}

// True when that was the last frame.
bool Session::leave_chunk(Task& task, uint32_t results) {
  const Frame frame = task.frames.back();
  std::copy_n(task.stack.begin() + (task.top - results), results, task.stack.begin() + frame.base);
  task.top = frame.base + results;
  task.frames.pop_back();
  return task.frames.empty();
}

bool Session::too_much() {
  constexpr size_t kTask = sizeof(Task) + 512;
  return memory_.bytes() + charged_ + tasks_.size() * kTask + events.bytes() > bounds_.memory;
}

void Session::stop(std::string_view bound) {
  if (stopped_) return;
  stopped_ = true;
  report_.bound = bound;
}

void Session::unknown(std::string_view name) {
  std::vector<std::string>& names = report_.unknown_calls;
  if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
}

// True when the task has ended; false when it waits or the run was stopped.
bool Session::execute(Task& task) {
  while (!stopped_) {
    if (++steps_ > bounds_.steps || (steps_ % 4096 == 0 && too_much())) {
      stop(steps_ > bounds_.steps ? "steps" : "memory");
      return false;
    }
    const Instruction& instruction = code_.instructions[task.frames.back().pc++];
    const Opcode op = instruction.op;
    if (op <= Opcode::size_of) {
      memory(task, instruction);
    } else if (op < Opcode::jump) {
      numbers(task, instruction);
    } else {
      if (control(task, instruction)) return true;
      if (task.waiting) return false;
    }
  }
  return false;
}

void Session::memory(Task& task, const Instruction& instruction) {
  Cell* const stack = task.stack.data();
  Cell* const frame = stack + task.frames.back().base;
  const int32_t a = instruction.a;
  uint32_t& top = task.top;
  switch (instruction.op) {
    case Opcode::push_int:
      stack[top++] = integer_cell(a);
      return;
    case Opcode::push_real:
      stack[top++] = real_cell(code_.reals[static_cast<size_t>(a)]);
      return;
    case Opcode::pop:
      --top;
      return;
    case Opcode::drop:
      top -= static_cast<uint32_t>(a);
      return;
    case Opcode::load_global:
      stack[top++] = memory_[static_cast<size_t>(a)];
      return;
    case Opcode::store_global:
      memory_.store(static_cast<size_t>(a), stack[--top]);
      return;
    case Opcode::load_local:
      stack[top++] = frame[a];
      return;
    case Opcode::store_local:
      frame[a] = stack[--top];
      return;
    case Opcode::load_polyphonic:
      stack[top++] = task.occasion.event < 0 ? Cell{0} : events.polyphonic(task.occasion.event, a);
      if (task.occasion.event < 0 && !in_init_) fault("polyphonic-without-note");
      return;
    case Opcode::store_polyphonic:
      --top;
      if (task.occasion.event >= 0) {
        events.polyphonic(task.occasion.event, a) = stack[top];
      } else if (!in_init_) {
        fault("polyphonic-without-note");
      }
      return;
    case Opcode::load_item:
      stack[top - 1] = load_item(task, code_.arrays[static_cast<size_t>(a)], stack[top - 1].i);
      return;
    case Opcode::store_item:
      top -= 2;
      store_item(task, code_.arrays[static_cast<size_t>(a)], stack[top].i, stack[top + 1], instruction.b != 0);
      return;
    case Opcode::load_variable:
      stack[top++] = variable(task, a);
      return;
    case Opcode::load_variable_item:
      stack[top - 1] = variable_item(task, a, stack[top - 1].i);
      return;
    case Opcode::load_field: {
      const FieldInfo& field = code_.fields[static_cast<size_t>(a)];
      const Value value = kernel_ ? kernel_->read_field(field.type, stack[top - 1].i, field.field) : 0;
      stack[top - 1] = integer_cell(value);
      return;
    }
    case Opcode::store_field: {
      const FieldInfo& field = code_.fields[static_cast<size_t>(a)];
      top -= 2;
      if (kernel_) kernel_->write_field(field.type, stack[top].i, field.field, stack[top + 1].i);
      return;
    }
    case Opcode::fill: {
      const std::span<Cell> cells = array(task, a);
      const auto from = static_cast<size_t>(stack[--top].i);
      if (from > 0 && from < cells.size())
        std::fill(cells.begin() + static_cast<long>(from), cells.end(), cells[from - 1]);
      return;
    }
    default:
      stack[top++] = integer_cell(static_cast<int64_t>(array(task, a).size()));
      return;
  }
}

void Session::numbers(Task& task, const Instruction& instruction) {
  Cell* const stack = task.stack.data();
  uint32_t& top = task.top;
  const Opcode op = instruction.op;
  if (op <= Opcode::ge) {
    --top;
    if (!integer_operator(op, stack[top - 1].i, stack[top].i, stack[top - 1])) fault("division-by-zero");
    return;
  }
  if (op <= Opcode::real_ge) {
    --top;
    stack[top - 1] = real_operator(op, stack[top - 1].r, stack[top].r);
    return;
  }
  Cell& value = stack[top - 1];
  switch (op) {
    case Opcode::neg:
      value = integer_cell(-value.i);
      return;
    case Opcode::real_neg:
      value.r = -value.r;
      return;
    case Opcode::bit_not:
      value = integer_cell(~value.i);
      return;
    case Opcode::logical_not:
      value = integer_cell(value.i == 0);
      return;
    case Opcode::to_real:
      value = real_cell(static_cast<double>(value.i));
      return;
    case Opcode::to_int:
      value = integer_cell(real_to_integer(value.r));
      return;
    case Opcode::int_to_string:
      value = integer_cell(intern(std::to_string(value.i)));
      return;
    case Opcode::real_to_string:
      value = integer_cell(intern(real_text(value.r)));
      return;
    default:
      --top;
      stack[top - 1] =
          integer_cell(intern(text(static_cast<int32_t>(stack[top - 1].i)) + text(static_cast<int32_t>(stack[top].i))));
  }
}

// True when the task has ended.
bool Session::control(Task& task, const Instruction& instruction) {
  uint32_t& top = task.top;
  Frame& frame = task.frames.back();
  const int32_t a = instruction.a;
  switch (instruction.op) {
    case Opcode::jump:
      frame.pc = static_cast<uint32_t>(a);
      return false;
    case Opcode::jump_if_zero:
      if (task.stack[--top].i == 0) frame.pc = static_cast<uint32_t>(a);
      return false;
    case Opcode::loop_enter:
      task.stack[frame.base + static_cast<uint32_t>(a)].i = 0;
      return false;
    case Opcode::loop_turn: {
      int64_t& turns = task.stack[frame.base + static_cast<uint32_t>(a)].i;
      const bool cut = ++turns > static_cast<int64_t>(bounds_.loop_turns);
      task.stack[top++] = integer_cell(cut ? 0 : 1);
      if (cut) fault("loop-cut-off");
      return false;
    }
    case Opcode::call:
      enter_chunk(task, static_cast<uint32_t>(a), instruction.b);
      return false;
    case Opcode::leave:
      return leave_chunk(task, static_cast<uint32_t>(a));
    case Opcode::invoke: {
      const uint32_t first = top - instruction.b;
      const Arguments arguments{*this, task, {task.stack.data() + first, instruction.b}, instruction.flag};
      const Cell result = builtin(a).function(arguments);
      top = first;
      task.stack[top++] = result;
      return false;
    }
    case Opcode::kernel:
      call_kernel(task, instruction);
      return false;
    default:
      unknown(program_.name(static_cast<NameId>(a)));
      top -= instruction.b;
      task.stack[top++] = Cell{0};
      return false;
  }
}

void Session::call_kernel(Task& task, const Instruction& instruction) {
  const std::string_view name = program_.name(static_cast<NameId>(instruction.a));
  const uint32_t first = task.top - instruction.b;
  std::vector<Value> values;
  for (uint32_t i = first; i < task.top; ++i) values.push_back(task.stack[i].i);
  std::optional<KernelResult> result;
  if (kernel_) result = kernel_->call(name, values, task.self, task.nenv);
  if (!result && (instruction.flag & kDiscarded) == 0) unknown(name);
  task.top = first;
  task.stack[task.top++] = integer_cell(result ? result->value : 0);
  if (result && result->wait >= 0) wait(task, result->wait, true);
}

// ------------------------------------------------------------------------------------------------------ arrays

std::vector<Cell>* Session::list(int32_t array) {
  if (array < 0) return nullptr;
  const ArrayInfo& info = code_.arrays[static_cast<size_t>(array)];
  return info.where == ArrayInfo::Where::list ? &lists_[info.offset] : nullptr;
}

std::span<Cell> Session::array(Task& task, int32_t array) {
  if (array < 0) return {};
  const ArrayInfo& info = code_.arrays[static_cast<size_t>(array)];
  switch (info.where) {
    case ArrayInfo::Where::list:
      return lists_[info.offset];
    case ArrayInfo::Where::local:
      return {task.stack.data() + task.frames.back().base + info.offset, info.size};
    default:
      return memory_.write(info.offset, info.size);
  }
}

Cell Session::load_item(Task& task, const ArrayInfo& info, int64_t index) {
  const auto at = static_cast<uint64_t>(index);
  if (info.where == ArrayInfo::Where::list) {
    if (at < lists_[info.offset].size()) return lists_[info.offset][at];
  } else if (at < info.size) {
    return info.where == ArrayInfo::Where::local ? task.stack[task.frames.back().base + info.offset + at]
                                                 : memory_[info.offset + at];
  }
  fault("index-out-of-range");
  return Cell{0};
}

void Session::store_item(Task& task, const ArrayInfo& info, int64_t index, Cell value, bool grow) {
  const auto at = static_cast<uint64_t>(index);
  if (info.where == ArrayInfo::Where::list) {
    std::vector<Cell>& cells = lists_[info.offset];
    if (grow && at == cells.size()) {
      cells.push_back(value);
      charge(sizeof(Cell));
    }
    if (at < cells.size()) {
      cells[at] = value;
      return;
    }
  } else if (at < info.size) {
    if (info.where == ArrayInfo::Where::local) {
      task.stack[task.frames.back().base + info.offset + at] = value;
    } else {
      memory_.store(info.offset + at, value);
    }
    return;
  }
  fault("index-out-of-range");
}

// ----------------------------------------------------------------------------------------------------- strings

const std::string& Session::text(int32_t id) const {
  static const std::string empty;
  const auto known = static_cast<int32_t>(code_.strings.size());
  if (id < 0 || id >= known + static_cast<int32_t>(texts_.size())) return empty;
  return id < known ? code_.strings[static_cast<size_t>(id)] : texts_[static_cast<size_t>(id - known)];
}

// Kontakt keeps 320 characters. A run that makes more texts than any script needs goes on with empty ones.
int32_t Session::intern(std::string text) {
  constexpr size_t kLongest = 320, kMost = 100'000;
  if (text.size() > kLongest) text.resize(kLongest);
  if (const auto found = code_.string_ids.find(text); found != code_.string_ids.end()) return found->second;
  if (const auto found = text_ids_.find(text); found != text_ids_.end()) return found->second;
  if (texts_.size() >= kMost) return 0;
  const auto id = static_cast<int32_t>(code_.strings.size() + texts_.size());
  charge(2 * (text.size() + 64));
  text_ids_.emplace(text, id);
  texts_.push_back(std::move(text));
  return id;
}

}  // namespace fermata::runtime
