#include "cli/input.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

#include "frontend/frontend.h"
#include "report/place.h"

namespace fermata {

namespace fs = std::filesystem;

void complain(std::string_view what, std::string_view reason) {
  while (reason.ends_with('\n')) reason.remove_suffix(1);
  const std::string line = fmt::format("fermata: {}: {}\n", escape_for_terminal(what), escape_for_terminal(reason));
  std::fwrite(line.data(), 1, line.size(), stderr);
}

std::string why_not_text(std::string_view bytes) {
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) return "";
  std::size_t zeros[2] = {0, 0};
  for (std::size_t i = 0; i < bytes.size(); ++i) zeros[i % 2] += bytes[i] == '\0';
  if (zeros[0] + zeros[1] == 0) return "";
  const bool utf16 =
      bytes.size() % 2 == 0 && (zeros[0] == 0 || zeros[1] == 0) && zeros[0] + zeros[1] > bytes.size() / 4;
  return utf16 ? "" : "is not text";
}

std::optional<std::string> read_file(const fs::path& file, std::string& reason) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (!fs::exists(status)) {
    reason = status.type() == fs::file_type::not_found ? "no such file" : "cannot be read: " + error.message();
    return std::nullopt;
  }
  if (fs::is_directory(status)) {
    reason = "is a folder";
    return std::nullopt;
  }
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.is_open() || in.bad()) {
    reason = fmt::format("cannot be read: {}", std::strerror(errno));
    return std::nullopt;
  }
  return text;
}

std::string why_not_script(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  // A device or a pipe may never end.
  if (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status)) return "is no regular file";
  if (fs::is_regular_file(status) && fs::file_size(file, error) > kMaxFileBytes) return "";  // the front end decides
  std::string reason;
  const std::optional<std::string> text = read_file(file, reason);
  return text ? why_not_text(*text) : reason;
}

std::string read_standard_input() {
  constexpr std::size_t kMost = std::size_t{1} << 30;  // beyond what --max-file-bytes may allow
  std::string text;
  std::vector<char> part(1 << 16);
  while (text.size() <= kMost && std::cin.read(part.data(), static_cast<std::streamsize>(part.size())).gcount() > 0) {
    text.append(part.data(), static_cast<std::size_t>(std::cin.gcount()));
  }
  return text;
}

bool write_output(const std::string& file, std::string_view text) {
  std::FILE* out = file.empty() ? stdout : std::fopen(file.c_str(), "wb");
  bool ok = out != nullptr;
  if (ok) {
    ok = std::fwrite(text.data(), 1, text.size(), out) == text.size() && std::fflush(out) == 0;
    if (!file.empty()) ok = std::fclose(out) == 0 && ok;
  }
  if (!ok)
    complain(file.empty() ? "standard output" : file, fmt::format("cannot be written: {}", std::strerror(errno)));
  return ok;
}

std::optional<Config> config_for(const fs::path& main_file, const std::string& forced, std::string& what,
                                 std::string& reason) {
  const fs::path path = forced.empty() ? find_config(main_file) : fs::path(forced);
  if (path.empty()) return Config{};
  ConfigResult read = read_config(path);
  if (read.error.empty()) return std::move(read.config);
  std::error_code error;
  const fs::path shown = fs::proximate(path, error);
  what = (error ? path : shown).generic_string();
  reason = std::move(read.error);
  const std::size_t digits = reason.find_first_not_of("0123456789");
  if (digits != 0 && reason.substr(digits).starts_with(": ")) {  // FILE:LINE: as compilers write it
    what += ":" + reason.substr(0, digits);
    reason.erase(0, digits + 2);
  }
  return std::nullopt;
}

}  // namespace fermata
