#include "runtime/ivls/hooks.h"

#include <algorithm>

namespace fermata::runtime::ivls {

Hooks::Hooks(World& world) : world_(world) {
  const Program& program = world.host.program();
  const bool any_listed =
      std::ranges::any_of(program.nodes, [](const NodeDef& node) { return node.listed && !node.library; });
  for (NodeId id = 0; id < program.nodes.size(); ++id) {
    const NodeDef& node = program.nodes[id];
    // Without a product nobody lists nodes: all of them are live.
    if (node.listed || (!program.product && !any_listed)) nodes_.push_back(id);
  }
  hooks_ = {bodies("VoiceConstructor"), bodies("VoiceCopyConstructor"), bodies("VoiceDestructor"),
            bodies("PathCancellation")};
}

std::vector<Hooks::Body> Hooks::bodies(std::string_view name) const {
  std::vector<Body> found;
  for (const NodeId id : nodes_) {
    const NodeCallback* callback = world_.host.program().find_callback(id, name);
    if (callback != nullptr) found.push_back({id, callback->body});
  }
  return found;
}

void Hooks::run(Hook hook, Handle voice) {
  for (const Body& body : hooks_[static_cast<size_t>(hook)]) {
    TaskSpec spec;
    spec.body = body.block;
    spec.node = body.node;
    spec.self = voice;
    world_.start(spec);
  }
}

size_t Hooks::run(std::string_view name, const KernelAction& on_end) {
  size_t failed = 0;
  for (const Body& body : bodies(name)) {
    TaskSpec spec;
    spec.body = body.block;
    spec.node = body.node;
    spec.on_end = on_end;
    failed += world_.start(spec) ? 0 : 1;
  }
  return failed;
}

size_t Hooks::count(std::string_view name) const { return bodies(name).size(); }

}  // namespace fermata::runtime::ivls
