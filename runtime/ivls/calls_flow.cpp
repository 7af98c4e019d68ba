// Functions on flows, key maps and time, and the small helpers.
#include <algorithm>

#include "runtime/ivls/core.h"

namespace fermata::runtime::ivls {
namespace {

// The entries of a flow that the script names; nullptr with a fault.
std::vector<Entry>* entries(const Call& call) {
  if (call.core.flows.has(call[0])) return &call.core.flows.entries(call.handle(0));
  call.world().host.fault("flow-not-declared");
  return nullptr;
}

KernelResult wait(const Call& call, Microseconds time) {
  if (!call.outside_note_pass("wait-in-note-pass")) return {};
  return {0, std::max<Microseconds>(time, 0)};
}

}  // namespace

KernelResult new_flow(const Call& call) { return {call.core.flows.create()}; }

KernelResult register_node(const Call& call) {
  auto* list = entries(call);
  if (list == nullptr || call[1] < 0 || static_cast<size_t>(call[1]) >= call.world().host.program().nodes.size())
    return {};
  list->push_back({static_cast<NodeId>(call[1]), -1, {}, call.world().host.here()});
  return {};
}

KernelResult register_move(const Call& call) {
  if (auto* list = entries(call)) list->push_back({kNone, call.handle(1), {}, call.world().host.here()});
  return {};
}

// ivls.register_arg(flow, index, value): of the entry registered last.
KernelResult register_arg(const Call& call) {
  constexpr Value kMaxArguments = 1024;
  auto* list = entries(call);
  if (list == nullptr || list->empty() || call[1] < 0 || call[1] >= kMaxArguments) return {};
  auto& arguments = list->back().arguments;
  if (arguments.size() <= static_cast<size_t>(call[1])) arguments.resize(static_cast<size_t>(call[1]) + 1);
  arguments[static_cast<size_t>(call[1])] = call[2];
  return {};
}

KernelResult node_arg(const Call& call) {
  if (!call.world().check(call.self)) return {};
  const Voice& voice = call.world().voices[call.self];
  const Entry* entry = call.core.flows.entry(voice.at_flow, voice.at_stage);
  if (entry == nullptr || call[0] < 0 || static_cast<size_t>(call[0]) >= entry->arguments.size()) return {};
  return {entry->arguments[static_cast<size_t>(call[0])]};
}

// keymap.request(category, map, key, flow, type, color, name).
KernelResult keymap_request(const Call& call) {
  call.core.keymaps.request(call[0], call[1], call[2], call[3]);
  return {};
}

KernelResult keymap_dismiss(const Call& call) {
  call.core.keymaps.dismiss(call[0], call[1], call[2]);
  return {};
}

KernelResult keymap_dismiss_all(const Call& call) {
  call.core.keymaps.dismiss_all_of(call[0], call[1]);
  return {};
}

KernelResult keymap_latency(const Call& call) {
  call.core.keymaps.set_latency(call[0], call[1], call[2]);
  return {};
}

KernelResult keymap_select(const Call& call) {
  call.core.keymaps.select(call[0]);
  return {};
}

KernelResult keymap_reboot(const Call& call) {
  call.core.keymaps.reboot();
  call.core.hooks.run("Keymaps");
  return {};
}

KernelResult keymap_label(const Call&) { return {}; }  // what a key looks like

// Row "ivls.wait, wait_us/ms/ticks".
KernelResult wait_us(const Call& call) { return wait(call, call[0]); }
KernelResult wait_ms(const Call& call) { return wait(call, call[0] * 1000); }
KernelResult wait_ticks(const Call& call) { return wait(call, to_us(call[0], 1)); }

KernelResult in_range(const Call& call) { return {call[0] >= call[1] && call[0] <= call[2]}; }

// Stops the path of the voice.
KernelResult fail(const Call& call) {
  call.world().host.fault("assertion-failed");
  if (call.world().envs.is_live(call.nenv)) call.world().envs[call.nenv].path_cancelled = true;
  return {};
}

KernelResult assert_(const Call& call) { return call[0] != 0 ? KernelResult{} : fail(call); }

}  // namespace fermata::runtime::ivls
