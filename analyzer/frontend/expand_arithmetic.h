// Arithmetic on numbers that stand in the text: bounds of iterate_macro, values of defines.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "frontend/lexer.h"

namespace fermata {

// Which spellings count: the compiler folds defines with decimal and 0x numbers alone, a bound may be any Kontakt
// number.
enum class NumberForms : uint8_t { folded, any };

// The value of an integer constant or of + - * / mod and parentheses over them; nothing for all else, for a division by
// zero and for values that no 32-bit script could hold.
std::optional<int64_t> evaluate_constant(std::string_view text, const std::vector<Token>& tokens, size_t first,
                                         size_t last, NumberForms forms);

// Could this token stand in such an expression at all?
bool may_be_arithmetic(std::string_view text, const Token& token);

}  // namespace fermata
