// Kontakt's events: born by a key or by play_note, ended by their key, their duration, their parent or the script.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/agenda.h"
#include "runtime/builtins.h"
#include "runtime/runtime.h"

namespace fermata::runtime {

class Session;

struct Event {
  int32_t key = -1;  // the key that made it; -1 for a generated one
  int32_t note = 0, velocity = 0, channel = 0;
  int32_t parent = -1;  // ends with that event's note
  int32_t voice = -1;
  uint32_t marks = 0;
  bool held = false;            // its key is down
  bool gate = false;            // an incoming note between its note-on and what ends it
  bool sounding = true;         // it can be heard, or could if it were not silent
  bool latched = false;         // the sostenuto pedal has it
  bool swallowed = false;       // ignore_event took its release
  bool releasing = false;       // its release callback is due
  bool release_sample = false;  // made in on release with duration 0, its id thrown away
  Agenda::Ticket end;           // pending end by duration, fade or the end of its sample
  bool timed = false;           // by duration
  Span birth, loss_at;
  Loss loss = Loss::never_owned;
  Microseconds since = 0;
  std::array<int32_t, kEventParameters> parameters{};

  bool incoming() const { return key >= 0; }
  bool live() const { return sounding || gate; }
};

class Events {
 public:
  explicit Events(Session& session) : session_(session) { by_key_.fill(-1); }

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
  int number(int32_t id) const;  // of any event ever born, or -1
  static int32_t id_of(int event) { return kFirstEventId + event; }
  Event& operator[](int event) { return events_[static_cast<size_t>(event)]; }
  const Event& operator[](int event) const { return events_[static_cast<size_t>(event)]; }
  const std::vector<int>& live() const { return live_; }
  bool alive(int event) const;
  size_t born() const { return events_.size(); }
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
  void swallow(int event, Span at);
  void release_generated(int event);
  void finish(int event);
  void schedule_end(int event, Microseconds delay, bool by_duration);
  void drop_end(Event& event);
  void born_story(int event, std::string_view owner, std::string_view text);
  void end_story(int event, std::string_view text);

  Session& session_;
  std::vector<Event> events_;
  std::vector<int> live_, selected_;
  std::vector<Cell> polyphonic_;
  std::array<int, 128> by_key_{};
  std::array<bool, 16> sustain_{}, sostenuto_{};
  Span pedal_kept_at_;
};

}  // namespace fermata::runtime
