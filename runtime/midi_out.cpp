// The books of a multi script: a note-on that leaves it must be followed by its note-off.
#include "runtime/midi_out.h"

#include <algorithm>

namespace fermata::runtime {

void MidiOut::send(int channel, int command, int byte_1, int byte_2, Span origin, bool passed, Microseconds now) {
  constexpr int kNoteOn = 144, kNoteOff = 128;
  if (command == kNoteOn && byte_2 > 0) {
    Note note;
    note.channel = channel;
    note.note = byte_1;
    note.number = born_++;
    note.passed = passed;
    note.birth = note.loss_at = origin;
    note.since = now;
    sounding_.push_back(note);
  } else if (command == kNoteOff || command == kNoteOn) {
    std::erase_if(sounding_, [&](const Note& note) { return note.channel == channel && note.note == byte_1; });
  }
}

void MidiOut::dropped(int channel, int note, Span at, Microseconds now) {
  for (Note& sounding : sounding_) {
    if (sounding.channel != channel || sounding.note != note || !sounding.passed) continue;
    sounding.birth = sounding.loss_at = at;
    sounding.since = now;
  }
}

void MidiOut::collect(std::vector<Lost>& hung) const {
  for (const Note& note : sounding_) {
    Lost lost;
    lost.event = note.number;
    lost.birth = note.birth;
    lost.loss_at = note.loss_at;
    lost.loss = note.passed ? Loss::swallowed : Loss::never_owned;
    lost.since = note.since;
    hung.push_back(lost);
  }
}

}  // namespace fermata::runtime
