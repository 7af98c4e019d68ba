// What a run sounds like. libsndfile is loaded when it is needed and not before: it brings half a dozen other
// libraries, and every other command starts without them.
#include <dlfcn.h>
#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "runtime/picture.h"

namespace fermata::runtime {
namespace {

constexpr int kRate = 22'050;
constexpr double kTwoPi = 6.283185307179586;
constexpr Microseconds kAfter = 3'000'000;  // how long one listens to what hangs
constexpr Microseconds kLongestSound = 3'600'000'000;

struct Library {
  void* handle = nullptr;
  decltype(&sf_open) open = nullptr;
  decltype(&sf_writef_short) write = nullptr;
  decltype(&sf_close) close = nullptr;

  Library() : handle(dlopen("libsndfile.so.1", RTLD_NOW | RTLD_LOCAL)) {
    if (handle == nullptr) return;
    open = reinterpret_cast<decltype(open)>(dlsym(handle, "sf_open"));
    write = reinterpret_cast<decltype(write)>(dlsym(handle, "sf_writef_short"));
    close = reinterpret_cast<decltype(close)>(dlsym(handle, "sf_close"));
  }
  ~Library() {
    if (handle != nullptr) dlclose(handle);
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  bool loaded() const { return open != nullptr && write != nullptr && close != nullptr; }
};

int64_t samples(Microseconds time) { return time * kRate / 1'000'000; }

// One event as two partials under an envelope. A rotation by a fixed angle makes sine and cosine without calling them.
class Sounding {
 public:
  Sounding(const Tone& tone, int64_t end) : from_(samples(tone.from)), to_(tone.to < 0 ? end : samples(tone.to)) {
    const double angle = kTwoPi * 440.0 * std::exp2((tone.note - 69) / 12.0) / kRate;
    turn_sine_ = std::sin(angle);
    turn_cosine_ = std::cos(angle);
    level_ = 0.12 * tone.velocity / 127.0;
    if (tone.fades_from >= 0) {
      fade_from_ = samples(tone.fades_from);
      fade_ = std::max<int64_t>(samples(tone.fade), 1);
    }
  }
  bool over(int64_t at) const { return at > to_ + kRelease || (fade_ > 0 && at > fade_from_ + fade_); }
  double next(int64_t now) {
    const double sine = sine_ * turn_cosine_ + cosine_ * turn_sine_;
    cosine_ = cosine_ * turn_cosine_ - sine_ * turn_sine_;
    sine_ = sine;
    decay_ *= kDecay;
    double level = level_ * (0.35 + 0.65 * decay_);
    if (now - from_ < kAttack) level *= static_cast<double>(now - from_) / kAttack;
    if (now > to_) level *= std::max(0.0, 1.0 - static_cast<double>(now - to_) / kRelease);
    if (fade_ > 0 && now > fade_from_)
      level *= std::max(0.0, 1.0 - static_cast<double>(now - fade_from_) / static_cast<double>(fade_));
    return level * sine * (1.0 + 0.6 * cosine_);
  }

 private:
  static constexpr int64_t kRelease = kRate / 8, kAttack = kRate / 200;
  static constexpr double kDecay = 0.99993197;  // to a fifth within a second
  int64_t from_, to_, fade_from_ = 0, fade_ = 0;
  double turn_sine_ = 0, turn_cosine_ = 1, sine_ = 0, cosine_ = 1, decay_ = 1, level_ = 0;
};

}  // namespace

std::string render_wav(const Report& report, const std::string& path) {
  Microseconds last = 0;
  for (const Tone& tone : report.tones) last = std::max({last, tone.from, tone.to});
  for (const TimelineEntry& entry : report.timeline) last = std::max(last, entry.at);
  if (last > kLongestSound) return "a run of more than an hour is not rendered";
  const int64_t end = samples(last + kAfter);
  const Library library;
  if (!library.loaded()) return "libsndfile.so.1 is missing (on Debian: apt-get install libsndfile1)";
  SF_INFO info{};
  info.samplerate = kRate;
  info.channels = 1;
  info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
  SNDFILE* const file = library.open(path.c_str(), SFM_WRITE, &info);
  if (file == nullptr) return "cannot be written";
  std::vector<Sounding> voices;
  std::vector<Tone> tones = report.tones;
  std::stable_sort(tones.begin(), tones.end(), [](const Tone& a, const Tone& b) { return a.from < b.from; });
  size_t next = 0;
  bool good = true;
  std::array<short, 4096> block{};
  for (int64_t at = 0; at < end && good;) {
    size_t filled = 0;
    for (; filled < block.size() && at < end; ++filled, ++at) {
      for (; next < tones.size() && samples(tones[next].from) <= at; ++next) {
        if (tones[next].to != tones[next].from) voices.emplace_back(tones[next], end);
      }
      double sum = 0;
      for (Sounding& voice : voices) sum += voice.next(at);
      block[filled] = static_cast<short>(std::lround(32'000 * std::tanh(sum)));
    }
    std::erase_if(voices, [&](const Sounding& voice) { return voice.over(at); });
    good = library.write(file, block.data(), static_cast<sf_count_t>(filled)) == static_cast<sf_count_t>(filled);
  }
  good = library.close(file) == 0 && good;
  return good ? "" : "could not be written to the end";
}

}  // namespace fermata::runtime
