// What Kontakt itself gives a script: functions, variables and constants. Names are lower case without sigil.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "runtime/bytecode.h"

namespace fermata::runtime {

class Session;
struct Task;

// How one function is called. `signature` has a letter for each argument: i integer, r real, s string, n a number of
// either kind, a whole array, v a variable or widget by name, . anything (evaluated for its effects). A letter after
// '?' may be left out, '*' stands for any further arguments of any kind. What follows '>' is the result: i, r, s, n (as
// the first argument) or nothing.
struct Arguments {
  Session& session;
  Task& task;
  std::span<const Cell> cells;
  uint8_t flag = 0;

  int32_t integer(size_t index) const { return index < cells.size() ? static_cast<int32_t>(cells[index].i) : 0; }
  double real(size_t index) const { return index < cells.size() ? cells[index].r : 0.0; }
  bool has(size_t index) const { return index < cells.size(); }
  bool reals() const { return (flag & kReal) != 0; }
  bool discarded() const { return (flag & kDiscarded) != 0; }
};

using BuiltinBody = Cell (*)(const Arguments&);

struct Builtin {
  std::string_view name;
  std::string_view signature;
  BuiltinBody function = nullptr;
};

// Index of a function, or -1. Leading underscores of old scripts are ignored.
int find_builtin(std::string_view name);
const Builtin& builtin(int index);

constexpr int64_t kQuarter = 500'000;  // µs at 120 beats a minute
constexpr int64_t kTicksPerQuarter = 960;

// The families of functions; each file of implementations gives one.
std::span<const Builtin> event_builtins();
std::span<const Builtin> task_builtins();
std::span<const Builtin> number_builtins();
std::span<const Builtin> state_builtins();
std::span<const Builtin> contract_builtins();

// One effect of a user's contract: its verb, then for each of its arguments whether it is given and its value. No
// script can spell this name.
constexpr std::string_view kPerform = "perform effect";

// clang-format off
#define FERMATA_VARIABLES(X)                                                                                      \
  X(event_id) X(event_note) X(event_velocity) X(note_held) X(midi_channel) X(midi_command) X(midi_byte_1)         \
  X(midi_byte_2) X(cc_num) X(cc_touched) X(key_down) X(key_down_oct) X(cc) X(poly_at_num) X(poly_at)              \
  X(rpn_address) X(rpn_value) X(ni_signal_type) X(ni_transport_running) X(ni_song_position) X(ni_async_id)        \
  X(ni_async_exit_status) X(ni_callback_id) X(ni_callback_type) X(ni_ui_id) X(engine_uptime) X(ksp_timer)         \
  X(duration_quarter) X(duration_eighth) X(duration_sixteenth) X(duration_half) X(duration_bar)                   \
  X(duration_quarter_triplet) X(duration_eighth_triplet) X(duration_sixteenth_triplet) X(duration_half_triplet)   \
  X(signature_num) X(signature_denom) X(played_voices_total) X(played_voices_inst) X(current_script_slot)         \
  X(note_duration) X(distance_bar_start) X(ni_control_par_idx) X(self) X(nenv) X(path_on)
// clang-format on

enum class EngineVariable : uint8_t {
#define FERMATA_VARIABLE(name) name,
  FERMATA_VARIABLES(FERMATA_VARIABLE)
#undef FERMATA_VARIABLE
};

std::optional<EngineVariable> find_variable(std::string_view name);

// A function that the tables of names know and that cannot matter to a voice: it takes its arguments and gives 0.
bool is_inert(std::string_view name);

// Numbers that scripts hold for something else than a number. An event id is never a small number (a note number is no
// event id), and a set of marks is never an event id.
constexpr int32_t kFirstEventId = 1 << 20;
constexpr int32_t kFirstUiId = 32768;
constexpr int32_t kAllEvents = -2;
constexpr uint32_t kMarkTag = 0x80000000u;
constexpr uint32_t kMarkMask = 0x0fffffffu;

constexpr int32_t kPitchBend = 128, kChannelPressure = 129;

// Constants of the front end's table that the engine itself acts on.
struct EngineConstants {
  int32_t par_note, par_velocity, par_source, par_channel;
  int32_t signal_start, signal_stop, signal_ms, signal_beat;
  int32_t control_par_value;
};
const EngineConstants& engine_constants();
constexpr size_t kEventParameters = 32;

}  // namespace fermata::runtime
