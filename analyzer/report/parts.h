// Results of main files as bytes (CBOR): what a shard hands to `fermata merge`, and what the cache keeps. They hold all
// that a report is made of, so that the report over parts equals that of one run.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/merge.h"

namespace fermata {

std::string parts_as_bytes(const std::vector<MainFileResult>& parts, std::string_view version);

// Nothing, with `reason` set, for bytes that are no such file or come from another version of the program. Bytes are
// not trusted: whatever they hold, every index in the result is valid.
std::optional<std::vector<MainFileResult>> parts_from_bytes(std::string_view bytes, std::string_view version,
                                                            std::string& reason);

}  // namespace fermata
