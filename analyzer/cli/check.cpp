#include <algorithm>
#include <iterator>

#include "cli/changes.h"
#include "cli/collect.h"
#include "cli/commands.h"
#include "cli/finish.h"
#include "cli/fix.h"
#include "cli/input.h"
#include "report/parts.h"
#include "report/statistics.h"

namespace fermata {

namespace {

std::set<std::string> files_of(const std::vector<MainFileResult>& parts) {
  std::set<std::string> files;
  for (const MainFileResult& part : parts) files.insert(part.files.begin(), part.files.end());
  return files;
}

// A shard writes what it found for `merge`; nothing is judged before all of it is together.
int check_shard(const CheckCommand& command) {
  const Collected collected = collect(command);
  const bool written = write_output(command.output, parts_as_bytes(collected.parts, FERMATA_VERSION));
  return collected.failed || !written ? 2 : 0;
}

}  // namespace

int check(const CheckCommand& command) {
  if (command.shard.count > 0) return check_shard(command);
  std::optional<Selection> selection = read_selection(command);
  if (!selection) return 2;
  const bool narrow = command.staged || !command.since.empty();
  Change change;
  std::optional<Collected> collected = narrow ? collect_changed(command, *selection, change) : collect(command);
  if (!collected || collected->parts.empty()) return 2;
  selection->paths.insert(collected->only.begin(), collected->only.end());

  const std::set<std::string> files = files_of(collected->parts);
  CheckReport report = merge(std::move(collected->parts), *selection);
  if (narrow) take_out(report, [&](const Finding& finding) { return !concerns(change, finding); });
  if (command.fix || command.diff) {
    if (!fix_findings(command, *selection, report)) collected->failed = true;
    if (command.diff) return collected->failed ? 2 : report.failed ? 1 : 0;
  }
  const Finished finished = finish(report, command, *selection, files, !narrow);
  if (command.stats) std::fputs(statistics_as_text(report).c_str(), stderr);
  return collected->failed ? 2 : finished.status;
}

int merge(const MergeCommand& command) {
  const std::optional<Selection> selection = read_selection(command);
  if (!selection) return 2;
  std::vector<MainFileResult> parts;
  bool failed = false;
  for (const std::string& file : command.files) {
    std::string reason;
    const std::optional<std::string> bytes = read_file(file, reason);
    std::optional<std::vector<MainFileResult>> read =
        bytes ? parts_from_bytes(*bytes, FERMATA_VERSION, reason) : std::nullopt;
    if (!read) complain(file, reason);
    failed = failed || !read;
    if (read) std::ranges::move(*read, std::back_inserter(parts));
  }
  if (failed) return 2;  // a report over some of the shards would look like one over all
  const std::set<std::string> files = files_of(parts);
  CheckReport report = merge(std::move(parts), *selection);
  return finish(report, command, *selection, files, true).status;
}

}  // namespace fermata
