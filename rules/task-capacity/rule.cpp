#include <algorithm>

#include "rules/task-capacity/sends.h"

namespace fermata::rules {

namespace {

constexpr int64_t kFingers = 10;
constexpr int64_t kMostVoices = 1'000'000;
constexpr size_t kMaxVisits = 10'000;

struct NodeLoad {
  CallbackLoad on, off;
  bool waits_for_pass = false;  // NoteOn decides whether the voice goes on
};

// How many voices of one key stand at each stage of each flow at once.
class Stages {
 public:
  Stages(const Program& program, const std::vector<NodeLoad>& nodes) : program_(program), nodes_(nodes) {
    for (const Flow& flow : program.flows) voices_.emplace_back(flow.entries.size(), 0);
  }

  void run() {
    for (FlowId flow = 0; flow < program_.flows.size(); ++flow) arrive(flow, 0, 1);
    for (size_t visits = 0; !todo_.empty() && visits < kMaxVisits; ++visits) {
      const auto [flow, stage] = todo_.back();
      todo_.pop_back();
      const FlowEntry& entry = program_.flows[flow].entries[stage];
      const int64_t here = voices_[flow][stage];
      if (entry.node == kNone) {
        if (entry.move != kNone) arrive(entry.move, 0, here);
        continue;
      }
      const NodeLoad& node = nodes_[entry.node];
      if (node.on.reroutes) continue;  // where they go is not told apart
      const int64_t each = node.waits_for_pass ? std::max(node.on.sends.most, node.off.sends.most) : 1;
      arrive(flow, stage + 1, std::min(here * each, kMostVoices));
    }
  }

  // The most, over the places where the node stands; 1 for a node that stands in no flow that is known.
  int64_t most(NodeId node) const {
    int64_t most = 0;
    for (FlowId flow = 0; flow < program_.flows.size(); ++flow) {
      const std::vector<FlowEntry>& entries = program_.flows[flow].entries;
      for (size_t stage = 0; stage < entries.size(); ++stage) {
        if (entries[stage].node == node) most = std::max(most, voices_[flow][stage]);
      }
    }
    return program_.flows.empty() ? 1 : most;
  }

 private:
  void arrive(FlowId flow, size_t stage, int64_t voices) {
    if (stage >= voices_[flow].size() || voices_[flow][stage] >= voices) return;
    voices_[flow][stage] = voices;
    todo_.emplace_back(flow, stage);
  }

  const Program& program_;
  const std::vector<NodeLoad>& nodes_;
  std::vector<std::vector<int64_t>> voices_;
  std::vector<std::pair<FlowId, size_t>> todo_;
};

void report(const Context& context, const std::optional<Span>& wait, int64_t tasks) {
  if (!wait || tasks <= context.assume.tcm_tasks) return;
  context.report(*wait, "a chord of " + std::to_string(kFingers) + " keys lets " + std::to_string(tasks) +
                            " tasks wait here at once, and there are " + std::to_string(context.assume.tcm_tasks) +
                            " (tcm-tasks): beyond them a wait returns at once");
}

void nodes(const Context& context) {
  const Program& program = context.program;
  if (!program.flows_exact) return;
  std::vector<NodeLoad> loads(program.nodes.size());
  for (NodeId id = 0; id < program.nodes.size(); ++id) {
    const NodeCallback* on = program.find_callback(id, "NoteOn");
    const NodeCallback* off = program.find_callback(id, "NoteOff");
    if (on != nullptr) loads[id].on = load_of(program, on->body, true);
    if (off != nullptr) loads[id].off = load_of(program, off->body, true);
    loads[id].waits_for_pass = on != nullptr && program.find_callback(id, "NotePass") == nullptr;
  }
  Stages stages(program, loads);
  stages.run();
  for (NodeId id = 0; id < program.nodes.size(); ++id) {
    if (program.nodes[id].library || (program.product && !program.nodes[id].listed)) continue;
    const int64_t tasks = kFingers * stages.most(id);
    report(context, loads[id].on.wait, tasks);
    report(context, loads[id].off.wait, tasks);
  }
}

// on release runs for the notes that on note made, too, unless it tells them apart.
void callbacks(const Context& context) {
  const Program& program = context.program;
  CallbackLoad note, release;
  for (const Callback& callback : program.callbacks) {
    if (program.name(callback.kind) == "note") note = load_of(program, callback.body, false);
    if (program.name(callback.kind) == "release") release = load_of(program, callback.body, false);
  }
  report(context, note.wait, kFingers);
  report(context, release.wait, kFingers * (release.asks_source ? 1 : 1 + note.sends.most));
}

}  // namespace

void task_capacity(const Context& context) {
  if (context.program.ivls) {
    nodes(context);
  } else {
    callbacks(context);
  }
}

}  // namespace fermata::rules
