// Writing a file so that nobody ever sees half of it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace fermata {

// Replaces the file, or makes it. Its permissions stay; a link is followed. "" or the reason why it could not be
// written, and then the old file is as it was.
// `durable`: the bytes are on the disk before the old ones go, so that a power failure loses neither.
std::string write_atomically(const std::filesystem::path& file, std::string_view bytes, bool durable = true);

}  // namespace fermata
