// What other statements say about variables: the values of menus, ranges changed afterwards, persistence.
#include <algorithm>
#include <limits>
#include <vector>

#include "frontend/build.h"
#include "frontend/fold.h"

namespace fermata::build {
namespace {

struct Range {
  int64_t low = std::numeric_limits<int64_t>::max();
  int64_t high = std::numeric_limits<int64_t>::min();
  bool exact = true;
};

class Widgets {
 public:
  explicit Widgets(Program& program) : program_(program), menus_(program.symbols.size()) {}

  void call(const Expr& expr) {
    if (expr.function != kNone || expr.child_count == 0) return;
    const std::string_view name = program_.name(expr.name);
    if (name == "make_persistent" || name == "make_instr_persistent" || name == "read_persistent_var") {
      const SymbolId symbol = symbol_of(child(expr, 0));
      if (symbol != kNone) program_.symbols[symbol].persistent = true;
    } else if (expr.child_count == 3 && (name == "add_menu_item" || name == "set_menu_item_value")) {
      menu_value(widget_of(child(expr, 0)), child(expr, 2));
    } else if (expr.child_count >= 3 && name == "set_control_par") {
      const SymbolId parameter = symbol_of(child(expr, 1));
      const std::string_view word = parameter == kNone ? "" : program_.name(program_.symbols[parameter].name);
      const bool other = !word.starts_with("control_par_");
      if (other || word.ends_with("min_value") || word.ends_with("max_value")) forget_range(widget_of(child(expr, 0)));
    }
  }

  // `widget -> min_value := x` changes the range as set_control_par does.
  void assignment(const Stmt& stmt) {
    const Expr& target = program_.exprs[stmt.target];
    if (target.kind != ExprKind::event_par) return;
    const std::string_view word = program_.name(target.name);
    if (word.ends_with("min_value") || word.ends_with("max_value")) forget_range(widget_of(child(target, 0)));
  }

  void finish() {
    for (SymbolId id = 0; id < menus_.size(); ++id) {
      Symbol& symbol = program_.symbols[id];
      if (symbol.ui != UiKind::menu) continue;
      symbol.ui_range_known = menus_[id].exact && menus_[id].low <= menus_[id].high;
      if (!symbol.ui_range_known) continue;
      symbol.ui_min = static_cast<int32_t>(menus_[id].low);
      symbol.ui_max = static_cast<int32_t>(menus_[id].high);
    }
  }

 private:
  ExprId child(const Expr& expr, uint32_t index) const { return program_.children[expr.first_child + index]; }

  SymbolId symbol_of(ExprId id) const {
    const Expr& expr = program_.exprs[id];
    return expr.kind == ExprKind::symbol || expr.kind == ExprKind::index ? expr.symbol : kNone;
  }

  // A widget, or get_ui_id(widget).
  SymbolId widget_of(ExprId id) const {
    const Expr& expr = program_.exprs[id];
    const bool through_id =
        expr.kind == ExprKind::call && expr.child_count == 1 && program_.name(expr.name) == "get_ui_id";
    return symbol_of(through_id ? child(expr, 0) : id);
  }

  void menu_value(SymbolId menu, ExprId value) {
    if (menu == kNone) return;
    const std::optional<int64_t> known = fold(program_, value);
    Range& range = menus_[menu];
    range.exact = range.exact && known.has_value();
    if (!known) return;
    range.low = std::min(range.low, *known);
    range.high = std::max(range.high, *known);
  }

  void forget_range(SymbolId widget) {
    if (widget == kNone) return;
    program_.symbols[widget].ui_range_known = false;
    menus_[widget].exact = false;
  }

  Program& program_;
  std::vector<Range> menus_;
};

}  // namespace

// A name read above the first line that writes it: the variable that the write brought into being.
void bind_late_names(Build& build) {
  for (Expr& expr : build.program.exprs) {
    if (expr.kind != ExprKind::name) continue;
    const auto found = build.globals.find(std::string(build.program.name(expr.name)));
    if (found == build.globals.end() || found->second.empty()) continue;
    expr.kind = ExprKind::symbol;
    expr.symbol = found->second.front();
  }
}

void finish_widgets(Build& build) {
  Widgets widgets(build.program);
  for (const Expr& expr : build.program.exprs) {
    if (expr.kind == ExprKind::call) widgets.call(expr);
  }
  for (const Stmt& stmt : build.program.stmts) {
    if (stmt.kind == StmtKind::assign) widgets.assignment(stmt);
  }
  widgets.finish();
}

}  // namespace fermata::build
