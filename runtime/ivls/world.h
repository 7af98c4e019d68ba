// The data of the kernel: voices, node environments, runtimes, modulation containers, and what happened to each voice.
// The classes beside it are the operations on it.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/ivls/keys.h"
#include "runtime/ivls/pool.h"
#include "runtime/ivls/schema.h"

namespace fermata::runtime::ivls {

constexpr Handle kOmni = 0;  // root of what was cut off its parent; never released
constexpr size_t kMaxRuntimes = 1024;
constexpr uint32_t kMaxDepth = 400;  // callbacks that run inside one another
constexpr uint32_t kMaxHops = 4096;  // moves and NotePass stages between two other stages

// A voice and not merely its slot: the number is never used again.
struct VoiceRef {
  Handle slot = -1;
  int number = -1;
};

// What is remembered of how a voice lost its owner.
struct Record {
  Span birth;
  bool lost = false;
  Loss loss = Loss::never_owned;
  Span loss_at;
  Microseconds since = 0;
  Span adopted_at;
  int flow = -1, dest_stage = -1;
  bool asked = false, read = false;  // a consumer looked for the source, or took it: it is to blame for its loss
};

struct Voice {
  bool live = false;
  int number = -1;  // order of birth
  std::vector<Value> fields;
  Handle parent = -1, child = -1, left = -1, right = -1;  // child: the newest; right: the next older
  uint64_t linked_at = 0;                                 // World::tick when it came to this parent
  Handle runtime = -1;
  Handle vmc = -1;
  int press = -1;          // the stroke of a key that it stems from
  bool key_voice = false;  // made by that stroke itself
  bool fired = false;
  bool told = false;            // the story knows it
  uint64_t released_at = 0;     // World::tick of its release; 0: not released
  bool cascaded = false;        // its release has gone on to its children
  Microseconds limit = 0;       // duration it owns itself for; 0: none
  uint32_t timer = 0;           // generation of the timer that counts
  bool modulation = false;      // a fade voice
  VoiceRef target;              // of a running fade
  std::vector<VoiceRef> fades;  // running on this voice
  NodeId node = kNone;          // where it stands
  Handle at_flow = -1, at_stage = -1;
  Span at;                    // the registration of that stage
  uint32_t tasks = 0;         // NoteOn and NoteOff bodies that have not ended
  std::vector<Handle> paths;  // environments of its NoteOn bodies that have not ended
  bool has_event = false;     // an event was born in one of its tasks
  Record record;

  Value& operator[](Field field) { return fields[static_cast<size_t>(field)]; }
  Value operator[](Field field) const { return fields[static_cast<size_t>(field)]; }
};

struct NodeEnv {
  bool live = false;
  VoiceRef voice;
  NodeId node = kNone;
  Handle sent_voice = -1;  // of the activation before, until this one has passed
  bool passed = false;
  bool duration_limited = false;
  bool path_cancelled = false;
};

struct Runtime {
  bool live = false;
  Span created;
  std::vector<Handle> members;  // in order of adoption
};

struct Vmc {
  bool live = false;
  Handle parent = -1;
  uint32_t voices = 0, children = 0;
};

struct EventRecord {
  int event = -1;
  int voice = -1;  // number
  Handle slot = -1;
  Span birth;
  Record record;  // of the voice, when it has ended
};

// What a run has made of the world: copied as a whole.
struct WorldState {
  explicit WorldState(size_t most_voices);

  Pool<Voice> voices;
  Pool<NodeEnv> envs;
  Pool<Runtime> runtimes;
  Pool<Vmc> vmcs;
  Keys keys;
  std::vector<EventRecord> events;  // those that may still sound
  size_t events_to_sift = 64;       // with so many, the ones that are gone are forgotten
  int born = 0;                     // voices so far
  std::set<NodeId> prunable;        // nodes whose voices are structure only
  uint64_t tick = 0;
  uint32_t depth = 0;
  uint32_t outstanding = 0;  // posted actions and timers that have not come
  Handle caller = -1;        // the voice whose body is calling the kernel
  bool open = false;         // cluster.legal
};

// What the kernel asks to be called back for.
enum class Deferred : uint8_t {
  nothing,
  enter_after_delay,  // a voice, after its delay field
  enter_flow,         // a key voice, after the latency of its key
  duration_end,       // detail: the generation of the timer
  fade_end,
  voice_off,
  // at the end of a task
  body_end,   // of a voice; detail: its environment * 2 + whether it is NoteOn
  closed_end  // of a callback that runs with the cluster closed
};

struct World : WorldState {
  explicit World(Host& host_) : World(host_, Schema(host_.program())) {}

  Host& host;
  Schema schema;

  VoiceRef ref(Handle slot) const { return {slot, voices[slot].number}; }
  bool same(VoiceRef ref) const { return voices.is_live(ref.slot) && voices[ref.slot].number == ref.number; }
  // A voice that a script may name; otherwise records the fault.
  bool check(Value slot);
  Record& record(Handle slot) { return voices[slot].record; }
  const Record& record(Handle slot) const { return voices[slot].record; }

  // The statement being executed; for one of the bundled nodes the user's line that put the node into its flow.
  Span place() const;
  bool user_text(Span span) const;

  // Host's services, counted for pending().
  void post(Deferred what, VoiceRef voice);
  void after(Microseconds delay, Deferred what, VoiceRef voice, int64_t detail = 0);
  // Runs a body nested. False when it could not be started (nothing of it has run, on_end will not come).
  bool start(TaskSpec spec);
  // One line of the run's story.
  void tell(const char* what, Handle slot, std::string text, std::string owner = "");

 private:
  World(Host& host_, Schema schema_) : WorldState(schema_.capacity()), host(host_), schema(std::move(schema_)) {
    voices[kOmni].fields = schema.defaults();
  }
};

// "note 60", "the voice of key 60 at My.Node": how texts name a voice.
std::string describe(const World& world, Handle slot);

}  // namespace fermata::runtime::ivls
