// The skeletons: small programs that own what they start, in the shapes that scripts have. Text, in skeletons/*.txt.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "differ/random.h"
#include "differ/tree.h"

namespace fermata::differ {

struct Skeleton {
  std::string name;
  std::string text;
  bool needs_legato = false;
  bool plays = false;
};

const std::vector<Skeleton>& event_skeletons();  // plain KSP
const std::vector<Skeleton>& node_skeletons();   // the framework

// One instance of it: choices made, names begun with `prefix`.
std::string instance(const Skeleton& skeleton, std::string_view prefix, Random& random);

}  // namespace fermata::differ

namespace fermata {
std::span<const std::pair<std::string_view, std::string_view>> differ_skeletons();
}
