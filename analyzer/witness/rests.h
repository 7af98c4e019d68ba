// Which switches of [assume] a replayed verdict rests on: those with another value of which the same scenario leaves
// nothing hanging at the site.
#pragma once

#include <string>
#include <vector>

#include "ownership/sites.h"
#include "runtime/runtime.h"

namespace fermata::witness {

// `scenario` hangs at `site` under `assume`. `zones` is left out: with one-shot samples no event hangs at all.
std::vector<std::string> switches_of(const Program& program, const Assume& assume, const ownership::Site& site,
                                     const runtime::Scenario& scenario);

}  // namespace fermata::witness
