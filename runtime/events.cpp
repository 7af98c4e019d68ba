// The life of events, as section 4 of the semantics has it.
#include "runtime/events.h"

#include <algorithm>
#include <string>

#include "runtime/session.h"

namespace fermata::runtime {
namespace {

constexpr size_t kMaxLiveEvents = 8192;
constexpr Microseconds kSampleLength = 1'000'000;  // of a one-shot zone and of a release sample

std::string note_text(const Event& event) { return "note " + std::to_string(event.note); }

}  // namespace

// ------------------------------------------------------------------------------------------------------- birth

int Events::add(Event event) {
  const int number = born_++;
  event.since = session_.now();
  event.tone = session_.tone_begins(event.note, event.velocity);
  const size_t cells = session_.code().polyphonic;
  uint32_t place = 0;
  if (free_.empty()) {
    place = static_cast<uint32_t>(places_.size());
    places_.push_back(event);
    polyphonic_.resize(polyphonic_.size() + cells, Cell{0});
  } else {
    place = free_.back();
    free_.pop_back();
    places_[place] = event;
    std::fill_n(polyphonic_.begin() + static_cast<long>(place * cells), cells, Cell{0});
  }
  place_.emplace(number, place);
  live_.push_back(number);
  return number;
}

void Events::let_go(int number) {
  Event& event = (*this)[number];
  if (--event.users == 0 && !event.live()) forget(number);
}

void Events::forget(int number) {
  constexpr size_t kKept = 1024;
  ended_.push_back(number);
  if (ended_.size() <= kKept) return;
  const auto oldest = place_.find(ended_.front());
  ended_.pop_front();
  if (oldest == place_.end()) return;
  const Event& event = places_[oldest->second];
  if (event.live() || event.users > 0) return;
  free_.push_back(oldest->second);
  place_.erase(oldest);
}

int Events::key_down(int note, int velocity, int channel) {
  Event event;
  event.key = event.note = note;
  event.velocity = velocity;
  event.channel = channel;
  event.held = event.gate = true;
  const int number = add(event);
  by_key_[static_cast<size_t>(note)] = number;
  if (session_.recording()) born_story(number, "parent", "sounds while its key is down");
  return number;
}

int Events::refuse(std::string_view kind) {
  session_.fault(kind);
  return 0;
}

int32_t Events::play(int note, int velocity, int64_t duration, bool id_discarded) {
  const Task* task = session_.current();
  if (session_.in_init() || session_.program().multi_script || task == nullptr) return refuse("play-note-not-allowed");
  if (note < 0 || note > 127) return refuse("note-out-of-range");
  if (velocity < 1 || velocity > 127) return refuse("velocity-out-of-range");
  if (live_.size() >= kMaxLiveEvents) return refuse("too-many-events");
  Event event;
  event.note = note;
  event.velocity = velocity;
  event.channel = task->occasion.channel;
  event.birth = event.loss_at = session_.here();
  if (duration == -1) {
    if (task->kind == CallbackKind::release) return 0;
    if (task->kind == CallbackKind::note) {
      if (!(*this)[task->occasion.event].gate) return 0;
      event.parent = task->occasion.event;
    }
  }
  event.release_sample = duration == 0 && id_discarded && task->kind == CallbackKind::release;
  const bool of_voice = task->kind == CallbackKind::node && task->self >= 0 && session_.kernel() != nullptr;
  if (of_voice) event.voice = session_.kernel()->number_of(task->self);
  const int number = add(event);
  const bool tied = event.parent >= 0;
  const bool endless = !tied && duration <= 0;
  const Assume& assume = session_.assume();
  const bool sample_ends =
      assume.one_shot ? duration == 0 || event.release_sample : event.release_sample && !assume.zones_explicit;
  if (session_.recording()) {
    const std::string_view owner = tied                            ? "parent"
                                   : !endless || sample_ends       ? "duration"
                                   : id_discarded || duration != 0 ? "none"
                                                                   : "script";
    born_story(number, owner,
               tied      ? "ends with the note that is played"
               : endless ? "sounds until something ends it"
                         : "has a set length");
  }
  if (duration > 0) schedule_end(number, duration, true);
  if (endless && sample_ends) schedule_end(number, kSampleLength, false);
  if (of_voice) session_.kernel()->event_born(number, task->self);
  return id_of(number);
}

// --------------------------------------------------------------------------------------------------------- end

void Events::finish(int number) {
  if (!live(number)) return;
  Event& event = (*this)[number];
  drop_end(event);
  const bool had_gate = event.gate;
  event.sounding = event.gate = event.releasing = false;
  session_.tone_ends(event.tone);
  live_.erase(std::lower_bound(live_.begin(), live_.end(), number));
  if (session_.recording()) end_story(number, "ends");
  if (event.users == 0) forget(number);
  if (!had_gate) return;
  const std::vector<int> children = live_;
  for (const int child : children) {
    if (live(child) && (*this)[child].parent == number) release_generated(child);
  }
}

void Events::drop_end(Event& event) {
  if (event.end) session_.agenda.cancel(event.end);
  event.end = {};
  event.timed = false;
}

// Of two ends the earlier one counts.
void Events::schedule_end(int number, Microseconds delay, bool by_duration) {
  Event& event = (*this)[number];
  const Microseconds when = session_.now() + std::max<Microseconds>(delay, 0);
  if (event.end && event.end.when <= when) return;
  drop_end(event);
  event.timed = by_duration;
  event.end = session_.agenda.at(when, {Action::Kind::end_event, number, by_duration, {}});
}

void Events::time_is_up(int number, bool by_duration) {
  Event& due = (*this)[number];
  due.end = {};
  due.timed = false;
  if (by_duration) return release_generated(number);
  if (!due.incoming() || due.swallowed) return finish(number);
  session_.tone_ends(due.tone);
  due.sounding = false;  // its note goes on until the key is up
  if (session_.recording()) end_story(number, "has faded out and is stopped");
}

// The note-off of a generated event. Its release callback runs; only a key-up can be swallowed there.
void Events::release_generated(int number) {
  if (!live(number) || (*this)[number].releasing) return;
  Event& event = (*this)[number];
  drop_end(event);
  if (!session_.has_release_callback()) return finish(number);
  event.releasing = true;
  session_.agenda.post({Action::Kind::release_event, number, 0, {}});
}

void Events::release_due(int number) {
  if (!live(number)) return;
  hold(number);
  Span at;
  session_.run_release(number, at);
  Event& event = (*this)[number];
  if (event.live()) {
    event.releasing = false;
    finish(number);
  }
  let_go(number);
}

void Events::swallow(int number, Span at) {
  Event& event = (*this)[number];
  event.swallowed = true;
  event.parent = -1;
  event.loss = Loss::swallowed;
  event.loss_at = at;
  event.since = session_.now();
  if (event.incoming()) event.birth = at;
  for (const int child : live_) {
    Event& tied = (*this)[child];
    if (tied.parent != number) continue;
    tied.loss = Loss::swallowed;
    tied.loss_at = at;
    tied.since = session_.now();
  }
  if (session_.recording()) born_story(number, "none", "its release is swallowed");
}

void Events::key_up(int note) {
  int& slot = by_key_[static_cast<size_t>(note)];
  const int number = slot;
  slot = -1;
  if (number < 0) return;
  (*this)[number].held = false;
  key_released(number);
}

void Events::key_released(int number) {
  Span at;
  hold(number);
  const bool swallowed = session_.run_release(number, at);
  release_ran(number, swallowed, at);
  let_go(number);
}

// What becomes of a key's note after its release callback.
void Events::release_ran(int number, bool swallowed, Span at) {
  const Event& event = (*this)[number];
  if (!event.gate) return;
  if (swallowed && !event.swallowed) return swallow(number, at);
  const auto channel = static_cast<size_t>(event.channel);
  if (event.latched || (sustain_[channel] && !session_.program().no_sys_script_pedal)) return;
  finish(number);
}

void Events::sustain(int channel, bool down) {
  sustain_[static_cast<size_t>(channel)] = down;
  if (down) return;
  const std::vector<int> all = live_;
  for (const int number : all) {
    if (!live(number)) continue;
    const Event& event = (*this)[number];
    if (event.incoming() && event.channel == channel && event.gate && !event.held && !event.swallowed &&
        !event.latched) {
      finish(number);
    }
  }
}

void Events::sostenuto(int channel, bool down) {
  bool& state = sostenuto_[static_cast<size_t>(channel)];
  if (state == down) return;
  state = down;
  const std::vector<int> all = live_;
  for (const int number : all) {
    if (!live(number)) continue;
    Event& event = (*this)[number];
    if (!event.incoming() || event.channel != channel || !event.gate) continue;
    if (down) {
      event.latched = event.held;
      continue;
    }
    const bool was_latched = event.latched;
    event.latched = false;
    const bool sustained = sustain_[static_cast<size_t>(channel)] && !session_.program().no_sys_script_pedal;
    if (was_latched && !event.held && !event.swallowed && !sustained) finish(number);
  }
}

// ------------------------------------------------------------------------------------------ what scripts call

void Events::note_off(int number) {
  if (!live(number) || (*this)[number].releasing) return;
  Event& event = (*this)[number];
  if (event.timed && session_.assume().kontakt < 8) return;
  if (!event.incoming()) return release_generated(number);
  if (!event.swallowed) return finish(number);
  event.releasing = true;
  session_.agenda.post({Action::Kind::release_swallowed, number, 0, {}});
}

void Events::second_release_due(int number) {
  if (!live(number)) return;
  hold(number);
  Span at;
  session_.run_release(number, at);
  finish(number);
  let_go(number);
}

void Events::fade_out(int number, int64_t duration, bool stop) {
  if (!live(number) || !(*this)[number].sounding) return;
  session_.tone_fades((*this)[number].tone, duration);
  if (session_.recording()) {
    session_.story(
        "fade", note_text((*this)[number]) + (stop ? " fades out and is stopped" : " fades out but goes on in silence"),
        number, stop ? "duration" : std::string_view{});
  }
  if (stop) schedule_end(number, duration, false);
}

// Not in the release callback of the event itself: that swallows the release instead.
void Events::ignore(int number) {
  if (!live(number)) return;
  Event& event = (*this)[number];
  if (!event.incoming() || event.swallowed) return finish(number);
  if (!event.sounding) return;
  drop_end(event);
  event.sounding = false;
  session_.tone_ends(event.tone);
  if (session_.recording()) end_story(number, "is ignored and makes no sound");
}

int Events::number(int32_t id) const {
  const int64_t index = int64_t{id} - kFirstEventId;
  return index >= 0 && index < born_ && place_.contains(static_cast<int>(index)) ? static_cast<int>(index) : -1;
}

int Events::find(int32_t id) const {
  const int index = number(id);
  return index >= 0 && (*this)[index].live() ? index : -1;
}

const std::vector<int>& Events::select(int32_t id) {
  selected_.clear();
  if (id == kAllEvents) {
    selected_ = live_;
  } else if ((static_cast<uint32_t>(id) & ~kMarkMask) == kMarkTag) {
    for (const int number : live_) {
      if (((*this)[number].marks & static_cast<uint32_t>(id) & kMarkMask) != 0) selected_.push_back(number);
    }
  } else if (const int number = find(id); number >= 0) {
    selected_.push_back(number);
  }
  return selected_;
}

bool Events::alive(int event) const {
  const int index = event >= kFirstEventId ? event - kFirstEventId : event;
  return live(index) && !(*this)[index].releasing;
}

Cell& Events::polyphonic(int event, int32_t cell) {
  return polyphonic_[place_.find(event)->second * session_.code().polyphonic + static_cast<size_t>(cell)];
}

// --------------------------------------------------------------------------------------------------- reporting

bool Events::hangs(const Event& event) const { return event.sounding && !event.end && !event.releasing; }

bool Events::any_hanging() const {
  return std::any_of(live_.begin(), live_.end(), [&](int number) { return hangs((*this)[number]); });
}

void Events::collect(std::vector<Lost>& hung) const {
  for (const int number : live_) {
    const Event& event = (*this)[number];
    if (!hangs(event)) continue;
    Lost lost;
    lost.event = number;
    lost.voice = event.voice;
    lost.birth = event.birth;
    lost.loss_at = event.loss_at;
    lost.loss = event.loss;
    lost.since = event.since;
    if (event.incoming() && !event.swallowed) {
      lost.birth = lost.loss_at = pedal_kept_at_;
      lost.loss = Loss::swallowed;
    }
    hung.push_back(lost);
  }
}

void Events::born_story(int number, std::string_view owner, std::string_view text) {
  session_.story("event", note_text((*this)[number]) + ": " + std::string(text), number, owner);
}

void Events::end_story(int number, std::string_view text) {
  session_.story("end", note_text((*this)[number]) + " " + std::string(text), number);
}

}  // namespace fermata::runtime
