#include "cli/changes.h"

#include <algorithm>

#include "cli/input.h"

namespace fermata {

namespace {

bool touches(const Change& change, const Place& place) {
  const auto file = change.lines.find(place.path);
  return file != change.lines.end() && std::ranges::any_of(file->second, [&](const auto& range) {
           return place.line <= range.second && range.first <= std::max(place.line, place.end_line);
         });
}

}  // namespace

bool concerns(const Change& change, const Finding& finding) {
  return !change.before.contains(finding.fingerprint) || touches(change, finding.place) ||
         std::ranges::any_of(finding.witness, [&](const WitnessStep& step) { return touches(change, step.place); }) ||
         std::ranges::any_of(finding.related, [&](const auto& related) { return touches(change, related.first); });
}

std::optional<Collected> collect_changed(const CheckCommand& command, const Selection& selection, Change& change) {
  const std::string option = command.staged ? "--staged" : "--since " + command.since;
  std::string reason;
  const std::optional<Repository> repository = Repository::open(reason);
  if (repository && !command.since.empty()) reason = repository->why_no_commit(command.since);
  if (!repository || !reason.empty()) {
    complain(option, reason);
    return std::nullopt;
  }
  std::string base = command.since;
  if (base.empty() && repository->has_commits()) base = "HEAD";

  Collected now;
  if (command.staged) {
    const std::optional<Snapshot> index = repository->snapshot("", {}, reason);
    if (!index) {
      complain(option, reason);
      return std::nullopt;
    }
    now = collect_in(index->here(repository->below_top()), command, false);
  } else {
    now = collect(command);
  }
  change.lines = repository->changes(base, command.staged);
  if (base.empty()) return now;  // nothing was there before the first commit
  std::set<std::string> files;
  for (const MainFileResult& part : now.parts) files.insert(part.files.begin(), part.files.end());
  const std::optional<Snapshot> old = repository->snapshot(base, files, reason);
  if (!old) {
    complain(option, reason);
    return std::nullopt;
  }
  // What was wrong with the old state is no concern of this run.
  Collected before = collect_in(old->here(repository->below_top()), command, true);
  for (const Finding& finding : merge(std::move(before.parts), selection).result.findings) {
    change.before.insert(finding.fingerprint);
  }
  return now;
}

}  // namespace fermata
