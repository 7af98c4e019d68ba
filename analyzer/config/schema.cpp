#include "config/schema.h"

#include <nlohmann/json.hpp>

#include "config/keys.h"
#include "contracts/contract.h"
#include "report/catalogue.h"

namespace fermata {

namespace {

using Json = nlohmann::ordered_json;

Json strings() { return Json{{"type", "array"}, {"items", Json{{"type", "string"}}}}; }

Json either(Json one, Json other) { return Json{{"anyOf", Json::array({std::move(one), std::move(other)})}}; }

Json value_of(const Key& key) {
  switch (key.kind) {
    case KeyKind::choice:
      return Json{{"enum", key.choices}};
    case KeyKind::whole:
      return Json{{"type", "integer"}, {"minimum", key.low}, {"maximum", key.high}};
    case KeyKind::globs:
      return strings();
    case KeyKind::time:
      break;
  }
  return either(Json{{"type", "integer"}, {"minimum", key.low}, {"maximum", key.high}},
                Json{{"type", "string"}, {"pattern", "^[0-9]*[1-9][0-9]* *m?s$"}});
}

Json section() { return Json{{"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}}; }

// "plays N for B" as a pattern; what stands in brackets may be left out.
std::string pattern_of(std::string_view form) {
  const std::string number = "([1-9]|[1-5][0-9]|6[0-" + std::to_string(kMaxArguments % 10) + "])";
  std::string pattern;
  for (const char c : form) {
    if (c == ' ') {
      pattern += " +";
    } else if (c == '[') {
      pattern.resize(pattern.size() - 2);  // the blank belongs to what may be left out
      pattern += "( +";
    } else if (c == ']') {
      pattern += ")?";
    } else {
      pattern += c >= 'A' && c <= 'Z' ? number : std::string(1, c);
    }
  }
  return pattern;
}

Json contracts() {
  std::string patterns;
  for (const std::string& form : effect_forms()) patterns += (patterns.empty() ? "" : "|") + pattern_of(form);
  const Json effect{{"type", "string"}, {"pattern", "^ *(" + patterns + ") *$"}};
  const Json list{{"type", "array"}, {"items", effect}, {"minItems", 1}, {"maxItems", kMaxEffects}};
  const Json effects = either(effect, list);
  const Json count{{"type", "integer"}, {"minimum", 0}, {"maximum", kMaxArguments}};
  const Json range{{"type", "array"}, {"items", count}, {"minItems", 2}, {"maxItems", 2}};
  const Json call{{"type", "object"},
                  {"additionalProperties", false},
                  {"minProperties", 1},
                  {"properties", Json{{"arguments", either(count, range)}, {"effect", effects}}}};
  return Json{{"type", "object"},
              {"description", "What calls do that nobody defines; files lists files of more."},
              {"additionalProperties", false},
              {"properties", Json{{"files", strings()}}},
              {"patternProperties", Json{{"^(?!files$)[A-Za-z0-9_.]+[*]?$", either(effects, call)}}}};
}

}  // namespace

std::string config_schema() {
  Json sections = Json::object();
  for (const Key& key : config_keys()) {
    const std::string name(key.section);
    if (!sections.contains(name)) sections[name] = section();
    Json value = value_of(key);
    value["description"] = key.meaning;
    value["default"] = Json::parse(key.standard);
    sections[name]["properties"][std::string(key.name)] = std::move(value);
  }
  Json rules = section();
  for (const Rule& rule : all_rules()) {
    rules["properties"][rule.name] =
        Json{{"enum", {"error", "warning", "note", "off"}}, {"description", rule.summary}, {"default", rule.level}};
  }
  sections["rules"] = std::move(rules);
  sections["contracts"] = contracts();
  const Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
                    {"title", "fermata.toml"},
                    {"type", "object"},
                    {"additionalProperties", false},
                    {"properties", std::move(sections)}};
  return schema.dump(2) + "\n";
}

}  // namespace fermata
