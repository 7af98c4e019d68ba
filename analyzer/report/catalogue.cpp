#include "report/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "report/rule_files.h"

namespace fermata {

namespace {

std::string_view next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

// "# name", a paragraph that is the summary, then "- kind: ..." and "- level: ...".
void read_header(Rule& rule) {
  std::string_view rest = rule.page;
  while (!rest.empty()) {
    const std::string_view line = next_line(rest);
    if (line.starts_with("## ")) break;
    if (line.starts_with("- kind: ")) {
      rule.kind = line.substr(8);
    } else if (line.starts_with("- level: ")) {
      rule.level = line.substr(9);
    } else if (!line.empty() && !line.starts_with("#") && !line.starts_with("- ")) {
      if (!rule.summary.empty()) rule.summary += ' ';
      rule.summary += line;
    }
  }
}

std::vector<Rule> read_rules() {
  std::vector<Rule> all;
  for (const auto& [path, text] : rule_files()) {
    const std::size_t slash = path.find('/');
    const std::string_view name = path.substr(0, slash);
    if (all.empty() || all.back().name != name) all.emplace_back().name = name;
    Rule& rule = all.back();
    if (path.ends_with("/bad.ksp")) {
      rule.bad = text;
    } else if (path.ends_with("/good.ksp")) {
      rule.good = text;
    } else if (path.ends_with(".md")) {
      rule.page = text;
      read_header(rule);
    }
  }
  std::erase_if(all, [](const Rule& rule) { return rule.page.empty(); });
  std::ranges::sort(all, {}, &Rule::name);
  return all;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j + 1] + 1, row[j] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

const std::vector<Rule>& all_rules() {
  static const std::vector<Rule> all = read_rules();
  return all;
}

const Rule* find_rule(std::string_view name) {
  const auto found = std::ranges::lower_bound(all_rules(), name, {}, &Rule::name);
  return found != all_rules().end() && found->name == name ? &*found : nullptr;
}

std::string nearest_rule(std::string_view name) {
  std::string best;
  std::size_t distance = std::max<std::size_t>(3, name.size() / 3);
  for (const Rule& rule : all_rules()) {
    const std::size_t d = edit_distance(name, rule.name);
    if (d < distance) {
      distance = d;
      best = rule.name;
    }
  }
  return best;
}

std::string explain_rule(const Rule& rule) {
  std::string out;
  std::string_view rest = rule.page;
  const auto script = [&](std::string_view text) {
    if (text.empty()) return;
    out += "```ksp\n";
    out += text;
    out += text.ends_with('\n') ? "```\n\n" : "\n```\n\n";
  };
  while (!rest.empty()) {
    const std::string_view line = next_line(rest);
    out += line;
    out += '\n';
    if (line != "## Bad" && line != "## Good") continue;
    out += '\n';
    script(line == "## Bad" ? rule.bad : rule.good);
    while (rest.starts_with('\n')) rest.remove_prefix(1);
  }
  return out;
}

std::string list_rules() {
  constexpr std::array<std::string_view, 4> kinds{"front end", "site", "fault", "advice"};
  std::size_t width = 0;
  for (const Rule& rule : all_rules()) width = std::max(width, rule.name.size());
  std::string out;
  for (const std::string_view kind : kinds) {
    out += fmt::format("{}{}:\n", out.empty() ? "" : "\n", kind);
    for (const Rule& rule : all_rules()) {
      if (rule.kind == kind) out += fmt::format("  {:<{}}  {:<7}  {}\n", rule.name, width, rule.level, rule.summary);
    }
  }
  return out;
}

}  // namespace fermata
