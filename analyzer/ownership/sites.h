// The sites of a program, each with its verdict: one query per place where something that must end begins to live,
// one per legato node, solved and put back onto the lines that users see.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ownership/solver.h"

namespace fermata::ownership {

enum class SiteKind : uint8_t { play_note, voice, pass, detach, legato_source, runtime, swallowed_release, midi_note };

struct PathStep {
  Span span;  // file == kNone: a step without a place
  std::string message;
  bool input = false;  // the player or the clock acts: a callback runs or goes on
};

struct Candidate {
  std::string rule;
  std::string message;
  std::vector<PathStep> path;
  bool unfired = false;  // leaks, never sounds
};

enum class SiteVerdict : uint8_t { proved, hung, unknown };

struct Site {
  SiteKind kind = SiteKind::play_note;
  Span span;  // as the user sees it
  SiteVerdict verdict = SiteVerdict::proved;
  std::string reason;  // unknown: the fact that was lost
  Span reason_at;
  std::vector<std::string> rests_on;
  std::vector<Candidate> candidates;  // hung: why, shortest path first
};

struct Fault {
  std::string rule;
  std::string message;
  Span span;
};

struct Ownership {
  std::vector<Site> sites;
  std::vector<Fault> faults;
  uint64_t states = 0;
};

Ownership analyse(const Program& program, const Assume& assume);

}  // namespace fermata::ownership
