// A pool of numbered slots. A freed slot is used again before a fresh one, the longest free first: an index that a
// script kept beyond the end of its object soon means another object, as it does in a pool that is nearly full.
#pragma once

#include <cstddef>
#include <deque>

#include "runtime/host.h"

namespace fermata::runtime::ivls {

template <typename T>  // T has `bool live`
class Pool {
 public:
  explicit Pool(size_t capacity) : capacity_(capacity) {}

  // -1 when every slot is taken. The content of a used slot is what its last object left.
  Handle take() {
    Handle slot = -1;
    if (!free_.empty()) {
      slot = free_.front();
      free_.pop_front();
    } else if (slots_.size() < capacity_) {
      slot = static_cast<Handle>(slots_.size());
      slots_.emplace_back();
    } else {
      return -1;
    }
    (*this)[slot].live = true;
    return slot;
  }

  void give_back(Handle slot) {
    (*this)[slot].live = false;
    free_.push_back(slot);
  }

  bool is_live(Value slot) const {
    return slot >= 0 && static_cast<size_t>(slot) < slots_.size() && slots_[static_cast<size_t>(slot)].live;
  }
  bool has(Value slot) const { return slot >= 0 && static_cast<size_t>(slot) < slots_.size(); }
  size_t size() const { return slots_.size(); }
  T& operator[](Handle slot) { return slots_[static_cast<size_t>(slot)]; }
  const T& operator[](Handle slot) const { return slots_[static_cast<size_t>(slot)]; }

 private:
  size_t capacity_;
  std::deque<T> slots_;  // references stay good while it grows
  std::deque<Handle> free_;
};

}  // namespace fermata::runtime::ivls
