// Functions that move a voice from one owner to another.
#include "runtime/ivls/core.h"
#include "runtime/ivls/owners.h"
#include "runtime/ivls/tree.h"

namespace fermata::runtime::ivls {
namespace {

KernelResult adopt(const Call& call, Value runtime, Value voice) {
  World& world = call.world();
  if (!call.live_runtime(runtime) || !world.check(voice)) return {};
  const auto slot = static_cast<Handle>(voice);
  if (world.voices[slot].limit > 0) world.host.fault("two-owners");
  if (world.voices[slot].released_at != 0) return {};  // it is ending: nothing to keep
  const Watch watch(world, slot);
  join_runtime(world, slot, static_cast<Handle>(runtime));
  world.voices[slot][Field::auto_release] = 0;
  return {};
}

void hang_under(World& world, Handle voice, Handle parent) {
  if (is_below(world, parent, voice)) {
    world.host.fault("tree-cycle");
    return;
  }
  const Watch watch(world, voice);
  link(world, voice, parent);
}

// What a branch keeps for structure only: one child, nobody else's, nothing of its own still going.
bool can_go(const World& world, Handle slot) {
  const Voice& voice = world.voices[slot];
  const Handle only = voice.child;
  return voice.node != kNone && world.prunable.contains(voice.node) && !voice.key_voice && only != -1 &&
         world.voices[only].right == -1 && voice.runtime == -1 && voice.limit == 0 && voice.tasks == 0 &&
         voice.released_at == 0 && voice[Field::auto_release] != 0 && voice[Field::event] == -1;
}

}  // namespace

// Row "create_runtime()": at most 1024 live ones; the 1025th call gives -1 and the fault `too-many-runtimes`.
KernelResult create_runtime(const Call& call) {
  World& world = call.world();
  const Handle runtime = world.runtimes.take();
  if (runtime == -1) {
    world.host.fault("too-many-runtimes");
    return {-1};
  }
  world.runtimes[runtime] = Runtime{true, world.place(), {}};
  world.tell("runtime", -1, "a runtime is made");
  return {runtime};
}

// Row "add_voice_to_runtime(r, v)".
KernelResult add_voice_to_runtime(const Call& call) { return adopt(call, call[0], call[1]); }

// Row "reparent_voice(v, r)".
KernelResult reparent_voice(const Call& call) { return adopt(call, call[1], call[0]); }

// Row "restore_parent(v)": out of its runtime, auto_release TRUE; ownerless when the parent is gone or releasing.
KernelResult restore_parent(const Call& call) {
  if (!call.voice(0)) return {};
  const Watch watch(call.world(), call.handle(0));
  leave_runtime(call.world(), call.handle(0));
  call.world().voices[call.handle(0)][Field::auto_release] = 1;
  return {};
}

// Row "release_runtime(r)".
KernelResult release_runtime(const Call& call) {
  if (!call.live_runtime(call[0])) return {};
  call.core.releaser.release_runtime(call.handle(0));
  call.world().tell("runtime-end", -1, "a runtime is released");
  return {};
}

// Row "unparent_voice(v)": to the omni voice.
KernelResult unparent_voice(const Call& call) {
  if (call.voice(0)) hang_under(call.world(), call.handle(0), kOmni);
  return {};
}

// Row "unparent_children(v)".
KernelResult unparent_children(const Call& call) {
  if (!call.voice(0)) return {};
  for (const Handle child : children(call.world(), call.handle(0))) hang_under(call.world(), child, kOmni);
  return {};
}

// Rows "reparent_voice_to_voice(v, p)", "add_child_to_parent(v, p)": auto_release untouched.
KernelResult reparent_voice_to_voice(const Call& call) {
  if (!call.voice(0)) return {};
  if (call[1] != kOmni && !call.voice(1)) return {};
  hang_under(call.world(), call.handle(0), call.handle(1));
  return {};
}

// Row "move_children(old, new)". They keep their order.
KernelResult move_children(const Call& call) {
  if (!call.voice(0) || (call[1] != kOmni && !call.voice(1))) return {};
  const std::vector<Handle> moved = children(call.world(), call.handle(0));
  for (auto child = moved.rbegin(); child != moved.rend(); ++child) hang_under(call.world(), *child, call.handle(1));
  return {};
}

// Frees the ancestors above v that only lead to it, up to the first that does more.
KernelResult prune_branch_to_voice(const Call& call) {
  if (!call.voice(0)) return {};
  World& world = call.world();
  const Handle voice = call.handle(0);
  while (true) {
    const Handle parent = world.voices[voice].parent;
    if (parent <= kOmni || !can_go(world, parent)) return {};
    const Handle above = world.voices[parent].parent;
    if (above <= kOmni || world.voices[above].released_at != 0) return {};
    hang_under(world, voice, above);
    call.core.births.end(parent, " is pruned");
  }
}

// IVLS.NODE_PRUNABLE(node, yes).
KernelResult node_prunable(const Call& call) {
  if (call[0] < 0 || static_cast<size_t>(call[0]) >= call.world().host.program().nodes.size()) return {};
  const auto node = static_cast<NodeId>(call[0]);
  if (call[1] != 0) {
    call.world().prunable.insert(node);
  } else {
    call.world().prunable.erase(node);
  }
  return {};
}

}  // namespace fermata::runtime::ivls
