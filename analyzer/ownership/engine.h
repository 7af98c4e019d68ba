// Runs callbacks on abstract states: expressions, conditions, effects, and the walk through one activation. The
// fixpoint over activations is in solver.h.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "frontend/assume.h"
#include "ownership/lattice.h"
#include "ownership/slice.h"
#include "ownership/state.h"

namespace fermata::ownership {

// One stage behind a legato node, as the source that was handed over meets it.
struct ChainStage {
  ir::EntryId note_on = kNone;  // kNone: a standard node that sends the voice on and leaves the link alone
  bool clears_link = false;     // Stl.LegatoSwitch
  bool ends = false;            // plays: nothing comes after it
};

// Which object is followed.
struct Query {
  std::set<uint32_t> births;      // instructions (indices) at which it may begin to live
  NodeId node = kNone;            // IVLS: the node at whose stage the tracked key's voice stands
  bool legato = false;            // the object is the source that a legato node hands over on entry
  std::vector<ChainStage> chain;  // legato: the stages behind the legato node
  bool distinct_notes = false;    // IVLS: two voices at this stage whose keys are down have two note numbers
  bool track_key = true;          // the object is born on behalf of a key
  bool generated = true;          // on release also runs for events that the script made
};

// A remark of the transfer functions that is a finding of its own (release-after-handover, ...).
struct Remark {
  std::string rule;
  uint32_t instr = kNone;
  friend auto operator<=>(const Remark&, const Remark&) = default;
};

struct Step {
  uint32_t previous = kNone;
  Span span;
  std::string message;
  bool input = false;  // the player or the clock acts
};

struct Limits {
  size_t states_per_block = 24;
  size_t states_per_activation = 12000;
  uint64_t work_per_query = 150000;
  size_t hot_turns = 24;  // a loop that has run longer gets fewer disjuncts
  size_t hot_states = 3;
  size_t loop_turns = 300;  // with a condition that constants decide
  size_t loop_splits = 5;   // with one that does not
};

class Engine {
 public:
  Engine(const ir::Module& module, const Slice& slice, const Assume& assume, const Query& query)
      : module_(module), slice_(slice), assume_(assume), query_(query) {}

  State initial_state();
  // A fresh activation of `entry` on top of `state`.
  void start(State& state, ir::EntryId entry, Who who);
  // Runs the innermost activation from (block, instr) to the callback's end or first wait; all outcomes, normalised.
  std::vector<State> run(State state, ir::BlockId block, uint32_t instr);
  std::vector<State> run_entry(State state);

  void step(State& state, Span span, std::string message);
  // The same for what makes a callback run or go on.
  void input(State& state, Span span, std::string message);
  bool matters(ir::SlotId slot) const { return slice_.slots[slot]; }
  uint64_t states_explored() const { return explored_; }
  uint64_t work() const { return work_; }
  void limit_work(uint64_t work) { limits_.work_per_query = work; }

  // What a wait of somebody else left behind: resumption points with the ranges of their live locals.
  struct Parked {
    ir::EntryId entry = kNone;
    Who who = Who::other;
    ir::BlockId block = kNone;
    uint32_t instr = 0;
    std::vector<Interval> frame;
  };
  std::vector<Parked> pool;
  bool pool_grew = false;

  std::set<Remark> remarks;
  std::set<std::string> rests_on;
  std::vector<Step> steps;
  bool out_of_budget = false;
  // Every instruction that took the last owner of the tracked object away, or read it as a source, on some path.
  std::set<uint32_t> blamed;
  std::set<uint32_t> born;

 private:
  // eval.cpp
  Term eval(State& state, ir::ExprId id);
  Term eval_env(State& state, ir::Env env);
  Term eval_pure(State& state, const ir::Expr& expr);
  Term eval_binary(State& state, const ir::Expr& expr);
  Term nonlinear(State& state, Op op, const Term& a, const Term& b, Interval range);
  std::vector<State> assume(State state, ir::ExprId id, bool truth);
  bool compare(State& state, Op op, const Term& a, const Term& b, bool truth);

  // cells.cpp
  using Selected = std::vector<std::pair<State, int>>;  // state and cell (-1: none of the cells apart)
  Selected select(State state, ir::ArrayId array, const Term& index);
  void load(State state, const ir::Instr& instr, std::vector<State>& out);
  void store(State state, ir::ArrayId array, const Term& index, const Term& value, std::vector<State>& out);
  std::vector<std::pair<State, Term>> read(State state, ir::ArrayId array, const Term& index);
  void assign(State& state, ir::SlotId slot, const Term& value);

