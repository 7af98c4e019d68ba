#include "frontend/encoding.h"

namespace fermata {
namespace {

void append_utf8(std::string& out, uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// Length of the well-formed UTF-8 sequence at `at`; 0 if there is none (also for surrogates and overlong forms).
size_t utf8_length(std::string_view s, size_t at) {
  auto byte = [&](size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u; };
  auto follows = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  unsigned a = byte(at), b = byte(at + 1);
  if (a < 0x80) return 1;
  if (a >= 0xC2 && a <= 0xDF) return follows(at + 1) ? 2 : 0;
  if (a >= 0xE0 && a <= 0xEF) {
    bool good = follows(at + 1) && follows(at + 2) && !(a == 0xE0 && b < 0xA0) && !(a == 0xED && b > 0x9F);
    return good ? 3 : 0;
  }
  if (a >= 0xF0 && a <= 0xF4) {
    bool good =
        follows(at + 1) && follows(at + 2) && follows(at + 3) && !(a == 0xF0 && b < 0x90) && !(a == 0xF4 && b > 0x8F);
    return good ? 4 : 0;
  }
  return 0;
}

bool is_utf8(std::string_view s) {
  for (size_t i = 0; i < s.size();) {
    size_t length = utf8_length(s, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::string from_utf16(std::string_view s, bool big_endian) {
  std::string out;
  out.reserve(s.size() / 2);
  auto unit = [&](size_t i) -> uint32_t {
    uint32_t first = static_cast<unsigned char>(s[i]), second = static_cast<unsigned char>(s[i + 1]);
    return big_endian ? first << 8 | second : second << 8 | first;
  };
  for (size_t i = 0; i + 1 < s.size(); i += 2) {
    uint32_t code = unit(i);
    bool high = code >= 0xD800 && code < 0xDC00;
    if (high && i + 3 < s.size() && unit(i + 2) >= 0xDC00 && unit(i + 2) < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10) + (unit(i + 2) - 0xDC00);
      i += 2;
    } else if (code >= 0xD800 && code < 0xE000) {
      code = 0xFFFD;
    }
    append_utf8(out, code);
  }
  return out;
}

std::string from_latin1(std::string_view s) {
  std::string out;
  out.reserve(s.size() + s.size() / 16);
  for (char c : s) append_utf8(out, static_cast<unsigned char>(c));
  return out;
}

}  // namespace

std::optional<std::string> decode_text(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  std::string text;
  if (bytes.starts_with("\xFF\xFE")) {
    text = from_utf16(bytes.substr(2), false);
  } else if (bytes.starts_with("\xFE\xFF")) {
    text = from_utf16(bytes.substr(2), true);
  } else if (is_utf8(bytes)) {
    text = bytes;
  } else {
    text = from_latin1(bytes);
  }
  if (text.find('\0') != std::string::npos) return std::nullopt;
  return text;
}

std::string normalize_line_ends(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    size_t cr = text.find('\r', i);
    if (cr == std::string_view::npos) {
      out.append(text.substr(i));
      break;
    }
    out.append(text.substr(i, cr - i));
    size_t end = cr;
    while (end < text.size() && text[end] == '\r') ++end;
    bool before_lf = end < text.size() && text[end] == '\n';
    out.append(before_lf ? 1 : end - cr, '\n');
    i = before_lf ? end + 1 : end;
  }
  return out;
}

std::vector<uint32_t> find_line_starts(std::string_view text) {
  std::vector<uint32_t> starts{0};
  for (size_t i = text.find('\n'); i != std::string_view::npos; i = text.find('\n', i + 1)) {
    starts.push_back(static_cast<uint32_t>(i + 1));
  }
  return starts;
}

}  // namespace fermata
