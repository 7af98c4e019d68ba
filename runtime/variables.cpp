// Kontakt's variables as a callback sees them.
#include <algorithm>
#include <array>

#include "runtime/builtins.h"
#include "runtime/session.h"

namespace fermata::runtime {
namespace {

constexpr std::array kNames = {
#define FERMATA_VARIABLE(name) std::string_view(#name),
    FERMATA_VARIABLES(FERMATA_VARIABLE)
#undef FERMATA_VARIABLE
};

}  // namespace

std::optional<EngineVariable> find_variable(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<EngineVariable>(found - kNames.begin());
}

Cell Session::variable(const Task& task, int32_t number) {
  using V = EngineVariable;
  const Occasion& occasion = task.occasion;
  const Event* event = occasion.event >= 0 ? &events[occasion.event] : nullptr;
  const auto i = [](int64_t value) { return integer_cell(value); };
  switch (static_cast<V>(number)) {
    case V::event_id:
      return i(event != nullptr ? Events::id_of(occasion.event) : 0);
    case V::event_note:
      return i(event != nullptr ? event->note : 0);
    case V::event_velocity:
      return i(event != nullptr ? event->velocity : 0);
    case V::note_held:
      return i(event != nullptr && event->held);
    case V::midi_channel:
      return i(occasion.channel);
    case V::midi_command:
      return i(occasion.midi_command);
    case V::midi_byte_1:
      return i(occasion.midi_byte_1);
    case V::midi_byte_2:
      return i(occasion.midi_byte_2);
    case V::cc_num:
      return i(occasion.controller);
    case V::poly_at_num:
      return i(occasion.controller);
    case V::rpn_address:
      return i(occasion.controller);
    case V::rpn_value:
      return i(occasion.value);
    case V::ni_signal_type:
      return i(occasion.signal);
    case V::ni_transport_running:
      return i(transport_);
    case V::ni_song_position:
      return i(transport_ ? (now() - transport_start_) * kTicksPerQuarter / kQuarter : 0);
    case V::ni_async_id:
      return i(occasion.async_id);
    case V::ni_async_exit_status:
      return i(occasion.async_status);
    case V::ni_callback_id:
      return i(task.serial);
    case V::ni_callback_type:
      return i(callback_type(task.kind));
    case V::ni_ui_id:
      return i(occasion.ui_id);
    case V::engine_uptime:
      return i(now() / 1000);
    case V::ksp_timer:
      return i(now() - timer_start_);
    case V::duration_quarter:
      return i(kQuarter);
    case V::duration_eighth:
      return i(kQuarter / 2);
    case V::duration_sixteenth:
      return i(kQuarter / 4);
    case V::duration_half:
      return i(kQuarter * 2);
    case V::duration_bar:
      return i(kQuarter * 4);
    case V::duration_quarter_triplet:
      return i(kQuarter * 2 / 3);
    case V::duration_eighth_triplet:
      return i(kQuarter / 3);
    case V::duration_sixteenth_triplet:
      return i(kQuarter / 6);
    case V::duration_half_triplet:
      return i(kQuarter * 4 / 3);
    case V::signature_num:
      return i(4);
    case V::signature_denom:
      return i(4);
    case V::played_voices_total:
    case V::played_voices_inst:
      return i(static_cast<int64_t>(events.live().size()));
    case V::self:
      return i(task.self);
    case V::nenv:
      return i(task.nenv);
    case V::path_on:
      return i(kernel_ ? kernel_->path_on(task.self, task.nenv) : true);
    default:
      return i(0);
  }
}

Cell Session::variable_item(const Task& task, int32_t number, int64_t index) {
  using V = EngineVariable;
  const auto at = static_cast<uint64_t>(index);
  const auto item = [&](const auto& cells) {
    if (at < cells.size()) return integer_cell(cells[at]);
    fault("index-out-of-range");
    return Cell{0};
  };
  switch (static_cast<V>(number)) {
    case V::cc:
      return item(cc_);
    case V::key_down:
      return item(key_down_);
    case V::poly_at:
      return item(poly_at_);
    case V::cc_touched:
      return integer_cell(task.kind == CallbackKind::controller && index == task.occasion.controller);
    case V::key_down_oct: {
      int64_t down = 0;
      for (size_t key = at % 12; at < 12 && key < key_down_.size(); key += 12)
        down = std::max<int64_t>(down, key_down_[key]);
      return integer_cell(down);
    }
    default:
      return Cell{0};
  }
}

}  // namespace fermata::runtime
