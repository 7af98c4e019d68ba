#include "ownership/sites.h"

#include <algorithm>
#include <tuple>

#include "ir/lower.h"
#include "ownership/classify.h"
#include "ownership/patterns.h"

namespace fermata::ownership {

using ir::Effect;
using ir::EntryKind;

namespace {

SiteKind kind_of(Effect effect) {
  switch (effect) {
    case Effect::play_note: return SiteKind::play_note;
    case Effect::ignore_event: return SiteKind::swallowed_release;
    case Effect::set_midi:
    case Effect::ignore_midi: return SiteKind::midi_note;
    case Effect::pass: return SiteKind::pass;
    case Effect::create_runtime: return SiteKind::runtime;
    case Effect::legato_source:
    case Effect::legato_found: return SiteKind::legato_source;
    case Effect::restore_parent:
    case Effect::unparent:
    case Effect::unparent_children: return SiteKind::detach;
    default: return SiteKind::voice;
  }
}

bool is_detach(Effect effect) { return kind_of(effect) == SiteKind::detach; }

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// All copies of one line of the user's text, and the node at whose stage they stand.
struct Group {
  Span span;
  Effect effect = Effect::play_note;
  NodeId node = kNone;
  std::set<uint32_t> instrs;
};

class Analysis {
 public:
  Analysis(const Program& program, const Assume& assume)
      : program_(program), assume_(assume), module_(ir::lower(program)), slice_(slice(module_)) {
    entry_of_.assign(module_.instrs.size(), kNone);
    for (ir::EntryId e = 0; e < module_.entries.size(); ++e) {
      for (ir::BlockId b = module_.entries[e].start; b < module_.entries[e].stop; ++b) {
        const ir::Block& block = module_.blocks[b];
        for (uint32_t i = block.first; i < block.first + block.count; ++i) entry_of_[i] = e;
      }
    }
  }

  Ownership run() {
    collect_groups();
    for (const Group& group : groups_) {
      if (!is_detach(group.effect) && group.effect != Effect::legato_source) solve_group(group);
    }
    legato_sources();
    settle_detaches();
    find_patterns(module_, assume_, out_.faults);
    remark_faults();
    std::ranges::sort(out_.sites, {}, [](const Site& site) { return std::tuple(site.span.file, site.span.begin, site.kind); });
    return std::move(out_);
  }

 private:
  bool in_library(const Span& span) const {
    return span.file == kNone || program_.files[span.file].library;
  }

  bool counts(uint32_t id) const {
    const ir::Instr& instr = module_.instrs[id];
    if (!ir::is_site(module_, instr) || in_library(program_.user_span(instr.span))) return false;
    const EntryKind kind = module_.entries[entry_of_[id]].kind;
    if (instr.effect == Effect::ignore_event) return kind == EntryKind::release;
    if (instr.effect == Effect::ignore_midi || instr.effect == Effect::set_midi) return kind == EntryKind::midi_in;
    return true;
  }

  void collect_groups() {
    std::map<std::tuple<FileId, uint32_t, uint32_t, Effect, NodeId>, size_t> known;
    for (uint32_t id = 0; id < module_.instrs.size(); ++id) {
      if (entry_of_[id] == kNone || !counts(id)) continue;
      const ir::Instr& instr = module_.instrs[id];
      const Span span = program_.user_span(instr.span);
      const NodeId node = module_.entries[entry_of_[id]].node;
      const auto [at, fresh] = known.try_emplace({span.file, span.begin, span.end, instr.effect, node}, groups_.size());
      if (fresh) groups_.push_back({span, instr.effect, node, {}});
      groups_[at->second].instrs.insert(id);
    }
  }

  // One site per line and kind, however many nodes inline it.
  Site& site_at(const Span& span, SiteKind kind) {
    const auto found = std::ranges::find_if(out_.sites, [&](const Site& site) {
      return site.kind == kind && site.span.file == span.file && site.span.begin == span.begin && site.span.end == span.end;
    });
    if (found != out_.sites.end()) return *found;
    Site site;
    site.kind = kind;
    site.span = span;
    out_.sites.push_back(std::move(site));
    return out_.sites.back();
  }

  static void raise(Site& site, SiteVerdict verdict) {
    if (verdict == SiteVerdict::hung || site.verdict == SiteVerdict::proved) site.verdict = verdict;
  }

