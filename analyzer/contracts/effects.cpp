// The words of a contract. An effect is a verb with the arguments it speaks of, each after a word of its own, in the
// order of the table: "plays 1 for 2".
#include <algorithm>

#include "contracts/contract.h"

namespace fermata {

namespace {

struct Role {
  std::string_view word;  // before the number; "" where it follows the verb at once
  bool required = true;
};

struct Form {
  Verb verb;
  std::string_view head;
  std::array<Role, 4> roles{};  // a role without a word but the first, or beyond the last, is not there
  uint8_t count = 0;
};

constexpr Role kOne{"", true};

constexpr Form kForms[] = {
    {Verb::nothing, "nothing"},
    {Verb::releases, "releases", {kOne}, 1},
    {Verb::adopts, "adopts", {kOne}, 1},
    {Verb::keeps, "keeps", {kOne}, 1},
    {Verb::owns_for, "owns", {kOne, {"for"}}, 2},
    {Verb::creates_event,
     "creates event",
     {{{"note", false}, {"velocity", false}, {"offset", false}, {"for", false}}},
     4},
    {Verb::releases_event, "releases event", {kOne}, 1},
    {Verb::fades_out, "fades out event", {kOne, {"over", false}, {"stop", false}}, 3},
    {Verb::ignores_event, "ignores event", {kOne}, 1},
    {Verb::marks, "marks event", {kOne, {"with"}}, 2},
    {Verb::unmarks, "unmarks event", {kOne, {"with"}}, 2},
    {Verb::changes_note, "changes note of event", {kOne, {"to"}}, 2},
    {Verb::sends_midi, "sends midi", {{{"channel"}, {"command"}, {"first"}, {"second"}}}, 4},
    {Verb::drops_midi, "drops midi"},
    {Verb::creates_voice, "creates voice", {{{"from", false}}}, 1},
    {Verb::creates_runtime, "creates runtime"},
    {Verb::clones, "clones voice", {kOne}, 1},
    {Verb::fades_voice, "creates fade of", {kOne, {"kill", false}, {"for", false}}, 3},
    {Verb::passes, "passes"},
    {Verb::plays, "plays", {kOne}, 1},
    {Verb::plays_for, "plays", {kOne, {"for"}}, 2},
    {Verb::deletes, "deletes voice", {kOne}, 1},
    {Verb::releases_voice, "releases voice", {kOne}, 1},
    {Verb::releases_below, "releases children of", {kOne}, 1},
    {Verb::joins_runtime, "adopts", {kOne, {"into"}}, 2},
    {Verb::releases_runtime, "releases runtime", {kOne}, 1},
    {Verb::restores_parent, "restores parent of", {kOne}, 1},
    {Verb::detaches, "detaches", {kOne}, 1},
    {Verb::detaches_below, "detaches children of", {kOne}, 1},
    {Verb::reparents, "reparents", {kOne, {"under"}}, 2},
    {Verb::reroutes, "reroutes", {kOne, {"to"}}, 2},
    {Verb::reads_source, "reads legato source of", {kOne}, 1},
    {Verb::asks_source, "asks legato source of", {kOne}, 1},
    {Verb::clears_source, "clears legato source of", {kOne}, 1},
    {Verb::waits, "waits", {{{"for", false}}}, 1},
    {Verb::waits_ms, "waits milliseconds", {kOne}, 1},
    {Verb::waits_ticks, "waits ticks", {kOne}, 1},
    {Verb::increments, "increments", {kOne}, 1},
    {Verb::decrements, "decrements", {kOne}, 1},
    {Verb::gives_truth, "gives truth"},
    {Verb::gives_status, "gives status of event", {kOne}, 1},
    {Verb::gives_parameter, "gives parameter of event", {kOne, {"named"}}, 2},
    {Verb::gives_marked, "gives events marked", {kOne}, 1},
    {Verb::gives_allocated, "gives whether voice", {kOne}, 1},
    {Verb::gives_in_range, "gives range test of", {kOne, {"from"}, {"to"}}, 3},
    {Verb::gives_absolute, "gives absolute of", {kOne}, 1},
    {Verb::gives_minimum, "gives minimum of", {kOne, {"and"}}, 2},
    {Verb::gives_maximum, "gives maximum of", {kOne, {"and"}}, 2},
    {Verb::gives_between, "gives number from", {kOne, {"to"}}, 2},
};

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

// 1 to kMaxArguments; 0: no such number.
uint8_t argument_number(std::string_view word) {
  if (word.empty() || word.size() > 2 || word[0] == '0') return 0;
  int number = 0;
  for (const char c : word) {
    if (c < '0' || c > '9') return 0;
    number = number * 10 + (c - '0');
  }
  return number <= kMaxArguments ? static_cast<uint8_t>(number) : 0;
}

std::optional<ContractEffect> read_as(const Form& form, std::span<const std::string_view> words) {
  std::size_t at = 0;
  for (const std::string_view word : words_of(form.head)) {
    if (at == words.size() || words[at++] != word) return std::nullopt;
  }
  ContractEffect effect{form.verb, {}};
  for (uint8_t role = 0; role < form.count; ++role) {
    const auto& [word, required] = form.roles[role];
    if (!word.empty()) {
      if (at == words.size() || words[at] != word) {
        if (required) return std::nullopt;
        continue;
      }
      ++at;
    }
    effect.arguments[role] = at < words.size() ? argument_number(words[at++]) : 0;
    if (effect.arguments[role] == 0) return std::nullopt;
  }
  return at == words.size() ? std::optional(effect) : std::nullopt;
}

}  // namespace

std::optional<ContractEffect> parse_effect(std::string_view text) {
  const std::vector<std::string_view> words = words_of(text);
  for (const Form& form : kForms) {
    if (std::optional<ContractEffect> effect = read_as(form, words)) return effect;
  }
  return std::nullopt;
}

std::vector<std::string> effect_forms() {
  std::vector<std::string> forms;
  for (const Form& form : kForms) {
    std::string text(form.head);
    for (uint8_t role = 0; role < form.count; ++role) {
      const auto& [word, required] = form.roles[role];
      const char letter = static_cast<char>(role == 0 ? 'N' : 'A' + role);
      text += required ? " " : " [";
      text += std::string(word) + (word.empty() ? "" : " ") + letter + (required ? "" : "]");
    }
    forms.push_back(std::move(text));
  }
  return forms;
}

bool gives_result(Verb verb) {
  switch (verb) {
    case Verb::creates_event:
    case Verb::creates_voice:
    case Verb::creates_runtime:
    case Verb::clones:
    case Verb::fades_voice:
    case Verb::passes:
    case Verb::reads_source:
    case Verb::asks_source:
      return true;
    default:
      return is_value(verb);
  }
}

bool is_inert(Verb verb) { return verb == Verb::nothing || verb == Verb::keeps; }

bool is_value(Verb verb) { return verb >= Verb::gives_truth; }

uint8_t Contract::arguments_needed() const {
  uint8_t most = 0;
  for (const ContractEffect& effect : all_effects()) most = std::max(most, *std::ranges::max_element(effect.arguments));
  return most;
}

bool fits(const Contract& contract, std::size_t arguments, bool voices) {
  const auto of_voices = [](const ContractEffect& effect) {
    return effect.verb >= Verb::creates_voice && effect.verb <= Verb::clears_source;
  };
  return contract.arguments_needed() <= arguments &&
         (voices || std::ranges::none_of(contract.all_effects(), of_voices));
}

}  // namespace fermata
