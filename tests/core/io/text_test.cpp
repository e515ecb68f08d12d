#include "core/io/text.h"

#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>
#include <string>

using namespace attn::io;

TEST_CASE("UTF-8 is told from what only looks like it") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("plain"));
  CHECK(is_utf8("嵌入 café 🙂"));
  CHECK(first_bad_utf8("ab\x80") == 2);
  CHECK(first_bad_utf8("\xc1\x81") == 0);          // overlong
  CHECK(first_bad_utf8("\xe0\x80\xaf") == 0);      // overlong
  CHECK(first_bad_utf8("a\xed\xbf\xbf") == 1);     // a surrogate
  CHECK(first_bad_utf8("\xf4\x90\x80\x80") == 0);  // past U+10FFFF
  CHECK(first_bad_utf8("\xf8\x88\x80\x80\x80") == 0);
  CHECK(first_bad_utf8("é\xe4\xb8") == 2);  // cut off
}

TEST_CASE("text becomes code points and back") {
  const std::string text = "aé嵌🙂";
  CHECK(decode_utf8(text) == U"aé嵌🙂");
  CHECK(encode_utf8(U"aé嵌🙂") == text);
  CHECK_THROWS_AS(decode_utf8("\xff"), std::invalid_argument);
  CHECK_THROWS_AS(encode_utf8(std::u32string(1, char32_t{0xD800})), std::invalid_argument);
  CHECK_THROWS_AS(encode_utf8(std::u32string(1, char32_t{0x110000})), std::invalid_argument);
}

TEST_CASE("text in a message stays on one line and is cut between characters") {
  CHECK(printable("a\nb\tc\x7f") == "a\\u000Ab\\u0009c\\u007F");
  CHECK(printable("\xe2\x80\xa8") == "\\u2028");
  CHECK(printable("\xc2\x85") == "\\u0085");
  CHECK(printable("\xff") == "\\xFF");
  CHECK(printable("嵌入嵌入", 4) == "嵌入…");
  CHECK(in_quotes("嵌入") == "\"嵌入\"");
}

TEST_CASE("JSON strings escape what JSON does not allow") {
  CHECK(json_string("a\"b\\c\nd\te\x01") == R"("a\"b\\c\nd\te\u0001")");
  CHECK(json_string("嵌入") == "\"嵌入\"");
  CHECK_THROWS_AS(json_string("\xff"), std::invalid_argument);
}

TEST_CASE("numbers take their shortest form") {
  CHECK(shortest(0.1f) == "0.1");
  CHECK(shortest(1.0f) == "1");
  CHECK(shortest(-2.5f) == "-2.5");
  CHECK(shortest(0.0f) == "0");
  CHECK(shortest(-0.0f) == "-0.0");
  CHECK(shortest(-0.0) == "-0.0");
  CHECK(shortest(1e20f) == "1e20");
  CHECK(shortest(1e-7f) == "1e-7");
  CHECK(shortest(-1e-30f) == "-1e-30");
  CHECK(shortest(16777216.0f) == "16777216");
  CHECK(shortest(std::numeric_limits<float>::max()) == "3.4028235e38");
  CHECK(shortest(std::numeric_limits<float>::denorm_min()) == "1e-45");
  CHECK(shortest(0.1) == "0.1");
  CHECK(shortest(0.1414213562373095) == "0.1414213562373095");
  CHECK(shortest(-1e9) == "-1e9");
}
