// The words of contracts, the reader with its complaints, the look-up.
#include "contracts/read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fermata {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::vector<NamedContract> users(const std::string& lines) {
  ContractFile file = read_contract_section("[contracts]\n" + lines);
  EXPECT_EQ(file.error, "");
  return file.contracts;
}

TEST(Effect, SaysItsVerbAndItsArguments) {
  EXPECT_EQ(parse_effect("releases 1"), (ContractEffect{Verb::releases, {1}}));
  EXPECT_EQ(parse_effect("releases event 12"), (ContractEffect{Verb::releases_event, {12}}));
  EXPECT_EQ(parse_effect("adopts 2"), (ContractEffect{Verb::adopts, {2}}));
  EXPECT_EQ(parse_effect("adopts 2 into 1"), (ContractEffect{Verb::joins_runtime, {2, 1}}));
  EXPECT_EQ(parse_effect("plays 1 for 2"), (ContractEffect{Verb::plays_for, {1, 2}}));
  EXPECT_EQ(parse_effect("creates event"), (ContractEffect{Verb::creates_event, {}}));
  EXPECT_EQ(parse_effect("creates event for 3"), (ContractEffect{Verb::creates_event, {0, 0, 0, 3}}));
  EXPECT_EQ(parse_effect("creates event note 1 velocity 2 for 4"), (ContractEffect{Verb::creates_event, {1, 2, 0, 4}}));
  EXPECT_EQ(parse_effect("nothing"), (ContractEffect{Verb::nothing, {}}));
}

TEST(Effect, NothingElseIsOne) {
  for (const char* text :
       {"", "release 1", "releases", "releases 0", "releases 01", "releases 65", "releases x", "releases 1 2",
        "plays 1 for", "plays 1 until 2", "creates event for 3 note 1", "Releases 1"}) {
    EXPECT_EQ(parse_effect(text), std::nullopt) << text;
  }
}

TEST(Effect, EveryFormIsUnderstoodAsItIsListed) {
  for (std::string form : effect_forms()) {
    std::string text;
    for (std::size_t i = 0; i < form.size(); ++i) {
      const bool argument = form[i] == 'N' || form[i] == 'B' || form[i] == 'C' || form[i] == 'D';
      if (argument) {
        text += std::to_string(form[i] == 'N' ? 1 : form[i] - 'A' + 1);
      } else if (form[i] != '[' && form[i] != ']') {
        text += form[i];
      }
    }
    EXPECT_TRUE(parse_effect(text).has_value()) << form << " as " << text;
  }
}

TEST(ContractSection, TakesTextsListsAndTables) {
  const auto contracts = users(
      "\"Studio.Stop\" = \"releases 1\"\n"
      "both = [\"releases 1\", \"creates voice from 2\"]\n"
      "long = { arguments = [1, 3], effect = \"waits for 3\" }\n"
      "\"quiet.*\" = \"nothing\"\n");
  ASSERT_EQ(contracts.size(), 4u);
  EXPECT_EQ(contracts[0].name, "both");
  EXPECT_EQ(contracts[0].place, "3");
  EXPECT_THAT(contracts[0].contract.all_effects(),
              ElementsAre(ContractEffect{Verb::releases, {1}}, ContractEffect{Verb::creates_voice, {2}}));
  EXPECT_EQ(contracts[1].contract.min_arguments, 1);
  EXPECT_EQ(contracts[1].contract.max_arguments, 3);
  EXPECT_EQ(contracts[3].name, "studio.stop");
}

TEST(ContractSection, NamesFiles) {
  const ContractFile file = read_contract_section("[contracts]\nfiles = [\"a.toml\",\n  \"b.toml\"]\n");
  EXPECT_EQ(file.error, "");
  EXPECT_THAT(file.files, ElementsAre(std::pair("a.toml", "2"), std::pair("b.toml", "3")));
}

