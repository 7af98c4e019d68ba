#include "runtime/ivls/hooks.h"

#include <algorithm>

namespace fermata::runtime::ivls {

bool Hooks::IgnoringCase::operator()(std::string_view a, std::string_view b) const {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::lexicographical_compare(a, b, {}, lower, lower);
}

Hooks::Hooks(World& world) : world_(world) {
  const Program& program = world.host.program();
  const bool any_listed =
      std::ranges::any_of(program.nodes, [](const NodeDef& node) { return node.listed && !node.library; });
  for (NodeId id = 0; id < program.nodes.size(); ++id) {
    const NodeDef& node = program.nodes[id];
    // Without a product nobody lists nodes: all of them are live.
    if (!node.listed && (program.product || any_listed)) continue;
    for (const NodeCallback& callback : node.callbacks) {
      std::vector<Body>& named = bodies_[program.name(callback.name)];
      // of two callbacks of one name in a node the first counts
      if (named.empty() || named.back().node != id) named.push_back({id, callback.body});
    }
  }
  hooks_ = {&bodies("VoiceConstructor"), &bodies("VoiceCopyConstructor"), &bodies("VoiceDestructor"),
            &bodies("PathCancellation")};
}

const std::vector<Hooks::Body>& Hooks::bodies(std::string_view name) const {
  static const std::vector<Body> none;
  const auto found = bodies_.find(name);
  return found == bodies_.end() ? none : found->second;
}

void Hooks::run(Hook hook, Handle voice) {
  for (const Body& body : *hooks_[static_cast<size_t>(hook)]) {
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
