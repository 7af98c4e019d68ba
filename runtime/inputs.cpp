// What comes from outside: keys, controllers, transport, the user's hand on a control.
#include <algorithm>
#include <string>

#include "runtime/builtins.h"
#include "runtime/session.h"

namespace fermata::runtime {
namespace {

constexpr int kSustain = 64;
constexpr int kMidiNoteOn = 144, kMidiNoteOff = 128, kMidiController = 176, kMidiPolyAt = 160, kMidiPitchBend = 224;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

bool is_sigil(char c) { return std::string_view("$%~?@!").find(c) != std::string_view::npos; }

}  // namespace

// ------------------------------------------------------------------------------------------ is it playable?

// The variable that a name with an optional sigil and an optional [index] means; -1 if there is none.
int32_t Session::find_variable(std::string_view name, int64_t& index) const {
  char sigil = 0;
  if (!name.empty() && is_sigil(name.front())) {
    sigil = name.front();
    name.remove_prefix(1);
  }
  index = -1;
  if (const size_t open = name.find('['); open != std::string_view::npos && name.ends_with(']')) {
    const std::string_view digits = name.substr(open + 1, name.size() - open - 2);
    if (digits.empty() || digits.size() > 7 || digits.find_first_not_of("0123456789") != std::string_view::npos)
      return -1;
    index = std::stoll(std::string(digits));
    name = name.substr(0, open);
  }
  const auto found = code_.variable_names.find(lower(name));
  if (found == code_.variable_names.end()) return -1;
  for (const uint32_t candidate : found->second) {
    const Symbol& symbol = program_.symbols[code_.variables[candidate].symbol];
    if (symbol.kind != SymbolKind::global || (sigil != 0 && symbol.sigil != 0 && symbol.sigil != sigil)) continue;
    if ((code_.variables[candidate].array >= 0) == (index >= 0)) return static_cast<int32_t>(candidate);
  }
  return -1;
}

std::string Session::check_variable(const ScenarioEvent& event) const {
  int64_t index = -1;
  const int32_t number = find_variable(event.name, index);
  if (number < 0) return "the script has no variable " + event.name;
  const Variable& variable = code_.variables[static_cast<size_t>(number)];
  const Symbol& symbol = program_.symbols[variable.symbol];
  if (symbol.type == ValueType::string) return event.name + " holds text and cannot be set";
  if (variable.array >= 0) {
    const ArrayInfo& info = code_.arrays[static_cast<size_t>(variable.array)];
    const bool list = info.where == ArrayInfo::Where::list;
    if (list || index >= static_cast<int64_t>(info.size)) return event.name + " is beyond the end of the array";
  }
  if (event.kind == ScenarioEvent::Kind::ui_control && symbol.ui == UiKind::none) return event.name + " is no control";
  if (symbol.ui != UiKind::none && symbol.ui_range_known &&
      (event.value < symbol.ui_min || event.value > symbol.ui_max)) {
    return event.name + " goes from " + std::to_string(symbol.ui_min) + " to " + std::to_string(symbol.ui_max) +
           " and cannot be " + std::to_string(event.value);
  }
  return {};
}

std::string Session::check(const Scenario& scenario) const {
  using Kind = ScenarioEvent::Kind;
  std::array<bool, 128> down{};
  Microseconds last = 0;
  for (size_t i = 0; i < scenario.events.size(); ++i) {
    const ScenarioEvent& event = scenario.events[i];
    std::string problem;
    const bool note = event.kind == Kind::note_on || event.kind == Kind::note_off || event.kind == Kind::poly_at;
    if (event.at < last) problem = "its time lies before that of the event before it";
    if (event.at > 1'000'000'000'000) problem = "its time is beyond 1000000 seconds";
    if (note && (event.note < 0 || event.note > 127)) problem = "a note is a number from 0 to 127";
    if (event.channel < 0 || event.channel > 15) problem = "a channel is a number from 0 to 15";
    if (event.kind == Kind::note_on && (event.velocity < 1 || event.velocity > 127))
      problem = "a velocity goes from 1 to 127";
    if (event.kind == Kind::cc && (event.number < 0 || event.number > 127))
      problem = "a controller is a number from 0 to 127";
    if (event.kind == Kind::cc && (event.value < 0 || event.value > 127))
      problem = "a controller's value goes from 0 to 127";
    if (problem.empty() && event.kind == Kind::note_on && down[static_cast<size_t>(event.note)]) {
      problem = "key " + std::to_string(event.note) + " is down already";
    }
    if (problem.empty() && (event.kind == Kind::ui_control || event.kind == Kind::assign))
      problem = check_variable(event);
    if (!problem.empty()) return "event " + std::to_string(i) + " of the scenario: " + problem;
    if (event.kind == Kind::note_on) down[static_cast<size_t>(event.note)] = true;
    if (event.kind == Kind::note_off) down[static_cast<size_t>(event.note)] = false;
    last = event.at;
  }
  return {};
}

// -------------------------------------------------------------------------------------------------- the inputs

bool Session::begin() {
  in_init_ = true;
  run_callback(code_.preamble, CallbackKind::init, Occasion{});
  run_callback(code_.chunk_of("init"), CallbackKind::init, Occasion{});
  in_init_ = false;
  if (program_.ivls) {
    kernel_ = make_kernel(*this, options_);
    kernel_->boot();
    // The framework listens for milliseconds and for the transport.
    const bool milliseconds = kernel_->hears("LCB") || kernel_->hears("TimerMsTick");
    const bool beats = kernel_->hears("TimerBeatTick");
    if (milliseconds && !milliseconds_.on()) milliseconds_ = {1000, 1, 0, 0};
    if (beats && !beat_.on()) beat_ = {500'000, 1, 0, 0};
    kernel_ticks_ = milliseconds || beats;
    hears_start_ = hears_stop_ = true;
  }
  run_callback(code_.chunk_of("persistence_changed"), CallbackKind::persistence_changed, Occasion{});
  drain();
  return !stopped_;
}

void Session::input(const ScenarioEvent& event) {
  using Kind = ScenarioEvent::Kind;
  switch (event.kind) {
    case Kind::note_on:
      note_on(event.note, event.velocity, event.channel);
      break;
    case Kind::note_off:
      note_off(event.note, event.channel);
      break;
    case Kind::cc:
      controller(event.number, event.value, event.channel);
      break;
    case Kind::pitch_bend:
      controller(kPitchBend, event.value, event.channel);
      break;
    case Kind::poly_at:
      poly_at(event.note, event.velocity, event.channel);
      break;
    case Kind::transport:
      transport(event.value != 0);
      break;
    case Kind::ui_control:
      ui_control(event);
      break;
    case Kind::assign:
      assign(event);
      break;
  }
  drain();
}

void Session::note_on(int note, int velocity, int channel) {
  held_.emplace_back(note, channel);
  key_down_[static_cast<size_t>(note)] = 1;
  if (recording_) input_story("key " + std::to_string(note) + " goes down", note, -1, 1);
  if (program_.multi_script) return midi_message(channel, kMidiNoteOn, note, velocity);
  if (kernel_) return kernel_->key_down(note, velocity, channel);
  Occasion occasion;
  occasion.event = events.key_down(note, velocity, channel);
  occasion.channel = channel;
  run_callback(note_chunk_, CallbackKind::note, occasion);
}

void Session::note_off(int note, int channel) {
  const auto found = std::find_if(held_.begin(), held_.end(), [&](const auto& key) { return key.first == note; });
  if (found == held_.end()) return;
  if (program_.multi_script || kernel_) channel = found->second;
  held_.erase(found);
  key_down_[static_cast<size_t>(note)] = 0;
  if (recording_) input_story("key " + std::to_string(note) + " goes up", note, -1, 0);
  if (program_.multi_script) return midi_message(channel, kMidiNoteOff, note, 0);
  if (kernel_) return kernel_->key_up(note, channel);
  events.key_up(note);
}

void Session::controller(int number, int value, int channel) {
  if (recording_) {
    const std::string name = number == kPitchBend ? "pitch bend" : "controller " + std::to_string(number);
    input_story(name + " goes to " + std::to_string(value), -1, number, value);
  }
  cc_[static_cast<size_t>(number)] = value;
  if (number < 128)
    channel_cc_[static_cast<size_t>(channel)][static_cast<size_t>(number)] = static_cast<uint8_t>(value);
  if (program_.multi_script) {
    if (number == kPitchBend) return midi_message(channel, kMidiPitchBend, (value + 8192) & 127, (value + 8192) >> 7);
    return midi_message(channel, kMidiController, number, value);
  }
  Occasion occasion;
  occasion.controller = number;
  occasion.channel = channel;
  bool ignored = false;
  Span ignored_at;
  run_callback(controller_chunk_, CallbackKind::controller, occasion, &ignored, &ignored_at);
  if (number >= 128) return;
  registered_parameter(number, value, channel);
  if (kernel_) {
    ambient_ = occasion;
    kernel_->controller(number, value, channel);
    ambient_ = Occasion{};
  }
  if (ignored) {
    if (number == kSustain || number == assume_.sostenuto_cc) events.pedal_kept(ignored_at);
    return;
  }
  if (number == kSustain) events.sustain(channel, value >= 64);
  if (number == assume_.sostenuto_cc) events.sostenuto(channel, value >= 64);
}

// Controllers 98 to 101 select a parameter, 6 sets it.
void Session::registered_parameter(int number, int value, int channel) {
  const auto& cc = channel_cc_[static_cast<size_t>(channel)];
  int& selected = rpn_[static_cast<size_t>(channel)];
  if (number == 100 || number == 101) selected = cc[101] * 128 + cc[100] + 1;
  if (number == 98 || number == 99) selected = -(cc[99] * 128 + cc[98] + 1);
  if (number != 6 || selected == 0 || selected == 127 * 128 + 128) return;
  Occasion occasion;
  occasion.controller = std::abs(selected) - 1;
  occasion.value = value * 128;
  occasion.channel = channel;
  const bool registered = selected > 0;
  run_callback(code_.chunk_of(registered ? "rpn" : "nrpn"), registered ? CallbackKind::rpn : CallbackKind::nrpn,
               occasion);
}

void Session::controller_from_script(int number, int value) {
  if (number < 0 || number >= static_cast<int>(cc_.size())) return;
  cc_[static_cast<size_t>(number)] = value;
  const int channel = current_ != nullptr ? current_->occasion.channel : 0;
  if (number == kSustain) events.sustain(channel, value >= 64);
  if (number == assume_.sostenuto_cc) events.sostenuto(channel, value >= 64);
}

void Session::poly_at(int note, int value, int channel) {
  poly_at_[static_cast<size_t>(note)] = value;
  if (program_.multi_script) return midi_message(channel, kMidiPolyAt, note, value);
  Occasion occasion;
  occasion.controller = note;
  occasion.channel = channel;
  run_callback(code_.chunk_of("poly_at"), CallbackKind::poly_at, occasion);
  signal_kernel("PolyAT", occasion);
}

// Without ignore_midi the message goes on when the callback first waits or ends.
void Session::midi_message(int channel, int command, int byte_1, int byte_2) {
  Occasion occasion;
  occasion.channel = channel;
  occasion.midi_command = command;
  occasion.midi_byte_1 = byte_1;
  occasion.midi_byte_2 = byte_2;
  bool ignored = false;
  Span ignored_at;
  run_callback(midi_chunk_, CallbackKind::midi_in, occasion, &ignored, &ignored_at);
  const bool ends_note = command == kMidiNoteOff || (command == kMidiNoteOn && byte_2 == 0);
  if (ignored) {
    if (ends_note) midi.dropped(channel, byte_1, ignored_at, now());
    return;
  }
  Span origin;
  for (const Callback& callback : program_.callbacks) {
    if (program_.name(callback.kind) == "midi_in") origin = callback.span;
  }
  midi.send(channel, command, byte_1, byte_2, origin, true, now());
}

void Session::signal_kernel(std::string_view callback, const Occasion& occasion) {
  if (!kernel_) return;
  ambient_ = occasion;
  kernel_->signal(callback);
  ambient_ = Occasion{};
}

void Session::transport(bool running) {
  if (transport_ == running) return;
  transport_ = running;
  transport_start_ = now();
  if (recording_) story("input", running ? "the transport starts" : "the transport stops");
  if (running ? !hears_start_ : !hears_stop_) return;
  Occasion occasion;
  occasion.signal = running ? engine_constants().signal_start : engine_constants().signal_stop;
  run_callback(listener_chunk_, CallbackKind::listener, occasion);
  signal_kernel(running ? "TransportStart" : "TransportStop", occasion);
}

void Session::assign(const ScenarioEvent& event) {
  int64_t index = -1;
  const int32_t number = find_variable(event.name, index);
  const Variable& variable = code_.variables[static_cast<size_t>(number)];
  const bool real = program_.symbols[variable.symbol].type == ValueType::real;
  const Cell value = real ? real_cell(event.value) : integer_cell(event.value);
  if (recording_) story("input", event.name + " is set to " + std::to_string(event.value));
  if (program_.symbols[variable.symbol].polyphonic) return;
  const uint32_t offset =
      variable.array >= 0 ? code_.arrays[static_cast<size_t>(variable.array)].offset : variable.offset;
  memory_.store(offset + static_cast<size_t>(std::max<int64_t>(index, 0)), value);
}

void Session::ui_control(const ScenarioEvent& event) {
  assign(event);
  int64_t index = -1;
  const int32_t number = find_variable(event.name, index);
  Occasion occasion;
  occasion.ui_id = kFirstUiId + number;
  const auto own = code_.control_callbacks.find(code_.variables[static_cast<size_t>(number)].symbol);
  if (own != code_.control_callbacks.end()) {
    run_callback(static_cast<int32_t>(own->second), CallbackKind::ui_control, occasion);
  } else {
    run_callback(code_.chunk_of("ui_controls"), CallbackKind::ui_controls, occasion);
  }
  run_callback(code_.chunk_of("ui_update"), CallbackKind::ui_update, Occasion{});
  signal_kernel("KUI", occasion);
}

}  // namespace fermata::runtime