TEST(ContractSection, ComplaintsNameLineNameAndRemedy) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"f = \"eats 1\"", "2: 'contracts.f' does not know the effect \"eats 1\"", "releases N"},
      {"\n\nf = 1", "4: 'contracts.f' wants an effect", "\"releases 1\""},
      {"f = []", "2: 'contracts.f' wants \"nothing\" alone", "what the call does"},
      {"f = [\"nothing\", \"waits\"]", "2: 'contracts.f' wants \"nothing\" alone", ""},
      {"f = [\"creates event\", \"creates voice\"]", "2: 'contracts.f' gives two results", "take one out"},
      {"f = [\"waits\", \"waits\", \"waits\", \"waits\", \"waits\"]", "2: 'contracts.f' has more than 4 effects", ""},
      {"studio.stop = \"releases 1\"", "2: 'contracts.studio' is a table", "in quotes"},
      {"\"a b\" = \"nothing\"", "2: 'contracts.a b' is no name of a function", "letters"},
      {"f = { arguments = 1, effect = \"releases 2\" }", "2: 'contracts.f' speaks of argument 2, but takes 1",
       "correct"},
      {"f = { arguments = -1 }", "2: 'contracts.f.arguments' wants how many", "[1, 2]"},
      {"f = { arguments = [2, 1] }", "2: 'contracts.f.arguments' wants how many", ""},
      {"f = \"nothing\"\nF = \"waits\"", "3: 'contracts.f' stands here and in line 2", "take one out"},
      {"files = \"a.toml\"", "2: 'contracts.files' wants a list of files", "[\"studio.toml\"]"},
      {"f = ", "2: ", ""},
  };
  for (const auto& [line, start, remedy] : cases) {
    const std::string error = read_contract_section("[contracts]\n" + std::string(line) + "\n").error;
    EXPECT_THAT(error, StartsWith(start)) << line;
    EXPECT_THAT(error, HasSubstr(remedy)) << line;
  }
}

TEST(ContractFileOfItsOwn, HasAFormat) {
  EXPECT_EQ(read_contract_file("format = 1\n[calls]\nf = \"waits\"\n").error, "");
  EXPECT_THAT(read_contract_file("[calls]\nf = \"waits\"\n").error, StartsWith("1: 'format' is missing"));
  EXPECT_THAT(read_contract_file("format = 2\n").error, StartsWith("1: 'format' wants 1"));
  EXPECT_THAT(read_contract_file("format = 1\n[call]\n").error, StartsWith("2: unknown key 'call'"));
}

TEST(Lookup, UsersComeFirstThenTheNameThenTheFamily) {
  const auto own = users(
      "\"studio.*\" = \"nothing\"\n\"studio.stop\" = \"releases 1\"\n\"stl.mine\" = \"waits\"\n"
      "\"ivls.*\" = \"nothing\"\n");
  const auto verb = [&](std::string_view name) {
    const Contract* found = find_contract(own, name);
    return found == nullptr || found->effect_count == 0 ? Verb::nothing : found->effects[0].verb;
  };
  EXPECT_EQ(verb("studio.stop"), Verb::releases);
  EXPECT_EQ(verb("stl.mine"), Verb::waits);
  EXPECT_EQ(verb("ivls.release_voice"), Verb::releases_voice);  // what is built in is no family's
  EXPECT_NE(find_contract(own, "studio.else"), nullptr);
  EXPECT_NE(find_contract({}, "keymap.request"), nullptr);
  EXPECT_EQ(find_contract({}, "studio.else"), nullptr);
  EXPECT_EQ(find_users_contract(own, "note_off"), nullptr);
}

TEST(Lookup, AContractFitsCallsOfItsArguments) {
  const auto own = users("stop = \"releases 2\"\nmake = \"creates voice\"\n");
  EXPECT_FALSE(fits(*find_contract(own, "stop"), 1, true));
  EXPECT_TRUE(fits(*find_contract(own, "stop"), 2, false));
  EXPECT_FALSE(fits(*find_contract(own, "make"), 0, false));  // no voices there
  EXPECT_TRUE(fits(*find_contract(own, "make"), 0, true));
}

}  // namespace
}  // namespace fermata
