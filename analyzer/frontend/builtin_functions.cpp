// The functions of Kontakt's language, and those that the SublimeKSP compiler adds, with the number of arguments they
// take.
#include <algorithm>
#include <array>

#include "frontend/builtins.h"

namespace fermata {
namespace {

// Sorted by name: looked up by binary search. Names of the Kontakt 2 era carry a leading underscore in old scripts; the
// table holds them without.
// clang-format off
constexpr auto kFunctions = std::to_array<BuiltinFunction>({
    {"abs", 1, 1}, {"acos", 1, 1}, {"add_menu_item", 3, 3}, {"add_text_line", 2, 2}, {"allow_group", 1, 1},
    {"array_equal", 2, 2}, {"asin", 1, 1}, {"atan", 1, 1}, {"attach_level_meter", 5, 5}, {"attach_zone", 3, 3},
    {"by_marks", 1, 1}, {"by_track", 1, 1}, {"cbrt", 1, 1}, {"cc_delivery_request", 1, 1}, {"ceil", 1, 1},
    {"change_listener_par", 2, 2}, {"change_note", 2, 2}, {"change_pan", 3, 3}, {"change_time_with_pitch", 2, 2},
    {"change_tune", 3, 3}, {"change_velo", 2, 2}, {"change_vol", 3, 3}, {"circle_of_fifths_distance", 2, 2},
    {"concat", 1, 64}, {"continue", 0, 0}, {"cos", 1, 1}, {"dec", 1, 1}, {"delete_event_mark", 2, 2},
    {"detect_drum_type", 2, 2}, {"detect_instrument_type", 2, 2}, {"detect_key", 2, 2}, {"detect_loudness", 2, 2},
    {"detect_peak", 2, 2}, {"detect_pitch", 2, 2}, {"detect_rms", 2, 2}, {"detect_sample_type", 2, 2},
    {"detect_tempo", 2, 2}, {"disable_logging", 1, 1}, {"disallow_group", 1, 1}, {"dont_use_machine_mode", 1, 1},
    {"event_status", 1, 1}, {"exit", 0, 0}, {"exp", 1, 1}, {"exp2", 1, 1}, {"expose_controls", 0, 0},
    {"fade_in", 2, 2}, {"fade_out", 3, 3}, {"find_group", 1, 1}, {"find_mod", 2, 2}, {"find_target", 3, 3},
    {"find_zone", 1, 1}, {"floor", 1, 1}, {"fs_get_filename", 2, 2}, {"fs_navigate", 2, 2},
    {"get_connected_slots", 1, 1}, {"get_control_par", 2, 2}, {"get_control_par_arr", 3, 3},
    {"get_control_par_real_arr", 3, 3}, {"get_control_par_str", 2, 2}, {"get_control_par_str_arr", 3, 3},
    {"get_engine_par", 4, 4}, {"get_engine_par_disp", 4, 4}, {"get_engine_par_disp_ext", 5, 5},
    {"get_engine_par_disp_m", 4, 4}, {"get_engine_par_m", 4, 4}, {"get_event_ids", 1, 1}, {"get_event_mark", 2, 2},
    {"get_event_par", 2, 2}, {"get_event_par_arr", 3, 3}, {"get_folder", 1, 1}, {"get_font_id", 1, 1},
    {"get_group_idx", 1, 1}, {"get_group_par", 2, 2}, {"get_key_color", 1, 1}, {"get_key_name", 1, 1},
    {"get_key_triggerstate", 1, 1}, {"get_key_type", 1, 1}, {"get_keyrange_max_note", 1, 1},
    {"get_keyrange_min_note", 1, 1}, {"get_keyrange_name", 1, 1}, {"get_loop_par", 3, 3}, {"get_menu_item_str", 2, 2},
    {"get_menu_item_value", 2, 2}, {"get_menu_item_visibility", 2, 2}, {"get_mod_idx", 2, 2},
    {"get_nks_nav_name", 2, 2}, {"get_nks_nav_par", 2, 2}, {"get_num_zones", 0, 0}, {"get_purge_state", 1, 1},
    {"get_sample", 2, 2}, {"get_sample_length", 1, 1}, {"get_scale", 2, 2}, {"get_scale_name", 1, 1},
    {"get_sel_zones_idx", 1, 1}, {"get_target_idx", 3, 3}, {"get_ui_id", 1, 1}, {"get_ui_wf_property", 3, 3},
    {"get_voice_limit", 1, 1}, {"get_zone_id", 1, 1}, {"get_zone_par", 2, 2}, {"get_zone_status", 1, 1},
    {"group_name", 1, 1}, {"guiidx_to_slotidx", 1, 1}, {"hide_part", 2, 2}, {"ignore_controller", 0, 0},
    {"ignore_event", 1, 1}, {"ignore_midi", 0, 0}, {"import_nckp", 1, 1}, {"in_range", 3, 3}, {"inc", 1, 1},
    {"int", 1, 1}, {"int_to_real", 1, 1}, {"is_zone_empty", 1, 1}, {"list_add", 2, 2}, {"load_array", 2, 2},
    {"load_array_str", 2, 2}, {"load_ir_sample", 3, 3}, {"load_ir_sample_m", 4, 4}, {"load_komplete_ui", 1, 1},
    {"load_midi_file", 1, 1}, {"load_native_ui", 1, 1}, {"load_next_patch", 2, 2}, {"load_patch", 2, 2},
    {"load_performance_view", 1, 1}, {"log", 1, 1}, {"log10", 1, 1}, {"log2", 1, 1}, {"lsb", 1, 1},
    {"make_instr_persistent", 1, 1}, {"make_perfview", 0, 0}, {"make_persistent", 1, 1}, {"message", 1, 1},
    {"mf_copy_export_area", 1, 1}, {"mf_get_buffer_size", 0, 0}, {"mf_get_byte_one", 0, 0}, {"mf_get_byte_two", 0, 0},
    {"mf_get_channel", 0, 0}, {"mf_get_command", 0, 0}, {"mf_get_event_par", 2, 2}, {"mf_get_first", 1, 1},
    {"mf_get_id", 0, 0}, {"mf_get_last", 1, 1}, {"mf_get_last_filename", 0, 0}, {"mf_get_length", 0, 0},
    {"mf_get_mark", 2, 2}, {"mf_get_next", 1, 1}, {"mf_get_next_at", 2, 2}, {"mf_get_note_length", 0, 0},
    {"mf_get_num_tracks", 0, 0}, {"mf_get_pos", 0, 0}, {"mf_get_prev", 1, 1}, {"mf_get_prev_at", 2, 2},
    {"mf_get_track_idx", 0, 0}, {"mf_insert_event", 5, 5}, {"mf_insert_file", 4, 4}, {"mf_remove_event", 1, 1},
    {"mf_reset", 0, 0}, {"mf_set_buffer_size", 1, 1}, {"mf_set_byte_one", 1, 1}, {"mf_set_byte_two", 1, 1},
    {"mf_set_channel", 1, 1}, {"mf_set_command", 1, 1}, {"mf_set_event_par", 3, 3}, {"mf_set_export_area", 5, 5},
    {"mf_set_length", 1, 1}, {"mf_set_mark", 3, 3}, {"mf_set_note_length", 1, 1}, {"mf_set_num_export_areas", 1, 1},
    {"mf_set_pos", 1, 1}, {"move_control", 3, 3}, {"move_control_px", 3, 3}, {"ms_to_ticks", 1, 1}, {"msb", 1, 1},
    {"note_off", 1, 2}, {"num_elements", 1, 1}, {"num_slices", 1, 1}, {"num_slices_zone", 1, 1},
    {"output_channel_name", 1, 1}, {"pgs_create_key", 2, 2}, {"pgs_create_str_key", 1, 1}, {"pgs_get_key_val", 2, 2},
    {"pgs_get_str_key_val", 1, 1}, {"pgs_key_exists", 1, 1}, {"pgs_set_key_val", 3, 3}, {"pgs_set_str_key_val", 2, 2},
    {"pgs_str_key_exists", 1, 1}, {"play_note", 4, 4}, {"pow", 2, 2}, {"purge_group", 2, 2}, {"random", 2, 2},
    {"read_persistent_var", 1, 1}, {"real", 1, 1}, {"real_to_int", 1, 1}, {"redirect_midi", 3, 3},
    {"redirect_output", 3, 3}, {"remove_keyrange", 1, 1}, {"request_value_async", 3, 3}, {"reset_engine", 1, 1},
    {"reset_ksp_timer", 0, 0}, {"reset_nks_nav", 0, 0}, {"reset_rls_trig_counter", 1, 1}, {"round", 1, 1},
    {"save_array", 2, 2}, {"save_array_str", 2, 2}, {"save_midi_file", 1, 1}, {"search", 2, 4}, {"set_bounds", 5, 5},
    {"set_button_properties", 1, 6}, {"set_control_help", 2, 2}, {"set_control_par", 3, 3},
    {"set_control_par_arr", 4, 4}, {"set_control_par_real_arr", 4, 4}, {"set_control_par_str", 3, 3},
    {"set_control_par_str_arr", 4, 4}, {"set_controller", 2, 2}, {"set_engine_par", 5, 5}, {"set_engine_par_m", 5, 5},
    {"set_event_mark", 2, 2}, {"set_event_par", 3, 3}, {"set_event_par_arr", 4, 4}, {"set_group_dyn_par_name", 2, 2},
    {"set_key_color", 2, 2}, {"set_key_name", 2, 2}, {"set_key_pressed", 2, 2}, {"set_key_pressed_support", 1, 1},
    {"set_key_type", 2, 2}, {"set_keyrange", 3, 3}, {"set_kill_priority", 2, 2}, {"set_knob_defval", 2, 2},
    {"set_knob_label", 2, 2}, {"set_knob_properties", 1, 3}, {"set_knob_unit", 2, 2}, {"set_label_properties", 1, 6},
    {"set_level_meter_properties", 1, 5}, {"set_listener", 2, 2}, {"set_loop_par", 4, 4},
    {"set_map_editor_event_color", 1, 1}, {"set_menu_item_str", 3, 3}, {"set_menu_item_value", 3, 3},
    {"set_menu_item_visibility", 3, 3}, {"set_menu_properties", 1, 5}, {"set_midi", 4, 4}, {"set_nks_nav_name", 3, 3},
    {"set_nks_nav_par", 3, 3}, {"set_note_controller", 3, 3}, {"set_nrpn", 2, 2}, {"set_num_user_zones", 1, 1},
    {"set_poly_at", 2, 2}, {"set_rpn", 2, 2}, {"set_sample", 2, 2}, {"set_script_title", 1, 1},
    {"set_skin_offset", 1, 1}, {"set_slider_properties", 1, 4}, {"set_snapshot_type", 1, 1},
    {"set_switch_properties", 1, 6}, {"set_table_properties", 1, 3}, {"set_table_steps_shown", 2, 2},
    {"set_text", 2, 2}, {"set_text_edit_properties", 1, 6}, {"set_ui_color", 1, 1}, {"set_ui_height", 1, 1},
    {"set_ui_height_px", 1, 1}, {"set_ui_wf_property", 4, 4}, {"set_ui_width_px", 1, 1}, {"set_value_async", 4, 4},
    {"set_value_async_str", 4, 4}, {"set_value_edit_properties", 1, 5}, {"set_voice_limit", 2, 2},
    {"set_waveform_properties", 1, 9}, {"set_wavetable2d_properties", 1, 8}, {"set_wavetable3d_properties", 1, 10},
    {"set_zone_par", 3, 3}, {"sgn", 1, 1}, {"sh_left", 2, 2}, {"sh_right", 2, 2}, {"show_library_tab", 0, 0},
    {"signbit", 1, 1}, {"sin", 1, 1}, {"slice_idx_loop_end", 2, 2}, {"slice_idx_loop_start", 2, 2},
    {"slice_length", 2, 2}, {"slice_loop_count", 2, 2}, {"slice_start", 2, 2}, {"slotidx_to_guiidx", 1, 1},
    {"sort", 2, 4}, {"sqrt", 1, 1}, {"stop_wait", 2, 2}, {"subscribe_async", 3, 3}, {"tan", 1, 1},
    {"tcm.exception", 0, 0}, {"tcm.init", 1, 1}, {"tcm.pop", 0, 16}, {"tcm.push", 1, 16}, {"tcm.task", 0, 1},
    {"tcm.wait", 1, 1}, {"tcm.wait_async", 1, 1}, {"tcm.wait_ticks", 1, 1}, {"ticks_to_ms", 1, 1},
    {"unload_slot", 1, 1}, {"wait", 1, 1}, {"wait_async", 1, 1}, {"wait_ticks", 1, 1}, {"watch_array_idx", 2, 2},
    {"watch_var", 1, 1}, {"will_never_terminate", 1, 1}, {"zone_slice_idx_loop_end", 2, 2},
    {"zone_slice_idx_loop_start", 2, 2}, {"zone_slice_length", 2, 2}, {"zone_slice_loop_count", 2, 2},
    {"zone_slice_start", 2, 2},
});
// clang-format on

constexpr bool name_less(const BuiltinFunction& a, const BuiltinFunction& b) { return a.name < b.name; }
static_assert(std::ranges::is_sorted(kFunctions, name_less));

}  // namespace

const BuiltinFunction* find_builtin_function(std::string_view lower_name) {
  const auto found = std::ranges::lower_bound(kFunctions, lower_name, {}, &BuiltinFunction::name);
  return found != kFunctions.end() && found->name == lower_name ? &*found : nullptr;
}

bool is_builtin_function(std::string_view lower_name) { return find_builtin_function(lower_name) != nullptr; }

}  // namespace fermata
