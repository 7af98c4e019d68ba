// Tasks: how callbacks start, wait, wake and end.
#include <algorithm>

#include "runtime/session.h"

namespace fermata::runtime {
namespace {

constexpr uint32_t kMaxNestedTasks = 400;
constexpr Microseconds kAsyncTime = 1000;  // how long an asynchronous operation takes
constexpr size_t kMaxTasks = 200'000;

}  // namespace

Task* Session::new_task(uint32_t chunk, CallbackKind kind) {
  if (free_.empty()) {
    if (tasks_.size() >= kMaxTasks) {
      stop("tasks");
      return nullptr;
    }
    tasks_.push_back(std::make_unique<Task>());
    free_.push_back(tasks_.back().get());
  }
  Task* task = free_.back();
  free_.pop_back();
  std::vector<Cell> stack = std::move(task->stack);
  *task = Task{};
  task->stack = std::move(stack);
  task->serial = next_serial_++;
  task->kind = kind;
  enter_chunk(*task, chunk, 0);
  return task;
}

void Session::recycle(Task& task) {
  std::function<void()> on_end = std::move(task.on_end);
  task.on_end = nullptr;
  task.serial = 0;
  free_.push_back(&task);
  if (on_end) on_end();
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
  task->occasion = occasion;
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
    if (spec.on_end && !stopped_) spec.on_end();
    return true;
  }
  Task* task = new_task(found->second, CallbackKind::node);
  if (task == nullptr) return true;
  task->occasion = current_ != nullptr ? current_->occasion : ambient_;
  task->self = spec.self;
  task->nenv = spec.nenv;
  task->note_pass = code_.note_pass.at(spec.body);
  task->on_end = std::move(spec.on_end);
  return resume(*task);
}

Task* Session::find_task(uint32_t serial) {
  for (Task* task : waiting_) {
    if (task->serial == serial) return task;
  }
  return nullptr;
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
  task.waiting = task.waited = true;
  task.holds_slot = counts;
  slots_in_use_ += counts ? 1 : 0;
  const uint32_t serial = task.serial;
  waiting_.push_back(&task);
  const uint64_t number = ++waits_;
  task.wait_number = number;
  task.wake = agenda.at(now() + duration, [this, serial, number] { wake(serial, number); });
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
  waiting_.erase(std::find(waiting_.begin(), waiting_.end(), task));
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
  agenda.post([this, serial, number = task->wait_number] { wake(serial, number); });
}

int Session::start_async() {
  const int id = next_async_++;
  async_running_.insert(id);
  agenda.at(now() + kAsyncTime, [this, id] { finish_async(id); });
  return id;
}

void Session::finish_async(int id) {
  async_running_.erase(id);
  std::vector<std::pair<uint32_t, uint64_t>> waits;
  for (const Task* task : waiting_) {
    if (task->async_wait == id) waits.emplace_back(task->serial, task->wait_number);
  }
  Occasion occasion;
  occasion.async_id = id;
  occasion.async_status = 1;
  run_callback(code_.chunk_of("async_complete"), CallbackKind::async_complete, occasion);
  for (const auto& [serial, number] : waits) wake(serial, number);
}

void Session::changed_pgs() {
  const int32_t chunk = code_.chunk_of("pgs_changed");
  if (chunk < 0) return;
  agenda.post([this, chunk] { run_callback(chunk, CallbackKind::pgs_changed, Occasion{}); });
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
