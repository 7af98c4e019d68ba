// Standard MIDI files as scenarios: notes, controllers, pressure and pitch bend of all tracks, in order of time.
//
// Read here and not by a library: those that are packaged need GLib and only log what is damaged (libsmf), or
// play in real time. A scenario is untrusted input, and these few messages are all that it takes.
//
// A file may do what one keyboard cannot. A key that is struck again while it is down goes up first, and a note-off
// counts only on the channel that struck the key last.
#include <algorithm>
#include <array>
#include <string>

#include "runtime/runtime.h"

namespace fermata::runtime {
namespace {

using Kind = ScenarioEvent::Kind;

struct Tempo {
  uint64_t tick = 0;
  uint64_t quarter = 500'000;  // µs
};

struct Timed {
  uint64_t tick = 0;
  ScenarioEvent event;
};

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
  size_t left() const { return bytes_.size() - at_; }
  bool failed() const { return failed_; }
  uint32_t byte() {
    if (at_ >= bytes_.size()) {
      failed_ = true;
      return 0;
    }
    return static_cast<uint8_t>(bytes_[at_++]);
  }
  uint32_t peek() const { return at_ < bytes_.size() ? static_cast<uint8_t>(bytes_[at_]) : 0; }
  uint32_t big_endian(int count) {
    uint32_t value = 0;
    for (int i = 0; i < count; ++i) value = value << 8 | byte();
    return value;
  }
  uint32_t variable_length() {
    uint32_t value = 0;
    for (int i = 0; i < 4; ++i) {
      const uint32_t next = byte();
      value = value << 7 | (next & 127);
      if (next < 128) return value;
    }
    failed_ = true;
    return 0;
  }
  std::string_view take(size_t count) {
    if (count > left()) {
      failed_ = true;
      count = left();
    }
    const std::string_view out = bytes_.substr(at_, count);
    at_ += count;
    return out;
  }

 private:
  std::string_view bytes_;
  size_t at_ = 0;
  bool failed_ = false;
};

void channel_message(uint32_t status, uint32_t first, uint32_t second, uint64_t tick, std::vector<Timed>& out) {
  ScenarioEvent event;
  event.channel = static_cast<int>(status & 15);
  event.note = event.number = static_cast<int>(first & 127);
  event.velocity = event.value = static_cast<int>(second & 127);
  switch (status >> 4) {
    case 8:
      event.kind = Kind::note_off;
      break;
    case 9:
      event.kind = second == 0 ? Kind::note_off : Kind::note_on;
      break;
    case 10:
      event.kind = Kind::poly_at;
      break;
    case 11:
      event.kind = Kind::cc;
      break;
    case 14:
      event.kind = Kind::pitch_bend;
      event.value = static_cast<int>((second & 127) << 7 | (first & 127)) - 8192;
      break;
    default:
      return;  // programs and channel pressure decide nothing
  }
  out.push_back({tick, event});
}

bool read_track(std::string_view track, std::vector<Timed>& out, std::vector<Tempo>& tempos) {
  Bytes in(track);
  uint64_t tick = 0;
  uint32_t running = 0;
  while (in.left() > 0) {
    tick += in.variable_length();
    uint32_t status = running;
    if (in.peek() >= 128) status = in.byte();
    if (status < 128) return false;
    if (status == 0xff) {
      const uint32_t type = in.byte();
      const std::string_view data = in.take(in.variable_length());
      if (type == 0x51 && data.size() == 3) tempos.push_back({tick, std::max<uint64_t>(Bytes(data).big_endian(3), 1)});
      if (type == 0x2f) break;
    } else if (status >= 0xf0) {
      in.take(in.variable_length());
    } else {
      running = status;
      const uint32_t first = in.byte();
      const bool single = status >> 4 == 12 || status >> 4 == 13;
      channel_message(status, first, single ? 0 : in.byte(), tick, out);
    }
    if (in.failed()) return false;
  }
  return true;
}

// Ticks to µs along the tempo map, exactly, rounded down at each event.
class Clock {
 public:
  Clock(std::vector<Tempo> tempos, uint64_t per_quarter) : tempos_(std::move(tempos)), per_quarter_(per_quarter) {
    std::stable_sort(tempos_.begin(), tempos_.end(), [](const Tempo& a, const Tempo& b) { return a.tick < b.tick; });
  }
  Microseconds at(uint64_t tick) {
    while (next_ < tempos_.size() && tempos_[next_].tick <= tick) {
      scaled_ += (tempos_[next_].tick - last_) * quarter_;
      last_ = tempos_[next_].tick;
      quarter_ = tempos_[next_++].quarter;
    }
    return static_cast<Microseconds>((scaled_ + (tick - last_) * quarter_) / per_quarter_);
  }

 private:
  std::vector<Tempo> tempos_;
  uint64_t per_quarter_, scaled_ = 0, last_ = 0, quarter_ = 500'000;
  size_t next_ = 0;
};

// One keyboard: a key is struck only when it is up.
void play(const ScenarioEvent& event, std::array<int, 128>& struck_on, Scenario& out) {
  int& channel = struck_on[static_cast<size_t>(event.note & 127)];
  if (event.kind == Kind::note_off) {
    if (channel != event.channel) return;
    channel = -1;
  } else if (event.kind == Kind::note_on) {
    if (channel >= 0) {
      ScenarioEvent up = event;
      up.kind = Kind::note_off;
      up.channel = channel;
      out.events.push_back(up);
    }
    channel = event.channel;
  }
  out.events.push_back(event);
}

}  // namespace

ScenarioResult parse_scenario_midi(std::string_view bytes) {
  ScenarioResult result;
  const auto fail = [&](std::string why) {
    result.error = "the MIDI file cannot be read: " + std::move(why);
    return result;
  };
  Bytes in(bytes);
  if (in.take(4) != "MThd") return fail("it does not begin with MThd");
  const uint32_t header = in.big_endian(4);
  if (header < 6 || header > in.left()) return fail("its header is cut off");
  Bytes fields(in.take(header));
  const uint32_t format = fields.big_endian(2);
  const uint32_t tracks = fields.big_endian(2);
  const uint32_t division = fields.big_endian(2);
  if (format > 1) return fail("it is of format " + std::to_string(format) + ", formats 0 and 1 are understood");
  if (division == 0 || division >= 0x8000) return fail("it counts time in frames, not in quarter notes");
  std::vector<Timed> events;
  std::vector<Tempo> tempos;
  for (uint32_t read = 0; read < tracks && in.left() >= 8;) {
    const std::string_view kind = in.take(4);
    const std::string_view data = in.take(in.big_endian(4));
    if (in.failed()) return fail("track " + std::to_string(read) + " is cut off");
    if (kind != "MTrk") continue;
    if (!read_track(data, events, tempos)) return fail("track " + std::to_string(read) + " is damaged");
    ++read;
  }
  std::stable_sort(events.begin(), events.end(), [](const Timed& a, const Timed& b) { return a.tick < b.tick; });
  Clock clock(std::move(tempos), division);
  std::array<int, 128> struck_on{};
  struck_on.fill(-1);
  for (Timed& timed : events) {
    timed.event.at = clock.at(timed.tick);
    if (timed.event.at > 1'000'000'000'000) return fail("it is longer than 1000000 seconds");
    play(timed.event, struck_on, result.scenario);
  }
  return result;
}

}  // namespace fermata::runtime
