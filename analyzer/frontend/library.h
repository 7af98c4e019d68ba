// The bundled framework model (rules/library/*.ksp) as it was when the program was built: file name and text, by name.
#pragma once

#include <span>
#include <string_view>
#include <utility>

namespace fermata {

std::span<const std::pair<std::string_view, std::string_view>> library_files();

}  // namespace fermata
