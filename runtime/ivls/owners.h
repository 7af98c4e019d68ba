// Who ends a voice: read off the state of the world, never stored. A Watch notes what an operation does to it.
#pragma once

#include "runtime/ivls/world.h"

namespace fermata::runtime::ivls {

enum class Owner : uint8_t { none, key, parent, runtime, duration, script, releasing };

Owner owner_of(const World& world, Handle voice);

// Around an operation that may change the owner of one voice: tells the change, and remembers the statement that took
// the last owner away.
class Watch {
 public:
  Watch(World& world, Handle voice, Loss loss = Loss::detached);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  World& world_;
  VoiceRef voice_;
  Loss loss_;
  Owner before_;
};

// After the closing sequence: what has not ended, and by whose fault.
void collect_lost(const World& world, std::vector<Lost>& hung, std::vector<Lost>& leaked);

}  // namespace fermata::runtime::ivls
