// Scripts of any size in the shape of real ones: many small callbacks over tables, controls and notes.
#pragma once

#include <cstddef>
#include <string>

namespace fermata::bench {

// A plain KSP script with `keys` user functions, each with tables, branches and a note of its own; about 25 lines each.
std::string plain_script(std::size_t keys);

// A product with `nodes` nodes in one flow behind MonoLegato, each of them a legato consumer with two branches.
std::string product_script(std::size_t nodes);

}  // namespace fermata::bench
