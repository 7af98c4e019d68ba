#include "config/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <span>

#include "config/keys.h"
#include "report/catalogue.h"

namespace fermata {

namespace {

namespace fs = std::filesystem;

struct BadValue {
  std::string what;
};

[[noreturn]] void fail(const toml::node& at, std::string what) {
  throw BadValue{fmt::format("{}: {}", at.source().begin.line, std::move(what))};
}

std::string text_of(const toml::node& node, const std::string& key) {
  if (const auto* value = node.as_string()) return value->get();
  fail(node, fmt::format("'{}' wants a string", key));
}

int64_t whole(const toml::node& node, const std::string& key, int64_t low, int64_t high) {
  const auto* value = node.as_integer();
  if (!value || value->get() < low || value->get() > high) {
    fail(node, fmt::format("'{}' wants a whole number from {} to {}", key, low, high));
  }
  return value->get();
}

// Index of the value among `choices`.
std::size_t choice(const toml::node& node, const std::string& key, std::span<const std::string_view> choices) {
  const auto* value = node.as_string();
  const auto found = value ? std::ranges::find(choices, std::string_view(value->get())) : choices.end();
  if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
  fail(node, fmt::format("'{}' wants one of \"{}\"", key, fmt::join(choices, "\", \"")));
}

std::vector<std::string> texts(const toml::node& node, const std::string& key) {
  const auto* array = node.as_array();
  if (!array) fail(node, fmt::format("'{}' wants a list of strings", key));
  std::vector<std::string> out;
  for (const toml::node& item : *array) out.push_back(text_of(item, key));
  return out;
}

// Seconds as a whole number, or a string with a unit: "90 s", "500 ms". In µs.
int64_t time(const toml::node& node, const std::string& key, int64_t low, int64_t high) {
  if (node.is_integer()) return whole(node, key, low, high) * 1'000'000;
  const auto* value = node.as_string();
  int64_t number = 0;
  if (value) {
    const std::string& text = value->get();
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string_view unit(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
    unit.remove_prefix(std::min(unit.find_first_not_of(' '), unit.size()));
    const int64_t scale = unit == "s" ? 1'000'000 : unit == "ms" ? 1'000 : 0;
    if (error == std::errc() && scale != 0 && number > 0 && number <= high * 1'000'000 / scale) return number * scale;
  }
  fail(node,
       fmt::format("'{}' wants seconds from {} to {}, or a string such as \"90 s\" or \"500 ms\"", key, low, high));
}

KeyValue value_of(const toml::node& node, const std::string& name, const Key& key) {
  KeyValue value;
  switch (key.kind) {
    case KeyKind::choice:
      value.choice = choice(node, name, key.choices);
      break;
    case KeyKind::whole:
      value.number = whole(node, name, key.low, key.high);
      break;
    case KeyKind::globs:
      value.texts = texts(node, name);
      break;
    case KeyKind::time:
      value.number = time(node, name, key.low, key.high);
      break;
  }
  return value;
}

// A section that is all in the table of keys.
void read_keys(std::string_view section, const toml::table& table, Config& config) {
  for (const auto& [name, node] : table) {
    const std::string key = fmt::format("{}.{}", section, name.str());
    const auto known = std::ranges::find_if(config_keys(), [&](const Key& candidate) {
      return candidate.section == section && candidate.name == name.str();
    });
    if (known == config_keys().end()) {
      std::string names;
      for (const Key& each : config_keys()) {
        if (each.section == section) names += fmt::format("{}{}", names.empty() ? "" : ", ", each.name);
      }
      fail(node, fmt::format("unknown key '{}'; known are {}", key, names));
    }
    known->set(config, value_of(node, key, *known));
  }
}

void read_check(const toml::table& table, Config& config) { read_keys("check", table, config); }

void read_assume(const toml::table& table, Config& config) { read_keys("assume", table, config); }

void read_rules(const toml::table& table, Config& config) {
  for (const auto& [name, node] : table) {
    const std::string rule(name.str());
    if (!find_rule(rule)) {
      const std::string near = nearest_rule(rule);
      fail(node, fmt::format("unknown key 'rules.{}'{}", rule, near.empty() ? "" : "; did you mean '" + near + "'?"));
    }
    constexpr std::optional<Level> levels[] = {Level::error, Level::warning, Level::note, std::nullopt};
    constexpr std::string_view names[] = {"error", "warning", "note", "off"};
    config.rules[rule] = levels[choice(node, "rules." + rule, names)];
  }
}

// Read and checked by the reader of all contracts.
void leave_to_contracts(const toml::table&, Config&) {}

void read_top(const toml::table& top, Config& config) {
  struct Section {
    std::string_view name;
    void (*read)(const toml::table&, Config&);
  };
  constexpr Section sections[] = {
      {"check", read_check}, {"rules", read_rules}, {"assume", read_assume}, {"contracts", leave_to_contracts}};
  for (const auto& [name, node] : top) {
    const auto* section = std::ranges::find(sections, name.str(), &Section::name);
    if (section == std::end(sections)) {
      fail(node, fmt::format("unknown key '{}'; known are [check], [rules], [assume], [contracts]", name.str()));
    }
    if (!node.is_table()) fail(node, fmt::format("'{}' wants to be a section: [{}]", name.str(), name.str()));
    section->read(*node.as_table(), config);
  }
}

}  // namespace

ConfigResult parse_config(std::string_view text, const fs::path& path) {
  ConfigResult result;
  result.config.path = path;
  try {
    const toml::table top = toml::parse(text);
    read_top(top, result.config);
    if (top.contains("contracts")) result.error = read_contracts(text, result.config);
  } catch (const toml::parse_error& error) {
    result.error = fmt::format("{}: {}", error.source().begin.line, error.description());
  } catch (const BadValue& bad) {
    result.error = bad.what;
  }
  return result;
}

ConfigResult read_config(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return {{}, "does not exist"};
  std::ifstream in(path, std::ios::binary);
  if (!in || !fs::is_regular_file(path, error)) return {{}, "cannot be read"};
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return parse_config(text, path);
}

fs::path find_config(const fs::path& file) {
  std::error_code error;
  fs::path folder = fs::absolute(file, error).lexically_normal();
  if (!fs::is_directory(folder, error)) folder = folder.parent_path();
  while (true) {
    const fs::path candidate = folder / "fermata.toml";
    if (fs::is_regular_file(candidate, error)) return candidate;
    if (folder == folder.parent_path()) return {};
    folder = folder.parent_path();
  }
}

bool Config::wants(const fs::path& file) const {
  if (include.empty() && exclude.empty()) return true;
  std::error_code error;
  const fs::path base = fs::absolute(path, error).lexically_normal().parent_path();
  const std::string name = fs::absolute(file, error).lexically_normal().lexically_relative(base).generic_string();
  const auto matches = [&](const std::string& pattern) {
    return glob_matches(pattern, name) || glob_matches(pattern + "/**", name);
  };
  if (!include.empty() && std::ranges::none_of(include, matches)) return false;
  return std::ranges::none_of(exclude, matches);
}

}  // namespace fermata
