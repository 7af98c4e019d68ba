// What a user's contract says of a call, done: by the operations that scripts have themselves.
#include <algorithm>
#include <vector>

#include "contracts/contract.h"
#include "runtime/builtins.h"
#include "runtime/session.h"

namespace fermata::runtime {
namespace {

constexpr Microseconds kSomeTime = 1000;  // of a wait whose time nobody told

// The operation of a script that does the same, and which of the effect's arguments it takes, in its order. -1: 0.
struct Operation {
  Verb verb;
  std::string_view name;
  int8_t arguments[4] = {0, -1, -1, -1};
  uint8_t count = 1;
};

constexpr Operation kOperations[] = {
    {Verb::creates_event, "play_note", {0, 1, 2, 3}, 4},
    {Verb::releases_event, "note_off"},
    {Verb::fades_out, "fade_out", {0, 1, 2, -1}, 3},
    {Verb::ignores_event, "ignore_event"},
    {Verb::marks, "set_event_mark", {0, 1, -1, -1}, 2},
    {Verb::unmarks, "delete_event_mark", {0, 1, -1, -1}, 2},
    {Verb::changes_note, "change_note", {0, 1, -1, -1}, 2},
    {Verb::sends_midi, "set_midi", {0, 1, 2, 3}, 4},
    {Verb::drops_midi, "ignore_midi", {}, 0},
    {Verb::creates_voice, "ivls.new_voice"},
    {Verb::creates_runtime, "ivls.create_runtime", {}, 0},
    {Verb::clones, "ivls.clone_voice", {0, -1, -1, -1}, 2},
    {Verb::fades_voice, "fades.out", {0, 2, 1, -1}, 3},
    {Verb::passes, "ivls.pass", {}, 0},
    {Verb::plays, "ivls.play"},
    {Verb::plays_for, "ivls.play.oneshot", {0, 1, -1, -1}, 2},
    {Verb::deletes, "voice.delete"},
    {Verb::releases_voice, "ivls.release_voice"},
    {Verb::releases_below, "ivls.release_voice_children"},
    {Verb::joins_runtime, "ivls.add_voice_to_runtime", {1, 0, -1, -1}, 2},
    {Verb::releases_runtime, "ivls.release_runtime"},
    {Verb::restores_parent, "ivls.restore_parent"},
    {Verb::detaches, "ivls.unparent_voice"},
    {Verb::detaches_below, "ivls.unparent_children"},
    {Verb::reparents, "ivls.reparent_voice_to_voice", {0, 1, -1, -1}, 2},
    {Verb::reroutes, "ivls.reflow_voice", {0, 1, -1, -1}, 2},
    {Verb::reads_source, "legato.get_src_vo"},
    {Verb::asks_source, "legato.found"},
    {Verb::clears_source, "legato.unlink"},
    {Verb::waits_ticks, "wait_ticks"},
    {Verb::gives_status, "event_status"},
    {Verb::gives_marked, "by_marks"},
    {Verb::gives_parameter, "get_event_par", {0, 1, -1, -1}, 2},
    {Verb::gives_allocated, "check_ref", {0, -1, -1, -1}},
    {Verb::gives_in_range, "in_range", {0, 1, 2, -1}, 3},
    {Verb::gives_absolute, "abs"},
    {Verb::gives_minimum, "min", {0, 1, -1, -1}, 2},
    {Verb::gives_maximum, "max", {0, 1, -1, -1}, 2},
};

class Performance {
 public:
  explicit Performance(const Arguments& a) : a_(a), verb_(static_cast<Verb>(a.integer(0))) {}

  Cell run() {
    switch (verb_) {
      case Verb::releases:
        return do_as(is_event() ? "note_off" : "ivls.release_voice", {value(0)});
      case Verb::adopts:
        return is_event() ? do_as("note_off", {value(0)}) : do_as("ivls.play.oneshot", {value(0), 1});
      case Verb::owns_for:
        return is_event() ? own_event() : do_as("ivls.play.oneshot", {value(0), value(1)});
      case Verb::waits:
        return pause(given(0) ? value(0) : kSomeTime);
      case Verb::waits_ms:
        return pause(value(0) * 1000);
      case Verb::gives_between:
        return integer_cell(
            static_cast<int32_t>(a_.session.random(std::min(value(0), value(1)), std::max(value(0), value(1)))));
      case Verb::gives_truth:
        return integer_cell(static_cast<int32_t>(a_.session.random(0, 1)));
      case Verb::creates_voice:
        if (!given(0)) return do_as("voice.new", {});
        break;
      case Verb::creates_event:
        return do_as("play_note",
                     {given(0) ? value(0) : kSomeNote, given(1) ? value(1) : kSomeVelocity, value(2), value(3)});
      default:
        break;
    }
    const auto* operation = std::ranges::find(kOperations, verb_, &Operation::verb);
    if (operation == std::end(kOperations)) return none();
    std::vector<Value> values;
    for (uint8_t i = 0; i < operation->count; ++i) {
      values.push_back(operation->arguments[i] < 0 ? 0 : value(static_cast<size_t>(operation->arguments[i])));
    }
    return do_as(operation->name, values);
  }

 private:
  static constexpr Value kSomeNote = 60, kSomeVelocity = 100;

  bool given(size_t which) const { return a_.integer(1 + 2 * which) != 0; }
  Value value(size_t which) const { return a_.integer(2 + 2 * which); }
  // An event's id, all events, a set of marks; the handles of voices are small numbers.
  bool is_event() const { return a_.session.kernel() == nullptr || value(0) >= kFirstEventId || value(0) < -1; }

  Cell pause(Microseconds time) {
    a_.session.wait(a_.task, time, a_.task.kind == CallbackKind::node);
    return none();
  }

  // Heard or not, it ends when its time is over.
  Cell own_event() { return value(1) > 0 ? do_as("fade_out", {value(0), value(1), 1}) : none(); }

  Cell do_as(std::string_view name, const std::vector<Value>& values) {
    if (const int index = find_builtin(name); index >= 0) {
      std::vector<Cell> cells;
      for (const Value one : values) cells.push_back(integer_cell(static_cast<int32_t>(one)));
      return builtin(index).function({a_.session, a_.task, cells, a_.flag});
    }
    Kernel* kernel = a_.session.kernel();
    const auto result = kernel ? kernel->call(name, values, a_.task.self, a_.task.nenv) : std::nullopt;
    if (result && result->wait >= 0) a_.session.wait(a_.task, result->wait, true);
    return integer_cell(result ? static_cast<int32_t>(result->value) : 0);
  }

  const Arguments& a_;
  Verb verb_;
};

Cell perform(const Arguments& a) { return Performance(a).run(); }

constexpr Builtin kContractFunctions[] = {{kPerform, "*>i", perform}};

}  // namespace

std::span<const Builtin> contract_builtins() { return kContractFunctions; }

}  // namespace fermata::runtime
