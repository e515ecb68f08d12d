#include "app/code/python_text.h"

#include <cstdlib>
#include <limits>

#include <doctest/doctest.h>

namespace attn::code {
namespace {

TEST_CASE("numbers are the shortest that read back to the same float32") {
  CHECK(python_number(1.0F) == "1");
  CHECK(python_number(0.1F) == "0.1");
  CHECK(python_number(-0.0F) == "-0.0");
  CHECK(python_number(1e-7F) == "1e-7");
  CHECK(python_number(16777216.0F) == "16777216");
  float value = 1.0e-38F;
  for (int i = 0; i < 4000; ++i) {
    value = -value * 1.0443871F;
    if (!(std::abs(value) <= std::numeric_limits<float>::max())) break;
    const std::string text = python_number(value);
    CAPTURE(text);
    REQUIRE(static_cast<float>(std::strtod(text.c_str(), nullptr)) == value);  // as NumPy does, by a double
  }
}

TEST_CASE("columns of a matrix line up and long rows go on in the next line") {
  const auto lines = matrix_lines(
      2, 2, [](std::size_t i, std::size_t j) { return std::string(i == 0 && j == 0 ? "-10" : "1"); },
      [](std::size_t i) { return i == 0 ? std::string("first") : std::string(); });
  CHECK(lines == std::vector<std::string>{"    [-10, 1],  # first", "    [  1, 1],"});
  const auto wide = matrix_lines(
      1, 30, [](std::size_t, std::size_t) { return std::string("0.123"); }, [](std::size_t) { return "t"; });
  REQUIRE(wide.size() > 1);
  for (const std::string& line : wide) CHECK(line.size() <= kLineWidth + 12);
  CHECK(wide.back().ends_with("],  # t"));
  CHECK_FALSE(wide.front().ends_with(" "));
}

TEST_CASE("a word is found only as a word of its own") {
  CHECK(has_word("q.reshape(n, h, d_k)", "n"));
  CHECK(has_word("n", "n"));
  CHECK_FALSE(has_word("np.min(m)", "n"));
  CHECK_FALSE(has_word("t.h", "h"));
  CHECK_FALSE(has_word("d_kk", "d_k"));
}

}  // namespace
}  // namespace attn::code
