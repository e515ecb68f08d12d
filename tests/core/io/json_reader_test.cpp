#include "core/io/json_reader.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tests/core/io/refusal.h"

using attn::io::JsonNumber;
using attn::test::complaint;
using attn::test::kHead;
using attn::test::kTwoTokens;
using attn::test::with;
using attn::test::with_x;

TEST_CASE("broken syntax is named by line and column") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", "line 1, column 1: expected a value, found the end of the file"},
      {"\n\n  {", "line 3, column 4: expected a field name in quotes, found the end of the file"},
      {"nul", "line 1, column 4: expected a value, found \"nul\""},
      {"{\"format\"", "line 1, column 10, in format: expected \":\", found the end of the file"},
      {"{\"format\" 1}", "line 1, column 11, in format: expected \":\", found a number"},
      {"{\"format\":", "line 1, column 11, in format: expected a value, found the end of the file"},
      {"{format:1}", "line 1, column 3: expected a field name in quotes, found \"format\""},
      {"{'format':1}", "line 1, column 2: expected a field name in quotes, found \"'\""},
      {"{" + kTwoTokens + ",}", "line 1, column 81: expected a field name in quotes, found \"}\""},
      {with("") + " x", "line 1, column 82: expected the end of the file, found \"x\""},
      {with("") + with(""), "line 1, column 81: expected the end of the file, found \"{\""},
      {with("") + "]", "line 1, column 81: expected the end of the file, found \"]\""},
      {with_x("[[1,2],[3,4]"), "line 1, column 79, in x[2]: expected \",\" or \"]\", found \"}\""},
      {with_x("[[1,2],[3,4]]]"), "line 1, column 80: expected \",\" or \"}\", found \"]\""},
      {with_x("[[1,2],[3,,4]]"), "line 1, column 77, in x[1][1]: expected a value, found \",\""},
      {with_x("[[1,2],\n[3,\nfoo]]"), "line 3, column 2, in x[1][1]: expected a value, found \"foo\""},
      {with_x("[[01,2],[3,4]]"), "line 1, column 70, in x[0][1]: expected \",\" or \"]\", found a number"},
      {with_x("[[1.,2],[3,4]]"),
       "line 1, column 71, in x[0][0]: expected a number as JSON writes it, found \"1.\""},
      {with_x("[[1e,2],[3,4]]"),
       "line 1, column 71, in x[0][0]: expected a number as JSON writes it, found \"1e\""},
      {with_x("[[+1,2],[3,4]]"), "line 1, column 69, in x[0][0]: expected a value, found \"+1\""},
      {with("") + "// done", "line 1, column 81: expected the end of the file, found \"/\""},
      {"{\"for\x01mat\":1}",
       "line 1, column 6: expected a closing quote or an escape such as \\n, found a bare control character "
       "in "
       "a string"},
      {R"({"title":"\q"})", R"(line 1, column 12, in title: expected an escape that JSON knows, found "\q")"},
      {R"({"title":"\ud800"})",
       R"(line 1, column 17, in title: expected an escape that JSON knows, found "\ud800"")"},
      {R"({"title":"\udc00"})",
       R"(line 1, column 16, in title: expected an escape that JSON knows, found "\udc00")"},
      {"{\"title\":\"open",
       "line 1, column 15, in title: expected a closing quote, found the end of the file"},
      {std::string("{\0}", 3), "line 1, column 2: expected text, found a zero byte"},
      {with("") + std::string("\0 garbage", 9), "line 1, column 81: expected text, found a zero byte"},
  };
  for (const auto& [json, line] : table) {
    CAPTURE(json);
    CHECK(complaint(json) == line);
  }
}

TEST_CASE("columns count characters, not bytes") {
  CHECK(complaint("{\"title\":\"嵌入\" 1}") == "line 1, column 15: expected \",\" or \"}\", found a number");
}

