#include <algorithm>

#include "rules/track.h"

namespace fermata::rules {

using ir::Effect;

namespace {

// What the stages behind read when the voice gets there.
bool is_read_at_once(std::string_view field) {
  static constexpr std::string_view kFields[] = {"note",          "vel",  "midi_ch", "duration", "delay",
                                                 "duration_type", "flow", "stage",   "thread",   "delay_type"};
  return std::ranges::find(kFields, field) != std::end(kFields);
}

}  // namespace

void field_after_play(const Context& context) {
  const ir::Module& module = context.module;
  for (const ir::Entry& entry : module.entries) {
    each_instr(module, entry, [&](const ir::Instr& made, ir::BlockId block, uint32_t index) {
      if (made.effect != Effect::new_voice) return;
      const auto visit = [&](const ir::Instr& next, ir::BlockId at, Track& track) {
        if ((next.effect == Effect::play || next.effect == Effect::play_oneshot) && holds(module, track, next.a)) {
          track.flags = at + 1;  // played, and where
        }
        if (next.effect == Effect::wait) return Step::cut;
        const bool late = next.effect == Effect::store && track.flags != 0 && holds(module, track, next.a) &&
                          is_read_at_once(module.arrays[next.array].name);
        if (late && nested(module, entry, track.flags - 1, at)) {
          context.report(next.span, "this voice has been played already: the field comes too late");
        }
        return Step::on;
      };
      follow(module, block, index, {{made.dst}, {}, 0}, {visit, {}});
    });
  }
}

}  // namespace fermata::rules