  // effects_event.cpp, effects_voice.cpp
  void execute(State state, uint32_t instr, std::vector<State>& out);
  void play_note(State state, uint32_t id, std::vector<State>& out);
  void end_events(State state, uint32_t id, bool stops, std::vector<State>& out);
  void ignore_event(State state, uint32_t id, std::vector<State>& out);
  void mark_event(State state, uint32_t id, std::vector<State>& out);
  void change_note(State state, uint32_t id, std::vector<State>& out);
  void midi(State state, uint32_t id, std::vector<State>& out);
  void voice_effect(State state, uint32_t id, std::vector<State>& out);
  std::vector<State> copy_fields(State state, const Term& from, const Term& to);
  void pass(State state, uint32_t id, std::vector<State>& out);
  void send_link(State state, std::vector<State>& out);
  void new_voice(State state, uint32_t id, std::vector<State>& out);
  void clone_voice(State state, uint32_t id, std::vector<State>& out);
  void play_voice(State state, uint32_t id, std::vector<State>& out);
  void play_oneshot(State state, uint32_t id, std::vector<State>& out);
  void release_voice(State state, uint32_t id, std::vector<State>& out);
  void adopt(State state, uint32_t id, std::vector<State>& out);
  void detach(State state, uint32_t id, std::vector<State>& out);
  void fade_voice(State state, uint32_t id, std::vector<State>& out);
  void legato(State state, uint32_t id, std::vector<State>& out);
  void create_runtime(State state, uint32_t id, std::vector<State>& out);
  void release_runtime(State state, uint32_t id, std::vector<State>& out);
  void unknown_call(State state, uint32_t id, std::vector<State>& out);
  void join_parent(State& state, uint32_t id, const Term& parent);
  void born_at(State& state, uint32_t id, Kind kind, Life life);
  bool may_track(const State& state, uint32_t id) const;
  void end_object(State& state, uint32_t id, const char* how);
  void lose(State& state, std::string fact, Span at);

  // activation.cpp
  struct Point {
    int depth = 0;  // deeper activations first
    ir::BlockId block = kNone;
    uint32_t instr = 0;
    friend auto operator<=>(const Point&, const Point&) = default;
  };
  void push(State state, ir::BlockId block, uint32_t instr);
  void walk(State state, ir::BlockId block, uint32_t instr);
  void leave(State state, ir::BlockId block);
  void suspend(State state, ir::BlockId block, uint32_t instr);
  void finish(State state);
  void enter_chain(State state, ir::BlockId block, uint32_t instr);
  std::vector<State> gather(const Point& point);
  std::vector<State> widen(ir::BlockId head, std::vector<State> states);

  // loops.cpp
  struct Counter {
    ir::SlotId slot = kNone;
    ir::ArrayId array = kNone;  // a polyphonic variable
  };
  const std::vector<Counter>& counters_of(ir::BlockId head);
  Term* counter_in(State& state, const Counter& counter) const;
  bool is_long(ir::BlockId head, State state);
  std::vector<Term> distances(State& state);
  std::string standing(State state);
  void keep_standing(State& state, const std::string& standing);
  std::vector<State> split_by_standing(State state);
  State without_counters(State state);
  void fold_scanned(State& state);
  void drop_included(std::vector<State>& states) const;
  Thresholds bounds_of(ir::BlockId head) const;
  std::vector<State> widen_scan(ir::BlockId head, std::vector<State> states);

  void park(const State& state, ir::BlockId block, uint32_t instr);
  void kill_dead(State& state, const std::vector<bool>& live);
  void kill_locals(State& state, const std::vector<bool>& live);
  void forget(State& state);  // the globals that no callback reads before it writes

  const ir::Module& module_;
  const Slice& slice_;
  const Assume& assume_;
  const Query& query_;
  Limits limits_;
  std::map<Point, std::vector<State>> pending_;
  std::unordered_map<ir::BlockId, size_t> turns_, splits_;
  std::unordered_map<ir::BlockId, std::vector<State>> accumulated_;
  std::unordered_map<ir::BlockId, std::vector<Counter>> counters_;
  std::set<ir::BlockId> long_loops_;  // of the running activation
  std::vector<State> results_;
  size_t activation_states_ = 0;
  uint64_t explored_ = 0;
  uint64_t work_ = 0;  // states, the larger ones counted more than once
};

}  // namespace fermata::ownership
