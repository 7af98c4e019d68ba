// The voice tree. A new child becomes the head of its parent's list and pushes the older ones to the right.
#pragma once

#include <vector>

#include "runtime/ivls/world.h"

namespace fermata::runtime::ivls {

// `parent` may be -1. Coming to the parent it already has, a voice keeps its age there.
void link(World& world, Handle child, Handle parent);
void unlink(World& world, Handle child);
std::vector<Handle> children(const World& world, Handle parent);   // newest first
bool is_below(const World& world, Handle voice, Handle ancestor);  // or is it

}  // namespace fermata::runtime::ivls
