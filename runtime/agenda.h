// What is due: timers in virtual time, and actions of the running instant. Both keep the order in which they were set.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <utility>

#include "runtime/host.h"

namespace fermata::runtime {

// Plain data for the same reason as KernelAction.
struct Action {
  enum class Kind : uint8_t {
    wake,               // the task `number` from its wait `detail`
    finish_async,       // the operation `number`
    pgs_changed,        // the callback
    end_event,          // the event `number`, when its time is up; detail: by its duration
    release_event,      // the event `number`: its release callback, which may swallow it
    release_swallowed,  // the event `number`: its second release callback, then its end
    kernel
  };
  Kind kind = Kind::kernel;
  int64_t number = 0;
  uint64_t detail = 0;
  KernelAction kernel;
};

class Agenda {
 public:
  // Names a timer; number 0: none.
  struct Ticket {
    Microseconds when = 0;
    uint64_t number = 0;
    explicit operator bool() const { return number != 0; }
    friend auto operator<=>(const Ticket&, const Ticket&) = default;
  };

  Microseconds now() const { return now_; }
  void advance(Microseconds to) { now_ = std::max(now_, to); }

  Ticket at(Microseconds when, Action action) {
    const Ticket ticket{when, ++last_};
    timers_.emplace(ticket, action);
    return ticket;
  }
  void cancel(Ticket ticket) { timers_.erase(ticket); }
  void post(Action action) { posted_.push_back(action); }

  bool has_timer() const { return !timers_.empty(); }
  Microseconds next_timer() const { return timers_.begin()->first.when; }
  size_t pending() const { return timers_.size() + posted_.size(); }
  template <typename F>
  void for_each(F&& f) const {  // of the timers, in their order
    for (const auto& [ticket, action] : timers_) f(ticket.when, action);
  }
  bool has_posted() const { return !posted_.empty(); }

  Action take_posted() {
    const Action action = posted_.front();
    posted_.pop_front();
    return action;
  }
  Action take_timer() {
    auto due = timers_.extract(timers_.begin());
    advance(due.key().when);
    return due.mapped();
  }

 private:
  std::map<Ticket, Action> timers_;
  std::deque<Action> posted_;
  Microseconds now_ = 0;
  uint64_t last_ = 0;
};

}  // namespace fermata::runtime
