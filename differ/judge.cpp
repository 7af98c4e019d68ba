#include "differ/judge.h"

#include <algorithm>
#include <set>

#include "differ/play.h"
#include "witness/match.h"
#include "witness/search.h"

namespace fermata::differ {

using ownership::Ownership;
using ownership::Site;
using ownership::SiteVerdict;

namespace {

std::string_view name_of(runtime::Loss loss) {
  switch (loss) {
    case runtime::Loss::never_owned:
      return "never-owned";
    case runtime::Loss::detached:
      return "detached";
    case runtime::Loss::legato_source:
      return "legato-source";
    case runtime::Loss::runtime_leaked:
      return "runtime-leaked";
    case runtime::Loss::parent_lost:
      return "parent-lost";
    case runtime::Loss::swallowed:
      return "swallowed";
  }
  return "";
}

std::string_view name_of(ownership::SiteKind kind) {
  using ownership::SiteKind;
  switch (kind) {
    case SiteKind::play_note:
      return "play-note";
    case SiteKind::voice:
      return "created-voice";
    case SiteKind::pass:
      return "pass";
    case SiteKind::detach:
      return "detach";
    case SiteKind::legato_source:
      return "legato-source";
    case SiteKind::runtime:
      return "runtime";
    case SiteKind::swallowed_release:
      return "swallowed-release";
    case SiteKind::midi_note:
      return "midi-note";
  }
  return "";
}

Verdict verdict_of(const Site& site) {
  if (!site.candidates.empty()) return Verdict::hung;
  return site.verdict == SiteVerdict::unknown ? Verdict::unknown : Verdict::proved;
}

// A run that says nothing about a proof: cut short, or with a capacity exceeded that proofs assume away by name.
bool beyond_the_proof(const runtime::Report& report) {
  if (!report.ran || !report.bound.empty() || !report.quiescent) return true;
  return std::ranges::any_of(report.faults, [](const runtime::Fault& fault) {
    return fault.kind == "too-many-tasks" || fault.kind == "too-many-runtimes";
  });
}

// The same report as if this were all that hung; what is to blame can still be looked up.
runtime::Report only(const runtime::Report& report, const runtime::Lost& lost) {
  runtime::Report one;
  one.hung.push_back(lost);
  one.leaked = report.leaked;
  one.leaked.insert(one.leaked.end(), report.hung.begin(), report.hung.end());
  return one;
}

Miss miss_of(const Program& program, const runtime::Lost& lost, const std::vector<const Site*>& proved) {
  Miss miss;
  for (const Site* site : proved) miss.proved.push_back(place_of(program, site->span));
  miss.at = place_of(program, program.user_span(lost.loss_at.file != kNone ? lost.loss_at : lost.birth));
  miss.loss = name_of(lost.loss);
  return miss;
}

struct Told {
  bool doubted = false;  // some site that it belongs to is not proved
  std::vector<const Site*> sites;
};

Told told_of(const Program& program, const Ownership& found, const runtime::Report& report, const runtime::Lost& lost) {
  Told told;
  const runtime::Report alone = only(report, lost);
  for (const Site& site : found.sites) {
    // Which of several detaches of one voice is to blame is a matter of taste.
    const bool detached = lost.loss == runtime::Loss::detached && site.kind == ownership::SiteKind::detach;
    if (detached && verdict_of(site) != Verdict::proved) told.doubted = true;
    if (!witness::hangs_at(program, site, alone)) continue;
    told.doubted = told.doubted || verdict_of(site) != Verdict::proved;
    told.sites.push_back(&site);
  }
  return told;
}

// A voice that is never released does not run the NoteOff that would have ended others: with one loss told, the others
// of the same run have no verdict of their own.
std::vector<Miss> misses_in(const Program& program, const Ownership& found, const runtime::Report& report) {
  std::vector<Miss> misses;
  for (const runtime::Lost& lost : report.hung) {
    const Told told = told_of(program, found, report, lost);
    if (!told.doubted) misses.push_back(miss_of(program, lost, told.sites));
    if (told.doubted && program.ivls) return {};
  }
  if (program.ivls && !misses.empty()) {
    const bool known = std::ranges::any_of(
        report.leaked, [&](const runtime::Lost& lost) { return told_of(program, found, report, lost).doubted; });
    if (known) return {};
  }
  return misses;
}

runtime::Bounds bounds_of(const Budget& budget) {
  runtime::Bounds bounds;
  bounds.steps = budget.steps_per_run;
  return bounds;
}

std::string why_not(const Program& program) {
  for (const FrontendDiagnostic& diagnostic : program.diagnostics) {
    if (diagnostic.level == "error") return diagnostic.rule + ": " + diagnostic.message;
  }
  return "";
}

}  // namespace

std::vector<Miss> misses_of(const Program& program, const Ownership& found, const runtime::Machine& machine,
                            const runtime::Scenario& scenario, const Budget& budget) {
  const runtime::Report report = machine.run(scenario, bounds_of(budget), false);
  if (beyond_the_proof(report)) return {};
  std::vector<Miss> misses = misses_in(program, found, report);
  for (Miss& miss : misses) miss.scenario = scenario;
  return misses;
}

namespace {

std::vector<runtime::Scenario> spread(std::vector<runtime::Scenario> all, size_t count) {
  if (count == 0 || all.size() <= count) return all;
  std::vector<runtime::Scenario> out;
  for (size_t i = 0; i < count; ++i) out.push_back(std::move(all[i * all.size() / count]));
  return out;
}

}  // namespace

Judgement judge(const Program& program, const Assume& assume, const Budget& budget, Random& random) {
  Judgement out;
  out.error = why_not(program);
  if (!out.error.empty()) return out;
  const Ownership found = ownership::analyse(program, assume);
  for (const Site& site : found.sites) {
    SiteOutcome one;
    one.kind = name_of(site.kind);
    one.place = place_of(program, site.span);
    one.verdict = verdict_of(site);
    one.said = site.candidates.empty() ? site.reason : site.candidates.front().rule;
    out.sites.push_back(std::move(one));
  }
  const runtime::Machine machine(program, assume);
  const witness::Vocabulary words = witness::vocabulary_of(program);
  std::vector<runtime::Scenario> scenarios =
      spread(witness::scenarios(words, budget.known_runs > 0), budget.known_runs);
  for (size_t i = 0; i < budget.random_runs; ++i) scenarios.push_back(random_scenario(random, words));
  std::set<Place> known;
  for (const runtime::Scenario& scenario : scenarios) {
    const runtime::Report report = machine.run(scenario, bounds_of(budget), false);
    ++out.runs;
    if (!report.ran) out.error = report.error;
    if (!report.unknown_calls.empty()) out.error = "nobody defines " + report.unknown_calls.front();
    if (!out.error.empty()) return out;
    if (beyond_the_proof(report) || report.hung.empty()) continue;
    for (size_t i = 0; i < found.sites.size(); ++i) {
      out.sites[i].hung = out.sites[i].hung || witness::hangs_at(program, found.sites[i], report);
    }
    for (Miss& miss : misses_in(program, found, report)) {
      if (!known.insert(miss.at).second) continue;
      miss.scenario = scenario;
      out.misses.push_back(std::move(miss));
    }
    if (budget.first_only) break;
  }
  return out;
}

}  // namespace fermata::differ
