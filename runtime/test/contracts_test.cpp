// Calls that the user describes are done as described; what the built-in contracts speak of is there to be called.
#include <gmock/gmock.h>

#include <algorithm>
#include <optional>

#include "contracts/read.h"
#include "runtime/builtins.h"
#include "runtime/ivls/core.h"
#include "script.h"

namespace fermata::runtime {
namespace {

Script described(const std::string& contracts, const std::string& on_note, const std::string& on_release = "") {
  Script script("on init\ndeclare polyphonic $id\nend on\non note\n" + on_note + "\nend on\non release\n" + on_release +
                "\nend on\n");
  ContractFile file = read_contract_section("[contracts]\n" + contracts);
  EXPECT_EQ(file.error, "");
  script.program.contracts = std::move(file.contracts);
  return script;
}

const std::vector<ScenarioEvent> kKey = {down(0, 60), up(100'000, 60)};
const char kOpen[] = "$id := play_note(72, 90, 0, 0)";

TEST(Contract, EndsAnEvent) {
  EXPECT_EQ(described("", kOpen, "stop($id)").hung(kKey), 1u);
  EXPECT_EQ(described("stop = \"releases 1\"", kOpen, "stop($id)").hung(kKey), 0u);
  EXPECT_EQ(described("stop = \"releases event 2\"", kOpen, "stop(5, $id)").hung(kKey), 0u);
  EXPECT_EQ(described("stop = \"adopts 1\"", kOpen, "stop($id)").hung(kKey), 0u);
  EXPECT_EQ(described("stop = \"keeps 1\"", kOpen, "stop($id)").hung(kKey), 1u);
  EXPECT_EQ(described("stop = \"fades out event 1 over 2\"", kOpen, "stop($id, 10)").hung(kKey), 1u);
  EXPECT_EQ(described("stop = \"fades out event 1 over 2 stop 3\"", kOpen, "stop($id, 10, 1)").hung(kKey), 0u);
}

TEST(Contract, OwnsAnEventForAWhile) {
  const char words[] = "shelf = \"owns 1 for 2\"";
  EXPECT_EQ(described(words, kOpen, "shelf($id, 5000)").hung(kKey), 0u);
  EXPECT_EQ(described(words, kOpen, "shelf($id, 0)").hung(kKey), 1u);
}

TEST(Contract, MakesAnEvent) {
  EXPECT_EQ(described("make = \"creates event note 1\"", "$id := make(64)").hung(kKey), 1u);
  EXPECT_EQ(described("make = \"creates event note 1\"", "$id := make(64)", "note_off($id)").hung(kKey), 0u);
  EXPECT_EQ(described("make = \"creates event for 1\"", "make(5000)").hung(kKey), 0u);
}

TEST(Contract, DoesSeveralThingsInTheirOrder) {
  const char words[] = "again = [\"releases 1\", \"creates event\"]";
  const std::string note = std::string(kOpen) + "\n$id := again($id)";
  EXPECT_EQ(described(words, note, "note_off($id)").hung(kKey), 0u);
  EXPECT_EQ(described(words, note).lines(kKey), std::vector<uint32_t>{6});
}

TEST(Contract, Waits) {
  const std::string note = "breath(200000)\n" + std::string(kOpen);
  EXPECT_EQ(described("breath = \"waits for 1\"", note, "note_off($id)").hung(kKey), 1u);
  EXPECT_EQ(described("breath = \"nothing\"", note, "note_off($id)").hung(kKey), 0u);
}

TEST(Contract, OfAnotherNumberOfArgumentsIsNoContract) {
  const Report report = described("stop = \"releases 2\"", kOpen, "stop($id)").run(kKey);
  EXPECT_EQ(report.hung.size(), 1u);
  EXPECT_THAT(report.unknown_calls, testing::ElementsAre("stop"));
}

TEST(Contract, OfAVoice) {
  const std::string nodes =
      "define IVLS_NODES += Ivls.STL, My.Shelf, My.Play\n"
      "node My.Shelf:\n cb Flows:\n  define FLOWS += my.flow\n  ivls.register_node(my.flow, My.Shelf)\n"
      "  ivls.register_node(my.flow, My.Play)\n"
      " cb NoteOn:\n  declare v\n  v := ivls.new_voice(self)\n  ivls.play(v)\n  ivls.unparent_voice(v)\n  "
      "studio.take(v)\n"
      "end node\nnode My.Play from Stl.PlayEvent.Template:\n cb EventGroups:\n  event.groups[0] := TRUE\nend node\n"
      "import \"_IVLS/builder.ksp\"\n";
  for (const auto& [effect, hung] : {std::pair("releases 1", 0u), std::pair("releases voice 1", 0u),
                                     std::pair("adopts 1", 0u), std::pair("nothing", 1u)}) {
    FrontendOptions options;
    options.overlay = [&](const std::filesystem::path& path) {
      return path.filename() == "test.ksp" ? std::optional(nodes) : std::nullopt;
    };
    options.contracts =
        read_contract_section("[contracts]\n\"studio.take\" = \"" + std::string(effect) + "\"\n").contracts;
    const Program program = load_program("test.ksp", options);
    EXPECT_EQ(Machine(program, {}).run({kKey}, {}, false).hung.size(), hung) << effect;
  }
}

// The analysis says of each what it does; the runtime has to do it.
TEST(BuiltinContract, WhatItSpeaksOfCanBeCalled) {
  for (const BuiltinContract& row : builtin_contracts()) {
    const bool inert = std::ranges::all_of(row.contract.all_effects(),
                                           [](const ContractEffect& effect) { return is_inert(effect.verb); });
    if (inert || row.name == "inc" || row.name == "dec") continue;  // those two are instructions
    EXPECT_TRUE(find_builtin(row.name) >= 0 || ivls::find_function(row.name) != nullptr) << row.name;
  }
}

// And the other way round: a function of the runtime that no contract names could be taken by a user's "name*".
TEST(BuiltinContract, EveryFunctionOfTheFrameworkHasOne) {
#define FERMATA_NAME(identifier, name) name,
  for (const std::string_view name : {FERMATA_VOICE_CALLS(FERMATA_NAME) FERMATA_OWNER_CALLS(FERMATA_NAME)
                                          FERMATA_SOUND_CALLS(FERMATA_NAME) FERMATA_FLOW_CALLS(FERMATA_NAME)}) {
    EXPECT_NE(find_builtin_contract(name), nullptr) << name;
  }
#undef FERMATA_NAME
}

}  // namespace
}  // namespace fermata::runtime
