// The bars of the picture, read off the story of a run.
#include "runtime/picture.h"

#include <algorithm>
#include <map>
#include <utility>

namespace fermata::runtime {
namespace {

class StoryReader {
 public:
  Picture read(const Report& report) {
    for (const TimelineEntry& entry : report.timeline) take(entry);
    for (const Lost& lost : report.hung) {
      if (Bar* bar = find(lost.voice, lost.event)) lose(*bar, lost);
    }
    for (Bar& bar : picture_.bars) finish(bar);
    sort_by_tree();
    picture_.cut = report.timeline_cut;
    for (const auto& [number, steps] : keys_) picture_.keys.push_back({number, steps});
    for (const auto& [number, steps] : controllers_) picture_.controllers.push_back({number, steps});
    return std::move(picture_);
  }

 private:
  using Name = std::pair<int, int>;  // voice, or -1 and the event
  static Name name_of(int voice, int event) { return voice >= 0 ? Name{voice, -1} : Name{-1, event}; }

  Bar* find(int voice, int event) {
    const auto found = index_.find(name_of(voice, event));
    return found == index_.end() ? nullptr : &picture_.bars[found->second];
  }

  Bar& bar_of(const TimelineEntry& entry) {
    const auto [place, fresh] = index_.try_emplace(name_of(entry.voice, entry.event), picture_.bars.size());
    if (fresh) {
      Bar bar;
      bar.voice = entry.voice;
      bar.event = entry.voice >= 0 ? -1 : entry.event;
      bar.from = entry.at;
      bar.name = entry.name;
      picture_.bars.push_back(std::move(bar));
    }
    Bar& bar = picture_.bars[place->second];
    if (entry.voice >= 0 && entry.event < 0 && !entry.name.empty()) bar.name = entry.name;
    return bar;
  }

  void take(const TimelineEntry& entry) {
    picture_.end = std::max(picture_.end, entry.at);
    if (entry.key >= 0) keys_[entry.key].push_back({entry.at, entry.value});
    if (entry.controller >= 0) controllers_[entry.controller].push_back({entry.at, entry.value});
    if (entry.what == "input" || (entry.voice < 0 && entry.event < 0)) return;
    Bar& bar = bar_of(entry);
    if (entry.what == "wait") {
      bar.waits.push_back({entry.at, -1, entry.text, entry.span});
    } else if (entry.what == "wake") {
      if (!bar.waits.empty() && bar.waits.back().to < 0) bar.waits.back().to = entry.at;
    } else if (entry.voice >= 0 && entry.event >= 0) {
      sound(bar, entry);
    } else if (entry.what == "end") {
      begin_part(bar, entry, "silent");
      bar.to = entry.at;
    } else if (entry.what == "release") {
      begin_part(bar, entry, "releasing");
    } else if (!entry.owner.empty()) {
      if (entry.voice >= 0) bar.parent = entry.parent;
      begin_part(bar, entry, entry.owner);
      bar.to = -1;
    }
  }

  static void sound(Bar& bar, const TimelineEntry& entry) {
    if (entry.what == "event") bar.sounds.push_back({entry.at, -1, entry.text, entry.span});
    if (entry.what != "end") return;
    for (auto& sound : bar.sounds) {
      if (sound.to < 0) {
        sound.to = entry.at;
        return;
      }
    }
  }

  static void begin_part(Bar& bar, const TimelineEntry& entry, std::string owner) {
    if (!bar.parts.empty()) bar.parts.back().to = entry.at;
    bar.parts.push_back({entry.at, entry.at, std::move(owner), entry.text, entry.span});
  }

  // From the loss on nobody will end it, although a script may have thought that it would.
  static void lose(Bar& bar, const Lost& lost) {
    bar.hung = true;
    if (bar.parts.empty() || bar.parts.back().owner != "script") return;
    Bar::Part& last = bar.parts.back();
    if (lost.since <= last.from) {
      last.owner = "none";
      return;
    }
    last.to = lost.since;
    bar.parts.push_back({lost.since, lost.since, "none", "nobody will end it", lost.loss_at});
  }

  // What hangs goes on to the end, also when its voice is gone.
  void finish(Bar& bar) const {
    if (bar.hung && bar.to >= 0 && !bar.parts.empty()) {
      bar.parts.back().owner = "none";
      bar.to = -1;
    }
    if (bar.to < 0 && !bar.parts.empty()) bar.parts.back().to = -1;
    if (bar.to >= 0 && !bar.parts.empty() && bar.parts.back().from >= bar.to) bar.parts.pop_back();
  }

  // Children directly behind their parent, families in order of birth.
  void sort_by_tree() {
    std::vector<std::vector<size_t>> children(picture_.bars.size());
    std::vector<size_t> pending;
    for (size_t i = picture_.bars.size(); i-- > 0;) {
      const auto parent = index_.find({picture_.bars[i].parent, -1});
      const bool below = picture_.bars[i].parent >= 0 && parent != index_.end() && parent->second < i;
      (below ? children[parent->second] : pending).push_back(i);
    }
    std::vector<Bar> sorted;
    while (!pending.empty()) {
      const size_t at = pending.back();
      pending.pop_back();
      sorted.push_back(std::move(picture_.bars[at]));
      pending.insert(pending.end(), children[at].begin(), children[at].end());
    }
    picture_.bars = std::move(sorted);
  }

  Picture picture_;
  std::map<Name, size_t> index_;
  std::map<int, std::vector<Picture::Step>> keys_, controllers_;
};

}  // namespace

Picture picture_of(const Report& report) { return StoryReader().read(report); }

}  // namespace fermata::runtime
