// From the bytes of a script file to the UTF-8 text with LF line ends that everything else works on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fermata {

// UTF-8 and UTF-16 by their marks, UTF-8 where it is valid, otherwise Latin-1. Nothing for bytes that are not text: NUL
// bytes in what is not UTF-16.
std::optional<std::string> decode_text(std::string_view bytes);

// CR, CR CR LF and CRLF become LF. A run of CRs before an LF is one line end; without the LF each CR is one, as an
// editor counts them.
std::string normalize_line_ends(std::string_view text);

// The byte offset of each line; a text that ends in LF has an empty last line.
std::vector<uint32_t> find_line_starts(std::string_view text);

}  // namespace fermata
