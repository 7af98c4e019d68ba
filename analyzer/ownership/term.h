// Symbolic values: a constant plus a few symbols with coefficients, and the interval of each symbol.
// Linear terms keep what ownership proofs need: "the cell that was stored under this key's number", "one more than the
// number of held keys", "three cells per key". What is not linear becomes a symbol of its own.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace fermata::ownership {

using Sym = uint32_t;

constexpr Sym kObject = 0;    // the handle of the tracked object
constexpr Sym kKeyEvent = 1;  // the event (or voice) of the tracked key
constexpr Sym kFade = 2;      // the fade voice that owns the tracked object
constexpr Sym kFirstFree = 3;

constexpr int64_t kInfinity = int64_t{1} << 40;

struct Interval {
  int64_t lo = INT32_MIN;
  int64_t hi = INT32_MAX;
  bool empty() const { return lo > hi; }
  bool contains(int64_t value) const { return lo <= value && value <= hi; }
  friend bool operator==(const Interval&, const Interval&) = default;
};

inline int64_t clamp_value(int64_t value) { return std::clamp(value, -kInfinity, kInfinity); }

struct Term {
  static constexpr uint8_t kMaxParts = 4;
  struct Part {
    Sym sym = 0;
    int32_t factor = 0;
    friend bool operator==(const Part&, const Part&) = default;
  };
  int64_t constant = 0;
  uint8_t count = 0;
  std::array<Part, kMaxParts> parts{};  // by symbol, ascending

  static Term of(int64_t value) {
    Term term;
    term.constant = value;
    return term;
  }
  static Term symbol(Sym sym) {
    Term term;
    term.count = 1;
    term.parts[0] = {sym, 1};
    return term;
  }
  bool is_constant() const { return count == 0; }
  bool is_constant(int64_t value) const { return count == 0 && constant == value; }
  bool is_symbol(Sym sym) const { return count == 1 && constant == 0 && parts[0] == Part{sym, 1}; }
  bool mentions(Sym sym) const {
    for (uint8_t i = 0; i < count; ++i) {
      if (parts[i].sym == sym) return true;
    }
    return false;
  }
  // Which of the handles that are followed from location to location it mentions: 0 for none.
  int tracked() const { return (mentions(kObject) ? 1 : 0) | (mentions(kFade) ? 2 : 0); }
  friend bool operator==(const Term& a, const Term& b) {
    return a.constant == b.constant && a.count == b.count &&
           std::equal(a.parts.begin(), a.parts.begin() + a.count, b.parts.begin());
  }
};

// a + factor * b. False when the sum has too many symbols; `out` is then untouched.
inline bool combine(const Term& a, const Term& b, int64_t factor, Term& out) {
  Term sum;
  sum.constant = clamp_value(a.constant + factor * b.constant);
  uint8_t i = 0;
  uint8_t j = 0;
  while (i < a.count || j < b.count) {
    Sym sym = 0;
    int64_t product = 0;
    if (j == b.count || (i < a.count && a.parts[i].sym < b.parts[j].sym)) {
      sym = a.parts[i].sym;
      product = a.parts[i++].factor;
    } else if (i == a.count || b.parts[j].sym < a.parts[i].sym) {
      sym = b.parts[j].sym;
      product = factor * b.parts[j++].factor;
    } else {
      sym = a.parts[i].sym;
      product = a.parts[i++].factor + factor * b.parts[j++].factor;
    }
    if (product == 0) continue;
    if (sum.count == Term::kMaxParts || std::abs(product) > (int64_t{1} << 20)) return false;
    sum.parts[sum.count++] = {sym, static_cast<int32_t>(product)};
  }
  out = sum;
  return true;
}

}  // namespace fermata::ownership
