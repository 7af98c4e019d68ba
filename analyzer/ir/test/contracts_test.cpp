// Calls without a source: what their contracts make of them in the graphs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "contracts/read.h"
#include "frontend/frontend.h"
#include "ir/lower.h"

namespace fermata::ir {
namespace {

using ::testing::ElementsAre;

// The effects of `on note` (or of a node's NoteOn), but for what only moves values.
std::vector<Effect> effects_of(const std::string& body, const std::string& contracts, bool node = false) {
  const std::string text = node ? "node My.Node:\n cb NoteOn:\n" + body + "\nend node\n"
                                : "on init\ndeclare $v\nend on\non note\n" + body + "\nend on\n";
  FrontendOptions options;
  options.overlay = [&](const std::filesystem::path&) { return text; };
  options.contracts = read_contract_section("[contracts]\n" + contracts + "\n").contracts;
  const Program program = load_program("script.ksp", options);
  const Module module = lower(program);
  std::vector<Effect> effects;
  for (const Entry& entry : module.entries) {
    if (entry.kind != (node ? EntryKind::note_on : EntryKind::note)) continue;
    if (node && (entry.node == kNone || program.nodes[entry.node].library)) continue;
    for (BlockId b = entry.start; b < entry.stop; ++b) {
      const Block& block = module.blocks[b];
      for (uint32_t i = block.first; i < block.first + block.count; ++i) {
        const Effect effect = module.instrs[i].effect;
        if (effect != Effect::set && effect != Effect::load && effect != Effect::store) effects.push_back(effect);
      }
    }
  }
  return effects;
}

TEST(UsersContract, StandsForAnEventInAPlainScript) {
  EXPECT_THAT(effects_of("f($EVENT_ID)", ""), ElementsAre(Effect::unknown_call));
  EXPECT_THAT(effects_of("f($EVENT_ID)", "f = \"releases 1\""), ElementsAre(Effect::note_off));
  EXPECT_THAT(effects_of("f($EVENT_ID)", "f = \"adopts 1\""), ElementsAre(Effect::note_off));
  EXPECT_THAT(effects_of("f($EVENT_ID, 500)", "f = \"owns 1 for 2\""), ElementsAre(Effect::fade_out));
  EXPECT_THAT(effects_of("f($EVENT_ID)", "f = \"nothing\""), ElementsAre());
  EXPECT_THAT(effects_of("f($EVENT_ID)", "f = \"keeps 1\""), ElementsAre());
  EXPECT_THAT(effects_of("$v := f()", "f = \"creates event\""), ElementsAre(Effect::play_note));
  EXPECT_THAT(effects_of("f($EVENT_ID)", "f = [\"waits\", \"releases 1\"]"),
              ElementsAre(Effect::wait, Effect::note_off));
}

TEST(UsersContract, StandsForAVoiceInANode) {
  const std::pair<const char*, Effect> cases[] = {{"releases 1", Effect::release_voice},
                                                  {"adopts 1", Effect::play_oneshot},
                                                  {"owns 1 for 2", Effect::play_oneshot},
                                                  {"adopts 1 into 2", Effect::adopt},
                                                  {"detaches 1", Effect::unparent},
                                                  {"reparents 1 under 2", Effect::reparent_voice},
                                                  {"restores parent of 1", Effect::restore_parent},
                                                  {"creates voice from 1", Effect::new_voice},
                                                  {"creates runtime", Effect::create_runtime},
                                                  {"releases runtime 1", Effect::release_runtime},
                                                  {"waits milliseconds 2", Effect::wait},
                                                  {"passes", Effect::pass}};
  for (const auto& [text, effect] : cases) {
    const std::string contract = "\"my.f\" = \"" + std::string(text) + "\"";
    EXPECT_THAT(effects_of("  my.f(self, 2)", contract, true), ElementsAre(effect)) << text;
  }
}

TEST(UsersContract, ThatDoesNotFitLeavesTheCallUnknown) {
  EXPECT_THAT(effects_of("f($EVENT_ID)", "f = \"releases 2\""), ElementsAre(Effect::unknown_call));
  EXPECT_THAT(effects_of("f($EVENT_ID)", "f = \"detaches 1\""), ElementsAre(Effect::unknown_call));
}

TEST(UsersContract, CountsOnlyWhereNothingIsDefined) {
  EXPECT_THAT(effects_of("note_off($EVENT_ID)", "\"note_*\" = \"nothing\""), ElementsAre(Effect::note_off));
}

TEST(BuiltinContract, AdoptsInEitherOrderOfArguments) {
  for (const char* call : {"ivls.add_voice_to_runtime(3, self)", "ivls.reparent_voice(self, 3)"}) {
    const std::string text = "node My.Node:\n cb NoteOn:\n  " + std::string(call) + "\nend node\n";
    FrontendOptions options;
    options.overlay = [&](const std::filesystem::path&) { return text; };
    const Program program = load_program("script.ksp", options);
    const Module module = lower(program);
    bool found = false;
    for (const Instr& instr : module.instrs) {
      if (instr.effect != Effect::adopt || module.exprs[instr.a].kind != ExprKind::constant) continue;
      found = true;
      EXPECT_EQ(module.exprs[instr.a].value, 3);
      EXPECT_EQ(module.exprs[instr.b].env, Env::self);
    }
    EXPECT_TRUE(found) << call;
  }
}

}  // namespace
}  // namespace fermata::ir
