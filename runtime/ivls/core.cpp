#include "runtime/ivls/core.h"

#include <string>
#include <unordered_map>

namespace fermata::runtime::ivls {

bool Call::outside_note_pass(std::string_view kind) const {
  if (!world().host.in_note_pass()) return true;
  world().host.fault(kind);
  return false;
}

bool Call::live_runtime(Value runtime) const {
  if (world().runtimes.is_live(runtime)) return true;
  world().host.fault("runtime-not-live");
  return false;
}

Function find_function(std::string_view name) {
  static const std::unordered_map<std::string_view, Function> kFunctions = {
#define FERMATA_ENTRY(identifier, name) {name, identifier},
      FERMATA_VOICE_CALLS(FERMATA_ENTRY) FERMATA_OWNER_CALLS(FERMATA_ENTRY) FERMATA_SOUND_CALLS(FERMATA_ENTRY)
          FERMATA_FLOW_CALLS(FERMATA_ENTRY)
#undef FERMATA_ENTRY
  };
  const auto found = kFunctions.find(name);
  return found == kFunctions.end() ? nullptr : found->second;
}

}  // namespace fermata::runtime::ivls
