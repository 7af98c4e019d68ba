#pragma once

#include "report/script_edit.h"

namespace fermata {

// legato-source-unowned: releases the source in each branch that forgets it.
void release_the_source(const ScriptEdit& script, Finding& finding);

}  // namespace fermata
