// Paths as URI references (RFC 3986).
#pragma once

#include <string>
#include <string_view>

namespace fermata {

// Relative paths stay relative, absolute ones become file: URIs. Octets that are not unreserved are percent-encoded.
std::string uri_of_path(std::string_view path);

}  // namespace fermata
