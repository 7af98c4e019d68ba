// Tasks: how callbacks start, wait, wake and end.
#include <algorithm>

#include "runtime/session.h"

namespace fermata::runtime {
namespace {

constexpr uint32_t kMaxNestedTasks = 400;
constexpr Microseconds kAsyncTime = 1000;  // how long an asynchronous operation takes
constexpr size_t kMaxTasks = 200'000;

}  // namespace

Task& Session::place_for_task() {
  if (free_.empty()) {
    tasks_.push_back(std::make_unique<Task>());
    return *tasks_.back();
  }
  Task& task = *free_.back();
  free_.pop_back();
  return task;
}

Task* Session::new_task(uint32_t chunk, CallbackKind kind) {
  if (free_.empty() && tasks_.size() >= kMaxTasks) {
    stop("tasks");
    return nullptr;
  }
  Task* const task = &place_for_task();
  std::vector<Cell> stack = std::move(task->stack);
  *task = Task{};
  task->stack = std::move(stack);
  task->serial = next_serial_++;
  task->kind = kind;
  enter_chunk(*task, chunk, 0);
  return task;
}

void Session::recycle(Task& task) {
  const KernelAction on_end = task.on_end;
  set_occasion(task, Occasion{});
  task.serial = 0;
  free_.push_back(&task);
  if (on_end.what != 0) kernel_->perform(on_end);
}

// The event is kept for as long as a callback speaks of it.
void Session::set_occasion(Task& task, const Occasion& occasion) {
  if (occasion.event >= 0) events.hold(occasion.event);
  if (task.occasion.event >= 0) events.let_go(task.occasion.event);
  task.occasion = occasion;
}

// Runs on until the next wait or the end. True when the task has ended (it is gone then).
bool Session::resume(Task& task) {
  if (nesting_ >= kMaxNestedTasks) {
    stop("nesting");
    return false;
  }
  ++nesting_;
  Task* const outer = current_;
  current_ = &task;
  const bool ended = execute(task);
  current_ = outer;
  --nesting_;
  if (ended) recycle(task);
  return ended;
}

bool Session::run_callback(int32_t chunk, CallbackKind kind, const Occasion& occasion, bool* swallowed,
                           Span* swallowed_at) {
  if (chunk < 0 || stopped_) return true;
  Task* task = new_task(static_cast<uint32_t>(chunk), kind);
  if (task == nullptr) return true;
  set_occasion(*task, occasion);
  Task* const outer = current_;
  current_ = task;
  const bool ended = execute(*task);
  current_ = outer;
  if (swallowed != nullptr) *swallowed = task->swallowed;
  if (swallowed_at != nullptr) *swallowed_at = task->swallowed_at;
  if (ended) recycle(*task);
  return ended;
}

bool Session::start(TaskSpec spec) {
  const auto found = code_.blocks.find(spec.body);
  if (found == code_.blocks.end() || stopped_) {
    if (spec.on_end.what != 0 && !stopped_) kernel_->perform(spec.on_end);
    return true;
  }
  Task* task = new_task(found->second, CallbackKind::node);
  if (task == nullptr) return true;
  set_occasion(*task, current_ != nullptr ? current_->occasion : ambient_);
  task->self = spec.self;
  task->nenv = spec.nenv;
  task->note_pass = code_.note_pass.at(spec.body);
  task->on_end = spec.on_end;
  return resume(*task);
}

Task* Session::find_task(uint32_t serial) {
  const auto found = waiting_.find(serial);
  return found == waiting_.end() ? nullptr : found->second;
}

// ------------------------------------------------------------------------------------------------------- waits

void Session::wait(Task& task, Microseconds duration, bool counts) {
  if (task.note_pass) {
    fault("wait-in-note-pass");
    return;
  }
  if (duration <= 0 || task.skip_waits || in_init_) return;
  if (counts && slots_in_use_ >= static_cast<uint32_t>(std::max(assume_.tcm_tasks, 0))) {
    fault("too-many-tasks");
    return;
  }
  for (const Frame& frame : task.frames) {  // only turns without a wait count against the guard
    for (const uint32_t counter : code_.chunks[frame.chunk].loop_counters) task.stack[frame.base + counter].i = 0;
  }
  task.waiting = task.waited = true;
  task.holds_slot = counts;
  slots_in_use_ += counts ? 1 : 0;
  waiting_.emplace(task.serial, &task);
  task.wait_number = ++waits_;
  task.wake = agenda.at(now() + duration, {Action::Kind::wake, task.serial, task.wait_number, {}});
  if (recording_) story("wait", "waits " + std::to_string(duration) + " µs", task.occasion.event);
}

void Session::wait_async(Task& task, int id, bool counts) {
  if (!async_running_.contains(id)) return;
  wait(task, kAsyncTime + 1, counts);
  if (task.waiting) task.async_wait = id;
}

// The wait of that number, if it is still the one.
void Session::wake(uint32_t serial, uint64_t number) {
  Task* task = find_task(serial);
  if (task == nullptr || task->wait_number != number) return;
  waiting_.erase(serial);
  if (task->holds_slot) --slots_in_use_;
  task->holds_slot = task->waiting = false;
  task->async_wait = -1;
  agenda.cancel(task->wake);
  if (recording_) {
    Task* const outer = current_;
    current_ = task;
    story("wake", "goes on after its wait", task->occasion.event);
    current_ = outer;
  }
  resume(*task);
}

void Session::stop_wait(uint32_t serial, bool later_ones) {
  for (const auto& owned : tasks_) {
    if (owned->serial == serial && serial != 0 && later_ones) owned->skip_waits = true;
  }
  Task* task = find_task(serial);
  if (task == nullptr) return;
  agenda.cancel(task->wake);
  agenda.post({Action::Kind::wake, serial, task->wait_number, {}});
}

int Session::start_async() {
  const int id = next_async_++;
  async_running_.insert(id);
  agenda.at(now() + kAsyncTime, {Action::Kind::finish_async, id, 0, {}});
  return id;
}

void Session::finish_async(int id) {
  async_running_.erase(id);
  std::vector<std::pair<uint64_t, uint32_t>> waits;  // in the order in which they began
  for (const auto& [serial, task] : waiting_) {
    if (task->async_wait == id) waits.emplace_back(task->wait_number, serial);
  }
  std::sort(waits.begin(), waits.end());
  Occasion occasion;
  occasion.async_id = id;
  occasion.async_status = 1;
  run_callback(code_.chunk_of("async_complete"), CallbackKind::async_complete, occasion);
  for (const auto& [number, serial] : waits) wake(serial, number);
}

void Session::changed_pgs() {
  if (code_.chunk_of("pgs_changed") >= 0) agenda.post({Action::Kind::pgs_changed, 0, 0, {}});
}

void Session::perform(const Action& action) {
  switch (action.kind) {
    case Action::Kind::wake:
      return wake(static_cast<uint32_t>(action.number), action.detail);
    case Action::Kind::finish_async:
      return finish_async(static_cast<int>(action.number));
    case Action::Kind::pgs_changed:
      run_callback(code_.chunk_of("pgs_changed"), CallbackKind::pgs_changed, Occasion{});
      return;
    case Action::Kind::end_event:
      return events.time_is_up(static_cast<int>(action.number), action.detail != 0);
    case Action::Kind::release_event:
      return events.release_due(static_cast<int>(action.number));
    case Action::Kind::release_swallowed:
      return events.second_release_due(static_cast<int>(action.number));
    case Action::Kind::kernel:
      return kernel_->perform(action.kernel);
  }
}

bool Session::run_release(int event, Span& swallowed_at) {
  Occasion occasion;
  occasion.event = event;
  occasion.channel = events[event].channel;
  if (recording_ && release_chunk_ >= 0) story("callback", "the release callback runs", event);
  bool swallowed = false;
  run_callback(release_chunk_, CallbackKind::release, occasion, &swallowed, &swallowed_at);
  return swallowed;
}

}  // namespace fermata::runtime
