#include "differ/play.h"

#include <algorithm>

namespace fermata::differ {

using runtime::Scenario;
using runtime::ScenarioEvent;
using Kind = ScenarioEvent::Kind;

namespace {

class Player {
 public:
  Player(Random& random, const witness::Vocabulary& words) : random_(random), words_(words) {
    const size_t keys = random_.pick({size_t{1}, size_t{1}, size_t{2}, size_t{2}, size_t{3}, size_t{5}, size_t{9}});
    for (size_t i = 0; i < keys; ++i)
      notes_.push_back(random_.chance(90) ? random_.pick(words_.notes) : random_.pick({0, 1, 126, 127}));
    gap_ = random_.pick({int64_t{0}, int64_t{1}, int64_t{700}, int64_t{20'000}, int64_t{250'000}});
    channels_ = random_.chance(20) ? 3 : 1;
    pedals_ = random_.chance(50) ? 25 : 3;
    settings_ = random_.chance(30) ? 20 : 2;
  }

  Scenario play() {
    if (words_.transport && random_.chance(60)) put(Kind::transport).value = 1;
    for (const witness::Control& control : words_.controls) {
      if (random_.chance(40)) set(control);
    }
    const int inputs = random_.between(1, random_.pick({4, 8, 24}));
    for (int i = 0; i < inputs; ++i) {
      if (scenario_.events.empty() || !random_.chance(10)) at_ += gap();
      input();
    }
    return std::move(scenario_);
  }

 private:
  int64_t gap() {
    if (random_.chance(50)) return gap_;
    return random_.chance(70) ? random_.pick(words_.gaps) : random_.between(0, 3000);
  }

  ScenarioEvent& put(Kind kind) {
    ScenarioEvent event;
    event.at = at_;
    event.kind = kind;
    scenario_.events.push_back(event);
    return scenario_.events.back();
  }

  void set(const witness::Control& control) {
    ScenarioEvent& event = put(Kind::ui_control);
    event.name = control.name;
    event.value = random_.pick(control.values);
  }

  void input() {
    if (random_.chance(pedals_)) {
      ScenarioEvent& event = put(Kind::cc);
      event.number = random_.chance(70) ? 64 : random_.pick(words_.controllers);
      event.value = random_.pick({0, 0, 127, 127, 1, 63, 64, 90});
      event.channel = static_cast<int>(random_.below(channels_));
    } else if (!words_.controls.empty() && random_.chance(settings_)) {
      set(random_.pick(words_.controls));
    } else if (words_.transport && random_.chance(10)) {
      put(Kind::transport).value = random_.chance(50) ? 1 : 0;
    } else {
      key();
    }
  }

  void key() {
    const int note = random_.pick(notes_);
    const auto held = std::ranges::find(held_, note, &std::pair<int, int>::first);
    const bool down = held == held_.end();
    ScenarioEvent& event = put(down ? Kind::note_on : Kind::note_off);
    event.note = note;
    if (down) {
      event.velocity = random_.pick(words_.velocities);
      event.channel = static_cast<int>(random_.below(channels_));
      held_.emplace_back(note, event.channel);
    } else {
      event.channel = held->second;
      held_.erase(held);
    }
  }

  Random& random_;
  const witness::Vocabulary& words_;
  Scenario scenario_;
  std::vector<int> notes_;
  std::vector<std::pair<int, int>> held_;  // note, channel
  int64_t at_ = 0, gap_ = 0;
  size_t channels_ = 1;
  int pedals_ = 0, settings_ = 0;
};

}  // namespace

Scenario random_scenario(Random& random, const witness::Vocabulary& words) { return Player(random, words).play(); }

}  // namespace fermata::differ
