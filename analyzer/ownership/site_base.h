// What the sites of events and voices and those of legato sources share: the module, and verdicts by line.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "ir/lower.h"
#include "ownership/classify.h"
#include "ownership/sites.h"

namespace fermata::ownership {

using ir::Effect;
using ir::EntryKind;

SiteKind kind_of(Effect effect);
bool is_detach(Effect effect);
std::string lower_case(std::string_view text);

// All sites of one program together; what comes later is `unknown`.
constexpr uint64_t kWorkPerProgram = 600000;

class SiteBase {
 public:
  SiteBase(const Program& program, const Assume& assume)
      : program_(program), assume_(assume), module_(ir::lower(program)) {
    entry_of_.assign(module_.instrs.size(), kNone);
    for (ir::EntryId e = 0; e < module_.entries.size(); ++e) {
      for (ir::BlockId b = module_.entries[e].start; b < module_.entries[e].stop; ++b) {
        const ir::Block& block = module_.blocks[b];
        for (uint32_t i = block.first; i < block.first + block.count; ++i) entry_of_[i] = e;
      }
    }
  }

 protected:
  bool in_library(const Span& span) const { return span.file == kNone || program_.files[span.file].library; }

  // One site per line and kind, however many nodes inline it.
  Site& site_at(const Span& span, SiteKind kind) {
    const auto found = std::ranges::find_if(out_.sites, [&](const Site& site) {
      return site.kind == kind && site.span.file == span.file && site.span.begin == span.begin &&
             site.span.end == span.end;
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
    SolveLimits limits;
    limits.work = std::min(limits.work, kWorkPerProgram - std::min(kWorkPerProgram, work_));
    if (limits.work == 0) {
      Outcome none;
      none.lost = Lost{"the budget of the analysis for one program is used up", {}};
      return none;
    }
    Outcome outcome = solve(module_, slice(module_, {query.births, query.legato, query.node}), assume_, query, limits);
    out_.states += outcome.states;
    work_ += outcome.work;
    remarks_.insert(outcome.remarks.begin(), outcome.remarks.end());
    return outcome;
  }

  // Before this node nothing makes voices, changes their note or lets one outlive its key: each voice here is a key's.

  const Program& program_;
  const Assume& assume_;
  ir::Module module_;
  std::vector<ir::EntryId> entry_of_;
  uint64_t work_ = 0;
  Ownership out_;
  std::set<Remark> remarks_;
  std::set<uint32_t> detach_seen_;
  std::map<uint32_t, Lost> detach_lost_;
  std::vector<std::pair<uint32_t, Candidate>> detach_violations_;
};

// The sources that legato nodes hand over.
class LegatoSites : public SiteBase {
 public:
  using SiteBase::SiteBase;

 protected:
  void legato_sources();

 private:
  ir::EntryId entry_of(NodeId node, EntryKind kind) const;
  std::vector<uint32_t> instrs_of(ir::EntryId entry, Effect effect) const;
  bool reads_field(ir::EntryId entry) const;
  ChainStage stage_of(NodeId node) const;
  void legato_chain(const std::vector<NodeId>& nodes, Span registered);
  void unconsumed(const std::vector<NodeId>& nodes, Span registered, bool asked);
};

}  // namespace fermata::ownership
