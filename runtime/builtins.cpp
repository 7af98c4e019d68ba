// The table of functions, put together from its families.
#include "runtime/builtins.h"

#include <unordered_map>
#include <vector>

#include "frontend/builtins.h"
#include "runtime/task.h"

namespace fermata::runtime {
namespace {

struct Table {
  std::vector<Builtin> functions;
  std::unordered_map<std::string_view, int> index;
};

const Table& table() {
  static const Table built = [] {
    Table out;
    for (const auto family :
         {event_builtins(), task_builtins(), number_builtins(), state_builtins(), contract_builtins()}) {
      for (const Builtin& function : family) {
        out.index.emplace(function.name, static_cast<int>(out.functions.size()));
        out.functions.push_back(function);
      }
    }
    return out;
  }();
  return built;
}

std::string_view modern(std::string_view name) {
  if (name.starts_with('_')) name.remove_prefix(1);
  return name;
}

int32_t constant(std::string_view name) { return static_cast<int32_t>(builtin_constant(name).value_or(-1)); }

}  // namespace

int find_builtin(std::string_view name) {
  const auto found = table().index.find(modern(name));
  return found == table().index.end() ? -1 : found->second;
}

const Builtin& builtin(int index) { return table().functions[static_cast<size_t>(index)]; }

bool is_inert(std::string_view name) { return is_builtin_function(modern(name)); }

const EngineConstants& engine_constants() {
  static const EngineConstants values = {
      constant("event_par_note"),         constant("event_par_velocity"),     constant("event_par_source"),
      constant("event_par_midi_channel"), constant("ni_signal_transp_start"), constant("ni_signal_transp_stop"),
      constant("ni_signal_timer_ms"),     constant("ni_signal_timer_beat"),   constant("control_par_value")};
  return values;
}

int32_t callback_type(CallbackKind kind) {
  static constexpr std::string_view kNames[] = {"init",
                                                "note",
                                                "release",
                                                "controller",
                                                "note_controller",
                                                "poly_at",
                                                "rpn",
                                                "nrpn",
                                                "listener",
                                                "ui_control",
                                                "ui_controls",
                                                "ui_update",
                                                "persistence_changed",
                                                "pgs",
                                                "async_complete",
                                                "midi_in"};
  const auto index = static_cast<size_t>(kind);
  return index < std::size(kNames) ? constant("ni_cb_type_" + std::string(kNames[index])) : -1;
}

}  // namespace fermata::runtime
