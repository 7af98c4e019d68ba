#include "contracts/read.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <tuple>

namespace fermata {

namespace {

constexpr int64_t kFormat = 1;

struct BadContract {
  std::string what;
};

[[noreturn]] void reject(const toml::node& at, std::string what) {
  throw BadContract{fmt::format("{}: {}", at.source().begin.line, std::move(what))};
}

std::string lower_name(std::string_view name) {
  std::string out(name);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

bool is_name(std::string_view name) {
  if (name.ends_with('*')) name.remove_suffix(1);
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

class Reader {
 public:
  Reader(std::string_view section, ContractFile& out) : section_(section), out_(out) {}

  void section(const toml::table& calls, bool names_files) {
    for (const auto& [key, node] : calls) {
      if (names_files && key.str() == "files") {
        files(node);
      } else {
        call(std::string(key.str()), node);
      }
    }
    std::ranges::sort(out_.contracts, {}, [](const NamedContract& one) {
      return std::tuple(std::string_view(one.name), one.place.size(), std::string_view(one.place));  // by line
    });
    const auto twice = std::ranges::adjacent_find(out_.contracts, {}, &NamedContract::name);
    if (twice == out_.contracts.end()) return;
    throw BadContract{fmt::format("{}: '{}.{}' stands here and in line {}: take one out", (twice + 1)->place, section_,
                                  twice->name, twice->place)};
  }

 private:
  std::string shown(std::string_view name) const { return fmt::format("{}.{}", section_, name); }

  void files(const toml::node& node) {
    const auto* list = node.as_array();
    if (!list) reject(node, fmt::format("'{}' wants a list of files, as [\"studio.toml\"]", shown("files")));
    for (const toml::node& item : *list) {
      const auto* file = item.as_string();
      if (!file) reject(item, fmt::format("'{}' wants a list of files, as [\"studio.toml\"]", shown("files")));
      out_.files.emplace_back(file->get(), std::to_string(item.source().begin.line));
    }
  }

  void call(const std::string& name, const toml::node& node) {
    const toml::table* parts = node.as_table();
    const auto known = [](const auto& part) { return part.first == "arguments" || part.first == "effect"; };
    if (parts && (parts->empty() || !std::ranges::all_of(*parts, known))) {
      reject(node, fmt::format("'{}' is a table: write a name with points in quotes, \"{}.…\" = \"releases 1\"; known "
                               "keys of a call are arguments, effect",
                               shown(name), name));
    }
    if (!is_name(name)) {
      reject(node, fmt::format("'{}' is no name of a function: letters, digits, '_' and '.', and '*' at the end for "
                               "all that begin so",
                               shown(name)));
    }
    NamedContract contract;
    contract.name = lower_name(name);
    contract.place = std::to_string(node.source().begin.line);
    if (parts) {
      if (const toml::node* count = parts->get("arguments")) arguments(name, *count, contract.contract);
      if (const toml::node* effect = parts->get("effect")) effects(name, *effect, contract.contract);
    } else {
      effects(name, node, contract.contract);
    }
    const uint8_t needed = contract.contract.arguments_needed();
    if (needed > contract.contract.max_arguments) {
      reject(node, fmt::format("'{}' speaks of argument {}, but takes {}: correct one of them", shown(name), needed,
                               contract.contract.max_arguments));
    }
    out_.contracts.push_back(std::move(contract));
  }

  void arguments(const std::string& name, const toml::node& node, Contract& out) const {
    const auto bad = [&] {
      reject(node,
             fmt::format("'{}.arguments' wants how many, as 2, or the fewest and the most, as [1, 2]; from 0 to {}",
                         shown(name), kMaxArguments));
    };
    const auto number = [&](const toml::node& item) {
      const auto* value = item.as_integer();
      if (!value || value->get() < 0 || value->get() > kMaxArguments) bad();
      return static_cast<uint8_t>(value->get());
    };
    const auto* range = node.as_array();
    if (range && range->size() != 2) bad();
    out.min_arguments = range ? number((*range)[0]) : number(node);
    out.max_arguments = range ? number((*range)[1]) : out.min_arguments;
    if (out.min_arguments > out.max_arguments) bad();
  }

  void effects(const std::string& name, const toml::node& node, Contract& out) const {
    if (const auto* list = node.as_array()) {
      for (const toml::node& item : *list) effect(name, item, out);
    } else {
      effect(name, node, out);
    }
    const auto all = out.all_effects();
    const auto says = [&](auto test) { return std::ranges::count_if(all, test, &ContractEffect::verb); };
    const auto is_nothing = [](Verb verb) { return verb == Verb::nothing; };
    if (all.empty() || (all.size() > 1 && says(is_nothing) > 0)) {
      reject(node, fmt::format("'{}' wants \"nothing\" alone, or what the call does", shown(name)));
    }
    if (says(gives_result) > 1) {
      reject(node, fmt::format("'{}' gives two results, and a call has one: take one out", shown(name)));
    }
  }

  void effect(const std::string& name, const toml::node& node, Contract& out) const {
    const auto* text = node.as_string();
    if (!text) {
      reject(node, fmt::format("'{}' wants an effect, as \"releases 1\", or a list of effects", shown(name)));
    }
    const std::optional<ContractEffect> effect = parse_effect(text->get());
    if (!effect) {
      reject(node, fmt::format("'{}' does not know the effect \"{}\"; known are (N, B, C, D: arguments, from 1) {}",
                               shown(name), text->get(), fmt::join(effect_forms(), ", ")));
    }
    if (out.effect_count == kMaxEffects) {
      reject(node, fmt::format("'{}' has more than {} effects", shown(name), kMaxEffects));
    }
    out.effects[out.effect_count++] = *effect;
  }

  std::string_view section_;
  ContractFile& out_;
};

void read_file(const toml::table& top, ContractFile& out) {
  const toml::node* calls = nullptr;
  bool format = false;
  for (const auto& [key, node] : top) {
    if (key == "format") {
      const auto* value = node.as_integer();
      if (!value || value->get() != kFormat) reject(node, fmt::format("'format' wants {}", kFormat));
      format = true;
    } else if (key == "calls" && node.is_table()) {
      calls = &node;
    } else {
      reject(node, fmt::format("unknown key '{}'; a file of contracts holds format = {} and [calls]",
                               std::string_view(key.str()), kFormat));
    }
  }
  if (!format) throw BadContract{fmt::format("1: 'format' is missing: begin the file with format = {}", kFormat)};
  if (calls) Reader("calls", out).section(*calls->as_table(), false);
}

template <class Read>
ContractFile guarded(std::string_view toml, Read read) {
  ContractFile out;
  try {
    const toml::table top = toml::parse(toml);
    read(top, out);
  } catch (const toml::parse_error& error) {
    out.error = fmt::format("{}: {}", error.source().begin.line, error.description());
  } catch (const BadContract& bad) {
    out.error = bad.what;
  }
  return out;
}

}  // namespace

ContractFile read_contract_file(std::string_view toml) { return guarded(toml, read_file); }

ContractFile read_contract_section(std::string_view toml) {
  return guarded(toml, [](const toml::table& top, ContractFile& out) {
    if (const auto* section = top["contracts"].as_table()) Reader("contracts", out).section(*section, true);
  });
}

}  // namespace fermata
