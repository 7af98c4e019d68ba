// The commands. Each returns the exit status: 0 nothing found, 1 something found, 2 the run itself failed.
#pragma once

#include "cli/options.h"

namespace fermata {

int check(const CheckCommand& command);
int merge(const MergeCommand& command);
int run(const RunCommand& command);
int replay(const ReplayCommand& command);
int explain(const ExplainCommand& command);
int parse(const ParseCommand& command);
int generate(const GenerateCommand& command);

}  // namespace fermata
