#include "frontend/fold.h"

#include <algorithm>

namespace fermata {
namespace {

using Known = std::span<const std::pair<SymbolId, int64_t>>;

std::optional<int64_t> apply(Op op, int64_t a, int64_t b) {
  switch (op) {
    case Op::add:
      return wrap32(a + b);
    case Op::sub:
      return wrap32(a - b);
    case Op::mul:
      return wrap32(a * b);
    case Op::div:
      return b == 0 ? std::nullopt : std::optional(wrap32(a / b));
    case Op::mod:
      return b == 0 ? std::nullopt : std::optional(wrap32(a % b));
    case Op::eq:
      return a == b;
    case Op::ne:
      return a != b;
    case Op::lt:
      return a < b;
    case Op::le:
      return a <= b;
    case Op::gt:
      return a > b;
    case Op::ge:
      return a >= b;
    case Op::logical_and:
      return a != 0 && b != 0;
    case Op::logical_or:
      return a != 0 || b != 0;
    case Op::logical_xor:
      return (a != 0) != (b != 0);
    case Op::bit_and:
      return wrap32(a & b);
    case Op::bit_or:
      return wrap32(a | b);
    case Op::bit_xor:
      return wrap32(a ^ b);
    default:
      return std::nullopt;
  }
}

std::optional<int64_t> fold_call(const Program& program, const Expr& call, Known known) {
  if (call.function != kNone || call.child_count == 0 || call.child_count > 3) return std::nullopt;
  int64_t arguments[3] = {};
  for (uint32_t i = 0; i < call.child_count; ++i) {
    const auto value = fold(program, program.children[call.first_child + i], known);
    if (!value) return std::nullopt;
    arguments[i] = *value;
  }
  const std::string_view name = program.name(call.name);
  const auto [a, b, c] = arguments;
  if (call.child_count == 1 && name == "abs") return wrap32(a < 0 ? -a : a);
  if (call.child_count == 1 && name == "sgn") return (a > 0) - (a < 0);
  if (call.child_count == 1 && name == "_true") return a != 0;
  if (call.child_count == 1 && name == "_false") return a == 0;
  if (call.child_count == 2 && name == "sh_left")
    return wrap32(static_cast<int64_t>(static_cast<uint64_t>(a) << (b & 31)));
  if (call.child_count == 2 && name == "sh_right") return wrap32(a >> (b & 31));
  if (call.child_count == 3 && name == "in_range") return a >= b && a <= c;
  if (call.child_count == 3 && name == "bool.choose") return a != 0 ? b : c;
  return std::nullopt;
}

}  // namespace

int64_t wrap32(int64_t value) { return static_cast<int32_t>(static_cast<uint32_t>(static_cast<uint64_t>(value))); }

std::optional<int64_t> fold(const Program& program, ExprId id, Known known) {
  if (id == kNone) return std::nullopt;
  const Expr& expr = program.exprs[id];
  switch (expr.kind) {
    case ExprKind::integer:
      return expr.int_value;
    case ExprKind::symbol: {
      const Symbol& symbol = program.symbols[expr.symbol];
      if (symbol.kind == SymbolKind::constant && symbol.has_value) return symbol.value;
      const auto found = std::ranges::find(known, expr.symbol, &std::pair<SymbolId, int64_t>::first);
      return found == known.end() ? std::nullopt : std::optional(found->second);
    }
    case ExprKind::unary: {
      const auto value = fold(program, program.children[expr.first_child], known);
      if (!value) return std::nullopt;
      if (expr.op == Op::neg) return wrap32(-*value);
      return expr.op == Op::bit_not ? wrap32(~*value) : static_cast<int64_t>(*value == 0);
    }
    case ExprKind::binary: {
      const auto left = fold(program, program.children[expr.first_child], known);
      if (!left) return std::nullopt;
      const auto right = fold(program, program.children[expr.first_child + 1], known);
      return right ? apply(expr.op, *left, *right) : std::nullopt;
    }
    case ExprKind::call:
      return fold_call(program, expr, known);
    default:
      return std::nullopt;
  }
}

std::optional<int64_t> parse_integer(std::string_view text) {
  if (text.empty()) return std::nullopt;
  int64_t base = 10;
  const auto is_binary = [](std::string_view digits) {
    return !digits.empty() && digits.find_first_not_of("01") == std::string_view::npos;
  };
  const char last = text.back();
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.front() == 'b' && is_binary(text.substr(1))) {
    int64_t value = 0;
    for (size_t i = text.size(); i-- > 1;) value = wrap32(value * 2 + (text[i] - '0'));
    return value;
  } else if ((last == 'h' || last == 'H') && text.size() > 1) {
    base = 16;
    text.remove_suffix(1);
  } else if ((last == 'b' || last == 'B') && is_binary(text.substr(0, text.size() - 1))) {
    base = 2;
    text.remove_suffix(1);
  }
  int64_t value = 0;
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : 99;
    if (digit >= base) return std::nullopt;
    value = wrap32(value * base + digit);
  }
  return value;
}

}  // namespace fermata
