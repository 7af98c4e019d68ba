// What a multi script sends on: note-ons that wait for their note-offs, by channel and pitch.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "runtime/runtime.h"

namespace fermata::runtime {

class MidiOut {
 public:
  // `origin`: the set_midi call, or the header of the callback that let the message pass.
  void send(int channel, int command, int byte_1, int byte_2, Span origin, bool passed, Microseconds now);
  // A note-off was kept back: if a passed note-on waits for it, this is where it was lost.
  void dropped(int channel, int note, Span at, Microseconds now);
  bool any() const { return !sounding_.empty(); }
  void collect(std::vector<Lost>& hung) const;

 private:
  struct Note {
    int channel = 0, note = 0, number = 0;
    bool passed = false;
    Span birth, loss_at;
    Microseconds since = 0;
  };
  std::vector<Note> sounding_;
  int born_ = 0;
};

}  // namespace fermata::runtime
