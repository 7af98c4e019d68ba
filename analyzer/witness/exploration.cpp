#include "witness/exploration.h"

#include <algorithm>

namespace fermata::witness {

using runtime::ScenarioEvent;

namespace {

ScenarioEvent input(ScenarioEvent::Kind kind, int number, int value) {
  ScenarioEvent event;
  event.kind = kind;
  event.note = event.number = number;
  event.value = value;
  return event;
}

}  // namespace

runtime::Exploration exploration_of(const Vocabulary& words) {
  // Each input multiplies the work at every turn, so only so many of each kind.
  constexpr size_t kKeys = 3, kVelocities = 2, kControllers = 4, kControls = 4, kValues = 3;
  runtime::Exploration out;
  for (size_t i = 0; i < std::min(words.notes.size(), kKeys); ++i) {
    for (size_t k = 0; k < std::min(words.velocities.size(), i == 0 ? kVelocities : 1); ++k) {
      out.inputs.push_back(input(ScenarioEvent::Kind::note_on, words.notes[i], 0));
      out.inputs.back().velocity = words.velocities[k];
    }
  }
  for (size_t i = 0; i < std::min(words.controllers.size(), kControllers); ++i) {
    // Pedals send more than one value above the threshold.
    for (const int value : {127, 90, 0})
      out.inputs.push_back(input(ScenarioEvent::Kind::cc, words.controllers[i], value));
  }
  for (size_t i = 0; i < std::min(words.controls.size(), kControls); ++i) {
    const Control& control = words.controls[i];
    for (size_t k = 0; k < std::min(control.values.size(), kValues); ++k) {
      out.inputs.push_back(input(ScenarioEvent::Kind::ui_control, 0, control.values[k]));
      out.inputs.back().name = control.name;
    }
  }
  if (words.transport) {
    for (const int start : {1, 0}) out.inputs.push_back(input(ScenarioEvent::Kind::transport, 0, start));
  }
  // The times at which something is due come by themselves; these are for scripts that look at the clock.
  if (!words.gaps.empty()) out.gaps = {words.gaps.back()};
  return out;
}

}  // namespace fermata::witness
