// Flows and key maps: which nodes a voice walks, and which flow a key leads to.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "runtime/host.h"

namespace fermata::runtime::ivls {

struct Entry {
  NodeId node = kNone;  // kNone: a move
  Handle move = -1;
  std::vector<Value> arguments;
  Span span;
};

class Flows {
 public:
  explicit Flows(const Program& program);

  Handle create();  // ivls.new_flow(); -1 when there are too many
  bool has(Value flow) const { return flow >= 0 && static_cast<size_t>(flow) < flows_->size(); }
  // nullptr beyond the end.
  const Entry* entry(Handle flow, Handle stage) const;
  std::vector<Entry>& entries(Handle flow) { return own()[static_cast<size_t>(flow)]; }
  Handle first_declared() const { return first_declared_; }
  bool empty() const;
  // Nodes without a product get a flow that everything enters.
  void make_harness(const Program& program, const std::vector<NodeId>& chosen);

 private:
  using All = std::vector<std::vector<Entry>>;  // the first ones by FlowId
  All& own();

  std::shared_ptr<All> flows_;  // copies share them until one writes
  Handle first_declared_ = -1;
};

// [Stl.MonoLegato when a node speaks of legato.*] + the user's nodes in file order + a node that plays.
std::vector<NodeId> default_harness(const Program& program);

class Keymaps {
 public:
  struct Key {
    Value category = 0;
    Handle flow = -1;
    Microseconds latency = 1;
  };

  void request(Value category, Value map, Value key, Value flow);
  void dismiss(Value category, Value map, Value key);
  void dismiss_all_of(Value category, Value map);
  void set_latency(Value map, Value key, Microseconds latency);
  void select(Value map);
  void reboot();
  // Until the first request every key leads to `fallback`.
  Key of_key(int note, Handle fallback) const;

 private:
  static constexpr size_t kMaps = 16;
  using Maps = std::array<std::array<Key, 128>, kMaps>;
  Key* at(Value map, Value key);

  std::shared_ptr<Maps> maps_;  // none before the first request; copies share them until one writes
  size_t selected_ = 0;
  bool requested_ = false;
};

}  // namespace fermata::runtime::ivls
