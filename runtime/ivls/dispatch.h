// The way of a voice through its flow: firing, stages, and the task of the node it stands at.
#pragma once

#include "runtime/ivls/births.h"
#include "runtime/ivls/flows.h"
#include "runtime/ivls/world.h"

namespace fermata::runtime::ivls {

class Releaser;

class Dispatcher {
 public:
  Dispatcher(World& world, Flows& flows, Births& births) : world_(world), flows_(flows), births_(births) {}
  void connect(Releaser& releaser) { releaser_ = &releaser; }

  // Sends an unfired voice on at its next stage, as the head child of `parent` (-1: of nobody).
  void send(Handle voice, Handle parent);
  // The timer that ends the voice starts now.
  void start_timer(Handle voice, Microseconds duration);
  // Runs one body of the node the voice stands at. Returns false when there is none.
  bool run_body(Handle voice, std::string_view name);
  // Called back: after its delay, at the end of a body, at the end of its time.
  void enter_after_delay(VoiceRef voice);
  void body_ended(VoiceRef voice, Handle env, bool note_on);
  void duration_ended(VoiceRef voice, int64_t generation);
  // Frees the slot when the release and all tasks have ended.
  void end_if_done(Handle voice);

 private:
  void enter(Handle voice);
  void walk_on(VoiceRef voice);
  bool walk(Handle voice);
  bool pass_inline(Handle voice, const Entry& entry, BlockId body);
  void logic_done(Handle voice);

  World& world_;
  Flows& flows_;
  Births& births_;
  Releaser* releaser_ = nullptr;
};

// µs of a delay or duration field, whose type says µs or ticks (960 a quarter, at 120 quarters a minute).
Microseconds to_us(Value amount, Value type);

}  // namespace fermata::runtime::ivls
