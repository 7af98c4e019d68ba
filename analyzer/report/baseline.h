// The baseline: findings that a project knows and lives with for now, by fingerprint. It only ever shrinks: what is
// gone has to be taken out of it and is new when it comes back.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/merge.h"

namespace fermata {

using Baseline = std::vector<BaselineEntry>;  // sorted by fingerprint, each once

// Nothing, with `reason` set, for a text that is no baseline.
std::optional<Baseline> parse_baseline(std::string_view text, std::string& reason);

std::string baseline_as_json(const Baseline& baseline);

// All findings of the report.
Baseline baseline_of(const CheckReport& report);

// Moves the findings that the baseline knows to `known`. Entries without a finding are `gone` where `in_scope` says
// that this run would have found them.
void compare(CheckReport& report, const Baseline& baseline, const std::function<bool(const BaselineEntry&)>& in_scope);

// What is left of the baseline after a comparison: without the entries that are gone.
Baseline without_gone(const Baseline& baseline, const CheckReport& report);

}  // namespace fermata
