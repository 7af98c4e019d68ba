#include "differ/harvest.h"

#include <algorithm>

namespace fermata::differ {

Region region_of(Slot slot) {
  switch (slot) {
    case Slot::note:
    case Slot::release:
      return Region::event;
    case Slot::note_on:
    case Slot::note_off:
      return Region::voice;
    case Slot::midi:
      return Region::midi;
    case Slot::controller:
    case Slot::control:
    case Slot::listener:
    case Slot::cc:
      return Region::other;
    case Slot::none:
    case Slot::inherit:
      break;
  }
  return Region::none;
}

namespace {

void keep(std::vector<std::string>& words, std::string word) {
  if (!word.empty() && std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
}

// The first argument of `name(...)` in the text, or "".
std::string first_argument(std::string_view text, std::string_view name) {
  const size_t from = text.find(name);
  if (from == std::string_view::npos) return "";
  int depth = 0;
  std::string out;
  for (size_t i = from + name.size(); i < text.size(); ++i) {
    const char c = text[i];
    if (depth == 0 && (c == ',' || c == ')')) break;
    depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    out += c;
  }
  return out;
}

bool is_place(std::string_view text) { return !text.empty() && !has(text, "(") && (text[0] < '0' || text[0] > '9'); }

class Harvester {
 public:
  explicit Harvester(Region region) : region_(region) {}

  Words take(const Piece& program) {
    walk(program, Slot::none);
    return std::move(words_);
  }

 private:
  void walk(const Piece& piece, Slot slot) {
    if (piece.slot != Slot::inherit) slot = piece.slot;
    for (const Piece& inner : piece.body) {
      if (region_of(slot) == region_) look_at(inner);
      walk(inner, slot);
    }
  }

  void look_at(const Piece& piece) {
    const std::string& text = piece.open;
    for (const char* word : {"if ", "while "}) {
      if (text.starts_with(word)) keep(words_.conditions, text.substr(std::string_view(word).size()));
    }
    for (const char* name : {"note_off(", "fade_out(", "event_status(", "release_voice(", "unparent_voice(",
                             "restore_parent(", "ivls.play(", "oneshot(", "fades.out("}) {
      const std::string handle = first_argument(text, name);
      if (is_place(handle) && !has(handle, "ALL_EVENTS")) keep(words_.handles, handle);
    }
    const std::string runtime = first_argument(text, "release_runtime(");
    if (is_place(runtime)) keep(words_.runtimes, runtime);
    if (!piece.close.empty() || piece.branch || text.starts_with("declare")) return;
    keep(words_.statements, text);
    const size_t assign = text.find(" := ");
    for (const char* name : {"inc(", "dec("}) keep(words_.numbers, first_argument(text, name));
    if (assign == std::string::npos) return;
    const std::string target = text.substr(0, assign);
    const std::string_view value = std::string_view(text).substr(assign + 4);
    if (has(value, "create_runtime"))
      keep(words_.runtimes, target);
    else if (value.starts_with("play_note") || value.starts_with("fades.") || has(value, "voice(") ||
             has(value, "sentVoice") || has(value, "get_src_vo"))
      keep(words_.handles, target);
    else if (std::ranges::find(words_.handles, target) == words_.handles.end() && !has(target, ".note") &&
             !has(target, ".vel"))
      keep(words_.numbers, target);
  }

  Region region_;
  Words words_;
};

}  // namespace

Words harvest(const Piece& program, Region region) { return Harvester(region).take(program); }

}  // namespace fermata::differ
