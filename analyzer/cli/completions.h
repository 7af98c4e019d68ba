// Completions of the command line for the usual shells, made from the options themselves.
#pragma once

#include <string>

namespace fermata {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

}  // namespace fermata
