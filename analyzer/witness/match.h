// Which lost voice of a run belongs to which site of the analysis: they share nothing but the user's lines.
#pragma once

#include "ownership/sites.h"
#include "runtime/runtime.h"

namespace fermata::witness {

bool same_line(const Program& program, const Span& a, const Span& b);
// Something hung in this run because of the site: what hangs, or the lost ancestor that it hangs with, began or lost
// its owner there.
bool hangs_at(const Program& program, const ownership::Site& site, const runtime::Report& report);

}  // namespace fermata::witness
