// The state of a run, what the kernel asks of it, and what it writes down.
#include "runtime/session.h"

#include <algorithm>

#include "runtime/builtins.h"

namespace fermata::runtime {

Session::Session(const Program& program, const Assume& assume, const Code& code, const Bounds& bounds, bool recording,
                 const KernelOptions& options)
    : events(*this),
      program_(program),
      assume_(assume),
      code_(code),
      bounds_(bounds),
      options_(options),
      recording_(recording),
      memory_(code.globals) {
  lists_.resize(code.lists);
  note_chunk_ = code.chunk_of("note");
  release_chunk_ = code.chunk_of("release");
  controller_chunk_ = code.chunk_of("controller");
  listener_chunk_ = code.chunk_of("listener");
  midi_chunk_ = code.chunk_of("midi_in");
}

Snapshot Session::save() const {
  Snapshot out;
  out.state = *this;
  out.memory = memory_.save();
  out.events = events.state();
  for (const auto& [serial, task] : waiting_) out.waiting.push_back(*task);
  std::sort(out.waiting.begin(), out.waiting.end(), [](const Task& a, const Task& b) { return a.serial < b.serial; });
  if (kernel_) out.kernel = kernel_->save();
  return out;
}

void Session::load(const Snapshot& snapshot) {
  static_cast<SessionState&>(*this) = snapshot.state;
  memory_.load(snapshot.memory);
  events.load(snapshot.events);
  free_.clear();
  waiting_.clear();
  for (const auto& task : tasks_) {
    task->serial = 0;
    free_.push_back(task.get());
  }
  for (const Task& saved : snapshot.waiting) {
    Task& task = place_for_task();
    task = saved;
    waiting_.emplace(task.serial, &task);
  }
  if (kernel_) kernel_->load(*snapshot.kernel);
  current_ = nullptr;
  ambient_ = Occasion{};
  nesting_ = 0;
}

Span Session::here() const {
  if (current_ == nullptr || current_->frames.empty()) return {};
  const uint32_t pc = current_->frames.back().pc;
  return pc == 0 ? Span{} : code_.spans[pc - 1];
}

void Session::after(Microseconds delay, KernelAction action) {
  agenda.at(now() + std::max<Microseconds>(delay, 0), {Action::Kind::kernel, 0, 0, action});
}

// Each kind once for each place.
void Session::fault(std::string_view kind) {
  constexpr size_t kMostFaults = 1000;
  const Span at = here();
  const uint64_t place = (uint64_t{at.file} << 32 | at.begin) * 0x9e3779b97f4a7c15ull ^ at.expansion;
  if (!faults_seen_.insert(place ^ std::hash<std::string_view>{}(kind)).second) return;
  if (report_.faults.size() < kMostFaults) report_.faults.push_back({std::string(kind), at, now()});
}

void Session::record(TimelineEntry entry) {
  if (!recording_) return;
  if (report_.timeline.size() >= bounds_.timeline_entries) {
    report_.timeline_cut = true;
    return;
  }
  if (entry.at == 0) entry.at = now();
  if (entry.span.file == kNone) entry.span = here();
  report_.timeline.push_back(std::move(entry));
}

void Session::story(std::string_view what, std::string text, int event, std::string_view owner) {
  if (!recording_) return;
  TimelineEntry entry;
  entry.what = what;
  entry.text = std::move(text);
  entry.event = event;
  entry.owner = owner;
  if (event >= 0) {
    entry.voice = events[event].voice;
    entry.parent = events[event].parent;
    entry.name = "note " + std::to_string(events[event].note);
  } else if (current_ != nullptr && current_->self >= 0 && kernel_) {
    entry.voice = kernel_->number_of(current_->self);
  }
  record(std::move(entry));
}

void Session::input_story(std::string text, int key, int controller, int value) {
  TimelineEntry entry;
  entry.what = "input";
  entry.text = std::move(text);
  entry.key = key;
  entry.controller = controller;
  entry.value = value;
  record(std::move(entry));
}

int Session::tone_begins(int note, int velocity) {
  constexpr size_t kMost = 1'000'000;
  if (!recording_ || report_.tones.size() >= kMost) return -1;
  report_.tones.push_back({note, velocity, now(), -1, -1, 0});
  return static_cast<int>(report_.tones.size()) - 1;
}

void Session::tone_fades(int tone, Microseconds time) {
  if (tone < 0) return;
  report_.tones[static_cast<size_t>(tone)].fades_from = now();
  report_.tones[static_cast<size_t>(tone)].fade = time;
}

void Session::tone_ends(int tone) {
  if (tone >= 0 && report_.tones[static_cast<size_t>(tone)].to < 0) report_.tones[static_cast<size_t>(tone)].to = now();
}

Value Session::random(Value lo, Value hi) {
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  if (hi <= lo) return lo;
  return lo + static_cast<Value>(random_ % static_cast<uint64_t>(hi - lo + 1));
}

int32_t Session::stored(int64_t key) const {
  const auto found = stored_.find(key);
  return found == stored_.end() ? 0 : found->second;
}

// A control's value is its variable; other parameters are only kept.
int32_t Session::control_parameter(int32_t ui, int32_t parameter) const {
  const int64_t index = int64_t{ui} - kFirstUiId;
  if (index >= 0 && index < static_cast<int64_t>(code_.variables.size()) &&
      parameter == engine_constants().control_par_value) {
    const Variable& variable = code_.variables[static_cast<size_t>(index)];
    if (variable.array < 0) return static_cast<int32_t>(memory_[variable.offset].i);
  }
  return stored((int64_t{ui} << 32) | static_cast<uint32_t>(parameter));
}

void Session::set_control_parameter(int32_t ui, int32_t parameter, int32_t value) {
  const int64_t index = int64_t{ui} - kFirstUiId;
  if (index >= 0 && index < static_cast<int64_t>(code_.variables.size()) &&
      parameter == engine_constants().control_par_value) {
    const Variable& variable = code_.variables[static_cast<size_t>(index)];
    const bool integer = program_.symbols[variable.symbol].type == ValueType::integer;
    if (variable.array < 0 && integer) memory_.store(variable.offset, integer_cell(value));
    return;
  }
  store((int64_t{ui} << 32) | static_cast<uint32_t>(parameter), value);
}

void Session::set_listener(int32_t signal, int32_t parameter) {
  const EngineConstants& names = engine_constants();
  if (signal == names.signal_start) hears_start_ = parameter != 0;
  if (signal == names.signal_stop) hears_stop_ = parameter != 0;
  if (signal == names.signal_ms) milliseconds_ = {parameter, 1, now(), 0};
  // The parameter divides the quarter note of 120 beats a minute.
  if (signal == names.signal_beat) beat_ = {parameter > 0 ? 500'000 : 0, std::max(parameter, 1), now(), 0};
}

}  // namespace fermata::runtime
