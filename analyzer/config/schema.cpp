#include "config/schema.h"

#include <nlohmann/json.hpp>

#include "config/keys.h"
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
  sections["contracts"] = Json{{"type", "object"},
                               {"description", "What functions do that the analyzer cannot see."},
                               {"additionalProperties", either(Json{{"type", "string"}}, strings())}};
  const Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
                    {"title", "fermata.toml"},
                    {"type", "object"},
                    {"additionalProperties", false},
                    {"properties", std::move(sections)}};
  return schema.dump(2) + "\n";
}

}  // namespace fermata
