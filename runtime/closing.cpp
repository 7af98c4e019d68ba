// Time: the inputs in order, then the closing sequence, then until nothing is pending.
#include <algorithm>

#include "runtime/builtins.h"
#include "runtime/session.h"

namespace fermata::runtime {
namespace {

constexpr Microseconds kNever = INT64_MAX;
constexpr Microseconds kBeforeClosing = 1000;  // from the last input to the closing sequence

}  // namespace

void Session::drain() {
  while (agenda.has_posted() && !stopped_) perform(agenda.take_posted());
}

void Session::tick(bool beat) {
  Ticker& ticker = beat ? beat_ : milliseconds_;
  agenda.advance(ticker.next());
  ++ticker.count;
  Occasion occasion;
  occasion.signal = beat ? engine_constants().signal_beat : engine_constants().signal_ms;
  run_callback(listener_chunk_, CallbackKind::listener, occasion);
  signal_kernel("LCB", occasion);
  signal_kernel(beat ? "TimerBeatTick" : "TimerMsTick", occasion);
  drain();
}

// Does what is due next, not after `limit`: timers before ticks of the same time. False when nothing was due.
bool Session::step(Microseconds limit) {
  if (stopped_) return false;
  const Microseconds next = next_due();
  if (next == kNever || next > limit) return false;
  if (next > bounds_.time || ++steps_ > bounds_.steps || (steps_ % 4096 == 0 && too_much())) {
    stop(next > bounds_.time ? "time" : steps_ > bounds_.steps ? "steps" : "memory");
    return false;
  }
  if (agenda.has_timer() && agenda.next_timer() == next) {
    perform(agenda.take_timer());
    drain();
  } else {
    tick(!milliseconds_.on() || milliseconds_.next() != next);
  }
  return true;
}

Microseconds Session::next_due() const {
  const bool ticks = hears_ticks();
  const Microseconds timer = agenda.has_timer() ? agenda.next_timer() : kNever;
  const Microseconds milliseconds = ticks && milliseconds_.on() ? milliseconds_.next() : kNever;
  const Microseconds beat = ticks && beat_.on() ? beat_.next() : kNever;
  return std::min({timer, milliseconds, beat});
}

void Session::let_pass(Microseconds until) {
  while (step(until)) {
  }
  if (!stopped_) agenda.advance(until);
}

bool Session::let_pass_next() {
  const Microseconds due = next_due();
  if (due == kNever || stopped_) return false;
  let_pass(due);
  return !stopped_;
}

void Session::closing_sequence() {
  if (recording_) story("input", "the closing sequence begins");
  const std::vector<std::pair<int, int>> held = held_;
  for (const auto& [note, channel] : held) {
    note_off(note, channel);
    drain();
  }
  for (const int number : {64, assume_.sostenuto_cc}) {
    for (size_t channel = 0; channel < channel_cc_.size(); ++channel) {
      if (channel_cc_[channel][static_cast<size_t>(number)] == 0) continue;
      controller(number, 0, static_cast<int>(channel));
      drain();
    }
  }
  transport(false);
  drain();
}

// Ticks go on while work is pending, and after that only while something sounds that a listener could still end.
void Session::settle(Microseconds limit) {
  const bool ticking = hears_ticks() && (milliseconds_.on() || beat_.on());
  while (!stopped_) {
    const bool work = agenda.pending() > 0 || (kernel_ && kernel_->pending());
    if (!work && !(ticking && (events.any_hanging() || midi.any()))) return;
    if (!step(limit)) break;
  }
  if (agenda.pending() > 0 || !waiting_.empty()) report_.quiescent = false;
}

std::string Session::why_not(const Scenario& scenario) const {
  if (!code_.error.empty()) return code_.error;
  return memory_.ok() ? check(scenario) : "there is not enough memory for the script's variables";
}

Report Session::run(const Scenario& scenario) {
  report_.error = why_not(scenario);
  if (!report_.error.empty()) return std::move(report_);
  begin();
  return play(scenario);
}

Report Session::play(const Scenario& scenario) {
  report_.ran = true;
  for (const ScenarioEvent& event : scenario.events) {
    let_pass(event.at);
    if (event.at > bounds_.time) stop("time");
    if (stopped_) break;
    input(event);
  }
  return close();
}

Report Session::close() {
  report_.ran = true;
  const Microseconds closing = now() + kBeforeClosing;
  let_pass(closing);
  if (!stopped_) closing_sequence();
  settle(closing + std::max<Microseconds>(assume_.horizon_us, 0));
  return finish();
}

Report Session::finish() {
  if (stopped_) report_.quiescent = false;
  report_.end = now();
  if (kernel_) kernel_->collect(report_.hung, report_.leaked);
  std::vector<Lost> own;
  events.collect(own);
  midi.collect(own);
  for (const Lost& lost : own) {
    const bool told = std::any_of(report_.hung.begin(), report_.hung.end(),
                                  [&](const Lost& other) { return other.event >= 0 && other.event == lost.event; });
    if (!told) report_.hung.push_back(lost);
  }
  std::sort(report_.unknown_calls.begin(), report_.unknown_calls.end());
  return std::move(report_);
}

}  // namespace fermata::runtime
