#include "app/platform/utf8.h"

#include <doctest/doctest.h>

#include <vector>

using namespace attn::ui;

namespace {

std::vector<char32_t> decode(std::string_view text) {
  std::vector<char32_t> all;
  for (std::size_t at = 0; at < text.size();) all.push_back(next_code_point(text, at));
  return all;
}
using Codes = std::vector<char32_t>;

}  // namespace

TEST_CASE("characters of one to four bytes are read and written") {
  const std::string text = "aé中🙂";
  CHECK(decode(text) == Codes{U'a', U'é', U'中', U'🙂'});
  std::string back;
  for (const char32_t c : decode(text)) append_utf8(back, c);
  CHECK(back == text);
}

TEST_CASE("broken bytes are one replacement each, and the rest is read") {
  CHECK(decode("\x80"
               "a") == Codes{0xFFFD, U'a'});
  CHECK(decode("\xE4\xB8") == Codes{0xFFFD, 0xFFFD});  // cut off
  CHECK(decode("\xE4"
               "ab") == Codes{0xFFFD, U'a', U'b'});
  CHECK(decode("\xC0\xAF") == Codes{0xFFFD, 0xFFFD});  // too long for its value
  CHECK(decode("\xE0\x80\xAF") == Codes{0xFFFD, 0xFFFD, 0xFFFD});
  CHECK(decode("\xED\xA0\x80") == Codes{0xFFFD, 0xFFFD, 0xFFFD});  // half of a pair of UTF-16
  CHECK(decode("\xF5\x80\x80\x80") == Codes{0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD});
}
