// Reading what the user names, and saying in one line what is wrong with it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"

namespace fermata {

// "fermata: WHAT: REASON" on standard error, on one line, with nothing in it that could steer a terminal.
void complain(std::string_view what, std::string_view reason);

// The reason why this file cannot be analysed, or "". A script may be UTF-8, an 8-bit encoding or UTF-16; anything else
// with zero octets in it is no text.
std::string why_not_script(const std::filesystem::path& file);
std::string why_not_text(std::string_view bytes);

// The whole file, or nothing with `reason` set.
std::optional<std::string> read_file(const std::filesystem::path& file, std::string& reason);
std::string read_standard_input();

// Writes to the file, or to standard output when `file` is empty. False, with a line on standard error, when that
// fails.
bool write_output(const std::string& file, std::string_view text);

// The configuration for a main file: `forced`, or the nearest one. `reason` names file, key and line when it is wrong.
std::optional<Config> config_for(const std::filesystem::path& main_file, const std::string& forced, std::string& what,
                                 std::string& reason);

}  // namespace fermata
