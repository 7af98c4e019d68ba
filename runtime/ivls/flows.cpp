#include "runtime/ivls/flows.h"

#include <algorithm>

namespace fermata::runtime::ivls {
namespace {

constexpr size_t kMaxFlows = 4096;

bool user_text(const Program& program, Span span) {
  return span.file < program.files.size() && !program.files[span.file].library;
}

bool speaks_of_legato(const Program& program) {
  const auto legato = [&](NameId name) { return program.name(name).starts_with("legato."); };
  return std::ranges::any_of(program.exprs, [&](const Expr& expr) {
    return (legato(expr.name) || legato(expr.field)) && user_text(program, expr.span);
  });
}

bool is_stage(const Program& program, NodeId node) {
  return program.find_callback(node, "NoteOn") != nullptr || program.find_callback(node, "NotePass") != nullptr ||
         program.find_callback(node, "NoteOff") != nullptr;
}

}  // namespace

Flows::Flows(const Program& program) : flows_(std::make_shared<All>(program.flows.size())) {
  const auto declared = std::ranges::find_if(program.flows, &Flow::declared);
  if (declared != program.flows.end()) first_declared_ = static_cast<Handle>(declared - program.flows.begin());
}

Flows::All& Flows::own() {
  if (flows_.use_count() > 1) flows_ = std::make_shared<All>(*flows_);
  return *flows_;
}

Handle Flows::create() {
  if (flows_->size() >= kMaxFlows) return -1;
  own().emplace_back();
  return static_cast<Handle>(flows_->size() - 1);
}

const Entry* Flows::entry(Handle flow, Handle stage) const {
  if (!has(flow) || stage < 0) return nullptr;
  const auto& entries = (*flows_)[static_cast<size_t>(flow)];
  return static_cast<size_t>(stage) < entries.size() ? &entries[static_cast<size_t>(stage)] : nullptr;
}

bool Flows::empty() const {
  return std::ranges::all_of(*flows_, [](const auto& entries) { return entries.empty(); });
}

void Flows::make_harness(const Program& program, const std::vector<NodeId>& chosen) {
  first_declared_ = create();
  for (const NodeId node : chosen.empty() ? default_harness(program) : chosen) {
    entries(first_declared_).push_back({node, -1, {}, node < program.nodes.size() ? program.nodes[node].span : Span{}});
  }
}

std::vector<NodeId> default_harness(const Program& program) {
  std::vector<NodeId> flow;
  std::vector<NodeId> players;
  const NodeId legato = program.find_node("Stl.MonoLegato");
  if (legato != kNone && speaks_of_legato(program)) flow.push_back(legato);
  for (NodeId id = 0; id < program.nodes.size(); ++id) {
    if (program.nodes[id].library || !is_stage(program, id)) continue;
    (program.nodes[id].plays ? players : flow).push_back(id);
  }
  const NodeId play = program.find_node("Stl.PlayEvent");
  if (players.empty() && play != kNone) players.push_back(play);
  if (!players.empty()) flow.push_back(players.front());
  return flow;
}

Keymaps::Key* Keymaps::at(Value map, Value key) {
  if (map < 0 || map >= static_cast<Value>(kMaps) || key < 0 || key > 127) return nullptr;
  if (maps_ == nullptr) {
    maps_ = std::make_shared<Maps>();
  } else if (maps_.use_count() > 1) {
    maps_ = std::make_shared<Maps>(*maps_);
  }
  return &(*maps_)[static_cast<size_t>(map)][static_cast<size_t>(key)];
}

void Keymaps::request(Value category, Value map, Value key, Value flow) {
  requested_ = true;
  if (Key* place = at(map, key)) *place = {category, static_cast<Handle>(flow), place->latency};
}

void Keymaps::dismiss(Value category, Value map, Value key) {
  Key* place = at(map, key);
  if (place != nullptr && place->category == category) place->flow = -1;
}

void Keymaps::dismiss_all_of(Value category, Value map) {
  for (Value key = 0; key < 128; ++key) dismiss(category, map, key);
}

void Keymaps::set_latency(Value map, Value key, Microseconds latency) {
  if (Key* place = at(map, key)) place->latency = std::max<Microseconds>(latency, 0);
}

void Keymaps::select(Value map) {
  if (map >= 0 && map < static_cast<Value>(kMaps)) selected_ = static_cast<size_t>(map);
}

void Keymaps::reboot() {
  maps_.reset();
  requested_ = false;
}

Keymaps::Key Keymaps::of_key(int note, Handle fallback) const {
  if (note < 0 || note > 127) return {};
  if (!requested_) return {0, fallback, 1};
  return maps_ == nullptr ? Key{} : (*maps_)[selected_][static_cast<size_t>(note)];
}

}  // namespace fermata::runtime::ivls
