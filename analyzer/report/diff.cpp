#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "report/apply.h"
#include "report/place.h"

namespace fermata {

namespace {

constexpr std::size_t kContext = 3;
constexpr std::size_t kMostCells = 25'000'000;  // of the table below; beyond, the middle is one change

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

// One line of the script that turns old into new.
struct Step {
  char kind;  // ' ', '-', '+'
  std::string_view line;
};

// Longest common subsequence of what differs.
void add_middle(std::span<const std::string_view> a, std::span<const std::string_view> b, std::vector<Step>& steps) {
  std::vector<std::vector<uint32_t>> common;
  if (a.size() * b.size() <= kMostCells) {
    common.assign(a.size() + 1, std::vector<uint32_t>(b.size() + 1, 0));
    for (std::size_t i = a.size(); i-- > 0;) {
      for (std::size_t j = b.size(); j-- > 0;) {
        common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
      }
    }
  }
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    const bool both = i < a.size() && j < b.size();
    if (both && !common.empty() && a[i] == b[j]) {
      steps.push_back({' ', a[i++]});
      ++j;
    } else if (i < a.size() && (!both || common.empty() || common[i + 1][j] >= common[i][j + 1])) {
      steps.push_back({'-', a[i++]});
    } else {
      steps.push_back({'+', b[j++]});
    }
  }
}

std::vector<Step> steps_between(std::string_view before, std::string_view after) {
  const std::vector<std::string_view> a = split(before), b = split(after);
  const auto [ahead, bhead] = std::ranges::mismatch(a, b);
  const auto head = static_cast<std::size_t>(ahead - a.begin());
  std::size_t tail = 0;
  while (tail < std::min(a.size(), b.size()) - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
  std::vector<Step> steps;
  for (std::size_t i = 0; i < head; ++i) steps.push_back({' ', a[i]});
  add_middle(std::span(a).subspan(head, a.size() - head - tail), std::span(b).subspan(head, b.size() - head - tail),
             steps);
  for (std::size_t i = a.size() - tail; i < a.size(); ++i) steps.push_back({' ', a[i]});
  return steps;
}

void write_hunk(std::string& out, const std::vector<Step>& steps, std::size_t first, std::size_t last) {
  std::size_t old_line = 1, new_line = 1, old_count = 0, new_count = 0;
  for (std::size_t i = 0; i < last; ++i) {
    (i < first ? old_line : old_count) += steps[i].kind != '+';
    (i < first ? new_line : new_count) += steps[i].kind != '-';
  }
  out += fmt::format("@@ -{},{} +{},{} @@\n", old_count == 0 ? old_line - 1 : old_line, old_count,
                     new_count == 0 ? new_line - 1 : new_line, new_count);
  for (std::size_t i = first; i < last; ++i) {
    out += steps[i].kind;
    out += steps[i].line;
    if (!steps[i].line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
  }
}

}  // namespace

std::string unified_diff(std::string_view path, std::string_view before, std::string_view after) {
  if (before == after) return "";
  const std::vector<Step> steps = steps_between(before, after);
  const std::string shown = escape_for_terminal(path);
  std::string out = fmt::format("--- a/{0}\n+++ b/{0}\n", shown);
  const auto changed = [&](std::size_t i) { return steps[i].kind != ' '; };
  for (std::size_t i = 0; i < steps.size();) {
    if (!changed(i)) {
      ++i;
      continue;
    }
    const std::size_t first = i - std::min(i, kContext);
    std::size_t last = i;  // past the last change that belongs to this hunk
    for (std::size_t j = i; j < steps.size() && j <= last + 2 * kContext; ++j) {
      if (changed(j)) last = j + 1;
    }
    write_hunk(out, steps, first, std::min(last + kContext, steps.size()));
    i = std::min(last + kContext, steps.size());
  }
  return out;
}

}  // namespace fermata
