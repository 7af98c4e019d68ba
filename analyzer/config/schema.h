// The JSON schema of fermata.toml, for editors that check TOML files. It refuses what the reader refuses, but for
// contracts that contradict themselves or others, and for the files that they stand in.
#pragma once

#include <string>

namespace fermata {

std::string config_schema();

}  // namespace fermata
