// A number for the state of a run. Two states of the same number are held to be the same by the exploration: they go on
// alike. Times count from now, and events and voices by their place among the living, not by their number since the
// beginning.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "frontend/program.h"

namespace fermata::runtime {

constexpr int64_t kFirstVoiceNumber = 1 << 28;  // what scripts get for the number of a voice is no small number

class Fingerprint {
 public:
  void add(int64_t value) {
    hash_ ^= static_cast<uint64_t>(value);
    hash_ *= 0x9e3779b97f4a7c15ull;
    hash_ ^= hash_ >> 29;
  }
  void add(const Span& span) {
    add(static_cast<int64_t>(span.file) << 32 | span.begin);
    add(static_cast<int64_t>(span.end) << 32 | span.expansion);
  }
  // A value that a script keeps; it may name an event or a voice.
  void add_value(int64_t value) {
    if (value >= first_event_ && value < first_event_ + events_born_) return add_event(value - first_event_);
    if (value >= kFirstVoiceNumber && value < kFirstVoiceNumber + voices_born_)
      return add_voice(value - kFirstVoiceNumber);
    add(value);
  }
  void add_event(int64_t number) { add_name(events_, number, -7); }
  void add_voice(int64_t number) { add_name(voices_, number, -9); }
  void know_events(int64_t first, int64_t born) {
    first_event_ = first;
    events_born_ = born;
  }
  void know_event(int64_t number) { events_.emplace(number, events_.size()); }
  void know_voices(int64_t born) { voices_born_ = born; }
  void know_voice(int64_t number, int64_t slot) { voices_.emplace(number, slot); }
  uint64_t result() const { return hash_; }

 private:
  void add_name(const std::unordered_map<int64_t, int64_t>& names, int64_t number, int64_t kind) {
    const auto found = names.find(number);
    add(kind);
    add(found == names.end() ? -1 : found->second);
  }

  uint64_t hash_ = 0x2545f4914f6cdd1dull;
  int64_t first_event_ = 0, events_born_ = 0, voices_born_ = 0;
  std::unordered_map<int64_t, int64_t> events_, voices_;  // of the living: number -> place
};

}  // namespace fermata::runtime
