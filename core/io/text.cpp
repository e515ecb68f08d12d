#include "core/io/text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace attn::io {
namespace {

struct Decoded {
  char32_t code_point = 0;
  std::size_t length = 0;  ///< 0: not well-formed
};

/// The first code point of `text`, which is not empty. RFC 3629: no surrogates, no overlong forms.
Decoded decode_first(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  std::size_t length = 0;
  char32_t smallest = 0;
  char32_t value = 0;
  if ((lead & 0xE0) == 0xC0) {
    length = 2, smallest = 0x80, value = lead & 0x1F;
  } else if ((lead & 0xF0) == 0xE0) {
    length = 3, smallest = 0x800, value = lead & 0x0F;
  } else if ((lead & 0xF8) == 0xF0) {
    length = 4, smallest = 0x10000, value = lead & 0x07;
  } else {
    return {};
  }
  if (text.size() < length) return {};
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = (value << 6) | (byte(i) & 0x3F);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < smallest || value > 0x10FFFF || surrogate) return {};
  return {value, length};
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t bits) { out.push_back(static_cast<char>(static_cast<unsigned char>(bits))); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6)), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18)), put(0x80 | ((c >> 12) & 0x3F)), put(0x80 | ((c >> 6) & 0x3F)),
        put(0x80 | (c & 0x3F));
  }
}

/// Characters that would break a line, or move the cursor, in a terminal.
bool breaks_a_line(char32_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029; }

template <class T>
std::string shortest_number(T value) {
  if (value == 0) return std::signbit(value) ? "-0.0" : "0";
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  std::string text(buffer.data(), end);
  // "1e+05" is "1e5" in JSON as well.
  if (const auto plus = text.find("e+"); plus != std::string::npos) text.erase(plus + 1, 1);
  if (const auto e = text.find('e'); e != std::string::npos) {
    const std::size_t digits = text[e + 1] == '-' ? e + 2 : e + 1;
    while (text.size() > digits + 1 && text[digits] == '0') text.erase(digits, 1);
  }
  return text;
}

}  // namespace

std::size_t first_bad_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const std::size_t length = decode_first(text.substr(at)).length;
    if (length == 0) return at;
    at += length;
  }
  return at;
}

std::u32string decode_utf8(std::string_view text) {
  std::u32string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const Decoded next = decode_first(text.substr(at));
    if (next.length == 0) throw std::invalid_argument(fmt::format("{}: not UTF-8", in_quotes(text)));
    out.push_back(next.code_point);
    at += next.length;
  }
  return out;
}

std::string encode_utf8(std::u32string_view code_points) {
  std::string out;
  for (const char32_t c : code_points) {
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
      throw std::invalid_argument(fmt::format("0x{:X}: not a Unicode code point", static_cast<unsigned>(c)));
    }
    append_utf8(out, c);
  }
  return out;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    if (at >= limit) return out + "…";
    const Decoded next = decode_first(text.substr(at));
    if (next.length == 0) {
      out += fmt::format("\\x{:02X}", static_cast<unsigned>(static_cast<unsigned char>(text[at])));
      ++at;
      continue;
    }
    if (breaks_a_line(next.code_point)) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(next.code_point));
    } else {
      out += text.substr(at, next.length);
    }
    at += next.length;
  }
  return out;
}

std::string in_quotes(std::string_view text, std::size_t limit) { return '"' + printable(text, limit) + '"'; }

void append_json_string(std::string& out, std::string_view text) {
  if (!is_utf8(text)) throw std::invalid_argument(fmt::format("{}: not UTF-8", in_quotes(text)));
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string shortest(float value) { return shortest_number(value); }
std::string shortest(double value) { return shortest_number(value); }

}  // namespace attn::io
