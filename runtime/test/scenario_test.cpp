// Reading scenarios: what is wrong is named, with the event it is wrong in.
#include <gmock/gmock.h>

#include "script.h"

namespace fermata::runtime {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string error_of(const std::string& event) { return parse_scenario_json("{\"events\": [" + event + "]}").error; }

TEST(ScenarioJson, RoundTrips) {
  const std::string text = R"({"events": [
  {"at": 0, "note_on": {"note": 60, "velocity": 100, "channel": 0}},
  {"at": 5, "cc": {"number": 64, "value": 127, "channel": 2}},
  {"at": 6, "transport": "start"},
  {"at": 7, "ui_control": {"name": "$mode", "value": 2}},
  {"at": 8, "assign": {"name": "my.flag", "value": -1}},
  {"at": 8, "poly_at": {"note": 60, "pressure": 9, "channel": 0}},
  {"at": 8, "pitch_bend": {"value": -8192, "channel": 0}},
  {"at": 9, "note_off": {"note": 60, "channel": 0}}
]}
)";
  const ScenarioResult result = parse_scenario_json(text);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(scenario_to_json(result.scenario), text);
}

TEST(ScenarioJson, SaysWhatIsWrongAndWhere) {
  const std::string good = R"({"at": 5, "note_on": {"note": 1}}, )";
  EXPECT_EQ(error_of(good + R"({"at": 4, "note_off": {"note": 1}})"),
            "event 1 of the scenario: its time lies before that of the event before it");
  EXPECT_THAT(error_of(good + R"({"at": 6, "note_off": {"note": 128}})"),
              HasSubstr("\"note\" goes from 0 to 127 and cannot be 128"));
  EXPECT_THAT(error_of(R"({"at": 6, "note_on": {"note": 1, "velocity": 0}})"), HasSubstr("velocity"));
  EXPECT_THAT(error_of(R"({"at": 6, "note_on": {"note": 1, "pitch": 0}})"), HasSubstr("unknown key \"pitch\""));
  EXPECT_THAT(error_of(R"({"at": 6, "noteon": {"note": 1}})"), HasSubstr("unknown key \"noteon\""));
  EXPECT_THAT(error_of(R"({"at": 6})"), HasSubstr("no more"));
  EXPECT_THAT(error_of(R"({"at": 6.5, "transport": "start"})"), HasSubstr("whole number"));
  EXPECT_THAT(error_of(R"({"at": 18446744073709551615, "transport": "start"})"), HasSubstr("whole number"));
  EXPECT_THAT(error_of(R"({"at": 1, "transport": "go"})"), HasSubstr("\"start\" or \"stop\""));
  EXPECT_THAT(error_of(R"({"at": 1, "note_on": {"note": 1}, "note_off": {"note": 1}})"), HasSubstr("two things"));
  EXPECT_THAT(error_of("7"), HasSubstr("event 0"));
}

TEST(ScenarioJson, RefusesWhatIsNoScenario) {
  for (const char* text : {"", "[]", "{", "{}", "{\"events\": 3}", "\xff"})
    EXPECT_NE(parse_scenario_json(text).error, "") << text;
  EXPECT_THAT(parse_scenario_json(R"({"events": [], "extra": 1})").error, HasSubstr("extra"));
  EXPECT_EQ(parse_scenario_json(R"({"events": [], "expect": {"hung": 0}})").error, "");
  EXPECT_NE(parse_scenario_json(std::string(100'000, '[')).error, "");
}

TEST(Scenario, IsCheckedAgainstTheScript) {
  const Script script("on init\ndeclare ui_knob $k (1, 9, 1)\ndeclare %a[3]\ndeclare $plain\nend on\n");
  EXPECT_THAT(script.run({down(0, 60), down(1, 60)}).error,
              HasSubstr("event 1 of the scenario: key 60 is down already"));
  EXPECT_THAT(script.run({control(0, "$nothing", 1)}).error, HasSubstr("no variable $nothing"));
  EXPECT_THAT(script.run({control(0, "$k", 10)}).error, HasSubstr("from 1 to 9"));
  EXPECT_THAT(script.run({control(0, "$plain", 10)}).error, HasSubstr("no control"));
  EXPECT_THAT(script.run({assign(0, "a[3]", 10)}).error, HasSubstr("beyond the end"));
  EXPECT_THAT(script.run({down(5, 60), up(4, 60)}).error, HasSubstr("before"));
  EXPECT_TRUE(
      script.run({assign(0, "K", 2), assign(0, "%a[2]", 1), up(1, 60), down(2, 60), up(3, 60), down(4, 60)}).ran);
}

std::string midi_file(const std::string& track, char format = 0, const std::string& division = {0, 96}) {
  const auto length = static_cast<char>(track.size());
  return std::string("MThd\0\0\0\6\0", 9) + format + std::string("\0\1", 2) + division + std::string("MTrk\0\0\0", 7) +
         length + track;
}

TEST(ScenarioMidi, ReadsNotesAndTempo) {
  // 96 ticks a quarter; 250 ms a quarter from tick 96 on; running status; a note-on of velocity 0
  const std::string track = std::string("\x00\x90\x3c\x64", 4) + std::string("\x60\xff\x51\x03\x03\xd0\x90", 7) +
                            std::string("\x60\x3c\x00", 3) + std::string("\x00\xff\x2f\x00", 4);
  const ScenarioResult result = parse_scenario_midi(midi_file(track));
  ASSERT_EQ(result.error, "");
  ASSERT_EQ(result.scenario.events.size(), 2u);
  EXPECT_EQ(result.scenario.events[0].note, 60);
  EXPECT_EQ(result.scenario.events[0].velocity, 100);
  EXPECT_EQ(result.scenario.events[1].kind, ScenarioEvent::Kind::note_off);
  EXPECT_EQ(result.scenario.events[1].at, 750'000);
}

TEST(ScenarioMidi, MakesOneKeyboardOfAllChannels) {
  const std::string track = std::string("\x00\x90\x3c\x64", 4) + std::string("\x10\x91\x3c\x64", 4) +
                            std::string("\x10\x80\x3c\x00", 4) + std::string("\x10\x81\x3c\x00", 4);
  const ScenarioResult result = parse_scenario_midi(midi_file(track));
  ASSERT_EQ(result.error, "");
  ASSERT_EQ(result.scenario.events.size(), 4u);  // the first channel's note-off comes too late to count
  EXPECT_EQ(result.scenario.events[1].kind, ScenarioEvent::Kind::note_off);
  EXPECT_EQ(result.scenario.events[1].at, result.scenario.events[2].at);
  EXPECT_TRUE(Script("on init\nend on\n").run(result.scenario.events).ran);
}

TEST(ScenarioMidi, RefusesWhatIsNoMidiFile) {
  EXPECT_THAT(parse_scenario_midi("RIFF").error, HasSubstr("MThd"));
  EXPECT_THAT(parse_scenario_midi(std::string("MThd\0\0\0\6", 8)).error, HasSubstr("header"));
  EXPECT_THAT(parse_scenario_midi(midi_file("", 2)).error, HasSubstr("format 2"));
  EXPECT_THAT(parse_scenario_midi(midi_file("", 0, {'\xe7', 40})).error, HasSubstr("frames"));
  EXPECT_THAT(parse_scenario_midi(midi_file(std::string("\x00\x3c\x64", 3))).error, HasSubstr("damaged"));
  EXPECT_THAT(parse_scenario_midi(midi_file(std::string("\xff\xff\xff\xff\xff", 5))).error, HasSubstr("damaged"));
}

}  // namespace
}  // namespace fermata::runtime
