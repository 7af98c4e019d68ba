#include "witness/check.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>

#include "ownership/sites.h"
#include "report/catalogue.h"
#include "runtime/runtime.h"
#include "witness/exploration.h"
#include "witness/match.h"
#include "witness/rests.h"
#include "witness/search.h"

namespace fermata {

using ownership::Candidate;
using ownership::Site;
using ownership::SiteKind;
using ownership::SiteVerdict;

namespace {

std::string_view kind_name(SiteKind kind) {
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

constexpr size_t kExploredStates = 3000;
constexpr uint64_t kExploredSteps = 50'000'000;

// As the rule's page says.
Level level_of(std::string_view name) {
  const Rule* rule = find_rule(name);
  if (rule != nullptr && rule->level == "note") return Level::note;
  return rule != nullptr && rule->level == "warning" ? Level::warning : Level::error;
}

// What a run showed at a site that the analysis had not named: the least that can be said of it.
Candidate seen_on_runtime(const Site& site) {
  Candidate candidate;
  switch (site.kind) {
    case SiteKind::play_note:
      candidate.rule = "event-never-ended";
      candidate.message = "on some path nothing ends this note";
      break;
    case SiteKind::swallowed_release:
      candidate.rule = "release-swallowed";
      candidate.message = "the key-up is swallowed here, and on some path nothing ends the note later";
      break;
    case SiteKind::midi_note:
      candidate.rule = "midi-note-unpaired";
      candidate.message =
          "a note-on leaves the script, and on some path no note-off of the same channel and pitch follows";
      break;
    case SiteKind::runtime:
      candidate.rule = "runtime-leaked";
      candidate.message = "on some path this runtime is never released: the voices in it hang";
      break;
    case SiteKind::legato_source:
      candidate.rule = "legato-source-unowned";
      candidate.message = "on some path the legato source is left without an owner: nobody will end it";
      break;
    case SiteKind::detach:
    case SiteKind::voice:
    case SiteKind::pass:
      candidate.rule = "voice-detached";
      candidate.message = "on some path nobody owns this voice";
      break;
  }
  return candidate;
}

class Checker {
 public:
  Checker(const Program& program, const CheckOptions& options) : program_(program), options_(options) {}

  CheckResult run() {
    const auto start = Clock::now();
    found_ = ownership::analyse(program_, options_.assume);
    witnesses_.resize(found_.sites.size());
    const auto analysed = Clock::now();
    if (options_.replay && !found_.sites.empty()) replay();
    const auto replayed = Clock::now();
    for (size_t i = 0; i < found_.sites.size(); ++i) add_site(i);
    for (const ownership::Fault& fault : found_.faults) add_fault(fault);
    result_.statistics.states = found_.states;
    result_.statistics.seconds_analysis = std::chrono::duration<double>(analysed - start).count();
    result_.statistics.seconds_replay = std::chrono::duration<double>(replayed - analysed).count();
    assumptions();
    return std::move(result_);
  }

 private:
  using Clock = std::chrono::steady_clock;

  Place place(const Span& span) const {
    if (span.file == kNone) return {};
    const Span user = program_.user_span(span);
    const SourceFile& file = program_.files[user.file];
    const LineColumn from = file.position(user.begin);
    const LineColumn to = file.position(user.end);
    return {file.path, from.line, from.column, to.line, to.column};
  }

  void replay() {
    const runtime::Machine machine(program_, options_.assume);
    const witness::Vocabulary words = witness::vocabulary_of(program_);
    const bool doubt =
        std::ranges::any_of(found_.sites, [](const Site& site) { return site.verdict != SiteVerdict::proved; });
    const auto missing = [&] {
      for (size_t i = 0; i < found_.sites.size(); ++i) {
        if (found_.sites[i].verdict != SiteVerdict::proved && !witnesses_[i]) return true;
      }
      return false;
    };
    const auto note = [&](const runtime::Scenario& scenario, const runtime::Report& report) {
      for (size_t i = 0; i < found_.sites.size(); ++i) {
        if (witnesses_[i]) continue;
        if (witness::hangs_at(program_, found_.sites[i], report)) witnesses_[i] = scenario;
      }
      return doubt && !missing();
    };
    result_.statistics.replays += witness::search(machine, witness::scenarios(words, doubt), {}, note);
    // What no template shows, some other order of the inputs may.
    if (doubt && missing()) {
      runtime::Exploration every = witness::exploration_of(words);
      every.states = kExploredStates;
      every.steps = kExploredSteps;
      result_.statistics.replays += machine.explore(every, note).states;
    }
    for (size_t i = 0; i < witnesses_.size(); ++i) {
      if (!witnesses_[i]) continue;
      witnesses_[i] = witness::shrink(*witnesses_[i], [&](const runtime::Scenario& fewer) {
        ++result_.statistics.replays;
        const runtime::Report report = machine.run(fewer, {}, false);
        return report.ran && witness::hangs_at(program_, found_.sites[i], report);
      });
    }
  }

  void add_site(size_t i) {
    Site& site = found_.sites[i];
    // The runtime is the judge: what it shows hanging is hung, whatever the analysis said.
    // ... unless it had to leave out a call that nobody defines.
    const bool left_out = site.reason.starts_with("nobody defines");
    if (left_out) witnesses_[i].reset();
    if (witnesses_[i] && site.candidates.empty()) site.candidates.push_back(seen_on_runtime(site));
    SiteResult out;
    out.kind = kind_name(site.kind);
    out.place = place(site.span);
    out.rests_on = site.rests_on;
    if (!site.candidates.empty() && options_.replay && !witnesses_[i]) {
      // A path that the abstraction allows and no run confirms is no proof of either.
      out.verdict = Verdict::unknown;
      out.reason = site.reason.empty()
                       ? "the analysis cannot exclude that it is left alive (" + site.candidates.front().rule +
                             "), and no scenario that was tried showed it"
                       : site.reason;
    } else if (!site.candidates.empty()) {
      out.verdict = Verdict::hung;
      out.finding = static_cast<int>(result_.findings.size());
      if (witnesses_[i]) {
        for (std::string& name : witness::switches_of(program_, options_.assume, site, *witnesses_[i])) {
          out.rests_on.push_back(std::move(name));
        }
        std::ranges::sort(out.rests_on);
        out.rests_on.erase(std::ranges::unique(out.rests_on).begin(), out.rests_on.end());
      }
      add_finding(site, witnesses_[i]);
    } else if (site.verdict == SiteVerdict::unknown) {
      out.verdict = Verdict::unknown;
      out.reason = site.reason;
      if (site.reason_at.file != kNone) {
        const Place at = place(site.reason_at);
        out.reason += " (" + at.path + ":" + std::to_string(at.line) + ")";
      }
    } else {
      out.verdict = Verdict::proved;
    }
    result_.sites.push_back(std::move(out));
  }

  void add_finding(const Site& site, const std::optional<runtime::Scenario>& scenario) {
    const Candidate& candidate = site.candidates.front();
    Finding finding;
    finding.rule = candidate.rule;
    finding.message = candidate.message;
    finding.place = place(site.span);
    finding.replayed = scenario.has_value();
    finding.level = scenario ? Level::error : Level::warning;
    if (scenario)
      finding.scenario_json = runtime::scenario_to_json(*scenario);
    else
      finding.message += " (not replayed)";
    for (const ownership::PathStep& step : candidate.path) {
      if (step.span.file != kNone && program_.files[program_.user_span(step.span).file].library) continue;
      finding.witness.push_back({place(step.span), step.message, step.input});
    }
    finding.witness.push_back(
        {{}, "all keys and pedals are up, nothing is pending: it still lives, and nobody will end it"});
    result_.findings.push_back(std::move(finding));
  }

  void add_fault(const ownership::Fault& fault) {
    Finding finding;
    finding.rule = fault.rule;
    finding.message = fault.message;
    finding.place = place(fault.span);
    finding.level = level_of(fault.rule);  // needs no replay
    result_.findings.push_back(std::move(finding));
  }

  // Switches that some verdict rests on, with their values.
  void assumptions() {
    std::set<std::string> names;
    for (const SiteResult& site : result_.sites) names.insert(site.rests_on.begin(), site.rests_on.end());
    const Assume& assume = options_.assume;
    for (const std::string& name : names) {
      std::string value;
      if (name == "zones") value = assume.one_shot ? "one-shot" : "looped";
      if (name == "fade-start") value = assume.fade_starts_on_play ? "on-play" : "on-call";
      if (name == "legato-switch") value = assume.switch_releases_source ? "releases-source" : "clears-link";
      if (name == "sostenuto-cc") value = std::to_string(assume.sostenuto_cc);
      if (name == "tcm-tasks") value = std::to_string(assume.tcm_tasks);
      if (name == "kontakt") value = std::to_string(assume.kontakt);
      if (name == "horizon") value = std::to_string(assume.horizon_us / 1000) + " ms";
      result_.assumptions.emplace_back(name, value);
    }
  }

  const Program& program_;
  const CheckOptions& options_;
  ownership::Ownership found_;
  std::vector<std::optional<runtime::Scenario>> witnesses_;
  CheckResult result_;
};

}  // namespace

CheckResult check_program(const Program& program, const CheckOptions& options) {
  return Checker(program, options).run();
}

}  // namespace fermata
