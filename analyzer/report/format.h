// The output formats of `check` and `merge`: each a function of the report and nothing else.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "report/merge.h"
#include "report/text.h"

namespace fermata {

enum class Format : uint8_t { text, json, sarif, github, gitlab, junit };

constexpr std::array<std::pair<std::string_view, Format>, 6> kFormats{{{"text", Format::text},
                                                                       {"json", Format::json},
                                                                       {"sarif", Format::sarif},
                                                                       {"github", Format::github},
                                                                       {"gitlab", Format::gitlab},
                                                                       {"junit", Format::junit}}};

// `options` are for the text alone.
std::string write_report(const CheckReport& report, Format format, std::string_view version,
                         const TextOptions& options);

}  // namespace fermata
