// Arrays, lists, controls, engine parameters and the values that scripts share: what is stored can be read back.
#include <algorithm>
#include <functional>

#include "runtime/builtins.h"
#include "runtime/session.h"

namespace fermata::runtime {
namespace {

// Keys of the one store of a run, by kind.
int64_t engine_key(const Arguments& a, size_t first) {
  uint64_t key = 1;
  for (size_t i = first; i < first + 4; ++i) key = key * 0x9e3779b97f4a7c15ull + static_cast<uint32_t>(a.integer(i));
  return static_cast<int64_t>(key | (1ull << 63));
}
int64_t pgs_key(int32_t name, int32_t index) {
  return (int64_t{0x40000000} << 32) ^ (static_cast<int64_t>(name) << 24) ^ static_cast<uint32_t>(index);
}

bool equal(const Arguments& a, Cell left, Cell right) { return a.reals() ? left.r == right.r : left.i == right.i; }

Cell search(const Arguments& a) {
  const std::span<Cell> cells = a.session.array(a.task, a.integer(0));
  const auto size = static_cast<int64_t>(cells.size());
  const int64_t from = std::clamp<int64_t>(a.has(2) ? a.integer(2) : 0, 0, size);
  const int64_t to = std::clamp<int64_t>(a.has(3) ? int64_t{a.integer(3)} + 1 : size, 0, size);
  for (int64_t i = from; i < to; ++i) {
    if (equal(a, cells[static_cast<size_t>(i)], a.cells[1])) return integer_cell(i);
  }
  return integer_cell(-1);
}

Cell sort(const Arguments& a) {
  const std::span<Cell> cells = a.session.array(a.task, a.integer(0));
  const bool descending = a.integer(1) != 0;
  const bool reals = a.reals();
  std::sort(cells.begin(), cells.end(), [&](Cell left, Cell right) {
    const bool less = reals ? left.r < right.r : left.i < right.i;
    const bool more = reals ? left.r > right.r : left.i > right.i;
    return descending ? more : less;
  });
  return none();
}

Cell array_equal(const Arguments& a) {
  const std::span<Cell> left = a.session.array(a.task, a.integer(0));
  const std::span<Cell> right = a.session.array(a.task, a.integer(1));
  return integer_cell(
      std::equal(left.begin(), left.end(), right.begin(), right.end(), [&](Cell x, Cell y) { return equal(a, x, y); }));
}

Cell list_add(const Arguments& a) {
  constexpr size_t kLongest = 1'000'000;
  std::vector<Cell>* cells = a.session.list(a.integer(0));
  if (cells == nullptr) return none();
  if (cells->size() >= kLongest) {
    a.session.fault("list-too-long");
    return none();
  }
  cells->push_back(a.cells[1]);
  a.session.charge(sizeof(Cell));
  return none();
}

Cell get_ui_id(const Arguments& a) { return integer_cell(a.integer(0) < 0 ? 0 : kFirstUiId + a.integer(0)); }
Cell get_control_par(const Arguments& a) {
  return integer_cell(a.session.control_parameter(a.integer(0), a.integer(1)));
}
Cell set_control_par(const Arguments& a) {
  a.session.set_control_parameter(a.integer(0), a.integer(1), a.integer(2));
  return none();
}
Cell set_engine_par(const Arguments& a) {
  // parameter, value, group, slot, generic: the value stands in the second place
  const std::array<Cell, 4> place = {a.cells[0], a.cells[2], a.cells[3], a.cells[4]};
  a.session.store(engine_key({a.session, a.task, place, a.flag}, 0), a.integer(1));
  return none();
}
Cell get_engine_par(const Arguments& a) { return integer_cell(a.session.stored(engine_key(a, 0))); }

Cell pgs_create(const Arguments& a) {
  a.session.store(pgs_key(a.integer(0), -1), 1);
  return none();
}
Cell pgs_exists(const Arguments& a) { return integer_cell(a.session.knows(pgs_key(a.integer(0), -1))); }
Cell pgs_set(const Arguments& a) {
  a.session.store(pgs_key(a.integer(0), a.integer(1)), a.integer(2));
  a.session.changed_pgs();
  return none();
}
Cell pgs_get(const Arguments& a) { return integer_cell(a.session.stored(pgs_key(a.integer(0), a.integer(1)))); }
Cell pgs_set_text(const Arguments& a) {
  a.session.store(pgs_key(a.integer(0), 0), a.integer(1));
  a.session.changed_pgs();
  return none();
}
Cell pgs_get_text(const Arguments& a) { return integer_cell(a.session.stored(pgs_key(a.integer(0), 0))); }

constexpr Builtin kStateFunctions[] = {
    {"search", "an?i?i>i", search},
    {"sort", "ai?i?i", sort},
    {"array_equal", "aa>i", array_equal},
    {"list_add", "an", list_add},
    {"get_ui_id", "v>i", get_ui_id},
    {"get_control_par", "ii>i", get_control_par},
    {"set_control_par", "iii", set_control_par},
    {"set_engine_par", "iiiii", set_engine_par},
    {"get_engine_par", "iiii>i", get_engine_par},
    {"pgs_create_key", "ii", pgs_create},
    {"pgs_create_str_key", "i", pgs_create},
    {"pgs_key_exists", "i>i", pgs_exists},
    {"pgs_str_key_exists", "i>i", pgs_exists},
    {"pgs_set_key_val", "iii", pgs_set},
    {"pgs_get_key_val", "ii>i", pgs_get},
    {"pgs_set_str_key_val", "is", pgs_set_text},
    {"pgs_get_str_key_val", "i>s", pgs_get_text},
};

}  // namespace

std::span<const Builtin> state_builtins() { return kStateFunctions; }

}  // namespace fermata::runtime
