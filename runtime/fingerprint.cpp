// What of a session decides how it goes on.
#include "runtime/fingerprint.h"

#include <algorithm>

#include "runtime/session.h"

namespace fermata::runtime {

void Events::add_to(Fingerprint& print) const {
  print.know_events(kFirstEventId, born_);
  for (const int number : live_) print.know_event(number);
  const size_t cells = session_.code().polyphonic;
  for (const int number : live_) {
    const Event& event = (*this)[number];
    for (const int32_t value : {event.key, event.note, event.velocity, event.channel}) print.add(value);
    print.add_event(event.parent);
    print.add_voice(event.voice);
    print.add(event.marks);
    print.add(event.held | event.gate << 1 | event.sounding << 2 | event.latched << 3 | event.swallowed << 4 |
              event.releasing << 5 | event.timed << 6);
    print.add(event.birth);
    print.add(event.loss_at);
    for (const int32_t value : event.parameters) print.add_value(value);
    const size_t place = place_.find(number)->second;
    for (size_t i = 0; i < cells; ++i) print.add_value(polyphonic_[place * cells + i].i);
  }
  for (const int number : by_key_) print.add_event(number);
  for (size_t channel = 0; channel < sustain_.size(); ++channel)
    print.add(sustain_[channel] | sostenuto_[channel] << 1);
}

void Session::add_tasks(Fingerprint& print) const {
  std::vector<const Task*> tasks;
  for (const auto& [serial, task] : waiting_) tasks.push_back(task);
  std::sort(tasks.begin(), tasks.end(), [](const Task* a, const Task* b) { return a->serial < b->serial; });
  for (const Task* task : tasks) {
    print.add(static_cast<int64_t>(task->kind));
    const Occasion& o = task->occasion;
    print.add_event(o.event);
    for (const int value : {o.controller, o.value, o.channel, o.midi_command, o.midi_byte_1, o.midi_byte_2, o.signal})
      print.add(value);
    print.add(task->self);
    print.add(task->nenv);
    for (uint32_t i = 0; i < task->top; ++i) print.add_value(task->stack[i].i);
    for (const Frame& frame : task->frames) print.add(int64_t{frame.chunk} << 32 | frame.pc);
    for (const Cell cell : task->pushed) print.add_value(cell.i);
    print.add(task->note_pass | task->waited << 1 | task->skip_waits << 2 | task->swallowed << 3);
    print.add(task->wake.when - now());
  }
}

uint64_t Session::fingerprint() const {
  Fingerprint print;
  if (kernel_) kernel_->name_voices(print);
  events.add_to(print);
  memory_.for_each_change([&](uint32_t page, std::span<const Cell> cells) {
    print.add(page);
    for (const Cell cell : cells) print.add_value(cell.i);
  });
  for (const auto& list : lists_) {
    print.add(static_cast<int64_t>(list.size()));
    for (const Cell cell : list) print.add_value(cell.i);
  }
  uint64_t stored = 0;  // in any order
  for (const auto& [key, value] : stored_) {
    Fingerprint pair;
    pair.add(key);
    pair.add(value);
    stored += pair.result();
  }
  print.add(static_cast<int64_t>(stored));
  add_tasks(print);
  agenda.for_each([&](Microseconds when, const Action& action) {
    print.add(when - now());
    print.add(static_cast<int64_t>(action.kind));
    const bool of_event = action.kind != Action::Kind::wake && action.kind != Action::Kind::finish_async;
    if (of_event) print.add_event(action.number);
    print.add(action.kernel.what);
    print.add(action.kernel.slot);
    print.add_voice(action.kernel.number);
    print.add(action.kernel.detail);
  });
  for (const auto& [note, channel] : held_) print.add(note << 8 | channel);
  for (const int32_t value : cc_) print.add(value);
  for (const auto& channel : channel_cc_) {
    for (size_t i = 0; i < channel.size(); ++i) {
      if (channel[i] != 0) print.add(static_cast<int64_t>(i << 8 | channel[i]));
    }
    print.add(-1);
  }
  print.add(transport_);
  for (const Ticker* ticker : {&milliseconds_, &beat_}) print.add(ticker->on() ? ticker->next() - now() : -1);
  if (kernel_) kernel_->add_to(print);
  return print.result();
}

}  // namespace fermata::runtime
