// Constant folding over lowered expressions, in the 32-bit arithmetic of Kontakt.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "frontend/program.h"

namespace fermata {

// The value of an integer expression of constants; nothing when any part is not known. `known` gives values to
// variables (loop counters of unrolled loops).
std::optional<int64_t> fold(const Program& program, ExprId expr,
                            std::span<const std::pair<SymbolId, int64_t>> known = {});

// 32-bit signed wrap-around.
int64_t wrap32(int64_t value);

// A literal in any of the dialects' notations: 10, 0x1f, 0ffh, b0101 (lowest bit first), 0101b.
std::optional<int64_t> parse_integer(std::string_view text);

}  // namespace fermata
