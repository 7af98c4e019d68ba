// Limits and corners of the contract, played by scripts and by the rig.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "runtime/ivls/test/rig.h"
#include "runtime/ivls/test/script.h"

namespace fermata::runtime::ivls::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> kinds(const Report& report) {
  std::vector<std::string> out;
  for (const Fault& fault : report.faults) out.push_back(fault.kind);
  return out;
}

// A script that makes `count` runtimes and puts the note into the last one.
Report with_runtimes(int count) {
  const std::string node = R"(
node Test.Many:
    cb NoteOn:
        declare i
        declare r
        for i := 1 to )" + std::to_string(count) +
                           R"(
            r := ivls.create_runtime()
        end for
        ivls.pass()
        if r # -1
            ivls.reparent_voice(NodeEnv[nenv].sentVoice, r)
            ivls.release_runtime(r)
        end if
end node
)";
  return play(product("Test.Many Test.Play", node), inputs("d60 u60"));
}

TEST(Limits, The1024thRuntimeIsOne) {
  const Report report = with_runtimes(1024);
  EXPECT_EQ(report.error, "");
  EXPECT_THAT(kinds(report), IsEmpty());
  EXPECT_EQ(ends(report), "0");  // it was released at once
}

TEST(Limits, The1025thRuntimeIsNone) {
  const Report report = with_runtimes(1025);
  EXPECT_THAT(kinds(report), ElementsAre("too-many-runtimes"));
  EXPECT_EQ(ends(report), "1");  // the note stays with its key
}

// So many voices wait half a second; when the events of the play node behind the wait are made.
std::vector<Microseconds> waiting_voices(int count, const Assume& assume, Report& report) {
  const std::string node = R"(
node Test.Late:
    cb NoteOn:
        ivls.wait_ms(500)
        ivls.pass()
end node
node Test.Double:
    cb NoteOn:
        ivls.play(ivls.new_voice(self))
        ivls.play(ivls.new_voice(self))
end node
)";
  Scenario scenario;
  for (int i = 0; i < count / 2; ++i) {
    ScenarioEvent event;
    event.note = i;
    scenario.events.push_back(event);
  }
  report = play(product("Test.Double Test.Late Test.Play", node), scenario, assume);
  std::vector<Microseconds> born;
  for (const TimelineEntry& entry : report.timeline) {
    if (entry.what == "event") born.push_back(entry.at);
  }
  return born;
}

