// Inputs for a program: what a player could do with it, at random, from the words that its script tells apart.
#pragma once

#include "differ/random.h"
#include "runtime/runtime.h"
#include "witness/vocabulary.h"

namespace fermata::differ {

// A sequence of 2 to 30 inputs. Keys obey the rule of keys: one that is down is not struck again.
runtime::Scenario random_scenario(Random& random, const witness::Vocabulary& words);

}  // namespace fermata::differ
