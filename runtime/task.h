// One running callback: its stack, and what Kontakt's variables mean in it. All of it survives a wait.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/agenda.h"
#include "runtime/bytecode.h"

namespace fermata::runtime {

enum class CallbackKind : uint8_t {
  init,
  note,
  release,
  controller,
  note_controller,
  poly_at,
  rpn,
  nrpn,
  listener,
  ui_control,
  ui_controls,
  ui_update,
  persistence_changed,
  pgs_changed,
  async_complete,
  midi_in,
  node  // a callback of an IVLS node
};

// The value of NI_CALLBACK_TYPE.
int32_t callback_type(CallbackKind kind);

// What the callback was called for.
struct Occasion {
  int event = -1;      // the note, of on note and on release
  int controller = 0;  // CC_NUM, POLY_AT_NUM, RPN_ADDRESS
  int value = 0;       // RPN_VALUE
  int channel = 0;
  int midi_command = 0, midi_byte_1 = 0, midi_byte_2 = 0;
  int signal = 0;
  int async_id = 0, async_status = 0;
  int ui_id = 0;
};

struct Frame {
  uint32_t chunk = 0;
  uint32_t pc = 0;    // next instruction
  uint32_t base = 0;  // of its locals on the stack
};

struct Task {
  uint32_t serial = 0;  // NI_CALLBACK_ID
  CallbackKind kind = CallbackKind::init;
  Occasion occasion;
  int self = -1, nenv = -1;
  std::vector<Cell> stack;
  uint32_t top = 0;
  std::vector<Frame> frames;
  std::vector<Cell> pushed;  // tcm.push
  KernelAction on_end;
  bool note_pass = false;
  bool waited = false;  // has been past its first wait
  bool waiting = false;
  bool skip_waits = false;  // stop_wait(id, 1)
  bool holds_slot = false;  // counts against the capacity for waiting tasks
  bool swallowed = false;   // ignore_event, ignore_midi or ignore_controller for what it was called for
  Span swallowed_at;
  Agenda::Ticket wake;
  uint64_t wait_number = 0;
  int async_wait = -1;
};

}  // namespace fermata::runtime
