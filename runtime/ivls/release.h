// Release: once per voice, over the cluster (first in, first out, same instant), then on to its children.
#pragma once

#include "runtime/ivls/dispatch.h"
#include "runtime/ivls/hooks.h"
#include "runtime/ivls/world.h"

namespace fermata::runtime::ivls {

class Releaser {
 public:
  Releaser(World& world, Hooks& hooks, Dispatcher& dispatcher)
      : world_(world), hooks_(hooks), dispatcher_(dispatcher) {}

  // No effect on a voice that is released already.
  void release(Handle voice);
  // The children that are there and have auto_release TRUE, newest first. Those that came after `before` stay.
  void release_children(Handle voice, uint64_t before);
  // Called back: what the cluster hands over.
  void voice_off(VoiceRef voice);
  // Every member, then the runtime is free.
  void release_runtime(Handle runtime);

 private:
  World& world_;
  Hooks& hooks_;
  Dispatcher& dispatcher_;
};

}  // namespace fermata::runtime::ivls
