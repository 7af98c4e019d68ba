// What is due: timers in virtual time, and actions of the running instant. Both keep the order in which they were set.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "runtime/runtime.h"

namespace fermata::runtime {

class Agenda {
 public:
  using Ticket = uint64_t;
  using Action = std::function<void()>;

  Microseconds now() const { return now_; }
  void advance(Microseconds to) { now_ = std::max(now_, to); }

  Ticket at(Microseconds when, Action action) {
    const Ticket ticket = next_++;
    heap_.push_back({when, ticket, std::move(action)});
    std::push_heap(heap_.begin(), heap_.end(), later);
    ++live_;
    return ticket;
  }
  // A cancelled timer is no longer pending; its place in the heap goes when its time has come.
  void cancel(Ticket ticket) {
    for (Timer& timer : heap_) {
      if (timer.ticket != ticket || !timer.action) continue;
      timer.action = nullptr;
      --live_;
      return;
    }
  }
  void post(Action action) { posted_.push_back(std::move(action)); }

  bool has_timer() {
    drop_cancelled();
    return !heap_.empty();
  }
  Microseconds next_timer() const { return heap_.front().when; }
  size_t pending() const { return live_ + posted_.size(); }
  bool has_posted() const { return !posted_.empty(); }

  Action take_posted() {
    Action action = std::move(posted_.front());
    posted_.pop_front();
    return action;
  }
  Action take_timer() {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Timer timer = std::move(heap_.back());
    heap_.pop_back();
    --live_;
    advance(timer.when);
    return std::move(timer.action);
  }

 private:
  struct Timer {
    Microseconds when = 0;
    Ticket ticket = 0;
    Action action;
  };
  static bool later(const Timer& a, const Timer& b) { return a.when != b.when ? a.when > b.when : a.ticket > b.ticket; }
  void drop_cancelled() {
    while (!heap_.empty() && !heap_.front().action) {
      std::pop_heap(heap_.begin(), heap_.end(), later);
      heap_.pop_back();
    }
  }

  std::vector<Timer> heap_;
  std::deque<Action> posted_;
  Microseconds now_ = 0;
  Ticket next_ = 1;
  size_t live_ = 0;
};

}  // namespace fermata::runtime
