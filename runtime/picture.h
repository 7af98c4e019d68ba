// What a recorded run looks like and sounds like.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/runtime.h"

namespace fermata::runtime {

// A bar of the picture: an IVLS voice, or an event that belongs to none.
struct Bar {
  struct Part {  // between two changes of owner
    Microseconds from = 0, to = 0;
    std::string owner;  // as in the timeline; "releasing" between release and end
    std::string text;
    Span span;
  };
  struct Stretch {  // a wait, or the time in which an event sounds
    Microseconds from = 0, to = -1;
    std::string text;
    Span span;
  };
  int voice = -1, event = -1;
  int parent = -1;  // a voice
  std::string name;
  Microseconds from = 0, to = -1;  // -1: it never ends
  bool hung = false;
  std::vector<Part> parts;
  std::vector<Stretch> sounds, waits;
};

struct Picture {
  struct Step {  // of a key or a controller
    Microseconds at = 0;
    int value = 0;
  };
  struct Row {
    int number = 0;
    std::vector<Step> steps;
  };
  std::vector<Bar> bars;               // in order of birth; a parent before its children
  std::vector<Row> keys, controllers;  // by number
  Microseconds end = 0;                // of what there is to see
  bool cut = false;
};

Picture picture_of(const Report& report);

// The picture as SVG of its own: no script, no reference to anything outside. All text is escaped.
std::string timeline_svg(const Program& program, const Report& report);

// Writes what one would hear as a WAV file: each event a simple tone that decays, one that hangs sustains to the end.
// Returns "" or why it could not.
std::string render_wav(const Report& report, const std::string& path);

}  // namespace fermata::runtime
