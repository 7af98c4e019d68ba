// Functions on events and on MIDI messages.
#include <algorithm>

#include "frontend/builtins.h"
#include "runtime/builtins.h"
#include "runtime/session.h"

namespace fermata::runtime {
namespace {

Cell play_note(const Arguments& a) {
  return integer_cell(a.session.events.play(a.integer(0), a.integer(1), a.integer(3), a.discarded()));
}

Cell note_off(const Arguments& a) {
  for (const int event : a.session.events.select(a.integer(0))) a.session.events.note_off(event);
  return none();
}

Cell fade_out(const Arguments& a) {
  const bool stop = a.integer(2) != 0;
  for (const int event : a.session.events.select(a.integer(0))) a.session.events.fade_out(event, a.integer(1), stop);
  return none();
}

// In the release callback of the event itself, up to its first wait, the release is swallowed.
Cell ignore_event(const Arguments& a) {
  Session& session = a.session;
  Task& task = a.task;
  if (session.program().multi_script && task.kind == CallbackKind::midi_in) {
    task.swallowed = true;
    task.swallowed_at = session.here();
    return none();
  }
  for (const int event : session.events.select(a.integer(0))) {
    const bool own_release = task.kind == CallbackKind::release && event == task.occasion.event;
    if (!own_release) {
      session.events.ignore(event);
    } else if (!task.waited) {
      task.swallowed = true;
      task.swallowed_at = session.here();
    }
  }
  return none();
}

Cell ignore_message(const Arguments& a) {
  a.task.swallowed = !a.task.waited;
  a.task.swallowed_at = a.session.here();
  return none();
}

Cell set_midi(const Arguments& a) {
  if (!a.session.program().multi_script) return none();
  const auto in = [&](size_t index, int32_t high) { return std::clamp(a.integer(index), 0, high); };
  a.session.midi.send(in(0, 15), a.integer(1), in(2, 127), in(3, 127), a.session.here(), false, a.session.now());
  return none();
}

Cell event_status(const Arguments& a) {
  const int event = a.session.events.find(a.integer(0));
  return integer_cell(event >= 0 && a.session.events.alive(event));
}

Cell by_marks(const Arguments& a) {
  return integer_cell(static_cast<int32_t>(kMarkTag | (static_cast<uint32_t>(a.integer(0)) & kMarkMask)));
}

Cell set_event_mark(const Arguments& a) {
  for (const int event : a.session.events.select(a.integer(0))) {
    a.session.events[event].marks |= static_cast<uint32_t>(a.integer(1)) & kMarkMask;
  }
  return none();
}

Cell delete_event_mark(const Arguments& a) {
  for (const int event : a.session.events.select(a.integer(0))) {
    a.session.events[event].marks &= ~static_cast<uint32_t>(a.integer(1));
  }
  return none();
}

Cell get_event_mark(const Arguments& a) {
  const int event = a.session.events.find(a.integer(0));
  return integer_cell(event >= 0 && (a.session.events[event].marks & static_cast<uint32_t>(a.integer(1))) != 0);
}

Cell get_event_ids(const Arguments& a) {
  const std::span<Cell> ids = a.session.array(a.task, a.integer(0));
  size_t at = 0;
  for (const int event : a.session.events.live()) {
    if (at >= ids.size()) break;
    if (a.session.events.alive(event)) ids[at++] = integer_cell(Events::id_of(event));
  }
  if (at < ids.size()) ids[at] = none();
  return none();
}

// Of an event that has ended the parameters can still be read.
Cell get_event_par(const Arguments& a) {
  const EngineConstants& names = engine_constants();
  const int number = a.session.events.number(a.integer(0));
  const int32_t parameter = a.integer(1);
  if (number < 0) return none();
  const Event& event = a.session.events[number];
  if (parameter == names.par_note) return integer_cell(event.note);
  if (parameter == names.par_velocity) return integer_cell(event.velocity);
  if (parameter == names.par_source) return integer_cell(event.incoming() ? -1 : 0);
  if (parameter == names.par_channel) return integer_cell(event.channel);
  if (parameter < 0 || parameter >= static_cast<int32_t>(kEventParameters)) return none();
  return integer_cell(event.parameters[static_cast<size_t>(parameter)]);
}

void set_parameter(Event& event, int32_t parameter, int32_t value) {
  const EngineConstants& names = engine_constants();
  if (parameter == names.par_note) {
    event.note = std::clamp(value, 0, 127);
  } else if (parameter == names.par_velocity) {
    event.velocity = std::clamp(value, 1, 127);
  } else if (parameter >= 0 && parameter < static_cast<int32_t>(kEventParameters) && parameter != names.par_source) {
    event.parameters[static_cast<size_t>(parameter)] = value;
  }
}

Cell set_event_par(const Arguments& a) {
  for (const int event : a.session.events.select(a.integer(0))) {
    set_parameter(a.session.events[event], a.integer(1), a.integer(2));
  }
  return none();
}

// Allowed in on note, up to its first wait.
Cell change(const Arguments& a, int32_t parameter) {
  if (a.task.kind != CallbackKind::note || a.task.waited) return none();
  for (const int event : a.session.events.select(a.integer(0))) {
    set_parameter(a.session.events[event], parameter, a.integer(1));
  }
  return none();
}

Cell change_note(const Arguments& a) { return change(a, engine_constants().par_note); }
Cell change_velo(const Arguments& a) { return change(a, engine_constants().par_velocity); }

Cell change_relative(const Arguments& a, std::string_view name) {
  const auto parameter = static_cast<size_t>(builtin_constant(name).value_or(0)) % kEventParameters;
  for (const int event : a.session.events.select(a.integer(0))) {
    int32_t& value = a.session.events[event].parameters[parameter];
    const int64_t base = a.integer(2) != 0 ? value : 0;
    value = static_cast<int32_t>(std::clamp<int64_t>(base + a.integer(1), INT32_MIN, INT32_MAX));
  }
  return none();
}

Cell change_vol(const Arguments& a) { return change_relative(a, "event_par_volume"); }
Cell change_pan(const Arguments& a) { return change_relative(a, "event_par_pan"); }
Cell change_tune(const Arguments& a) { return change_relative(a, "event_par_tune"); }

Cell set_controller(const Arguments& a) {
  a.session.controller_from_script(a.integer(0), a.integer(1));
  return none();
}

constexpr Builtin kEventFunctions[] = {
    {"play_note", "iiii>i", play_note},
    {"note_off", "i?i", note_off},
    {"fade_out", "iii", fade_out},
    {"ignore_event", "i", ignore_event},
    {"ignore_midi", "", ignore_message},
    {"ignore_controller", "", ignore_message},
    {"set_midi", "iiii", set_midi},
    {"event_status", "i>i", event_status},
    {"by_marks", "i>i", by_marks},
    {"set_event_mark", "ii", set_event_mark},
    {"delete_event_mark", "ii", delete_event_mark},
    {"get_event_mark", "ii>i", get_event_mark},
    {"get_event_ids", "a", get_event_ids},
    {"get_event_par", "ii>i", get_event_par},
    {"set_event_par", "iii", set_event_par},
    {"change_note", "ii", change_note},
    {"change_velo", "ii", change_velo},
    {"change_vol", "ii?i", change_vol},
    {"change_pan", "ii?i", change_pan},
    {"change_tune", "ii?i", change_tune},
    {"set_controller", "ii", set_controller},
};

}  // namespace

std::span<const Builtin> event_builtins() { return kEventFunctions; }

}  // namespace fermata::runtime
