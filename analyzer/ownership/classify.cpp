#include "ownership/classify.h"

#include <algorithm>

namespace fermata::ownership {

namespace {

struct Reading {
  const char* rule;
  const char* message;
};

Reading read_event(const Violation& v) {
  if (v.flags & kDurationMayBeZero)
    return {"duration-may-be-zero",
            "the length of this note can be 0, and a note of length 0 sounds until something ends it"};
  if (v.flags & kReleasedBeforeBirth)
    return {"release-overtakes-attack",
            "the key can go up during the wait before this note: its release finds nothing to end"};
  if (v.flags & kFadedWithoutStop)
    return {"fade-without-stop", "this note is faded to silence but never ended: it sounds on, unheard"};
  if ((v.flags & kHandleOverwritten) && !v.handle_kept)
    return {"event-handle-lost",
            "the only handle of this note is overwritten while it sounds: nothing can end it any more"};
  if (v.flags & kLookedElsewhere)
    return {"event-key-mismatch", "the handle of this note is looked up under another index than it was stored under"};
  if (v.flags & kPedalWasDown)
    return {"pedal-without-release", "this note is kept for the pedal, and lifting the pedal does not end it"};
  if (v.flags & kNoKey)
    return {"event-never-ended", "nothing ends this note: there is no key here that it could be tied to"};
  return {"event-never-ended", "on some path nothing ends this note"};
}

Reading read_source(const Violation& v) {
  if (v.flags & kFadedWithoutStop)
    return {"fade-keeps-source",
            "the legato source is only faded to silence, with kill NO: it lives on without an owner"};
  if (v.flags & kDurationMayBeZero)
    return {"duration-may-be-zero",
            "a duration is the only owner of the legato source, and it can be 0: then it gives no owner"};
  if (v.flags & kFadeCancelled)
    return {"fade-cancelled", "the fade that alone owns the legato source can be released before it ends it"};
  if (v.flags & kParked)
    return {"voice-parked",
            "the legato source is kept in a variable from which no closing callback is certain to end it"};
  if (v.flags & kWaitedOwnerless)
    return {"wait-before-owner",
            "the legato source is held across a wait without an owner, and what follows does not always end it"};
  return {"legato-source-unowned", "on some path the legato source is left without an owner: nobody will end it"};
}

// The voice that was taken from its parent is also put into a location that outlives the callback.
bool is_kept(const ir::Module& module, const Violation& v) {
  if (v.blame == kNone) return false;
  const auto slot_of = [&](ir::ExprId id) {
    return id != kNone && module.exprs[id].kind == ir::ExprKind::slot ? module.exprs[id].slot : kNone;
  };
  const ir::SlotId voice = slot_of(module.instrs[v.blame].a);
  if (voice == kNone) return false;
  return std::ranges::any_of(module.instrs, [&](const ir::Instr& instr) {
    if (instr.effect == ir::Effect::store) return slot_of(instr.b) == voice;
    return instr.effect == ir::Effect::set && slot_of(instr.a) == voice &&
           module.slots[instr.dst].kind == ir::SlotKind::global;
  });
}

Reading read_voice(const ir::Module& module, const Violation& v) {
  if (v.unfired) return {"voice-never-played", "on some path this voice is neither played nor deleted: its slot leaks"};
  if (v.flags & kLegato) return read_source(v);
  if (v.flags & kRestored)
    return {"restore-to-dead-parent", "the parent that this voice goes back to can be gone: then nobody releases it"};
  if ((v.flags & kDurationMayBeZero) && !(v.flags & kReleasedBeforeBirth))
    return {"duration-may-be-zero",
            "a duration is the only owner of this voice, and it can be 0: then it gives no owner"};
  if (v.flags & kFadeCancelled)
    return {"fade-cancelled", "the fade that alone owns this voice can be released before it ends it"};
  if (v.flags & kFadedWithoutStop)
    return {"fade-keeps-source", "this voice is only faded to silence, with kill NO: it lives on without an owner"};
  if (v.flags & kDetached) {
    if ((v.flags & (kParked | kHandleOverwritten)) || is_kept(module, v))
      return {"voice-parked", "this voice is kept in a variable from which no closing callback is certain to end it"};
    if (v.flags & kWaitedOwnerless)
      return {"wait-before-owner",
              "this voice is held across a wait without an owner, and what follows does not always end it"};
    return {"voice-detached", "this voice is taken from its parent, and on some path nobody owns it afterwards"};
  }
  if (v.flags & kCloned)
    return {"clone-without-owner", "the clone's parent can be gone: then nobody releases the clone"};
  if (v.flags & kBornInNoteOff)
    return {"release-spawn-unowned",
            "a child of a voice that is already being released: no cascade will reach it, and it has no duration and "
            "no runtime"};
  if (v.flags & kReleasedBeforeBirth)
    return {
        "release-overtakes-attack",
        "the voice can be released during the wait before this: its child is sent on with nobody left to release it"};
  return {"voice-detached", "on some path nobody owns this voice"};
}

}  // namespace

Candidate classify(const ir::Module& module, const Violation& violation, const std::vector<Step>& steps) {
  Reading reading{"", ""};
  switch (violation.kind) {
    case Kind::event:
      reading = read_event(violation);
      break;
    case Kind::voice:
      reading = read_voice(module, violation);
      break;
    case Kind::runtime:
      reading = {"runtime-leaked",
                 "on some path the only handle of this runtime is lost: the voices in it are never released"};
      break;
    case Kind::key_event:
      if (violation.flags & kPedalWasDown) {
        reading = {"pedal-without-release",
                   "the key-up is swallowed for the pedal, and lifting the pedal does not end the note"};
      } else {
        reading = {"release-swallowed", "the key-up is swallowed here, and on some path nothing ends the note later"};
      }
      break;
    case Kind::midi_note:
      reading = {"midi-note-unpaired",
                 "a note-on leaves the script, and on some path no note-off of the same channel and pitch follows"};
      break;
  }
  Candidate candidate;
  candidate.rule = reading.rule;
  candidate.message = reading.message;
  candidate.unfired = violation.unfired;
  for (uint32_t at = violation.trace; at != kNone; at = steps[at].previous) {
    candidate.path.push_back({steps[at].span, steps[at].message, steps[at].input});
  }
  std::ranges::reverse(candidate.path);
  return candidate;
}

std::string remark_message(std::string_view rule) {
  if (rule == "release-after-handover")
    return "this voice already has a fade or a duration that ends it, or was released before: releasing it here cuts "
           "that off";
  if (rule == "two-owners") return "this gives the voice a second owner: a runtime and a duration would both end it";
  if (rule == "runtime-used-after-release")
    return "this runtime was released before: its handle names nothing any more";
  if (rule == "adopt-arguments-swapped")
    return "runtime and voice are exchanged: one of the two calls takes the runtime first, the other the voice";
  if (rule == "legato-link-unchecked") return "the source is read where there may be no link: ask legato.found first";
  return std::string(rule);
}

}  // namespace fermata::ownership
