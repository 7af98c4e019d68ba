// The JSON schema of fermata.toml, for editors that check TOML files. It refuses what the reader refuses, but for the
// words of a contract, which it only knows to be strings.
#pragma once

#include <string>

namespace fermata {

std::string config_schema();

}  // namespace fermata
