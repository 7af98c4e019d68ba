// Expanded program -> control-flow graphs. Functions are inlined; a callback that grows beyond `max_instructions`
// is given up and named in Module::limits (its sites become unknown).
#pragma once

#include "ir/ir.h"

namespace fermata::ir {

struct LowerOptions {
  uint32_t max_instructions = 200'000;  // per entry, after inlining: instructions, blocks and calls
  uint32_t max_inline_depth = 200;
};

Module lower(const Program& program, const LowerOptions& options = {});

}  // namespace fermata::ir
