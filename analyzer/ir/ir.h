// Control-flow graphs over vectors with ids: what the ownership analysis runs on. The lowering (lower.h) is the only
// place that knows the syntax of the expanded program; from here on there are slots, arrays, effects and jumps.
//
// Every script function is inlined where it is called (the language has no recursion), so a function's parameters are
// the caller's own locations. Loads from arrays and all calls with an effect are instructions of their own; what
// remains inside an expression is pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "frontend/program.h"

namespace fermata::ir {

using SlotId = uint32_t;   // a scalar location: global (kept in the module) or local (kept in one entry's frame)
using ArrayId = uint32_t;  // an array, a polyphonic variable (indexed by event id) or a voice field (by voice)
using ExprId = uint32_t;
using BlockId = uint32_t;
using EntryId = uint32_t;

enum class SlotKind : uint8_t { global, local };

struct Slot {
  SlotKind kind = SlotKind::global;
  uint32_t index = 0;     // into the state's globals, or into the frame of `entry`
  EntryId entry = kNone;  // locals only
  SymbolId symbol = kNone;
  bool ui = false;  // the user may set it to anything in [lo, hi] at any instant
  int64_t lo = INT32_MIN, hi = INT32_MAX;
  int64_t initial = 0;
  bool initial_known = true;
};

enum class ArrayKind : uint8_t {
  script,       // indexed by whatever the script computes
  polyphonic,   // indexed by the event id of the running callback
  voice_field,  // indexed by a voice
  controller,   // CC[n]: the last value of controller n
  pedal         // state of one pedal controller by channel; not visible to scripts, the environment keeps it
};

struct Array {
  ArrayKind kind = ArrayKind::script;
  std::string name;
  SymbolId symbol = kNone;
  std::vector<uint32_t> dimensions;
  std::vector<int64_t> initial;  // known initial items; the last one repeats
  bool initial_known = true;
  bool ui = false;
  int64_t lo = INT32_MIN, hi = INT32_MAX;
};

// What the engine or the framework decides at the moment of evaluation.
enum class Env : uint8_t {
  event_id,
  event_note,
  event_velocity,
  channel,
  note_held,
  self,
  sent_voice,
  path_on,
  cc_num,
  signal_type,
  midi_command,
  midi_byte_1,
  midi_byte_2,
  all_events,
  omni_voice
};

enum class Pure : uint8_t {
  event_status,  // (id): 1 while the event lives
  event_source,  // (id): -1 for a key, 0.. for a generated event
  event_pitch,   // (id): note number
  key_down,      // (note)
  in_range,      // (x, lo, hi)
  absolute,
  minimum,
  maximum,
  check_ref,  // (voice): allocated
  by_marks,   // (mask): a set of events; only as the target of an event operation
  unknown     // anything
};

enum class ExprKind : uint8_t { constant, slot, env, unary, binary, pure, unknown };

struct Expr {
  ExprKind kind = ExprKind::unknown;
  Op op = Op::none;
  Pure pure = Pure::unknown;
  Env env = Env::event_id;
  SlotId slot = kNone;
  int64_t value = 0;
  std::vector<ExprId> args;
  int64_t lo = INT32_MIN, hi = INT32_MAX;  // unknown: what is known of it all the same
};

enum class Effect : uint8_t {
  set,    // dst := a
  load,   // dst := array[a]
  store,  // array[a] := b
  // Kontakt events
  play_note,     // dst := play_note(a, b, -, d); site
  note_off,      // a
  fade_out,      // a, stop in c
  ignore_event,  // a; site in on release
  set_mark,      // a, mask b
  delete_mark,   // a, mask b
  change_note,   // a, note b
  wait,
  // multi scripts
  set_midi,     // channel a, command b, byte 1 c, byte 2 d; site
  ignore_midi,  // site
  // IVLS
  pass,              // dst := the child that was sent on; site
  new_voice,         // dst := copy of a; site
  clone_voice,       // dst := clone of a; site
  delete_voice,      // a
  play,              // a
  play_oneshot,      // a for b µs
  release_voice,     // a
  release_children,  // a
  adopt,             // runtime a, voice b
  restore_parent,    // a; site
  unparent,          // a; site
  unparent_children,
  reparent_voice,   // a under voice b
  create_runtime,   // dst; site
  release_runtime,  // a
  fade_voice,       // dst := fade of a; kill in b, ms in c
  reflow,           // a
  legato_source,    // dst := source of a; site
  legato_found,     // dst := a has a link
  legato_clear,     // a
  unknown_call      // name, args: may do anything to what it receives
};

struct Instr {
  Effect effect = Effect::set;
  SlotId dst = kNone;
  ArrayId array = kNone;
  ExprId a = kNone, b = kNone, c = kNone, d = kNone;
  std::vector<ExprId> args;  // unknown_call
  NameId name = 0;
  bool discarded = false;   // play_note whose result is thrown away
  bool keeps_link = false;  // unparent: only auto_release := FALSE, the parent stays known
  Span span;
};

enum class Jump : uint8_t { go, branch, end };

struct Block {
  uint32_t first = 0, count = 0;  // into Module::instrs
  Jump jump = Jump::end;
  ExprId condition = kNone;
  BlockId then_block = kNone, else_block = kNone;  // go: then_block
  bool loop_head = false;
  BlockId loop = kNone;  // a loop's test: the head of that loop
  // A branch decides over the blocks (region_begin, region_end); when nothing in them matters it is skipped to `join`.
  BlockId region_begin = kNone, region_end = kNone, join = kNone;
  Span span;  // of the condition
};

enum class EntryKind : uint8_t {
  init,
  note,
  release,
  controller,
  listener,
  ui_control,
  midi_in,
  other,  // native callbacks
  note_on,
  note_off,
  note_pass,
  node_cc,
  node_tick,
  node_init  // IVLS node callbacks
};

struct Entry {
  EntryKind kind = EntryKind::other;
  NodeId node = kNone;
  SymbolId control = kNone;
  BlockId start = kNone, stop = kNone;  // blocks [start, stop)
  uint32_t frame_size = 0;
  std::vector<SlotId> locals;  // frame index -> slot
  std::string name;            // "on note", "Lead.Join NoteOn"
  Span span;
};

struct Module {
  const Program* program = nullptr;
  std::vector<Slot> slots;
  std::vector<SlotId> globals;  // index -> slot
  std::vector<Array> arrays;
  std::vector<Expr> exprs;
  std::vector<Instr> instrs;
  std::vector<Block> blocks;
  std::vector<Entry> entries;
  std::vector<int> controllers;  // controller numbers that the script tells apart
  bool orders_waits = false;     // both a press and a release wait: which is over first may matter
  bool asks_channel = false;     // MIDI_CHANNEL or a voice's channel is read somewhere
  ArrayId cc = kNone;            // CC
  ArrayId pedal_sustain = kNone, pedal_sostenuto = kNone;
  ArrayId field_event = kNone, field_duration = kNone, field_source = kNone, field_note = kNone, field_channel = kNone;
  std::vector<std::pair<std::string, Span>> limits;    // what was too large to lower, by entry
  std::vector<std::pair<NameId, Span>> unknown_calls;  // calls nobody defines that receive a handle
};

// True for an instruction at which something that must end begins to live or loses its owner.
bool is_site(const Module& module, const Instr& instr);

}  // namespace fermata::ir
