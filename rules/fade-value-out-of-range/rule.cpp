#include <algorithm>

#include "frontend/fold.h"
#include "rules/walk.h"

namespace fermata::rules {

namespace {

// Where the time and the curve stand; -1: the call has none.
struct FadeCall {
  std::string_view name;
  int time, curve;
};

constexpr FadeCall kCalls[] = {{"fades.out", 1, -1},
                               {"fades.in", 1, -1},
                               {"fades.curve_out", 1, 2},
                               {"fades.curve_in", 1, 2},
                               {"ivls.fire_modulation", 1, 3}};

class Checker {
 public:
  Checker(const Context& context, const Expr& call, const Frame& frame)
      : context_(context), program_(context.program), call_(call), frame_(frame) {}

  void check(const FadeCall& fade) const {
    if (const ExprId time = value_of(fade.time); time != kNone) {
      if (const auto ms = fold(program_, time); ms && *ms <= 0) report("this fade's time is not above 0");
    }
    const ExprId curve = value_of(fade.curve);
    if (curve == kNone) return;
    if (is_real(curve)) report("this fade's curve is no whole number; it goes from -100 to 100");
    const auto value = fold(program_, curve);
    if ((value && (*value < -100 || *value > 100)) || (!value && leaves_range(curve))) {
      report("this fade's curve is outside -100 to 100");
    }
  }

 private:
  ExprId value_of(int at) const {
    const Frame* frame = &frame_;
    return at < 0 ? kNone : resolve(program_, argument(program_, call_, static_cast<uint32_t>(at)), frame);
  }

  bool is_real(ExprId id) const {
    const Expr& expr = program_.exprs[id];
    if (expr.kind == ExprKind::unary) return is_real(program_.children_of(id)[0]);
    return expr.kind == ExprKind::real;
  }

  // A control that the user can set beyond the range.
  bool leaves_range(ExprId id) const {
    const Expr& expr = program_.exprs[id];
    if (expr.kind != ExprKind::symbol || expr.symbol == kNone) return false;
    const Symbol& symbol = program_.symbols[expr.symbol];
    return symbol.ui != UiKind::none && symbol.ui_range_known && (symbol.ui_min < -100 || symbol.ui_max > 100);
  }

  void report(std::string message) const { context_.report(call_.span, std::move(message)); }

  const Context& context_;
  const Program& program_;
  const Expr& call_;
  const Frame& frame_;
};

}  // namespace

void fade_value_out_of_range(const Context& context) {
  Visitor visitor;
  visitor.call = [&](const Expr& call, const Frame& frame) {
    const auto* fade = std::ranges::find(kCalls, context.program.name(call.name), &FadeCall::name);
    if (call.function == kNone && fade != std::end(kCalls)) Checker(context, call, frame).check(*fade);
  };
  for (const Body& body : bodies_of(context.program)) walk(context.program, body.block, visitor);
}

}  // namespace fermata::rules
