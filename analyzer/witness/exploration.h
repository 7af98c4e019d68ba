// The exploration of the reference runtime for a product: with the words of its vocabulary, within bounds that an
// analysis can afford.
#pragma once

#include "runtime/runtime.h"
#include "witness/vocabulary.h"

namespace fermata::witness {

// Two or three keys at the velocities that the script tells apart, pedals and controllers that it reads, controls at
// the values that it compares them with, transport when it listens.
runtime::Exploration exploration_of(const Vocabulary& words);

}  // namespace fermata::witness
