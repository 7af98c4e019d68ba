#include "ownership/sites.h"

#include <algorithm>
#include <tuple>

#include "ownership/patterns.h"
#include "ownership/site_base.h"

namespace fermata::ownership {

SiteKind kind_of(Effect effect) {
  switch (effect) {
    case Effect::play_note:
      return SiteKind::play_note;
    case Effect::ignore_event:
      return SiteKind::swallowed_release;
    case Effect::set_midi:
    case Effect::ignore_midi:
      return SiteKind::midi_note;
    case Effect::pass:
      return SiteKind::pass;
    case Effect::create_runtime:
      return SiteKind::runtime;
    case Effect::legato_source:
    case Effect::legato_found:
      return SiteKind::legato_source;
    case Effect::restore_parent:
    case Effect::unparent:
    case Effect::unparent_children:
      return SiteKind::detach;
    default:
      return SiteKind::voice;
  }
}

bool is_detach(Effect effect) { return kind_of(effect) == SiteKind::detach; }

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

namespace {

// All copies of one line of the user's text, and the node at whose stage they stand.
struct Group {
  Span span;
  Effect effect = Effect::play_note;
  NodeId node = kNone;
  std::set<uint32_t> instrs;
};

class Analysis : public LegatoSites {
 public:
  using LegatoSites::LegatoSites;

  Ownership run() {
    collect_groups();
    for (const Group& group : groups_) {
      if (!is_detach(group.effect) && group.effect != Effect::legato_source) solve_group(group);
    }
    legato_sources();
    if (!program_.flows_exact) {
      for (Site& site : out_.sites) {
        if (site.kind == SiteKind::legato_source)
          lost(site,
               {"which nodes stand behind the legato node depends on a condition that is not known here", site.span});
      }
    }
    settle_detaches();
    settle_limits();
    find_patterns(module_, assume_, out_.faults);
    remark_faults();
    std::ranges::sort(out_.sites, {},
                      [](const Site& site) { return std::tuple(site.span.file, site.span.begin, site.kind); });
    return std::move(out_);
  }

 private:
  bool counts(uint32_t id) const {
    const ir::Instr& instr = module_.instrs[id];
    if (!ir::is_site(module_, instr) || in_library(program_.user_span(instr.span))) return false;
    const EntryKind kind = module_.entries[entry_of_[id]].kind;
    if (instr.effect == Effect::ignore_event) return kind == EntryKind::release && !is_note_number(module_, instr.a);
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
                        instr.effect == Effect::play_oneshot || instr.effect == Effect::clone_voice ||
                        instr.effect == Effect::new_voice;
      if (renames || owns) return true;
    }
    return false;
  }

  // A length that is a constant above 0, or a key that nobody swallows: no path needs to be followed.
  bool owned_at_birth(const Group& group) const {
    if (group.effect != Effect::play_note) return false;
    const bool swallows = std::ranges::any_of(module_.instrs, [&](const ir::Instr& instr) {
      const auto id = static_cast<uint32_t>(&instr - module_.instrs.data());
      return instr.effect == Effect::ignore_event && entry_of_[id] != kNone && !is_note_number(module_, instr.a) &&
             module_.entries[entry_of_[id]].kind == EntryKind::release;
    });
    return std::ranges::all_of(group.instrs, [&](uint32_t id) {
      const ir::Instr& instr = module_.instrs[id];
      if (instr.d == kNone || module_.exprs[instr.d].kind != ir::ExprKind::constant) return false;
      const int64_t length = module_.exprs[instr.d].value;
      return length > 0 || (length == -1 && !swallows && module_.entries[entry_of_[id]].kind == EntryKind::note);
    });
  }

  void solve_group(const Group& group) {
    if (owned_at_birth(group)) {
      site_at(group.span, kind_of(group.effect));
      return;
    }
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
    const Outcome outcome = solve(module_, slice(module_, {query.births, query.legato, query.node}), assume_, query);
    out_.states += outcome.states;
    if (!outcome.violations.empty() || outcome.lost) return;
    const Fault fault{"missing-source-filter",
                      "on release also runs for the notes that the script itself plays, and takes them for keys here",
                      release->span};
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

  // What was too large to be lowered may hold any of the program's handles.
  void settle_limits() {
    for (const auto& [name, span] : module_.limits) {
      const Lost fact{name + " is too large to be followed: after its functions are put in place it has more than " +
                          std::to_string(ir::LowerOptions{}.max_instructions) + " steps, or they call more than " +
                          std::to_string(ir::LowerOptions{}.max_inline_depth) + " deep",
                      span};
      lost(site_at(program_.user_span(span), SiteKind::play_note), fact);
      for (Site& site : out_.sites) lost(site, fact);
      out_.faults.push_back({"limit-reached", fact.fact, span});
    }
  }

  void remark_faults() {
    for (const Remark& remark : remarks_) {
      const Span span = program_.user_span(module_.instrs[remark.instr].span);
      if (!in_library(span)) out_.faults.push_back({remark.rule, remark_message(remark.rule), span});
    }
    for (Fault& fault : out_.faults) fault.span = program_.user_span(fault.span);
    std::erase_if(out_.faults, [&](const Fault& fault) { return in_library(fault.span); });
    std::ranges::sort(out_.faults, {},
                      [](const Fault& fault) { return std::tuple(fault.span.file, fault.span.begin, fault.rule); });
    const auto [from, to] = std::ranges::unique(
        out_.faults, {}, [](const Fault& fault) { return std::tuple(fault.span.file, fault.span.begin, fault.rule); });
    out_.faults.erase(from, to);
  }

  std::vector<Group> groups_;
};

}  // namespace

Ownership analyse(const Program& program, const Assume& assume) { return Analysis(program, assume).run(); }

}  // namespace fermata::ownership
