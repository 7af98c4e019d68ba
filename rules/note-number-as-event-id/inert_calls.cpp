#include "rules/note-number-as-event-id/inert_calls.h"

#include <algorithm>
#include <unordered_map>

#include "rules/walk.h"

namespace fermata::rules {

namespace {

bool wants_event(std::string_view name) {
  static constexpr std::string_view kCalls[] = {"fade_in",           "change_vol",   "change_tune",
                                                "change_pan",        "change_velo",  "set_event_par",
                                                "set_event_par_arr", "event_status", "get_event_par"};
  return std::ranges::find(kCalls, name) != std::end(kCalls);
}

// All that a variable is ever given.
struct Writes {
  std::vector<ExprId> values;
  bool other = false;  // by a loop, or by a call that it is handed to
};

class Finder {
 public:
  explicit Finder(const Context& context) : context_(context), program_(context.program) {
    for (const Stmt& stmt : program_.stmts) {
      if (stmt.kind == StmtKind::for_) touched(stmt.target);
      if (stmt.kind != StmtKind::assign || program_.exprs[stmt.target].kind != ExprKind::symbol) continue;
      writes_[program_.exprs[stmt.target].symbol].values.push_back(stmt.value);
    }
    for (const Expr& expr : program_.exprs) {
      const std::string_view name = program_.name(expr.name);
      if (expr.kind != ExprKind::call || (expr.function == kNone && name != "inc" && name != "dec")) continue;
      for (uint32_t i = 0; i < expr.child_count; ++i) {
        if (expr.function == kNone || is_written(program_.functions[expr.function], i))
          touched(argument(program_, expr, i));
      }
    }
  }

  void search(const Body& body) const {
    Visitor visitor;
    visitor.each_call = true;
    visitor.call = [&](const Expr& call, const Frame& frame) {
      if (call.function != kNone || call.child_count == 0 || !wants_event(program_.name(call.name))) return;
      if (!is_number(argument(program_, call, 0), &frame, 0)) return;
      context_.report(call.span,
                      "a number that is no event id stands where an event id is due: this call reaches no note");
    };
    walk(program_, body.block, visitor);
  }

 private:
  void touched(ExprId expr) {
    if (expr != kNone && program_.exprs[expr].kind == ExprKind::symbol)
      writes_[program_.exprs[expr].symbol].other = true;
  }

  // A parameter that the function assigns to is the caller's own variable.
  bool is_written(const Function& function, uint32_t parameter) const {
    if (parameter >= function.parameters.size()) return true;
    const auto found = writes_.find(function.parameters[parameter]);
    return found != writes_.end();
  }

  bool is_number(ExprId id, const Frame* frame, int depth) const {
    id = resolve(program_, id, frame);
    if (id == kNone || depth > 4) return false;
    const Expr& expr = program_.exprs[id];
    if (expr.kind == ExprKind::integer) return expr.int_value > 0;
    return is_note(id, frame, depth);
  }

  // Made from a note number: EVENT_NOTE itself, a sum with a constant or a control, a variable that holds nothing else.
  bool is_note(ExprId id, const Frame* frame, int depth) const {
    id = resolve(program_, id, frame);
    if (id == kNone || depth > 4) return false;
    const Expr& expr = program_.exprs[id];
    if (expr.kind == ExprKind::binary && (expr.op == Op::add || expr.op == Op::sub)) {
      const ExprId left = program_.children_of(id)[0], right = program_.children_of(id)[1];
      return (is_note(left, frame, depth + 1) && is_offset(right, frame, depth)) ||
             (is_note(right, frame, depth + 1) && is_offset(left, frame, depth));
    }
    if (expr.kind != ExprKind::symbol || expr.symbol == kNone) return false;
    const Symbol& symbol = program_.symbols[expr.symbol];
    if (symbol.kind == SymbolKind::builtin) return program_.name(symbol.name) == "event_note";
    return (symbol.kind == SymbolKind::global || symbol.kind == SymbolKind::local) && holds_note(expr.symbol, depth);
  }

  bool is_offset(ExprId id, const Frame* frame, int depth) const {
    id = resolve(program_, id, frame);
    if (id == kNone) return false;
    const Expr& expr = program_.exprs[id];
    if (expr.kind == ExprKind::integer) return true;
    if (expr.kind == ExprKind::symbol && expr.symbol != kNone && program_.symbols[expr.symbol].ui != UiKind::none) {
      return true;
    }
    return is_note(id, frame, depth + 1);
  }

  bool holds_note(SymbolId id, int depth) const {
    const Symbol& symbol = program_.symbols[id];
    const auto found = writes_.find(id);
    if (symbol.is_array || symbol.persistent || symbol.ui != UiKind::none || found == writes_.end() ||
        found->second.other || symbol.initial != kNone) {
      return false;
    }
    return std::ranges::all_of(found->second.values, [&](ExprId value) { return is_note(value, nullptr, depth + 1); });
  }

  const Context& context_;
  const Program& program_;
  std::unordered_map<SymbolId, Writes> writes_;
};

}  // namespace

void find_inert_calls(const Context& context) {
  const Finder finder(context);
  for (const Body& body : bodies_of(context.program)) finder.search(body);
}

}  // namespace fermata::rules
