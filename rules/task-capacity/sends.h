// How many voices or notes one run of a callback sends on at once, and whether it waits: from loops of known length.
#pragma once

#include <optional>

#include "rules/walk.h"

namespace fermata::rules {

// Sends of a piece of code, cut by its waits: what is sent before the first, after the last, and most between two. Of
// code that does not wait the three are one number.
struct Sends {
  int64_t head = 0, most = 0, tail = 0;
  bool waits = false;

  static Sends of(int64_t count) { return {count, count, count, false}; }
  Sends then(const Sends& next) const;     // this, then `next`
  Sends either(const Sends& other) const;  // the more of two branches
  Sends times(int64_t turns) const;
};

struct CallbackLoad {
  Sends sends;
  std::optional<Span> wait;  // the first wait that takes one of the tasks
  bool reroutes = false;     // some voice goes elsewhere than to the next stage
  bool asks_source = false;  // tells events of the script from keys
};

CallbackLoad load_of(const Program& program, BlockId body, bool node);

}  // namespace fermata::rules
