// What `check` found, as values. Every output format (text, JSON, ...) is a function of this and nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fermata {

// A range in a user's file: path as in SourceFile, lines and columns from 1, columns in code points.
struct Place {
  std::string path;
  uint32_t line = 0, column = 0, end_line = 0, end_column = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

enum class Verdict : uint8_t { proved, hung, unknown };
enum class Level : uint8_t { note, warning, error };

struct WitnessStep {
  Place place;  // path empty: a step without a place (a key goes up)
  std::string message;
  bool input = false;  // the player or the clock acts: the activation of a callback begins here
};

struct Edit {
  Place place;
  std::string text;
};

struct Fix {
  std::string title;
  bool safe = false;
  std::vector<Edit> edits;
};

struct Finding {
  std::string rule;
  Level level = Level::warning;
  std::string message;
  Place place;
  bool replayed = false;
  std::string fingerprint;
  std::vector<WitnessStep> witness;
  std::string scenario_json;  // {"events":[...]} or empty
  std::vector<std::pair<Place, std::string>> related;
  std::vector<Fix> fixes;
};

struct SiteResult {
  std::string kind;  // "play-note", "created-voice", "pass", "detach", "legato-source", "runtime", "swallowed-release",
                     // "midi-note"
  Place place;
  Verdict verdict = Verdict::unknown;
  std::vector<std::string> rests_on;  // switches
  std::string reason;                 // unknown: which fact was lost and where
  int finding = -1;                   // index into findings
};

struct CheckStatistics {
  uint64_t files = 0, bytes = 0, lines = 0;
  uint64_t states = 0;  // abstract states explored
  uint64_t replays = 0;
  double seconds_frontend = 0, seconds_analysis = 0, seconds_replay = 0;
};

struct CheckResult {
  std::vector<std::pair<std::string, std::string>>
      assumptions;                // switches that differ from their default or that some verdict rests on
  std::vector<SiteResult> sites;  // sorted by place, then kind
  std::vector<Finding> findings;  // sorted by place, then rule
  // The text of each file that a place refers to, for excerpts.
  std::vector<std::pair<std::string, std::string>> texts;
  CheckStatistics statistics;
};

std::string_view verdict_name(Verdict verdict);
std::string_view level_name(Level level);

}  // namespace fermata
