// Fades: a voice of their own that owns itself for its time and, when asked to, releases its target at the end.
#pragma once

#include "runtime/ivls/births.h"
#include "runtime/ivls/dispatch.h"
#include "runtime/ivls/release.h"

namespace fermata::runtime::ivls {

struct FadeOrder {
  Handle target = -1;
  Value ms = 0;
  bool kill = false;
  Value curve = 0;
  Handle flow = -1;  // whose nodes shape it; -1: none
};

class Fades {
 public:
  Fades(World& world, Births& births, Dispatcher& dispatcher, Releaser& releaser)
      : world_(world), births_(births), dispatcher_(dispatcher), releaser_(releaser) {}

  // The fade voice; it runs from here unless the switch says that it starts when it is played.
  Handle make(const FadeOrder& order);
  void start(Handle fade, Handle parent);
  // Called back when its time is up.
  void finish(VoiceRef fade);

 private:
  World& world_;
  Births& births_;
  Dispatcher& dispatcher_;
  Releaser& releaser_;
};

}  // namespace fermata::runtime::ivls
