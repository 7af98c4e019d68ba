// Kontakt's events: born by a key or by play_note, ended by their key, their duration, their parent or the script.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/agenda.h"
#include "runtime/builtins.h"
#include "runtime/runtime.h"

namespace fermata::runtime {

class Session;
class Fingerprint;

struct Event {
  int32_t key = -1;  // the key that made it; -1 for a generated one
  int32_t note = 0, velocity = 0, channel = 0;
  int32_t parent = -1;  // ends with that event's note
  int32_t voice = -1;   // number of the voice in whose node it was made
  uint32_t marks = 0;
  bool held = false;            // its key is down
  bool gate = false;            // an incoming note between its note-on and what ends it
  bool sounding = true;         // it can be heard, or could if it were not silent
  bool latched = false;         // the sostenuto pedal has it
  bool swallowed = false;       // ignore_event took its release
  bool releasing = false;       // its release callback is due
  bool release_sample = false;  // made in on release with duration 0, its id thrown away
  int tone = -1;                // of a recorded run
  uint32_t users = 0;           // callbacks that were called for it
  Agenda::Ticket end;           // pending end by duration, fade or the end of its sample
  bool timed = false;           // by duration
  Span birth, loss_at;
  Loss loss = Loss::never_owned;
  Microseconds since = 0;
  std::array<int32_t, kEventParameters> parameters{};

  bool incoming() const { return key >= 0; }
  bool live() const { return sounding || gate; }
};

// Events by number. One that has ended is kept as long as a callback speaks of it, and the last ones longer, for their
// parameters can still be read; then its place is used again.
struct EventsState {
  EventsState() { by_key_.fill(-1); }

  std::vector<Event> places_;
  std::vector<Cell> polyphonic_;             // of each place
  std::unordered_map<int, uint32_t> place_;  // by number
  std::vector<uint32_t> free_;
  std::deque<int> ended_;  // nobody speaks of them
  int born_ = 0;
  std::vector<int> live_;  // ascending
  std::array<int, 128> by_key_{};
  std::array<bool, 16> sustain_{}, sostenuto_{};
  Span pedal_kept_at_;
};

class Events : private EventsState {
 public:
  explicit Events(Session& session) : session_(session) {}
  const EventsState& state() const { return *this; }
  void load(const EventsState& state) { static_cast<EventsState&>(*this) = state; }

  int key_down(int note, int velocity, int channel);  // the event
  void key_up(int note);
  void sustain(int channel, bool down);
  void sostenuto(int channel, bool down);
  bool key_is_down(int note) const { return by_key_[static_cast<size_t>(note)] >= 0; }

  // The id, 0 when there is no event.
  int32_t play(int note, int velocity, int64_t duration, bool id_discarded);
  void note_off(int event);
  void fade_out(int event, int64_t duration, bool stop);
  void ignore(int event);

  // What an id argument means: live events, in order of birth. ALL_EVENTS and by_marks() give any number.
  const std::vector<int>& select(int32_t id);
  int find(int32_t id) const;    // a live event or -1
  int number(int32_t id) const;  // of an event that is still known, or -1
  static int32_t id_of(int event) { return kFirstEventId + event; }
  // Of an event that is known: live, held, or just found.
  Event& operator[](int event) { return places_[place_.find(event)->second]; }
  const Event& operator[](int event) const { return places_[place_.find(event)->second]; }
  void hold(int event) { ++(*this)[event].users; }
  void let_go(int event);
  const std::vector<int>& live() const { return live_; }
  bool live(int event) const { return place_.contains(event) && (*this)[event].live(); }
  bool alive(int event) const;
  void add_to(Fingerprint& print) const;
  // Called back.
  size_t bytes() const { return places_.capacity() * sizeof(Event) + polyphonic_.capacity() * sizeof(Cell); }
  void time_is_up(int event, bool by_duration);
  void release_due(int event);
  void second_release_due(int event);
  Cell& polyphonic(int event, int32_t cell);
  bool any_hanging() const;
  bool hangs(const Event& event) const;
  void collect(std::vector<Lost>& hung) const;
  // ignore_controller kept a pedal's message from the engine.
  void pedal_kept(Span at) { pedal_kept_at_ = at; }

 private:
  int add(Event event);
  int refuse(std::string_view kind);
  void key_released(int event);
  void release_ran(int event, bool swallowed, Span at);
  void swallow(int event, Span at);
  void release_generated(int event);
  void finish(int event);
  void schedule_end(int event, Microseconds delay, bool by_duration);
  void drop_end(Event& event);
  void born_story(int event, std::string_view owner, std::string_view text);
  void end_story(int event, std::string_view text);

  void forget(int event);

  Session& session_;
  std::vector<int> selected_;
};

}  // namespace fermata::runtime
