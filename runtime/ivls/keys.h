// The keyboard as the framework sees it: strokes of keys, and the controllers that are pedals.
#pragma once

#include <array>
#include <vector>

#include "runtime/host.h"

namespace fermata::runtime::ivls {

constexpr size_t kChannels = 16;

class Keys {
 public:
  Keys() { down_.fill(-1); }

  // One note number is one key whatever its channel. -1: no key, or it is down already.
  int strike(int note);
  // The stroke that ends, or -1.
  int lift(int note);
  bool held(int press) const { return press >= 0 && down_[static_cast<size_t>(press % kNotes)] == press; }

  void set_controller(int number, int value, int channel);
  Value controller(Value number, Value channel) const;

 private:
  static constexpr int kNotes = 128;
  std::array<int, kNotes> down_{};
  int strokes_ = 0;  // a stroke is its count * 128 + its note
  std::array<std::array<int, 130>, kChannels> controllers_{};
};

}  // namespace fermata::runtime::ivls
