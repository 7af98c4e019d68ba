// The rule catalogue: each rule is a folder rules/NAME/ with a page and two scripts; this reads what was built in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fermata {

// A rule's page. The header of the page gives kind and level; nothing about a rule is written anywhere else.
struct Rule {
  std::string name;
  std::string summary;    // first paragraph
  std::string kind;       // "site" | "fault" | "advice" | "front end"
  std::string level;      // default: "error" | "warning" | "note" | "off"
  std::string_view page;  // the whole Markdown text
  std::string_view bad;   // the scripts beside it
  std::string_view good;
};

// Sorted by name.
const std::vector<Rule>& all_rules();
const Rule* find_rule(std::string_view name);

// Rules whose name is near `name`, for "did you mean".
std::string nearest_rule(std::string_view name);

// What `fermata explain` prints: the page with its scripts in place, or the list of all rules.
std::string explain_rule(const Rule& rule);
std::string list_rules();

}  // namespace fermata
