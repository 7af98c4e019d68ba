// The kernel's parts put together, and the shape of a function that scripts call.
#pragma once

#include "runtime/ivls/births.h"
#include "runtime/ivls/dispatch.h"
#include "runtime/ivls/fades.h"
#include "runtime/ivls/flows.h"
#include "runtime/ivls/hooks.h"
#include "runtime/ivls/release.h"
#include "runtime/ivls/world.h"

namespace fermata::runtime::ivls {

struct Core {
  explicit Core(Host& host)
      : world(host),
        hooks(world),
        flows(host.program()),
        births(world, hooks),
        dispatcher(world, flows, births),
        releaser(world, hooks, dispatcher),
        fades(world, births, dispatcher, releaser) {
    dispatcher.connect(releaser);
  }

  World world;
  Hooks hooks;
  Flows flows;
  Keymaps keymaps;
  Births births;
  Dispatcher dispatcher;
  Releaser releaser;
  Fades fades;
  Value modbits = 0;  // handles given out; a modbit ends nothing and owns nothing
};

// One call from a script.
struct Call {
  Core& core;
  std::span<const Value> arguments;
  Handle self = -1;
  Handle nenv = -1;

  World& world() const { return core.world; }
  Value operator[](size_t index) const { return index < arguments.size() ? arguments[index] : 0; }
  Handle handle(size_t index) const { return static_cast<Handle>((*this)[index]); }
  // The argument is a voice that a script may act on; otherwise the fault `voice-not-live` is recorded.
  bool voice(size_t index) const {
    return index < arguments.size() ? world().check(arguments[index]) : world().check(-1);
  }
  // False with a fault where a NotePass body must not do this.
  bool outside_note_pass(std::string_view kind) const;
  bool live_runtime(Value runtime) const;
};

using Function = KernelResult (*)(const Call&);

// By lower-case name; nullptr when scripts have no such function.
Function find_function(std::string_view name);

// clang-format off
// X(identifier, "name"), one for each function. The comment on each definition names the row of the contract.
#define FERMATA_VOICE_CALLS(X)                                                                                       \
  X(voice_new, "voice.new") X(voice_copy, "voice.copy") X(voice_copy, "voice.new_copy")                              \
  X(voice_delete, "voice.delete")                                                                                    \
  X(new_voice, "ivls.new_voice") X(new_formal_voice, "ivls.new_formal_voice") X(pass, "ivls.pass")                   \
  X(pass, "ivls.sendself") X(play, "ivls.play") X(play_oneshot, "ivls.play.oneshot")                                 \
  X(play_under, "ivls.play_under") X(clone_voice, "ivls.clone_voice") X(release_voice, "ivls.release_voice")         \
  X(release_voice_children, "ivls.release_voice_children") X(reflow_voice, "ivls.reflow_voice")                      \
  X(check_ref, "check_ref") X(voice_number, "ivls.voice_number") X(key_held, "ivls.key_held")                        \
  X(parent_is_live, "ivls.parent_is_live")
#define FERMATA_OWNER_CALLS(X)                                                                                       \
  X(create_runtime, "ivls.create_runtime") X(add_voice_to_runtime, "ivls.add_voice_to_runtime")                      \
  X(reparent_voice, "ivls.reparent_voice") X(restore_parent, "ivls.restore_parent")                                  \
  X(release_runtime, "ivls.release_runtime") X(unparent_voice, "ivls.unparent_voice")                                \
  X(unparent_children, "ivls.unparent_children") X(reparent_voice_to_voice, "ivls.reparent_voice_to_voice")          \
  X(reparent_voice_to_voice, "ivls.add_child_to_parent") X(move_children, "ivls.move_children")                      \
  X(prune_branch_to_voice, "ivls.prune_branch_to_voice") X(node_prunable, "ivls.node_prunable")
#define FERMATA_SOUND_CALLS(X)                                                                                       \
  X(fade_out, "fades.out") X(fade_in, "fades.in") X(curve_out, "fades.curve_out") X(curve_in, "fades.curve_in")      \
  X(fire_modulation, "ivls.fire_modulation") X(legato_found, "legato.found")                                         \
  X(legato_check_current, "legato.check_current") X(legato_get_src, "legato.get_src_vo") X(legato_link, "legato.link") \
  X(legato_unlink, "legato.unlink") X(legato_unlink, "legato.clear") X(legato_hand_over, "legato.hand_over")          \
  X(legato_switch_releases, "legato.switch_releases") X(pedal_state, "keys.get_pedal_state")                         \
  X(pedal_value, "keys.get_pedal_value") X(sostenuto_cc, "keys.sostenuto_cc") X(modbit_new, "modbit.local")          \
  X(modbit_new, "modbit.static") X(modbit_delete, "modbit.delete")
#define FERMATA_FLOW_CALLS(X)                                                                                        \
  X(new_flow, "ivls.new_flow") X(register_node, "ivls.register_node") X(register_move, "ivls.register_move")         \
  X(register_arg, "ivls.register_arg") X(node_arg, "node_arg") X(keymap_request, "keymap.request")                   \
  X(keymap_dismiss, "keymap.dismiss") X(keymap_dismiss_all, "keymap.dismiss_all_of")                                 \
  X(keymap_latency, "keymap.update_key_latency_us") X(keymap_select, "keymap.select_map")                            \
  X(keymap_reboot, "keymap.reboot") X(keymap_label, "keymap.update_key_type")                                        \
  X(keymap_label, "keymap.update_key_color") X(keymap_label, "keymap.update_key_name")                               \
  X(keymap_label, "keymap.push") X(keymap_label, "keymap.push_all") X(wait_us, "ivls.wait")                          \
  X(wait_us, "ivls.wait_us") X(wait_ms, "ivls.wait_ms") X(wait_ticks, "ivls.wait_ticks") X(in_range, "in_range")     \
  X(fail, "ivls.fail") X(assert_, "ivls.assert")
// clang-format on

#define FERMATA_DECLARE(identifier, name) KernelResult identifier(const Call& call);
FERMATA_VOICE_CALLS(FERMATA_DECLARE)
FERMATA_OWNER_CALLS(FERMATA_DECLARE)
FERMATA_SOUND_CALLS(FERMATA_DECLARE)
FERMATA_FLOW_CALLS(FERMATA_DECLARE)
#undef FERMATA_DECLARE

}  // namespace fermata::runtime::ivls
