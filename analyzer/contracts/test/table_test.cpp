// What rules/contracts must hold: every function of Kontakt's that bears on the life of an event or a voice.
#include <gtest/gtest.h>

#include <algorithm>

#include "contracts/contract.h"

namespace fermata {
namespace {

struct Known {
  const char* name;
  int fewest, most;
  Verb verb = Verb::nothing;
};

// Functions that decide over the life of events, or that a script tells events and their states by.
constexpr Known kOfEvents[] = {
    {"play_note", 4, 4, Verb::creates_event},
    {"note_off", 1, 2, Verb::releases_event},
    {"fade_out", 3, 3, Verb::fades_out},
    {"fade_in", 2, 2},
    {"ignore_event", 1, 1, Verb::ignores_event},
    {"change_note", 2, 2, Verb::changes_note},
    {"change_velo", 2, 2},
    {"change_vol", 3, 3},
    {"change_pan", 3, 3},
    {"change_tune", 3, 3},
    {"set_event_par", 3, 3},
    {"set_event_par_arr", 4, 4},
    {"get_event_par", 2, 2, Verb::gives_parameter},
    {"get_event_par_arr", 3, 3},
    {"set_event_mark", 2, 2, Verb::marks},
    {"delete_event_mark", 2, 2, Verb::unmarks},
    {"get_event_mark", 2, 2},
    {"by_marks", 1, 1, Verb::gives_marked},
    {"event_status", 1, 1, Verb::gives_status},
    {"get_event_ids", 1, 1},
    {"wait", 1, 1, Verb::waits},
    {"wait_ticks", 1, 1, Verb::waits_ticks},
    {"wait_async", 1, 1, Verb::waits},
    {"stop_wait", 2, 2},
    {"exit", 0, 0},
    {"allow_group", 1, 1},
    {"disallow_group", 1, 1},
    {"will_never_terminate", 1, 1},
    {"reset_rls_trig_counter", 1, 1},
    {"redirect_output", 3, 3},
    {"purge_group", 2, 2},
    {"set_snapshot_type", 1, 1},
    {"set_listener", 2, 2},
    {"change_listener_par", 2, 2},
    {"ignore_controller", 0, 0},
    {"set_controller", 2, 2},
    {"set_rpn", 2, 2},
    {"set_nrpn", 2, 2},
    {"ignore_midi", 0, 0, Verb::drops_midi},
    {"set_midi", 4, 4, Verb::sends_midi},
    {"inc", 1, 1, Verb::increments},
    {"dec", 1, 1, Verb::decrements},
    {"in_range", 3, 3, Verb::gives_in_range},
};

// A sample of the others, from each corner of the language.
constexpr Known kOthers[] = {{"make_perfview", 0, 0},
                             {"reset_ksp_timer", 0, 0},
                             {"expose_controls", 0, 0},
                             {"make_persistent", 1, 1},
                             {"make_instr_persistent", 1, 1},
                             {"read_persistent_var", 1, 1},
                             {"pgs_create_key", 2, 2},
                             {"set_engine_par", 5, 5},
                             {"get_engine_par", 4, 4},
                             {"load_array", 2, 2},
                             {"mf_get_first", 1, 1},
                             {"set_control_par_str", 3, 3},
                             {"add_menu_item", 3, 3},
                             {"find_group", 1, 1},
                             {"num_elements", 1, 1},
                             {"search", 2, 4},
                             {"sort", 2, 4},
                             {"random", 2, 2},
                             {"set_zone_par", 3, 3},
                             {"message", 1, 1},
                             {"sgn", 1, 1},
                             {"signbit", 1, 1},
                             {"int_to_real", 1, 1},
                             {"set_skin_offset", 1, 1},
                             {"get_folder", 1, 1},
                             {"array_equal", 2, 2},
                             {"sh_left", 2, 2},
                             {"attach_zone", 3, 3}};

void expect_known(const Known& known) {
  const BuiltinContract* found = find_builtin_contract(known.name);
  ASSERT_NE(found, nullptr) << known.name;
  EXPECT_EQ(found->library, Library::ksp) << known.name;
  EXPECT_EQ(found->contract.min_arguments, known.fewest) << known.name;
  EXPECT_EQ(found->contract.max_arguments, known.most) << known.name;
  if (known.verb == Verb::nothing) return;
  ASSERT_EQ(found->contract.effect_count, 1) << known.name;
  EXPECT_EQ(found->contract.effects[0].verb, known.verb) << known.name;
}

TEST(Table, HoldsWhatBearsOnEvents) {
  for (const Known& known : kOfEvents) expect_known(known);
}

TEST(Table, HoldsTheRestByName) {
  for (const Known& known : kOthers) expect_known(known);
  EXPECT_GT(builtin_contracts().size(), 330u);
  EXPECT_EQ(find_builtin_contract("get_connected_slot"), nullptr);
}

TEST(Table, IsSortedAndLowerCase) {
  EXPECT_TRUE(std::ranges::is_sorted(builtin_contracts(), {}, &BuiltinContract::name));
  for (const BuiltinContract& row : builtin_contracts()) {
    EXPECT_EQ(std::ranges::count_if(row.name, [](char c) { return c >= 'A' && c <= 'Z'; }), 0) << row.name;
  }
}

TEST(Table, HoldsTheTaskControlModule) {
  for (const char* name : {"tcm.init", "tcm.wait", "tcm.wait_ticks", "tcm.wait_async", "tcm.push", "tcm.pop",
                           "tcm.task", "tcm.exception"}) {
    const BuiltinContract* found = find_builtin_contract(name);
    ASSERT_NE(found, nullptr) << name;
    EXPECT_EQ(found->library, Library::sublimeksp);
  }
}

TEST(Table, TellsTheTwoCallsThatAdoptApart) {
  EXPECT_EQ(find_builtin_contract("ivls.add_voice_to_runtime")->contract.effects[0],
            (ContractEffect{Verb::joins_runtime, {2, 1}}));
  EXPECT_EQ(find_builtin_contract("ivls.reparent_voice")->contract.effects[0],
            (ContractEffect{Verb::joins_runtime, {1, 2}}));
}

}  // namespace
}  // namespace fermata
