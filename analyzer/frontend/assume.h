// The switches of `[assume]`: decisions in which a real SDK may differ. Runtime and analysis read the same value.
#pragma once

#include <cstdint>
#include <string>

namespace fermata {

struct Assume {
  bool fade_starts_on_play = false;     // fade-start = "on-call" (default) | "on-play"
  bool switch_releases_source = false;  // legato-switch = "clears-link" (default) | "releases-source"
  int sostenuto_cc = 67;                // sostenuto-cc = 67 (default) | 66
  int tcm_tasks = 128;                  // tcm-tasks: tasks that may wait at once
  bool one_shot = false;                // zones = "looped" (default) | "one-shot"
  bool zones_explicit = false;          // zones was written in the configuration
  int kontakt = 8;                      // kontakt = 8 (default) | 7
  int64_t horizon_us = 60'000'000;      // horizon: how long the closing sequence may take, µs
};

}  // namespace fermata
