// Which lost voice of a run belongs to which site of the analysis: they share nothing but the user's lines.
#pragma once

#include "ownership/sites.h"
#include "runtime/runtime.h"

namespace fermata::witness {

bool same_line(const Program& program, const Span& a, const Span& b);
// The voice or event `lost` began, or lost its owner, at the site.
bool belongs(const Program& program, const ownership::Site& site, const runtime::Lost& lost);

}  // namespace fermata::witness
