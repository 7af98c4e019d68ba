// Follows one value forward through an entry, along every path.
#pragma once

#include <functional>
#include <vector>

#include "rules/support.h"

namespace fermata::rules {

// Where the value is: variables that hold it, and variables of the engine that name it.
struct Track {
  std::vector<ir::SlotId> slots;  // sorted
  std::vector<ir::Env> engine;
  uint32_t flags = 0;  // the rule's own
};

enum class Step : uint8_t { on, cut, found };

struct Follow {
  std::function<Step(const ir::Instr&, ir::BlockId, Track&)> visit;
  std::function<Step(const ir::Block&, Track&)> branch;  // may be empty
};

bool holds(const ir::Module& module, const Track& track, ir::ExprId expr);

// Starts behind instruction `after` of `block`. True when `visit` or `branch` found what they look for; false as well
// where there are too many paths.
bool follow(const ir::Module& module, ir::BlockId block, uint32_t after, Track start, const Follow& how);

// A use behind `from` happens under no other conditions than `from` does, so that the path between the two exists.
bool nested(const ir::Module& module, const ir::Entry& entry, ir::BlockId from, ir::BlockId use);
// Likewise, and the use happens whenever `from` does.
bool certain(const ir::Module& module, const ir::Entry& entry, ir::BlockId from, ir::BlockId use);

}  // namespace fermata::rules
