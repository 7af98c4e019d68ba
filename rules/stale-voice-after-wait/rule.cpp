#include <algorithm>

#include "rules/track.h"

namespace fermata::rules {

using ir::Effect;
using ir::Env;

namespace {

constexpr uint32_t kWaited = 1;

bool is_event(Env env) { return env == Env::event_id; }
bool makes_handle(const ir::Instr& instr) { return instr.effect == Effect::play_note || makes_voice(instr); }

// A condition that may have asked whether the handle is still the same one.
bool is_check(const ir::Module& module, ir::ExprId condition) {
  return any_part(module, condition, [&](const ir::Expr& part) {
    if (part.kind == ir::ExprKind::env) return part.env == Env::path_on;
    if (part.kind == ir::ExprKind::pure) return part.pure == ir::Pure::check_ref || part.pure == ir::Pure::unknown;
    if (part.kind == ir::ExprKind::unknown) return true;
    if (part.kind != ir::ExprKind::binary || (part.op != Op::eq && part.op != Op::ne)) return false;
    return !constant_of(module, part.args[0]) && !constant_of(module, part.args[1]);
  });
}

// The operand of an operation on a voice or an event.
ir::ExprId operand_of(const ir::Instr& instr) {
  switch (instr.effect) {
    case Effect::note_off:
    case Effect::fade_out:
    case Effect::ignore_event:
    case Effect::change_note:
    case Effect::release_voice:
    case Effect::play_oneshot:
    case Effect::fade_voice:
    case Effect::unparent:
    case Effect::restore_parent:
    case Effect::reparent_voice:
      return instr.a;
    case Effect::adopt:
      return instr.b;
    default:
      return kNone;
  }
}

class Finder {
 public:
  explicit Finder(const Context& context) : context_(context), module_(context.module), sources_(module_) {}

  void entry(const ir::Entry& entry) {
    bool waits = false;
    each_instr(module_, entry,
               [&](const ir::Instr& instr, ir::BlockId, uint32_t) { waits = waits || instr.effect == Effect::wait; });
    if (!waits || entry.kind == ir::EntryKind::init || entry.kind == ir::EntryKind::node_init) return;
    if (entry.kind == ir::EntryKind::release && !takes_turns(entry)) release_of_another(entry);
    each_instr(module_, entry, [&](const ir::Instr& instr, ir::BlockId block, uint32_t index) {
      if (instr.effect == Effect::set && is_shared_handle(instr) && !takes_turns(entry)) {
        shared_variable(entry, instr.dst, block, index);
      }
      if (!is_task(entry.kind)) return;
      if (instr.effect == Effect::play && module_.exprs[instr.a].kind == ir::ExprKind::slot) {
        child(entry, {{module_.exprs[instr.a].slot}, {}, 0}, block, index);
      }
      if (instr.effect == Effect::pass) child(entry, {{instr.dst}, {Env::sent_voice}, 0}, block, index);
    });
  }

 private:
  // An ordinary variable that each run of this callback gives a handle of its own.
  bool is_shared_handle(const ir::Instr& set) const {
    const ir::Slot& slot = module_.slots[set.dst];
    return slot.kind == ir::SlotKind::global && !slot.ui && sources_.of(set.a).all(makes_handle, is_event);
  }

  // The callback asks a flag that it sets itself: at most one run of it may be under way.
  bool takes_turns(const ir::Entry& entry) const {
    bool asked = false;
    each_instr(module_, entry, [&](const ir::Instr& set, ir::BlockId, uint32_t) {
      if (asked || set.effect != Effect::set || module_.slots[set.dst].kind != ir::SlotKind::global) return;
      if (!constant_of(module_, set.a)) return;
      for (ir::BlockId b = entry.start; b < entry.stop && !asked; ++b) {
        if (module_.blocks[b].jump != ir::Jump::branch) continue;
        asked = any_part(module_, module_.blocks[b].condition,
                         [&](const ir::Expr& part) { return part.kind == ir::ExprKind::slot && part.slot == set.dst; });
      }
    });
    return asked;
  }

  // A key-up that waits, and then takes what the latest key has left in an ordinary variable.
  void release_of_another(const ir::Entry& entry) {
    for (const ir::SlotId variable : module_.globals) {
      const auto& writers = sources_.writers(variable);
      const bool shared = std::ranges::any_of(
          writers, [&](const ir::Instr* set) { return set->effect == Effect::set && is_shared_handle(*set); });
      if (shared) shared_variable(entry, variable, entry.start, module_.blocks[entry.start].first - 1);
    }
  }

  void shared_variable(const ir::Entry& entry, ir::SlotId variable, ir::BlockId block, uint32_t index) {
    const auto visit = [&, variable](const ir::Instr& instr, ir::BlockId at, Track& track) {
      if (instr.dst == variable) return Step::cut;
      if (instr.effect == Effect::wait) {
        track.flags = kWaited;
        track.slots = {variable};  // what was copied before is this run's own
      }
      return use(entry, block, instr, at, track, "another key can have written the variable meanwhile");
    };
    follow(module_, block, index, {{variable}, {}, 0}, {visit, branch()});
  }

  // A voice that ends with self, or by its own length: its number may be another's after a wait.
  void child(const ir::Entry& entry, Track start, ir::BlockId block, uint32_t index) {
    const auto visit = [&](const ir::Instr& instr, ir::BlockId at, Track& track) {
      if (instr.effect == Effect::set && is_env(module_, instr.a, Env::sent_voice) && !track.engine.empty()) {
        return Step::on;
      }
      if (instr.effect == Effect::pass) return Step::cut;
      if (instr.effect == Effect::wait) track.flags = kWaited;
      const bool handled = holds(module_, track, operand_of(instr));
      if (handled && track.flags != kWaited) return Step::cut;  // has another owner now, or has ended
      if (instr.effect == Effect::load && holds(module_, track, instr.a)) return Step::cut;  // looked at
      return use(entry, block, instr, at, track, "it ends with this node's own voice, which may be gone by now");
    };
    follow(module_, block, index, std::move(start), {visit, branch()});
  }

  std::function<Step(const ir::Block&, Track&)> branch() const {
    return [this](const ir::Block& block, Track& track) {
      return track.flags == kWaited && is_check(module_, block.condition) ? Step::cut : Step::on;
    };
  }

  Step use(const ir::Entry& entry, ir::BlockId from, const ir::Instr& instr, ir::BlockId at, const Track& track,
           std::string_view why) const {
    if (track.flags != kWaited || !holds(module_, track, operand_of(instr))) return Step::on;
    if (nested(module_, entry, from, at)) {
      context_.report(instr.span, "this handle is from before the wait: " + std::string(why));
    }
    return Step::cut;
  }

  const Context& context_;
  const ir::Module& module_;
  const Sources sources_;
};

}  // namespace

void stale_voice_after_wait(const Context& context) {
  Finder finder(context);
  for (const ir::Entry& entry : context.module.entries) finder.entry(entry);
}

}  // namespace fermata::rules
