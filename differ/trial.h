// Generated programs, loaded and made small.
#pragma once

#include <functional>
#include <string>

#include "differ/judge.h"
#include "differ/tree.h"

namespace fermata::differ {

Program load_text(const std::string& text);

// Delta debugging: takes out and unwraps parts for as long as `holds` of what is left, in at most `tries` tries
// (Zeller, Hildebrandt: Simplifying and isolating failure-inducing input, TSE 2002).
Piece smaller_program(Piece program, size_t tries, const std::function<bool(const Piece&)>& holds);

struct Counterexample {
  Piece program;
  runtime::Scenario scenario;
  Miss miss;
};

// The tree and the scenario by turns, for as long as some site of it is passed and hangs.
Counterexample minimise(Counterexample found, const Assume& assume, const Budget& budget);

// The program cut down to what makes the analysis say this of a site: a candidate that no run shows, or a fact lost.
Piece minimise_doubt(const Piece& program, const SiteOutcome& doubt, const Assume& assume);

}  // namespace fermata::differ
