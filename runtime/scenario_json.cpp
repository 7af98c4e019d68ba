// Scenarios as JSON. Strict: what is not understood is an error that names the event.
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "runtime/runtime.h"

namespace fermata::runtime {
namespace {

using nlohmann::json;

// One object of the file, read key by key; what was not read at the end is unknown.
class Reader {
 public:
  Reader(const json& object, std::string where) : object_(object), where_(std::move(where)) {}

  int64_t number(const char* key, int64_t low, int64_t high, std::optional<int64_t> missing) {
    ++read_;
    const auto found = object_.find(key);
    if (found == object_.end()) {
      --read_;
      if (!missing) fail(std::string("\"") + key + "\" is missing");
      return missing.value_or(low);
    }
    const bool huge = found->is_number_unsigned() && found->get<uint64_t>() > static_cast<uint64_t>(INT64_MAX);
    if (!found->is_number_integer() || huge) {
      fail(std::string("\"") + key + "\" is not a whole number");
      return low;
    }
    const auto value = found->get<int64_t>();
    if (value < low || value > high) {
      fail(std::string("\"") + key + "\" goes from " + std::to_string(low) + " to " + std::to_string(high) +
           " and cannot be " + std::to_string(value));
    }
    return value;
  }

  std::string text(const char* key) {
    const auto found = object_.find(key);
    if (found == object_.end() || !found->is_string()) {
      fail(std::string("\"") + key + "\" is missing or not a text");
      return {};
    }
    ++read_;
    return found->get<std::string>();
  }

  const json* object(const char* key) {
    const auto found = object_.find(key);
    if (found == object_.end()) return nullptr;
    ++read_;
    return &*found;
  }

  // The first key that nobody asked for.
  void done(std::initializer_list<std::string_view> known) {
    if (!error_.empty() || read_ >= object_.size()) return;
    for (const auto& [key, value] : object_.items()) {
      bool expected = false;
      for (const std::string_view name : known) expected = expected || key == name;
      if (!expected) return fail("unknown key \"" + key + "\"");
    }
  }

  void fail(const std::string& what) {
    if (error_.empty()) error_ = where_ + ": " + what;
  }
  const std::string& error() const { return error_; }

