// The fields of a voice: those of the framework and the vo_field symbols of the program.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "runtime/host.h"

namespace fermata::runtime::ivls {

// Plain fields: copied with the voice, free to be written.
enum class Field : uint16_t {
  input,
  auto_release,
  note,
  vel,
  midi_ch,
  flow,
  stage,
  thread,
  volume,
  pan,
  tune,
  event,
  rr,
  note_on_time,
  delay,
  delay_type,
  duration,
  duration_type,
  config,
  dyn_layer,
  emc,
  mod_target,
  mod_time,
  mod_kill_on_end,
  mod_curve,
  legato_src,
  legato_dest,
  legato_is_current,
  legato_registered,
  freeze_mod_on_play,
  count
};

// Fields that only the framework's own functions change.
enum class LinkField : uint8_t { parent, child, left, right, runtime, vmc, release_fired };

struct FieldPlace {
  bool link = false;
  LinkField which = LinkField::parent;
  size_t index = 0;  // into Voice::fields
};

class Schema {
 public:
  explicit Schema(const Program& program);
  std::optional<FieldPlace> find(std::string_view lower_name) const;
  const std::vector<Value>& defaults() const { return defaults_; }
  // How many voices fit into the framework's pool of 524288 numbers.
  size_t capacity() const { return 524'288 / (defaults_.size() + 7); }

 private:
  void add(std::string name, Value initial);

  std::unordered_map<std::string, FieldPlace> places_;
  std::vector<Value> defaults_;
};

}  // namespace fermata::runtime::ivls
