#include "cli/fix.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/collect.h"
#include "cli/input.h"
#include "cli/write.h"
#include "report/apply.h"

namespace fermata {

namespace {

namespace fs = std::filesystem;
using Texts = std::map<std::string, std::string>;  // path as the report shows it; bytes

class Fixer {
 public:
  Fixer(const CheckCommand& command, const Selection& selection, CheckReport& report)
      : command_(command), selection_(selection), report_(report) {}

  // The new bytes of each file that changes.
  const Texts& run() {
    std::vector<const Fix*> fixes;
    for (const Finding& finding : report_.result.findings) {
      const auto wanted = [&](const Fix& fix) { return fix.safe || command_.suggestions; };
      const auto fix = std::ranges::find_if(finding.fixes, wanted);
      if (fix != finding.fixes.end() && !clashes(*fix, fixes)) fixes.push_back(&*fix);
    }
    if (fixes.empty()) return texts_;
    if (accept(fixes)) return texts_;
    // Not all of them together: those that help by themselves, one after the other.
    std::vector<const Fix*> kept;
    for (const Fix* fix : fixes) {
      kept.push_back(fix);
      if (!accept(kept)) kept.pop_back();
    }
    if (kept.size() < fixes.size()) {
      complain("--fix", fmt::format("{} of {} fixes left out: the new text would not have less to report",
                                    fixes.size() - kept.size(), fixes.size()));
    }
    return texts_;
  }

  std::optional<CheckReport> take_report() { return std::move(fixed_); }

 private:
  static bool clashes(const Fix& fix, const std::vector<const Fix*>& others) {
    return std::ranges::any_of(others, [&](const Fix* other) {
      return std::ranges::any_of(fix.edits, [&](const Edit& a) {
        return std::ranges::any_of(other->edits, [&](const Edit& b) { return overlap(a, b); });
      });
    });
  }

  std::optional<Texts> apply(const std::vector<const Fix*>& fixes) {
    std::map<std::string, std::vector<Edit>> edits;
    for (const Fix* fix : fixes) {
      for (const Edit& edit : fix->edits) edits[edit.place.path].push_back(edit);
    }
    Texts texts;
    for (auto& [path, own] : edits) {
      std::string reason;
      const std::optional<std::string> bytes = read_file(path, reason);
      std::optional<std::string> text = bytes ? apply_edits(*bytes, std::move(own), reason) : std::nullopt;
      if (!text) {
        complain(path, reason);
        return std::nullopt;
      }
      texts[path] = std::move(*text);
    }
    return texts;
  }

  static std::map<std::string, std::size_t> rules_of(const CheckReport& report) {
    std::map<std::string, std::size_t> counts;
    for (const Finding& finding : report.result.findings) ++counts[finding.rule];
    return counts;
  }

  // The new text has less to report, nothing of another kind, and no site is less certain than before.
  bool accept(const std::vector<const Fix*>& fixes) {
    std::optional<Texts> texts = apply(fixes);
    if (!texts) return false;
    CheckCommand again = command_;
    again.overlay = *texts;
    CheckReport now = merge(collect(again).parts, selection_);
    const CheckReport& old = fixed_ ? *fixed_ : report_;
    const auto before = rules_of(old);
    for (const auto& [rule, number] : rules_of(now)) {
      const auto known = before.find(rule);
      if (known == before.end() || number > known->second) return false;
    }
    const Counts was = count(old.result), is = count(now.result);
    if (now.result.findings.size() >= old.result.findings.size()) return false;
    if (is.hung > was.hung || is.unknown > was.unknown) return false;
    texts_ = std::move(*texts);
    fixed_ = std::move(now);
    return true;
  }

  const CheckCommand& command_;
  const Selection& selection_;
  const CheckReport& report_;
  Texts texts_;
  std::optional<CheckReport> fixed_;
};

}  // namespace

bool fix_findings(const CheckCommand& command, const Selection& selection, CheckReport& report) {
  Fixer fixer(command, selection, report);
  const Texts& texts = fixer.run();
  bool good = true;
  std::string diff;
  for (const auto& [path, text] : texts) {
    std::string reason;
    if (command.diff) {
      diff += unified_diff(path, read_file(path, reason).value_or(""), text);
      continue;
    }
    if (reason = write_atomically(path, text); reason.empty()) continue;
    complain(path, reason);
    good = false;
  }
  if (command.diff) return write_output(command.output, diff);
  std::optional<CheckReport> fixed = fixer.take_report();
  if (good && fixed) report = std::move(*fixed);
  return good;
}

}  // namespace fermata