 private:
  const json& object_;
  std::string where_;
  size_t read_ = 0;
  std::string error_;
};

using Kind = ScenarioEvent::Kind;

struct KindName {
  const char* name;
  Kind kind;
};
constexpr KindName kKinds[] = {
    {"note_on", Kind::note_on},     {"note_off", Kind::note_off},     {"cc", Kind::cc},
    {"transport", Kind::transport}, {"ui_control", Kind::ui_control}, {"assign", Kind::assign},
    {"poly_at", Kind::poly_at},     {"pitch_bend", Kind::pitch_bend}};

std::string read_body(const json& body, const std::string& where, ScenarioEvent& event) {
  if (event.kind == Kind::transport) {
    if (!body.is_string() || (body != "start" && body != "stop")) return where + ": transport is \"start\" or \"stop\"";
    event.value = body == "start";
    return {};
  }
  if (!body.is_object()) return where + ": its description is not an object";
  Reader in(body, where);
  const bool note = event.kind == Kind::note_on || event.kind == Kind::note_off || event.kind == Kind::poly_at;
  if (note) event.note = static_cast<int>(in.number("note", 0, 127, std::nullopt));
  if (event.kind == Kind::note_on) event.velocity = static_cast<int>(in.number("velocity", 1, 127, 100));
  if (event.kind == Kind::note_off) in.number("velocity", 0, 127, 0);
  if (event.kind == Kind::poly_at) event.velocity = static_cast<int>(in.number("pressure", 0, 127, std::nullopt));
  if (event.kind == Kind::cc) {
    event.number = static_cast<int>(in.number("number", 0, 127, std::nullopt));
    event.value = static_cast<int>(in.number("value", 0, 127, std::nullopt));
  }
  if (event.kind == Kind::pitch_bend) event.value = static_cast<int>(in.number("value", -8192, 8191, std::nullopt));
  if (event.kind == Kind::ui_control || event.kind == Kind::assign) {
    event.name = in.text("name");
    event.value = static_cast<int>(in.number("value", INT32_MIN, INT32_MAX, std::nullopt));
    in.done({"name", "value"});
  } else {
    event.channel = static_cast<int>(in.number("channel", 0, 15, 0));
    if (event.kind == Kind::cc) in.done({"number", "value", "channel"});
    if (event.kind == Kind::pitch_bend) in.done({"value", "channel"});
    if (event.kind == Kind::poly_at) in.done({"note", "pressure", "channel"});
    if (event.kind == Kind::note_on || event.kind == Kind::note_off) in.done({"note", "velocity", "channel"});
  }
  return in.error();
}

std::string read_event(const json& entry, size_t number, Microseconds last, ScenarioEvent& event) {
  const std::string where = "event " + std::to_string(number) + " of the scenario";
  if (!entry.is_object()) return where + ": it is not an object";
  Reader in(entry, where);
  event.at = in.number("at", 0, 1'000'000'000'000, std::nullopt);
  if (!in.error().empty()) return in.error();
  if (event.at < last) return where + ": its time lies before that of the event before it";
  const json* body = nullptr;
  for (const KindName& kind : kKinds) {
    const json* found = in.object(kind.name);
    if (found == nullptr) continue;
    if (body != nullptr) return where + ": it is two things at once";
    body = found;
    event.kind = kind.kind;
  }
  in.done({"at", "note_on", "note_off", "cc", "transport", "ui_control", "assign", "poly_at", "pitch_bend"});
  if (!in.error().empty()) return in.error();
  if (body == nullptr) return where + ": it says a time and no more";
  return read_body(*body, where, event);
}

}  // namespace

ScenarioResult parse_scenario_json(std::string_view text) {
  ScenarioResult result;
  size_t depth = 0, deepest = 0;
  for (const char c : text) {
    depth += c == '[' || c == '{' ? 1 : 0;
    if ((c == ']' || c == '}') && depth > 0) --depth;
    deepest = std::max(deepest, depth);
  }
  const json document = deepest > 100 ? json() : json::parse(text, nullptr, false);
  if (document.is_discarded() || !document.is_object()) {
    result.error = "the scenario is not a JSON object";
    return result;
  }
  const auto events = document.find("events");
  for (const auto& [key, value] : document.items()) {
    if (key != "events" && key != "expect") result.error = "unknown key \"" + key + "\" in the scenario";
  }
  if (events == document.end() || !events->is_array()) result.error = "the scenario has no list \"events\"";
  if (!result.error.empty()) return result;
  Microseconds last = 0;
  for (const json& entry : *events) {
    ScenarioEvent event;
    result.error = read_event(entry, result.scenario.events.size(), last, event);
    if (!result.error.empty()) return result;
    last = event.at;
    result.scenario.events.push_back(std::move(event));
  }
  return result;
}

std::string scenario_to_json(const Scenario& scenario) {
  std::string out = "{\"events\": [";
  const auto quoted = [](const std::string& name) {
    return json(name).dump(-1, ' ', false, json::error_handler_t::replace);
  };
  bool first = true;
  for (const ScenarioEvent& event : scenario.events) {
    out += first ? "\n" : ",\n";
    first = false;
    out += "  {\"at\": " + std::to_string(event.at) + ", ";
    const std::string note = "{\"note\": " + std::to_string(event.note);
    const std::string value = "\"value\": " + std::to_string(event.value);
    const std::string channel = ", \"channel\": " + std::to_string(event.channel) + "}";
    switch (event.kind) {
      case Kind::note_on:
        out += "\"note_on\": " + note + ", \"velocity\": " + std::to_string(event.velocity) + channel;
        break;
      case Kind::note_off:
        out += "\"note_off\": " + note + channel;
        break;
      case Kind::poly_at:
        out += "\"poly_at\": " + note + ", \"pressure\": " + std::to_string(event.velocity) + channel;
        break;
      case Kind::cc:
        out += "\"cc\": {\"number\": " + std::to_string(event.number) + ", " + value + channel;
        break;
      case Kind::pitch_bend:
        out += "\"pitch_bend\": {" + value + channel;
        break;
      case Kind::transport:
        out += event.value != 0 ? "\"transport\": \"start\"" : "\"transport\": \"stop\"";
        break;
      case Kind::ui_control:
        out += "\"ui_control\": {\"name\": " + quoted(event.name) + ", " + value + "}";
        break;
      case Kind::assign:
        out += "\"assign\": {\"name\": " + quoted(event.name) + ", " + value + "}";
        break;
    }
    out += "}";
  }
  out += first ? "]}\n" : "\n]}\n";
  return out;
}

}  // namespace fermata::runtime
