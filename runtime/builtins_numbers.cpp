// Arithmetic functions.
#include <algorithm>
#include <bit>
#include <cmath>

#include "runtime/arithmetic.h"
#include "runtime/builtins.h"
#include "runtime/session.h"

namespace fermata::runtime {
namespace {

Cell absolute(const Arguments& a) {
  return a.reals() ? real_cell(std::fabs(a.real(0))) : integer_cell(std::abs(int64_t{a.integer(0)}));
}
Cell sign(const Arguments& a) {
  if (a.reals()) return integer_cell((a.real(0) > 0) - (a.real(0) < 0));
  return integer_cell((a.integer(0) > 0) - (a.integer(0) < 0));
}
Cell sign_bit(const Arguments& a) { return integer_cell(a.reals() ? std::signbit(a.real(0)) : a.integer(0) < 0); }
Cell in_range(const Arguments& a) {
  if (a.reals()) return integer_cell(a.real(0) >= a.real(1) && a.real(0) <= a.real(2));
  return integer_cell(a.integer(0) >= a.integer(1) && a.integer(0) <= a.integer(2));
}
Cell shift_left(const Arguments& a) {
  const auto by = static_cast<uint32_t>(a.integer(1)) & 31;
  return integer_cell(static_cast<int64_t>(static_cast<uint32_t>(a.integer(0)) << by));
}
Cell shift_right(const Arguments& a) {
  return integer_cell(a.integer(0) >> (static_cast<uint32_t>(a.integer(1)) & 31));
}
Cell minimum(const Arguments& a) {
  if (a.reals()) return real_cell(std::fmin(a.real(0), a.real(1)));
  return integer_cell(std::min(a.integer(0), a.integer(1)));
}
Cell maximum(const Arguments& a) {
  if (a.reals()) return real_cell(std::fmax(a.real(0), a.real(1)));
  return integer_cell(std::max(a.integer(0), a.integer(1)));
}
// BOOL.CHOOSE: both arms have been evaluated.
Cell choose(const Arguments& a) {
  const size_t arm = a.integer(0) != 0 ? 1 : 2;
  return a.reals() ? real_cell(a.real(arm)) : integer_cell(a.integer(arm));
}
Cell random(const Arguments& a) { return integer_cell(a.session.random(a.integer(0), a.integer(1))); }
Cell int_to_real(const Arguments& a) { return real_cell(a.integer(0)); }
Cell real_to_int(const Arguments& a) { return integer_cell(real_to_integer(a.real(0))); }
Cell msb(const Arguments& a) { return integer_cell((a.integer(0) >> 7) & 127); }
Cell lsb(const Arguments& a) { return integer_cell(a.integer(0) & 127); }
Cell power(const Arguments& a) {
  if (a.reals()) return real_cell(std::pow(a.real(0), a.real(1)));
  return integer_cell(real_to_integer(std::pow(a.integer(0), a.integer(1))));
}

using Unary = double (*)(double);
template <Unary kFunction>
Cell on_real(const Arguments& a) {
  return real_cell(kFunction(a.real(0)));
}
double to_nearest(double x) { return std::round(x); }
double up(double x) { return std::ceil(x); }
double down(double x) { return std::floor(x); }
double two_to(double x) { return std::exp2(x); }
double e_to(double x) { return std::exp(x); }
double natural(double x) { return x > 0 ? std::log(x) : 0; }
double binary(double x) { return x > 0 ? std::log2(x) : 0; }
double decimal(double x) { return x > 0 ? std::log10(x) : 0; }
double root(double x) { return x > 0 ? std::sqrt(x) : 0; }
double cube_root(double x) { return std::cbrt(x); }
double sine(double x) { return std::sin(x); }
double cosine(double x) { return std::cos(x); }
double tangent(double x) { return std::tan(x); }
double arc_sine(double x) { return std::asin(x); }
double arc_cosine(double x) { return std::acos(x); }
double arc_tangent(double x) { return std::atan(x); }

constexpr Builtin kNumberFunctions[] = {
    {"abs", "n>n", absolute},
    {"sgn", "n>i", sign},
    {"signbit", "n>i", sign_bit},
    {"in_range", "nnn>i", in_range},
    {"min", "nn>n", minimum},
    {"max", "nn>n", maximum},
    {"bool.choose", "inn>n", choose},
    {"sh_left", "ii>i", shift_left},
    {"sh_right", "ii>i", shift_right},
    {"random", "ii>i", random},
    {"int_to_real", "i>r", int_to_real},
    {"real", "i>r", int_to_real},
    {"real_to_int", "r>i", real_to_int},
    {"int", "r>i", real_to_int},
    {"msb", "i>i", msb},
    {"lsb", "i>i", lsb},
    {"pow", "nn>n", power},
    {"round", "r>r", on_real<to_nearest>},
    {"ceil", "r>r", on_real<up>},
    {"floor", "r>r", on_real<down>},
    {"exp", "r>r", on_real<e_to>},
    {"exp2", "r>r", on_real<two_to>},
    {"log", "r>r", on_real<natural>},
    {"log2", "r>r", on_real<binary>},
    {"log10", "r>r", on_real<decimal>},
    {"sqrt", "r>r", on_real<root>},
    {"cbrt", "r>r", on_real<cube_root>},
    {"sin", "r>r", on_real<sine>},
    {"cos", "r>r", on_real<cosine>},
    {"tan", "r>r", on_real<tangent>},
    {"asin", "r>r", on_real<arc_sine>},
    {"acos", "r>r", on_real<arc_cosine>},
    {"atan", "r>r", on_real<arc_tangent>},
};

}  // namespace

std::span<const Builtin> number_builtins() { return kNumberFunctions; }

}  // namespace fermata::runtime