  void rests_on(Site& site, const Outcome& outcome) {
    for (const std::string& name : outcome.rests_on) {
      if (std::ranges::find(site.rests_on, name) == site.rests_on.end()) site.rests_on.push_back(name);
    }
    std::ranges::sort(site.rests_on);
  }

  void lost(Site& site, const Lost& fact) {
    raise(site, SiteVerdict::unknown);
    if (!site.reason.empty()) return;
    site.reason = fact.fact;
    site.reason_at = fact.at;
  }

  Outcome ask(const Query& query) {
    Outcome outcome = solve(module_, slice_, assume_, query);
    out_.states += outcome.states;
    remarks_.insert(outcome.remarks.begin(), outcome.remarks.end());
    return outcome;
  }

  // Before this node nothing makes voices, changes their note or lets one outlive its key: each voice here is a key's.
  bool one_voice_a_key(NodeId node) const {
    for (const Flow& flow : program_.flows) {
      const auto here = std::ranges::find(flow.entries, node, &FlowEntry::node);
      if (here == flow.entries.end()) continue;
      for (auto before = flow.entries.begin(); before != here; ++before) {
        if (before->node == kNone) return false;
        const NodeDef& def = program_.nodes[before->node];
        if (def.library) {
          if (lower_case(program_.name(def.name)) != "stl.roundrobins") return false;
          continue;
        }
        if (makes_voices(before->node)) return false;
      }
    }
    return true;
  }

  bool makes_voices(NodeId node) const {
    for (uint32_t id = 0; id < module_.instrs.size(); ++id) {
      if (entry_of_[id] == kNone || module_.entries[entry_of_[id]].node != node) continue;
      const ir::Instr& instr = module_.instrs[id];
      const bool renames = instr.effect == Effect::store && instr.array == module_.field_note;
      const bool owns = instr.effect == Effect::adopt || is_detach(instr.effect) || instr.effect == Effect::play ||
                        instr.effect == Effect::play_oneshot || instr.effect == Effect::clone_voice || instr.effect == Effect::new_voice;
      if (renames || owns) return true;
    }
    return false;
  }

  void solve_group(const Group& group) {
    Query query;
    query.births = group.instrs;
    query.node = group.node;
    query.distinct_notes = program_.ivls && group.node != kNone && one_voice_a_key(group.node);
    const Outcome outcome = ask(query);
    Site& site = site_at(group.span, kind_of(group.effect));
    rests_on(site, outcome);
    if (outcome.lost) lost(site, *outcome.lost);
    detach_seen_.insert(outcome.blamed.begin(), outcome.blamed.end());
    for (const Violation& violation : outcome.violations) {
      const Candidate candidate = classify(module_, violation, outcome.steps);
      if (violation.blame != kNone) {
        detach_violations_.emplace_back(violation.blame, candidate);
        continue;
      }
      if (violation.unfired) {
        out_.faults.push_back({candidate.rule, candidate.message, group.span});
        continue;
      }
      Site& here = site_at(group.span, kind_of(group.effect));
      raise(here, SiteVerdict::hung);
      here.candidates.push_back(candidate);
    }
    if (outcome.lost) {
      for (const uint32_t id : outcome.blamed) detach_lost_.emplace(id, *outcome.lost);
    }
    if (group.effect == Effect::play_note && !outcome.violations.empty()) source_filter(query);
  }

  // Proved without the runs of on release for generated notes, hung with them: the callback lacks its filter.
  void source_filter(Query query) {
    const auto release = std::ranges::find(module_.entries, EntryKind::release, &ir::Entry::kind);
    if (release == module_.entries.end()) return;
    query.generated = false;
    const Outcome outcome = solve(module_, slice_, assume_, query);
    out_.states += outcome.states;
    if (!outcome.violations.empty() || outcome.lost) return;
    const Fault fault{"missing-source-filter", "on release also runs for the notes that the script itself plays, and takes them for keys here", release->span};
    const bool known = std::ranges::any_of(out_.faults, [&](const Fault& one) { return one.rule == fault.rule; });
    if (!known) out_.faults.push_back(fault);
  }

