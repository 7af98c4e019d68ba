#include <algorithm>

#include "frontend/fold.h"
#include "rules/walk.h"

namespace fermata::rules {

namespace {

// The argument that is a time. Notes of a few microseconds are played on purpose, to trigger something else.
struct TimedCall {
  std::string_view name;
  uint32_t at;
  bool milliseconds;
  int64_t on_purpose = 0;
};

constexpr TimedCall kCalls[] = {{"ivls.play.oneshot", 1, false},
                                {"play_note", 3, false, 99},
                                {"fades.out", 1, true},
                                {"fades.in", 1, true},
                                {"fades.curve_out", 1, true},
                                {"fades.curve_in", 1, true},
                                {"ivls.fire_modulation", 1, true},
                                {"ivls.wait_ms", 0, true}};

constexpr int64_t kLeastMicroseconds = 1000, kMostMilliseconds = 600'000;

}  // namespace

void duration_unit(const Context& context) {
  const Program& program = context.program;
  Visitor visitor;
  visitor.call = [&](const Expr& call, const Frame& frame) {
    const auto* timed = std::ranges::find(kCalls, program.name(call.name), &TimedCall::name);
    if (call.function != kNone || timed == std::end(kCalls)) return;
    const Frame* at = &frame;
    const ExprId time = resolve(program, argument(program, call, timed->at), at);
    const auto value = time == kNone ? std::nullopt : fold(program, time);
    if (!value) return;
    if (timed->milliseconds && *value > kMostMilliseconds) {
      context.report(call.span, "milliseconds are due here, and this is more than ten minutes: meant as microseconds?");
    }
    if (!timed->milliseconds && *value > timed->on_purpose && *value < kLeastMicroseconds) {
      context.report(call.span,
                     "microseconds are due here, and this is less than a millisecond: meant as milliseconds?");
    }
  };
  for (const Body& body : bodies_of(program)) walk(program, body.block, visitor);
}

}  // namespace fermata::rules
