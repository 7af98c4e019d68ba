#include "witness/vocabulary.h"

#include <algorithm>
#include <optional>
#include <set>

namespace fermata::witness {

namespace {

constexpr size_t kMaxNotes = 10;
constexpr size_t kMaxControls = 10;
constexpr size_t kMaxValues = 6;

// A constant operand, also through a declared constant or a minus sign.
std::optional<int64_t> constant_of(const Program& program, ExprId id) {
  int64_t sign = 1;
  const Expr* expr = &program.exprs[id];
  if (expr->kind == ExprKind::unary && expr->op == Op::neg) {
    sign = -1;
    expr = &program.exprs[program.children_of(id)[0]];
  }
  if (expr->kind == ExprKind::integer) return sign * expr->int_value;
  if (expr->kind == ExprKind::symbol && expr->symbol != kNone && program.symbols[expr->symbol].has_value) {
    return sign * program.symbols[expr->symbol].value;
  }
  return std::nullopt;
}

class Reader {
 public:
  explicit Reader(const Program& program) : program_(program), compared_(program.symbols.size()) {}

  Vocabulary read() {
    for (ExprId id = 0; id < program_.exprs.size(); ++id) look_at(id);
    Vocabulary words;
    pick_notes(words);
    pick_velocities(words);
    pick_controls(words);
    words.controllers = {64, 67, 66};
    for (const int64_t number : controllers_) {
      if (number >= 0 && number < 128 && number != 64 && number != 66 && number != 67)
        words.controllers.push_back(static_cast<int>(number));
    }
    words.gaps = {5'000, 60'000, 250'000, 900'000};
    for (const int64_t length : waits_) {
      if (length > 2) words.gaps.push_back(length / 2);
      words.gaps.push_back(length + 1'000);
    }
    std::ranges::sort(words.gaps);
    words.gaps.erase(std::unique(words.gaps.begin(), words.gaps.end()), words.gaps.end());
    if (words.gaps.size() > 8) words.gaps.resize(8);
    words.transport = std::ranges::any_of(
        program_.callbacks, [&](const Callback& callback) { return program_.name(callback.kind) == "listener"; });
    return words;
  }

 private:
  std::string_view builtin(ExprId id) const {
    const Expr& expr = program_.exprs[id];
    const bool named = (expr.kind == ExprKind::symbol || expr.kind == ExprKind::index) && expr.symbol != kNone &&
                       program_.symbols[expr.symbol].kind == SymbolKind::builtin;
    return named ? program_.name(program_.symbols[expr.symbol].name) : std::string_view();
  }

  void compare(ExprId variable, int64_t value) {
    const Expr& expr = program_.exprs[variable];
    const std::string_view name = builtin(variable);
    if (name == "event_note" || name == "midi_byte_1") notes_.insert({value - 1, value, value + 1});
    if (name == "event_velocity") velocities_.insert({value - 1, value, value + 1});
    if (name == "cc_num") controllers_.insert(value);
    if (expr.kind == ExprKind::field && program_.name(expr.field) == "note")
      notes_.insert({value - 1, value, value + 1});
    if (expr.kind == ExprKind::field && program_.name(expr.field) == "vel")
      velocities_.insert({value - 1, value, value + 1});
    if (expr.kind == ExprKind::symbol && expr.symbol != kNone) {
      for (const int64_t near : {value - 1, value, value + 1}) compared_[expr.symbol].insert(near);
    }
  }

  void look_at(ExprId id) {
    const Expr& expr = program_.exprs[id];
    const auto children = program_.children_of(id);
    if (expr.kind == ExprKind::binary && children.size() == 2 && expr.op >= Op::eq && expr.op <= Op::ge) {
      if (const auto right = constant_of(program_, children[1])) compare(children[0], *right);
      if (const auto left = constant_of(program_, children[0])) compare(children[1], *left);
    }
    if (expr.kind == ExprKind::index && builtin(id) == "cc" && !children.empty()) {
      if (const auto number = constant_of(program_, children[0])) controllers_.insert(*number);
    }
    if (expr.kind != ExprKind::call) return;
    const std::string_view name = program_.name(expr.name);
    if (name == "in_range" && children.size() == 3) {
      for (const ExprId bound : {children[1], children[2]}) {
        if (const auto value = constant_of(program_, bound)) compare(children[0], *value);
      }
    }
    if (name == "keymap.request" && children.size() > 2) keyed_ = true;
    const bool micro = name == "wait" || name == "tcm.wait" || name == "ivls.wait" || name == "ivls.wait_us";
    const bool milli = name == "ivls.wait_ms";
    if ((micro || milli) && !children.empty()) {
      if (const auto length = constant_of(program_, children[0]); length && *length > 0 && *length < 5'000'000) {
        waits_.insert(milli ? *length * 1000 : *length);
      }
    }
  }

  void pick_notes(Vocabulary& words) const {
    words.notes = {60, 64, 67};
    for (const int64_t note : notes_) {
      if (note < 1 || note > 126 || words.notes.size() >= kMaxNotes) continue;
      if (std::ranges::find(words.notes, static_cast<int>(note)) == words.notes.end())
        words.notes.push_back(static_cast<int>(note));
    }
    for (const int note : {48, 36, 72, 84}) {
      if (std::ranges::find(words.notes, note) == words.notes.end()) words.notes.push_back(note);
    }
  }

  void pick_velocities(Vocabulary& words) const {
    words.velocities = {100, 30, 127};
    for (const int64_t velocity : velocities_) {
      if (velocity >= 1 && velocity <= 127 && words.velocities.size() < 6)
        words.velocities.push_back(static_cast<int>(velocity));
    }
  }

  void pick_controls(Vocabulary& words) const {
    for (SymbolId id = 0; id < program_.symbols.size() && words.controls.size() < kMaxControls; ++id) {
      const Symbol& symbol = program_.symbols[id];
      if (symbol.ui == UiKind::none || symbol.ui == UiKind::label || symbol.is_array || !symbol.ui_range_known ||
          symbol.type != ValueType::integer)
        continue;
      Control control;
      control.name =
          (symbol.sigil != 0 ? std::string(1, symbol.sigil) : std::string()) + std::string(program_.name(symbol.name));
      control.has_callback =
          std::ranges::any_of(program_.callbacks, [&](const Callback& callback) { return callback.control == id; });
      std::set<int64_t> values{symbol.ui_min, symbol.ui_max, symbol.ui_min + 1, (symbol.ui_min + symbol.ui_max) / 2};
      values.insert(compared_[id].begin(), compared_[id].end());
      for (const int64_t value : values) {
        if (value >= symbol.ui_min && value <= symbol.ui_max && control.values.size() < kMaxValues)
          control.values.push_back(static_cast<int>(value));
      }
      if (std::ranges::find(control.values, symbol.ui_max) == control.values.end())
        control.values.back() = symbol.ui_max;
      words.controls.push_back(std::move(control));
    }
  }

  const Program& program_;
  std::set<int64_t> notes_, velocities_, controllers_, waits_;
  std::vector<std::set<int64_t>> compared_;
  bool keyed_ = false;
};

}  // namespace

Vocabulary vocabulary_of(const Program& program) { return Reader(program).read(); }

}  // namespace fermata::witness