TEST_CASE("broken UTF-8 is refused wherever it stands") {
  // A lone continuation byte, an overlong slash, a surrogate, past U+10FFFF, a broken sequence, Latin-1.
  for (const std::string bytes :
       {"\x80", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe4\xb8", "caf\xe9"}) {
    CAPTURE(bytes);
    CHECK(complaint("{" + kHead + "\"tokens\":[\"" + bytes + "\"]}")
              .find("tokens[0]: expected UTF-8, found a broken character") != std::string::npos);
    CHECK(complaint("{" + kHead + "\"view\":{\"" + bytes + "\":1}}")
              .find("expected UTF-8, found a broken character") != std::string::npos);
  }
  CHECK(complaint("\xff\xfe{}") == "line 1, column 1: expected a value, found \"\\xFF\"");
}

TEST_CASE("a byte order mark in front is passed over") {
  CHECK(complaint("\xef\xbb\xbf" + with("")) == "accepted");
  CHECK(complaint("\xef\xbb{}") == "line 1, column 2: expected UTF-8, found a broken byte order mark");
}

TEST_CASE("a file is nested at most 32 deep") {
  const auto nested = [](std::size_t levels) {
    std::string json = "1";
    for (std::size_t i = 0; i < levels; ++i) json = i % 2 == 0 ? "{\"a\":" + json + "}" : "[" + json + "]";
    return with("\"view\":{\"deep\":" + json + "}");
  };
  CHECK(complaint(nested(30)) == "accepted");
  CHECK(complaint(nested(31)).find(": expected at most 32 levels of nesting, found more") !=
        std::string::npos);
}

TEST_CASE("a hundred thousand levels are answered with one line") {
  const std::string open(100000, '[');
  CHECK(complaint(open) == "expected a scenario, which is an object, found an array");
  CHECK(complaint(with_x(open)) == "x[0][0]: expected a number, found an array");
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  const std::string line = complaint(with("\"view\":" + objects));
  CHECK(line.ends_with(": expected at most 32 levels of nesting, found more"));
  CHECK(line.find('\n') == std::string::npos);
  CHECK(complaint(objects).find("expected one of the fields") != std::string::npos);
}

TEST_CASE("what a message shows of a file is short and stays on its line") {
  const std::string long_text(10000, 'x');
  const std::string lines = "a\\nb\\u0085\\u2028\\u001b[31m";
  for (const std::string& json :
       {with("\"title\":1,\"" + long_text + "\":1"), with("\"attention\":{\"score\":\"" + long_text + "\"}"),
        with("\"attention\":{\"score\":\"" + lines + "\"}"), with("\"" + lines + "\":1"),
        with_x("[[1," + std::string(5000, '9') + "],[1,2]]"), with_x("[[1," + long_text + "],[1,2]]")}) {
    const std::string line = complaint(json);
    CAPTURE(line);
    CHECK(line.size() < 400);
    CHECK(line.find_first_of("\n\r\x1b") == std::string::npos);
    CHECK(line.find("\xe2\x80\xa8") == std::string::npos);
  }
}

TEST_CASE("numbers are rounded once, to the nearest float32") {
  // Halfway between 1 and the next float, plus a little: by way of double this would round down to 1.
  CHECK(JsonNumber::from_text("1.00000005960464477540").to_float() == std::nextafter(1.0f, 2.0f));
  CHECK(JsonNumber::from_text("1.0000000596046447753906251").to_float() == std::nextafter(1.0f, 2.0f));
  CHECK(JsonNumber::from_unsigned(16777217).to_float() == 16777216.0f);
  CHECK(JsonNumber::from_negative(-3).to_float() == -3.0f);
  CHECK(JsonNumber::from_negative(-3).to_double() == -3.0);
  CHECK(JsonNumber::from_unsigned(18446744073709551615U).to_double() == 18446744073709551616.0);
}

TEST_CASE("numbers past a type are infinite, numbers below it are zero") {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const char* text :
       {"1e39", "123456e40", "0.0001e60", "1e99999999999999999999", "1e9223372036854775807"}) {
    CAPTURE(text);
    CHECK(JsonNumber::from_text(text).to_float() == infinity);
    CHECK(JsonNumber::from_text(std::string("-") + text).to_float() == -infinity);
  }
  for (const char* text : {"1e-60", "123456e-80", "0.0001e-60", "1e-99999999999999999999", "0e999999",
                           "1e-9223372036854775808"}) {
    CAPTURE(text);
    CHECK(JsonNumber::from_text(text).to_float() == 0.0f);
    CHECK(JsonNumber::from_text(std::string("-") + text).to_float() == 0.0f);
  }
  CHECK(JsonNumber::from_text("1e-45").to_float() == std::numeric_limits<float>::denorm_min());
  CHECK(JsonNumber::from_text("1e300").to_double() == 1e300);
  CHECK(JsonNumber::from_text("1e400").to_double() == std::numeric_limits<double>::infinity());
}
