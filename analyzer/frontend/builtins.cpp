// The variables and constants of Kontakt and of the framework.
#include "frontend/builtins.h"

#include <algorithm>
#include <array>

namespace fermata {
namespace {

struct Constant {
  std::string_view name;
  int64_t value = 0;
};

// Both tables are sorted by name: looked up by binary search. Arrays whose size differs from instrument to instrument
// (GROUPS_AFFECTED, ...) have no size here.
constexpr auto kVariables = std::to_array<BuiltinVariable>({
    {"cc", '%', 130}, {"cc_num", '$', 0}, {"cc_touched", '%', 130}, {"cluster.legal", '$', 0},
    {"condition.is_outside_event", '$', 0}, {"current_event", '$', 0}, {"current_script_slot", '$', 0},
    {"distance_bar_start", '$', 0}, {"duration_bar", '$', 0}, {"duration_eighth", '$', 0},
    {"duration_eighth_triplet", '$', 0}, {"duration_quarter", '$', 0}, {"duration_quarter_triplet", '$', 0},
    {"duration_sixteenth", '$', 0}, {"duration_sixteenth_triplet", '$', 0}, {"engine_uptime", '$', 0},
    {"event_id", '$', 0}, {"event_note", '$', 0}, {"event_par", '%', 4}, {"event_velocity", '$', 0},
    {"event_velocity_2", '$', 0}, {"groups_affected", '%', 0}, {"groups_selected", '%', 0},
    {"ivls.critical_disable", '$', 0}, {"ivls.key_parent_vo", '$', 0}, {"ivls.omni_voice", '$', 0},
    {"ivls.play_vo", '$', 0}, {"key_down", '%', 128}, {"key_down_oct", '%', 12}, {"ksp_timer", '$', 0},
    {"midi_byte_1", '$', 0}, {"midi_byte_2", '$', 0}, {"midi_channel", '$', 0}, {"midi_command", '$', 0},
    {"nc_note", '$', 0}, {"nc_num", '$', 0}, {"nc_value", '$', 0}, {"nenv", '$', 0}, {"ni_async_exit_status", '$', 0},
    {"ni_async_id", '$', 0}, {"ni_async_par_1", '$', 0}, {"ni_async_par_2", '$', 0}, {"ni_async_str_value", '@', 0},
    {"ni_async_type", '$', 0}, {"ni_async_value", '$', 0}, {"ni_bar_start_position", '$', 0},
    {"ni_callback_id", '$', 0}, {"ni_callback_type", '$', 0}, {"ni_control_par_idx", '$', 0},
    {"ni_dnd_items_array", '!', 0}, {"ni_dnd_items_audio", '!', 0}, {"ni_dnd_items_midi", '!', 0},
    {"ni_kontakt_is_headless", '$', 0}, {"ni_kontakt_is_standalone", '$', 0}, {"ni_mouse_event_type", '$', 0},
    {"ni_signal_type", '$', 0}, {"ni_song_position", '$', 0}, {"ni_transport_active", '$', 0},
    {"ni_transport_running", '$', 0}, {"ni_ui_id", '$', 0}, {"ni_user_zone_ids", '%', 0}, {"note_duration", '%', 128},
    {"note_held", '$', 0}, {"num_groups", '$', 0}, {"num_output_channels", '$', 0}, {"num_zones", '$', 0},
    {"path_on", '$', 0}, {"played_voices_inst", '$', 0}, {"played_voices_total", '$', 0}, {"poly_at", '%', 128},
    {"poly_at_num", '$', 0}, {"ref_group_idx", '$', 0}, {"ref_slot_idx", '$', 0}, {"rpn_address", '$', 0},
    {"rpn_value", '$', 0}, {"self", '$', 0}, {"self_invalid", '$', 0}, {"signature_denom", '$', 0},
    {"signature_num", '$', 0},
});

constexpr auto kConstants = std::to_array<Constant>({
    {"adt.null", -39867414}, {"adt.task_fail", -123456789}, {"adt.task_success", 123456789}, {"all_events", -2},
    {"all_groups", -1}, {"bool.false", 0}, {"bool.true", 1}, {"control_par_active_index", 0},
    {"control_par_allow_automation", 1}, {"control_par_automation_id", 2}, {"control_par_automation_name", 3},
    {"control_par_bar_color", 4}, {"control_par_basepath", 5}, {"control_par_bg_alpha", 6},
    {"control_par_bg_color", 7}, {"control_par_column_width", 8}, {"control_par_cursor_picture", 9},
    {"control_par_custom_id", 10}, {"control_par_default_value", 11}, {"control_par_disable_text_shifting", 12},
    {"control_par_dnd_accept_array", 13}, {"control_par_dnd_accept_audio", 14}, {"control_par_dnd_accept_midi", 15},
    {"control_par_dnd_behaviour", 16}, {"control_par_enable_dnd", 17}, {"control_par_file_type", 18},
    {"control_par_filepath", 19}, {"control_par_font_type", 20}, {"control_par_font_type_off_hover", 21},
    {"control_par_font_type_off_pressed", 22}, {"control_par_font_type_on", 23},
    {"control_par_font_type_on_hover", 24}, {"control_par_font_type_on_pressed", 25}, {"control_par_grid_height", 26},
    {"control_par_grid_width", 27}, {"control_par_grid_x", 28}, {"control_par_grid_y", 29},
    {"control_par_height", 30}, {"control_par_help", 31}, {"control_par_hide", 32}, {"control_par_identifier", 33},
    {"control_par_key_alt", 34}, {"control_par_key_control", 35}, {"control_par_key_shift", 36},
    {"control_par_label", 37}, {"control_par_max_value", 38}, {"control_par_midi_export_area_idx", 39},
    {"control_par_min_value", 40}, {"control_par_mouse_behaviour", 41}, {"control_par_mouse_behaviour_x", 42},
    {"control_par_mouse_behaviour_y", 43}, {"control_par_mouse_mode", 44}, {"control_par_nks_num_values", 45},
    {"control_par_nks_str_values", 46}, {"control_par_nks_style", 47}, {"control_par_nks_type", 48},
    {"control_par_none", 49}, {"control_par_num_items", 50}, {"control_par_off_color", 51},
    {"control_par_on_color", 52}, {"control_par_overload_color", 53}, {"control_par_parallax_x", 54},
    {"control_par_parallax_y", 55}, {"control_par_parent_panel", 56}, {"control_par_peak_color", 57},
    {"control_par_picture", 58}, {"control_par_picture_state", 59}, {"control_par_pos_x", 60},
    {"control_par_pos_y", 61}, {"control_par_range_max", 62}, {"control_par_range_min", 63},
    {"control_par_receive_drag_events", 64}, {"control_par_selected_item_idx", 65}, {"control_par_short_name", 66},
    {"control_par_show_arrows", 67}, {"control_par_slicemarkers_color", 68}, {"control_par_text", 69},
    {"control_par_text_alignment", 70}, {"control_par_textline", 71}, {"control_par_textpos_y", 72},
    {"control_par_type", 73}, {"control_par_unit", 74}, {"control_par_value", 75}, {"control_par_valuepos_y", 76},
    {"control_par_vertical", 77}, {"control_par_wave_alpha", 78}, {"control_par_wave_color", 79},
    {"control_par_wave_cursor_color", 80}, {"control_par_wave_end_alpha", 81}, {"control_par_wave_end_color", 82},
    {"control_par_wavetable_alpha", 83}, {"control_par_wavetable_color", 84}, {"control_par_wavetable_end_alpha", 85},
    {"control_par_wavetable_end_color", 86}, {"control_par_wf_vis_mode", 87}, {"control_par_width", 88},
    {"control_par_wt_vis_mode", 89}, {"control_par_wt_zone", 90}, {"control_par_z_layer", 91},
    {"control_par_zero_line_color", 92}, {"event_par_0", 0}, {"event_par_1", 1}, {"event_par_2", 2},
    {"event_par_3", 3}, {"event_par_allow_group", 4}, {"event_par_allow_key_type", 5}, {"event_par_custom", 6},
    {"event_par_disallow_key_type", 7}, {"event_par_id", 8}, {"event_par_midi_byte_1", 9},
    {"event_par_midi_byte_2", 10}, {"event_par_midi_channel", 11}, {"event_par_midi_command", 12},
    {"event_par_mod_value_ex_id", 13}, {"event_par_mod_value_id", 14}, {"event_par_note", 15},
    {"event_par_note_length", 16}, {"event_par_output_index", 17}, {"event_par_output_type", 18},
    {"event_par_pan", 19}, {"event_par_play_pos", 20}, {"event_par_pos", 21}, {"event_par_rel_velocity", 22},
    {"event_par_source", 23}, {"event_par_track_nr", 24}, {"event_par_tune", 25}, {"event_par_velocity", 26},
    {"event_par_velocity_2", 27}, {"event_par_volume", 28}, {"event_par_zone_id", 29}, {"event_status_inactive", 0},
    {"event_status_midi_queue", 2}, {"event_status_note_queue", 1}, {"false", 0}, {"hide_part_bg", 1},
    {"hide_part_cursor", 16}, {"hide_part_mod_light", 8}, {"hide_part_nothing", 0}, {"hide_part_title", 4},
    {"hide_part_value", 2}, {"hide_whole_control", 32}, {"ivls.duration_type.ticks", 1}, {"ivls.duration_type.us", 0},
    {"ivls.input_type.voice_off", 1}, {"ivls.input_type.voice_on", 0}, {"ivls.threads", 1}, {"knob_unit_db", 1},
    {"knob_unit_hz", 2}, {"knob_unit_ms", 4}, {"knob_unit_none", 0}, {"knob_unit_oct", 5}, {"knob_unit_percent", 3},
    {"knob_unit_st", 6}, {"mark_1", 1}, {"mark_10", 512}, {"mark_11", 1024}, {"mark_12", 2048}, {"mark_13", 4096},
    {"mark_14", 8192}, {"mark_15", 16384}, {"mark_16", 32768}, {"mark_17", 65536}, {"mark_18", 131072},
    {"mark_19", 262144}, {"mark_2", 2}, {"mark_20", 524288}, {"mark_21", 1048576}, {"mark_22", 2097152},
    {"mark_23", 4194304}, {"mark_24", 8388608}, {"mark_25", 16777216}, {"mark_26", 33554432}, {"mark_27", 67108864},
    {"mark_28", 134217728}, {"mark_3", 4}, {"mark_4", 8}, {"mark_5", 16}, {"mark_6", 32}, {"mark_7", 64},
    {"mark_8", 128}, {"mark_9", 256}, {"midi_command_cc", 176}, {"midi_command_mono_at", 208},
    {"midi_command_note_off", 128}, {"midi_command_note_on", 144}, {"midi_command_nrpn", 257},
    {"midi_command_pitch_bend", 224}, {"midi_command_poly_at", 160}, {"midi_command_program_change", 192},
    {"midi_command_rpn", 256}, {"ni_bus_offset", 1024}, {"ni_cb_type_async_complete", 15},
    {"ni_cb_type_controller", 4}, {"ni_cb_type_init", 1}, {"ni_cb_type_listener", 9}, {"ni_cb_type_midi_in", 16},
    {"ni_cb_type_note", 2}, {"ni_cb_type_note_controller", 5}, {"ni_cb_type_nrpn", 8},
    {"ni_cb_type_persistence_changed", 13}, {"ni_cb_type_pgs", 14}, {"ni_cb_type_poly_at", 6},
    {"ni_cb_type_release", 3}, {"ni_cb_type_rpn", 7}, {"ni_cb_type_ui_control", 10}, {"ni_cb_type_ui_controls", 11},
    {"ni_cb_type_ui_update", 12}, {"ni_insert_bus", 4096}, {"ni_key_type_control", 1}, {"ni_key_type_default", 0},
    {"ni_key_type_none", 2}, {"ni_main_bus", 2048}, {"ni_mouse_event_type_drag", 2}, {"ni_mouse_event_type_drop", 3},
    {"ni_mouse_event_type_left_button_down", 0}, {"ni_mouse_event_type_left_button_up", 1}, {"ni_not_found", -1},
    {"ni_send_bus", 0}, {"ni_signal_timer_beat", 4}, {"ni_signal_timer_ms", 3}, {"ni_signal_transp_start", 2},
    {"ni_signal_transp_stop", 1}, {"no", 0}, {"nodeenv.mem_clear", -123547689}, {"off", 0}, {"on", 1},
    {"output_type_aux_out", 2}, {"output_type_bus_out", 3}, {"output_type_default", 0}, {"output_type_master_out", 1},
    {"output_type_not_specified", 4}, {"pedal.state.down", 1}, {"pedal.state.up", 0}, {"pedal.type.sos", 1},
    {"pedal.type.sus", 0}, {"true", 1}, {"type.mem_clear", -123547689}, {"vcc_mono_at", 129}, {"vcc_pitch_bend", 128},
    {"vnc_pitch_bend", 128}, {"voice.mem_clear", -123547689}, {"yes", 1},
});

static_assert(std::ranges::is_sorted(kVariables, {}, &BuiltinVariable::name));
static_assert(std::ranges::is_sorted(kConstants, {}, &Constant::name));

}  // namespace

const BuiltinVariable* find_builtin_variable(std::string_view lower_name) {
  const auto found = std::ranges::lower_bound(kVariables, lower_name, {}, &BuiltinVariable::name);
  return found != kVariables.end() && found->name == lower_name ? &*found : nullptr;
}

std::optional<int64_t> builtin_constant(std::string_view lower_name) {
  const auto found = std::ranges::lower_bound(kConstants, lower_name, {}, &Constant::name);
  if (found == kConstants.end() || found->name != lower_name) return std::nullopt;
  return found->value;
}

bool looks_like_builtin(std::string_view spelling) {
  if (!spelling.empty() && std::string_view("$%~?@!").find(spelling.front()) != std::string_view::npos) {
    spelling.remove_prefix(1);
  }
  bool letter = false;
  for (const char c : spelling) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (!upper && !(c >= '0' && c <= '9') && c != '_') return false;
    letter = letter || upper;
  }
  return letter;
}

}  // namespace fermata
