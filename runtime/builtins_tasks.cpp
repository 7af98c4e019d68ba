// Waits, the task control module, the framework's waits, listeners.
#include "runtime/builtins.h"
#include "runtime/session.h"

namespace fermata::runtime {
namespace {

Microseconds ticks(int32_t count) { return count * kQuarter / kTicksPerQuarter; }

// A plain wait takes no place among the waiting tasks, but in a node's callback it is one of them.
bool counts(const Arguments& a) { return a.task.kind == CallbackKind::node; }

Cell wait(const Arguments& a) {
  a.session.wait(a.task, a.integer(0), counts(a));
  return none();
}
Cell wait_ticks(const Arguments& a) {
  a.session.wait(a.task, ticks(a.integer(0)), counts(a));
  return none();
}
Cell wait_async(const Arguments& a) {
  a.session.wait_async(a.task, a.integer(0), counts(a));
  return none();
}
Cell task_wait(const Arguments& a) {
  a.session.wait(a.task, a.integer(0), true);
  return none();
}
Cell task_wait_ticks(const Arguments& a) {
  a.session.wait(a.task, ticks(a.integer(0)), true);
  return none();
}
Cell task_wait_ms(const Arguments& a) {
  a.session.wait(a.task, a.integer(0) * int64_t{1000}, true);
  return none();
}
Cell task_wait_async(const Arguments& a) {
  a.session.wait_async(a.task, a.integer(0), true);
  return none();
}
Cell stop_wait(const Arguments& a) {
  a.session.stop_wait(static_cast<uint32_t>(a.integer(0)), a.integer(1) != 0);
  return none();
}

Cell tcm_push(const Arguments& a) {
  constexpr size_t kDeepest = 32768;
  for (size_t i = 0; i < a.cells.size(); ++i) {
    if (a.task.pushed.size() >= kDeepest) {
      a.session.fault("task-stack-overflow");
      break;
    }
    a.task.pushed.push_back(integer_cell(a.integer(i)));
  }
  return none();
}
Cell tcm_pop(const Arguments& a) {
  if (a.task.pushed.empty()) {
    a.session.fault("task-stack-underflow");
    return none();
  }
  const Cell cell = a.task.pushed.back();
  a.task.pushed.pop_back();
  return cell;
}
Cell tcm_task(const Arguments& a) { return integer_cell(a.task.serial); }
Cell nothing(const Arguments&) { return none(); }

Cell set_listener(const Arguments& a) {
  a.session.set_listener(a.integer(0), a.integer(1));
  return none();
}
Cell reset_ksp_timer(const Arguments& a) {
  a.session.reset_timer();
  return none();
}
Cell ticks_to_ms(const Arguments& a) { return integer_cell(ticks(a.integer(0))); }
Cell ms_to_ticks(const Arguments& a) { return integer_cell(a.integer(0) * kTicksPerQuarter / kQuarter); }
Cell start_async(const Arguments& a) { return integer_cell(a.session.start_async()); }

constexpr Builtin kTaskFunctions[] = {
    {"wait", "i", wait},
    {"wait_ticks", "i", wait_ticks},
    {"wait_async", "i", wait_async},
    {"stop_wait", "ii", stop_wait},
    {"tcm.init", "i", nothing},
    {"tcm.wait", "i", task_wait},
    {"tcm.wait_ticks", "i", task_wait_ticks},
    {"tcm.wait_async", "i", task_wait_async},
    {"tcm.push", "*", tcm_push},
    {"tcm.pop", ">i", tcm_pop},
    {"tcm.task", "?i>i", tcm_task},
    {"tcm.exception", ">i", nothing},
    {"ivls.wait", "i", task_wait},
    {"ivls.wait_us", "i", task_wait},
    {"ivls.wait_ms", "i", task_wait_ms},
    {"ivls.wait_ticks", "i", task_wait_ticks},
    {"set_listener", "ii", set_listener},
    {"change_listener_par", "ii", set_listener},
    {"reset_ksp_timer", "", reset_ksp_timer},
    {"ticks_to_ms", "i>i", ticks_to_ms},
    {"ms_to_ticks", "i>i", ms_to_ticks},
    {"load_array", "..>i", start_async},
    {"load_array_str", "..>i", start_async},
    {"save_array", "..>i", start_async},
    {"save_array_str", "..>i", start_async},
    {"load_ir_sample", "*>i", start_async},
    {"load_ir_sample_m", "*>i", start_async},
    {"load_midi_file", "*>i", start_async},
    {"save_midi_file", "*>i", start_async},
    {"load_patch", "*>i", start_async},
    {"load_next_patch", "*>i", start_async},
    {"purge_group", "ii>i", start_async},
    {"set_sample", "*>i", start_async},
    {"set_zone_par", "*>i", start_async},
    {"set_loop_par", "*>i", start_async},
    {"request_value_async", "*>i", start_async},
    {"set_value_async", "*>i", start_async},
    {"set_value_async_str", "*>i", start_async},
};

}  // namespace

std::span<const Builtin> task_builtins() { return kTaskFunctions; }

}  // namespace fermata::runtime
