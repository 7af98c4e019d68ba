#include "runtime/ivls/keys.h"

namespace fermata::runtime::ivls {

int Keys::strike(int note) {
  if (note < 0 || note > 127 || down_[static_cast<size_t>(note)] != -1) return -1;
  const int press = strokes_ * kNotes + note;
  strokes_ = (strokes_ + 1) % (1 << 24);
  down_[static_cast<size_t>(note)] = press;
  return press;
}

int Keys::lift(int note) {
  if (note < 0 || note > 127) return -1;
  const int press = down_[static_cast<size_t>(note)];
  if (press == -1) return -1;
  down_[static_cast<size_t>(note)] = -1;
  return press;
}

void Keys::set_controller(int number, int value, int channel) {
  if (number < 0 || number >= 130 || channel < 0 || channel >= static_cast<int>(kChannels)) return;
  controllers_[static_cast<size_t>(channel)][static_cast<size_t>(number)] = value;
}

Value Keys::controller(Value number, Value channel) const {
  if (number < 0 || number >= 130 || channel < 0 || channel >= static_cast<Value>(kChannels)) return 0;
  return controllers_[static_cast<size_t>(channel)][static_cast<size_t>(number)];
}

}  // namespace fermata::runtime::ivls
