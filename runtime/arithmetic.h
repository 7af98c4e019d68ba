// Operators on cells: 32-bit integers that wrap, IEEE reals, comparisons that give 0 or 1.
#pragma once

#include <cmath>
#include <cstdint>

#include "runtime/bytecode.h"

namespace fermata::runtime {

inline int64_t real_to_integer(double value) {
  if (!(value > -2147483649.0)) return std::isnan(value) ? 0 : INT32_MIN;
  return value >= 2147483648.0 ? INT32_MAX : static_cast<int64_t>(value);
}

// False when a division by zero was met; the result is 0 then.
inline bool integer_operator(Opcode op, int64_t left, int64_t right, Cell& out) {
  int64_t value = 0;
  switch (op) {
    case Opcode::add:
      value = left + right;
      break;
    case Opcode::sub:
      value = left - right;
      break;
    case Opcode::mul:
      value = left * right;
      break;
    case Opcode::div:
      value = right == 0 ? 0 : left / right;
      break;
    case Opcode::mod:
      value = right == 0 ? 0 : left % right;
      break;
    case Opcode::bit_and:
      value = left & right;
      break;
    case Opcode::bit_or:
      value = left | right;
      break;
    case Opcode::bit_xor:
      value = left ^ right;
      break;
    case Opcode::logical_and:
      value = left != 0 && right != 0;
      break;
    case Opcode::logical_or:
      value = left != 0 || right != 0;
      break;
    case Opcode::logical_xor:
      value = (left != 0) != (right != 0);
      break;
    case Opcode::eq:
      value = left == right;
      break;
    case Opcode::ne:
      value = left != right;
      break;
    case Opcode::lt:
      value = left < right;
      break;
    case Opcode::le:
      value = left <= right;
      break;
    case Opcode::gt:
      value = left > right;
      break;
    default:
      value = left >= right;
      break;
  }
  out = integer_cell(value);
  return right != 0 || (op != Opcode::div && op != Opcode::mod);
}

inline Cell real_operator(Opcode op, double left, double right) {
  switch (op) {
    case Opcode::real_add:
      return real_cell(left + right);
    case Opcode::real_sub:
      return real_cell(left - right);
    case Opcode::real_mul:
      return real_cell(left * right);
    case Opcode::real_div:
      return real_cell(right == 0 ? 0.0 : left / right);
    case Opcode::real_mod:
      return real_cell(right == 0 ? 0.0 : std::fmod(left, right));
    case Opcode::real_eq:
      return integer_cell(left == right);
    case Opcode::real_ne:
      return integer_cell(left != right);
    case Opcode::real_lt:
      return integer_cell(left < right);
    case Opcode::real_le:
      return integer_cell(left <= right);
    case Opcode::real_gt:
      return integer_cell(left > right);
    default:
      return integer_cell(left >= right);
  }
}

}  // namespace fermata::runtime