TEST(Limits, TheLastWaitingTaskWaits) {
  Report report;
  const std::vector<Microseconds> born = waiting_voices(128, {}, report);
  EXPECT_EQ(report.error, "");
  EXPECT_THAT(kinds(report), IsEmpty());
  // The closing sequence has let all keys up before: the voices go on after their wait, as nobody's.
  EXPECT_EQ(born.size(), 128u);
  EXPECT_TRUE(std::ranges::all_of(born, [](Microseconds at) { return at == 500'001; }));
}

TEST(Limits, TheFirstTooManyGoesOnAtOnce) {
  Report report;
  const std::vector<Microseconds> born = waiting_voices(130, {}, report);
  EXPECT_THAT(kinds(report), ElementsAre("too-many-tasks"));
  EXPECT_EQ(born.size(), 130u);
  EXPECT_EQ(std::ranges::count(born, 1), 2);  // two beyond the capacity
}

TEST(Limits, TheCapacityIsASwitch) {
  Assume assume;
  assume.tcm_tasks = 4;
  Report report;
  EXPECT_EQ(std::ranges::count(waiting_voices(6, assume, report), 1), 2);
}

TEST(Limits, TheStackOfMonoLegatoHolds128) {
  // Two voices a key: 256 in all. Those beyond the stack are plain notes.
  const std::string nodes = R"(
node Test.Double:
    cb NoteOn:
        ivls.play(ivls.new_voice(self))
        ivls.play(ivls.new_voice(self))
end node
node Test.Take:
    cb NoteOn:
        if legato.found(self)
            ivls.play(fades.out(legato.get_src_vo(self), 50, YES))
        end if
        ivls.pass()
end node
)";
  Scenario scenario;
  for (int i = 0; i < 256; ++i) {
    ScenarioEvent event;
    event.at = i * 1000;
    event.note = i % 128;
    event.kind = i < 128 ? ScenarioEvent::Kind::note_on : ScenarioEvent::Kind::note_off;
    scenario.events.push_back(event);
  }
  const Report report = play(product("Test.Double Stl.MonoLegato Test.Take Test.Play", nodes), scenario);
  EXPECT_EQ(report.error, "");
  EXPECT_THAT(kinds(report), IsEmpty());
  EXPECT_THAT(report.hung, IsEmpty());
  EXPECT_THAT(report.leaked, IsEmpty());
}

TEST(Waits, InTheirUnits) {
  const std::string node = R"(
node Test.Late:
    cb NoteOn:
        if Voice[self].note = 60
            ivls.wait_us(700)
        else if Voice[self].note = 61
            ivls.wait_ms(700)
        else if Voice[self].note = 62
            ivls.wait_ticks(960)
        else
            ivls.wait(700)
        end if
        ivls.pass()
end node
)";
  std::vector<Microseconds> born;
  for (int note = 60; note < 64; ++note) {
    Scenario scenario;
    scenario.events.resize(1);
    scenario.events[0].note = note;
    ScenarioEvent up = scenario.events[0];
    up.at = 2'000'000;
    up.kind = ScenarioEvent::Kind::note_off;
    scenario.events.push_back(up);
    for (const TimelineEntry& entry : play(product("Test.Late Test.Play", node), scenario).timeline) {
      if (entry.what == "event") born.push_back(entry.at - 1);
    }
  }
  EXPECT_THAT(born, ElementsAre(700, 700'000, 500'000, 700));
}

TEST(PathOn, IsFalseOnceSelfIsReleased) {
  Rig rig;
  std::vector<bool> on;
  const auto look = [&](const Frame& frame) { on.push_back(frame.rig.kernel().path_on(frame.self, frame.nenv)); };
  rig.flow({rig.node("Slow", {{"NoteOn", {run(look), wait(1'000), run(look)}}})});
  rig.boot();
  rig.press(60, 5'000);
  rig.finish();
  rig.press(60, 100);
  rig.finish();
  EXPECT_THAT(on, ElementsAre(true, true, true, false));
}

TEST(Runtimes, ReleasedTwiceIsAFault) {
  Rig rig;
  rig.boot();
  const Value runtime = rig.outside().call("ivls.create_runtime");
  rig.outside().call("ivls.release_runtime", {runtime});
  EXPECT_EQ(rig.faults("runtime-not-live"), 0u);
  rig.outside().call("ivls.release_runtime", {runtime});
  EXPECT_EQ(rig.faults("runtime-not-live"), 1u);
  EXPECT_EQ(rig.outside().call("ivls.create_runtime"), runtime);
}

TEST(Vmc, IsSharedByCopiesAndPinnedByOneThatIsNeverPlayed) {
  Rig rig;
  std::vector<Value> containers;
  bool pin = false;
  rig.flow({rig.node("Node", {{"NoteOn", {run([&](const Frame& frame) {
                                 containers.push_back(frame.get("vmc"));
                                 const Value copy = frame.call("ivls.new_voice", {frame.self});
                                 EXPECT_EQ(frame.rig.kernel().read_field("voice", copy, "vmc"), frame.get("vmc"));
                                 if (!pin) frame.call("voice.delete", {copy});
                               })}}})});
  rig.boot();
  rig.press(60, 100);
  rig.finish();
  rig.press(60, 100);
  rig.finish();
  EXPECT_EQ(containers[0], containers[1]);  // free again after the first note
  pin = true;
  rig.press(60, 100);
  rig.finish();
  rig.press(60, 100);
  rig.finish();
  EXPECT_NE(containers[2], containers[3]);
  EXPECT_EQ(rig.leaked(), 2u);
}

TEST(Delay, PutsOffTheEntryAndAReleaseBeforeItLeavesItOut) {
  Rig rig;
  const NodeId later = rig.node("Later", {{"NoteOn", {run([](const Frame& frame) {
                                             const Value copy = frame.call("ivls.new_voice", {frame.self});
                                             frame.rig.kernel().write_field("voice", copy, "delay", 1'000);
                                             frame.call("ivls.play", {copy});
                                           })}}});
  rig.flow({later, rig.play_node("Play")});
  rig.boot();
  rig.key_down(60);
  rig.pass_time(1'000);
  EXPECT_EQ(rig.events(), 0u);
  rig.pass_time(1);
  EXPECT_EQ(rig.events(), 1u);
  rig.key_up(60);
  rig.press(62, 500);
  rig.finish();
  EXPECT_EQ(rig.events(), 1u);
  EXPECT_EQ(rig.hung() + rig.leaked(), 0u);
}

TEST(KeyDown, TheLatencyIsTheKeys) {
  Rig rig;
  const FlowId flow = rig.flow({rig.play_node("Play")});
  rig.node("Maps", {{"Keymaps", {run([flow](const Frame& frame) {
                       frame.call("keymap.request", {0, 0, 60, flow, 0, 0, 0});
                       frame.call("keymap.update_key_latency_us", {0, 60, 10'000});
                     })}}});
  rig.boot();
  rig.press(60, 9'999);  // up within the latency: it never enters its flow
  rig.finish();
  EXPECT_EQ(rig.events(), 0u);
  rig.press(60, 10'000);
  rig.finish();
  EXPECT_EQ(rig.events(), 1u);
  EXPECT_EQ(rig.hung() + rig.leaked(), 0u);
}

TEST(Copies, AKernelGoesOnFromWhatItSaved) {
  Rig rig;
  const NodeId slow = rig.node("Slow", {{"NoteOn", {pass(), wait(1'000)}}});
  rig.flow({slow, rig.play_node("Play")});
  rig.boot();
  rig.key_down(60);
  rig.pass_time(10);
  const auto saved = rig.kernel().save();
  const Value live = rig.outside().call("check_ref", {1});
  rig.key_up(60);
  rig.finish();
  EXPECT_EQ(rig.outside().call("check_ref", {1}), 0);
  rig.kernel().load(*saved);
  EXPECT_EQ(rig.outside().call("check_ref", {1}), live);
  EXPECT_EQ(live, 1);
}

// ------------------------------------------------------------------------------------------- every order of pedals

// The table of the page, row by row: which pedal keeps a note, and what ends it.
std::string expected(const std::vector<std::string>& inputs) {
  struct Note {
    bool down = true;
    char kept = '-';  // by 's', by 'o', or by its key alone
    std::string ended = "-";
  };
  std::map<std::string, Note> notes;
  std::vector<std::string> order;
  bool sustain = false;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const std::string& input = inputs[i];
    const std::string key = input.substr(1);
    if (input[0] == 's') sustain = key == "1";
    if (input[0] == 'd') {
      order.push_back(key);
      notes[key].kept = sustain ? 's' : '-';
    }
    if (input[0] == 'u') notes[key].down = false;
    for (auto& [name, note] : notes) {
      if (note.ended != "-") continue;
      if (input == "s1" && note.kept != 'o') note.kept = 's';
      if (input == "o1" && note.down) note.kept = 'o';
      const bool lets_go = (input == "s0" && note.kept == 's') || (input == "o0" && note.kept == 'o');
      if (lets_go) note.kept = input == "o0" && !note.down && sustain ? 's' : '-';
      if (!note.down && note.kept == '-') note.ended = std::to_string(i);
    }
  }
  std::string out;
  for (const std::string& key : order) out += (out.empty() ? "" : " ") + notes[key].ended;
  return out;
}

// All orders in which every one of the pairs (down, up) keeps its order.
void orders(std::vector<std::vector<std::string>> pairs, std::vector<std::string> so_far,
            std::vector<std::vector<std::string>>& out) {
  bool any = false;
  for (auto& pair : pairs) {
    if (pair.empty()) continue;
    any = true;
    std::vector<std::vector<std::string>> rest = pairs;
    rest[static_cast<size_t>(&pair - pairs.data())].erase(rest[static_cast<size_t>(&pair - pairs.data())].begin());
    std::vector<std::string> longer = so_far;
    longer.push_back(pair.front());
    orders(rest, longer, out);
  }
  if (!any) out.push_back(so_far);
}

TEST(Pedals, InEveryOrderWithOneAndTwoKeys) {
  const std::string text = product("Stl.Pedals Test.Play", "");
  FrontendOptions options;
  options.overlay = [&](const std::filesystem::path& path) -> std::optional<std::string> {
    return path.filename() == "test.ksp" ? std::optional(text) : std::nullopt;
  };
  const Program program = load_program("test.ksp", options);
  const Machine machine(program, {});
  std::vector<std::vector<std::string>> all;
  orders({{"d60", "u60"}, {"s1", "s0"}, {"o1", "o0"}}, {}, all);
  EXPECT_EQ(all.size(), 90u);
  orders({{"d60", "u60"}, {"d64", "u64"}, {"s1", "s0"}, {"o1", "o0"}}, {}, all);
  EXPECT_EQ(all.size(), 90u + 2520u);
  for (const std::vector<std::string>& order : all) {
    std::string line;
    for (const std::string& input : order) line += input + " ";
    const Report report = machine.run(inputs(line), {}, true);
    EXPECT_TRUE(report.hung.empty() && report.leaked.empty() && report.faults.empty() && report.quiescent) << line;
    EXPECT_EQ(ends(report), expected(order)) << line;
    if (testing::Test::HasFailure()) return;
  }
}

TEST(Explore, FindsTheLegatoSourceThatNobodyTakes) {
  const std::string text = product("Stl.MonoLegato Test.Play", "");
  FrontendOptions options;
  options.overlay = [&](const std::filesystem::path& path) -> std::optional<std::string> {
    return path.filename() == "test.ksp" ? std::optional(text) : std::nullopt;
  };
  const Program program = load_program("test.ksp", options);
  Exploration what;
  what.inputs = inputs("d60 d64 s1 s0").events;
  Scenario found;
  const Explored explored = Machine(program, {}).explore(what, [&](const Scenario& scenario, const Report& report) {
    found = scenario;
    EXPECT_EQ(report_to_json(program, report), report_to_json(program, Machine(program, {}).run(scenario, {}, false)));
    return true;
  });
  EXPECT_EQ(explored.error, "");
  EXPECT_EQ(found.events.size(), 2u);
}

TEST(Explore, AFlowWithPedalsIsExploredToTheEnd) {
  const std::string text = product("Stl.Pedals Test.Play", "");
  FrontendOptions options;
  options.overlay = [&](const std::filesystem::path& path) -> std::optional<std::string> {
    return path.filename() == "test.ksp" ? std::optional(text) : std::nullopt;
  };
  const Program program = load_program("test.ksp", options);
  Exploration what;
  what.inputs = inputs("d60 d64 s1 s0").events;
  what.most_inputs = 4;
  const Explored explored = Machine(program, {}).explore(what, [&](const Scenario& scenario, const Report&) {
    ADD_FAILURE() << scenario_to_json(scenario);
    return true;
  });
  EXPECT_TRUE(explored.complete);
  EXPECT_GT(explored.states, 50u);
}

}  // namespace
}  // namespace fermata::runtime::ivls::test