  void settle_detaches() {
    for (const Group& group : groups_) {
      if (!is_detach(group.effect)) continue;
      Site& site = site_at(group.span, SiteKind::detach);
      bool seen = false;
      for (const uint32_t id : group.instrs) {
        seen = seen || detach_seen_.contains(id);
        if (const auto fact = detach_lost_.find(id); fact != detach_lost_.end()) lost(site, fact->second);
        for (const auto& [blame, candidate] : detach_violations_) {
          if (blame != id) continue;
          raise(site, SiteVerdict::hung);
          site.candidates.push_back(candidate);
        }
      }
      if (!seen) lost(site, {"which voice is meant here is not followed", group.span});
    }
  }

  // ------------------------------------------------------------------------------------------------- legato

  ir::EntryId entry_of(NodeId node, EntryKind kind) const {
    for (ir::EntryId e = 0; e < module_.entries.size(); ++e) {
      if (module_.entries[e].node == node && module_.entries[e].kind == kind) return e;
    }
    return kNone;
  }

  std::vector<uint32_t> instrs_of(ir::EntryId entry, Effect effect) const {
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

  bool reads_field(ir::EntryId entry) const {
    for (const uint32_t id : instrs_of(entry, Effect::load)) {
      if (module_.instrs[id].array == module_.field_source) return true;
    }
    return false;
  }

  ChainStage stage_of(NodeId node) const {
    ChainStage stage;
    const NodeDef& def = program_.nodes[node];
    const std::string name = lower_case(program_.name(def.name));
    stage.clears_link = def.library && name == "stl.legatoswitch";
    stage.ends = def.plays;
    if (!def.library && !def.plays) stage.note_on = entry_of(node, EntryKind::note_on);
    return stage;
  }

  void legato_sources() {
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
  void legato_chain(const std::vector<NodeId>& nodes, Span registered) {
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
    const auto place = [&](uint32_t id) -> Site& { return site_at(program_.user_span(module_.instrs[id].span), SiteKind::legato_source); };
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

  void unconsumed(const std::vector<NodeId>& nodes, Span registered, bool asked) {
    bool switch_releases = false;
    for (const NodeId node : nodes) switch_releases = switch_releases || (stage_of(node).clears_link && assume_.switch_releases_source);
    Site& site = site_at(program_.user_span(registered), SiteKind::legato_source);
    for (const NodeId node : nodes) {
      if (stage_of(node).clears_link && std::ranges::find(site.rests_on, "legato-switch") == site.rests_on.end()) site.rests_on.push_back("legato-switch");
    }
    if (switch_releases) return;
    raise(site, SiteVerdict::hung);
    Candidate candidate;
    candidate.rule = "legato-without-consumer";
    candidate.message = asked ? "the link is cleared before any later node of the flow asks for it: nobody ends the source"
                              : "no later node of this flow takes the source that is handed over: nobody ends it";
    candidate.path.push_back({site.span, "a legato node hands over the voice of the note before, without an owner"});
    candidate.path.push_back({{}, "no later node of the flow takes it"});
    site.candidates.push_back(candidate);
  }

  void remark_faults() {
    for (const Remark& remark : remarks_) {
      const Span span = program_.user_span(module_.instrs[remark.instr].span);
      if (!in_library(span)) out_.faults.push_back({remark.rule, remark_message(remark.rule), span});
    }
    for (Fault& fault : out_.faults) fault.span = program_.user_span(fault.span);
    std::erase_if(out_.faults, [&](const Fault& fault) { return in_library(fault.span); });
    std::ranges::sort(out_.faults, {}, [](const Fault& fault) { return std::tuple(fault.span.file, fault.span.begin, fault.rule); });
    const auto [from, to] = std::ranges::unique(out_.faults, {}, [](const Fault& fault) { return std::tuple(fault.span.file, fault.span.begin, fault.rule); });
    out_.faults.erase(from, to);
  }

  const Program& program_;
  const Assume& assume_;
  ir::Module module_;
  Slice slice_;
  std::vector<ir::EntryId> entry_of_;
  std::vector<Group> groups_;
  Ownership out_;
  std::set<Remark> remarks_;
  std::set<uint32_t> detach_seen_;
  std::map<uint32_t, Lost> detach_lost_;
  std::vector<std::pair<uint32_t, Candidate>> detach_violations_;
};

}  // namespace

Ownership analyse(const Program& program, const Assume& assume) { return Analysis(program, assume).run(); }

}  // namespace fermata::ownership
