// The sites of legato sources: one query for the stages behind each legato node.
#include "ownership/site_base.h"

namespace fermata::ownership {

ir::EntryId LegatoSites::entry_of(NodeId node, EntryKind kind) const {
  for (ir::EntryId e = 0; e < module_.entries.size(); ++e) {
    if (module_.entries[e].node == node && module_.entries[e].kind == kind) return e;
  }
  return kNone;
}

std::vector<uint32_t> LegatoSites::instrs_of(ir::EntryId entry, Effect effect) const {
  std::vector<uint32_t> found;
  if (entry == kNone) return found;
  for (ir::BlockId b = module_.entries[entry].start; b < module_.entries[entry].stop; ++b) {
    const ir::Block& block = module_.blocks[b];
    for (uint32_t i = block.first; i < block.first + block.count; ++i) {
      if (module_.instrs[i].effect == effect) found.push_back(i);
    }
  }
  return found;
}

bool LegatoSites::reads_field(ir::EntryId entry) const {
  for (const uint32_t id : instrs_of(entry, Effect::load)) {
    if (module_.instrs[id].array == module_.field_source) return true;
  }
  return false;
}

ChainStage LegatoSites::stage_of(NodeId node) const {
  ChainStage stage;
  const NodeDef& def = program_.nodes[node];
  const std::string name = lower_case(program_.name(def.name));
  stage.clears_link = def.library && name == "stl.legatoswitch";
  stage.ends = def.plays;
  if (!def.library && !def.plays) stage.note_on = entry_of(node, EntryKind::note_on);
  return stage;
}

void LegatoSites::legato_sources() {
  if (program_.flows.empty()) {
    for (NodeId node = 0; node < program_.nodes.size(); ++node) {
      const NodeDef& def = program_.nodes[node];
      if (!def.library) legato_chain({node}, {});
    }
    return;
  }
  for (const Flow& flow : program_.flows) {
    for (size_t i = 0; i < flow.entries.size(); ++i) {
      if (flow.entries[i].node == kNone) continue;
      const NodeDef& def = program_.nodes[flow.entries[i].node];
      const std::string name = lower_case(program_.name(def.name));
      if (!def.library || (name != "stl.monolegato" && name != "stl.polylegato")) continue;
      std::vector<NodeId> behind;
      for (size_t k = i + 1; k < flow.entries.size(); ++k) {
        if (flow.entries[k].node != kNone) behind.push_back(flow.entries[k].node);
      }
      legato_chain(behind, flow.entries[i].span);
    }
  }
}

// `registered`: the legato node's register_node call; file == kNone for nodes that stand alone.
void LegatoSites::legato_chain(const std::vector<NodeId>& nodes, Span registered) {
  std::vector<uint32_t> reads;
  std::vector<uint32_t> asks;
  bool touches = false;
  Query query;
  query.legato = true;
  NodeId first = kNone;
  for (const NodeId node : nodes) {
    const ChainStage stage = stage_of(node);
    if (first == kNone && stage.note_on == kNone && !stage.clears_link) continue;
    if (first == kNone) first = node;
    query.chain.push_back(stage);
    for (const uint32_t id : instrs_of(stage.note_on, Effect::legato_source)) reads.push_back(id);
    for (const uint32_t id : instrs_of(stage.note_on, Effect::legato_found)) asks.push_back(id);
    touches = touches || reads_field(stage.note_on);
  }
  const bool asked = !reads.empty() || !asks.empty() || touches;
  if (registered.file == kNone && !asked) return;
  const bool cleared = !query.chain.empty() && query.chain[0].clears_link;
  if (!asked || cleared) {
    unconsumed(nodes, registered, asked);
    return;
  }
  query.node = first;
  const Outcome outcome = ask(query);
  const std::vector<uint32_t>& lines = !reads.empty() ? reads : asks;
  const Span fallback = lines.empty() ? registered : program_.user_span(module_.instrs[lines[0]].span);
  std::set<std::pair<uint32_t, uint32_t>> placed;
  const auto place = [&](uint32_t id) -> Site& {
    return site_at(program_.user_span(module_.instrs[id].span), SiteKind::legato_source);
  };
  if (!reads.empty()) {
    for (const uint32_t id : reads) rests_on(place(id), outcome);
  } else {
    rests_on(site_at(fallback, SiteKind::legato_source), outcome);
  }
  detach_seen_.insert(outcome.blamed.begin(), outcome.blamed.end());
  for (const Violation& violation : outcome.violations) {
    const Candidate candidate = classify(module_, violation, outcome.steps);
    Site& site = violation.blame != kNone ? place(violation.blame) : site_at(fallback, SiteKind::legato_source);
    raise(site, SiteVerdict::hung);
    site.candidates.push_back(candidate);
  }
  if (outcome.lost) {
    if (reads.empty()) lost(site_at(fallback, SiteKind::legato_source), *outcome.lost);
    for (const uint32_t id : reads) lost(place(id), *outcome.lost);
  }
}

void LegatoSites::unconsumed(const std::vector<NodeId>& nodes, Span registered, bool asked) {
  bool switch_releases = false;
  for (const NodeId node : nodes)
    switch_releases = switch_releases || (stage_of(node).clears_link && assume_.switch_releases_source);
  Site& site = site_at(program_.user_span(registered), SiteKind::legato_source);
  for (const NodeId node : nodes) {
    if (stage_of(node).clears_link && std::ranges::find(site.rests_on, "legato-switch") == site.rests_on.end())
      site.rests_on.push_back("legato-switch");
  }
  if (switch_releases) return;
  raise(site, SiteVerdict::hung);
  Candidate candidate;
  candidate.rule = "legato-without-consumer";
  candidate.message = asked
                          ? "the link is cleared before any later node of the flow asks for it: nobody ends the source"
                          : "no later node of this flow takes the source that is handed over: nobody ends it";
  candidate.path.push_back({site.span, "a legato node hands over the voice of the note before, without an owner"});
  candidate.path.push_back({{}, "no later node of the flow takes it"});
  site.candidates.push_back(candidate);
}

}  // namespace fermata::ownership
