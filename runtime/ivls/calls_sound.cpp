// Functions of the standard library: fades, legato links, pedals, modulation bits.
#include "runtime/ivls/core.h"
#include "runtime/ivls/owners.h"
#include "runtime/ivls/tree.h"

namespace fermata::runtime::ivls {
namespace {

KernelResult fade(const Call& call, bool kill, Value curve, Handle flow = -1) {
  if (!call.voice(0)) return {-1};
  return {call.core.fades.make({call.handle(0), call[1], kill, curve, flow})};
}

void set_link(World& world, Handle source, Handle destination) {
  Voice& from = world.voices[source];
  Voice& to = world.voices[destination];
  to[Field::legato_src] = source;
  to[Field::legato_dest] = destination;
  to[Field::legato_is_current] = to[Field::legato_registered] = 1;
  from[Field::legato_is_current] = 0;
}

// A source that is lost is the affair of the node that took it, else of the one that asked, else of the legato node.
void blame_consumer(const Call& call, const Voice& destination, bool takes) {
  World& world = call.world();
  const Span here = world.host.here();
  const Value source = destination[Field::legato_src];
  if (!world.voices.is_live(source) || source == kOmni || !world.user_text(here)) return;
  Record& record = world.record(static_cast<Handle>(source));
  if (!record.lost || record.loss != Loss::legato_source || record.read || (record.asked && !takes)) return;
  record.loss_at = here;
  (takes ? record.read : record.asked) = true;
}

Value pedal(const Call& call) {
  const Value number = call[1] == 1 ? call.world().host.assume().sostenuto_cc : 64;
  return call.world().keys.controller(number, call[0]);
}

}  // namespace

// Rows "fades.*": (v, ms, kill), (v, ms), (v, ms, curve, kill), (v, ms, curve).
KernelResult fade_out(const Call& call) { return fade(call, call[2] != 0, 0); }
KernelResult fade_in(const Call& call) { return fade(call, false, 0); }
KernelResult curve_out(const Call& call) { return fade(call, call[3] != 0, call[2]); }
KernelResult curve_in(const Call& call) { return fade(call, false, call[2]); }

// Row "ivls.fire_modulation(v, ms, kill, curve, flow)".
KernelResult fire_modulation(const Call& call) { return fade(call, call[2] != 0, call[3], call.handle(4)); }

// Whether the voice is the destination of a link, or a copy of it.
KernelResult legato_found(const Call& call) {
  if (!call.voice(0)) return {0};
  const Voice& voice = call.world().voices[call.handle(0)];
  const bool found = voice[Field::legato_src] != -1 && voice[Field::legato_dest] != -1;
  if (found) blame_consumer(call, voice, false);
  return {found};
}

KernelResult legato_check_current(const Call& call) {
  if (!call.voice(0)) return {0};
  const Value destination = call.world().voices[call.handle(0)][Field::legato_dest];
  if (!call.world().voices.is_live(destination)) return {0};
  return {call.world().voices[static_cast<Handle>(destination)][Field::legato_is_current]};
}

KernelResult legato_get_src(const Call& call) {
  if (!call.voice(0)) return {-1};
  const Voice& voice = call.world().voices[call.handle(0)];
  blame_consumer(call, voice, true);
  return {voice[Field::legato_src]};
}

// legato.link(source, destination): the data of a link, no change of owner.
KernelResult legato_link(const Call& call) {
  if (call.voice(0) && call.voice(1)) set_link(call.world(), call.handle(0), call.handle(1));
  return {};
}

KernelResult legato_unlink(const Call& call) {
  if (!call.voice(0)) return {};
  Voice& voice = call.world().voices[call.handle(0)];
  voice[Field::legato_src] = voice[Field::legato_dest] = -1;
  voice[Field::legato_is_current] = voice[Field::legato_registered] = 0;
  return {};
}

// Row "Stl.MonoLegato": legato.hand_over(source, destination) links the two and leaves the source ownerless:
// unparented, auto_release FALSE, in no runtime. The destination is about to be sent to its next stage.
KernelResult legato_hand_over(const Call& call) {
  World& world = call.world();
  if (!call.voice(0) || !call.voice(1)) return {};
  const Handle source = call.handle(0);
  const Voice& destination = world.voices[call.handle(1)];
  const Watch watch(world, source, Loss::legato_source);
  leave_runtime(world, source);
  link(world, source, kOmni);
  world.voices[source][Field::auto_release] = 0;
  set_link(world, source, call.handle(1));
  world.record(source).asked = world.record(source).read = false;
  world.record(source).flow = static_cast<int>(destination[Field::flow]);
  world.record(source).dest_stage = static_cast<int>(destination[Field::stage]) + 1;
  return {};
}

// The switch legato-switch.
KernelResult legato_switch_releases(const Call& call) { return {call.world().host.assume().switch_releases_source}; }

// keys.get_pedal_state(channel, type): 0 up, 1 down. keys.get_pedal_value: the controller's value.
KernelResult pedal_state(const Call& call) { return {pedal(call) >> 6}; }
KernelResult pedal_value(const Call& call) { return {pedal(call)}; }

// The switch sostenuto-cc.
KernelResult sostenuto_cc(const Call& call) { return {call.world().host.assume().sostenuto_cc}; }

KernelResult modbit_new(const Call& call) { return {call.core.modbits++}; }
KernelResult modbit_delete(const Call&) { return {}; }

}  // namespace fermata::runtime::ivls
