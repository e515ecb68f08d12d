#include "app/cli/table.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using attn::Matrix;
using attn::cli::display_width;
using attn::cli::table;

TEST_CASE("a table lines its numbers up under their labels, Chinese ones too") {
  const Matrix values = {{1, -2.5f}, {100, 0}};
  const std::vector<std::string> rows = {"我", "x2"};
  CHECK(table(attn::view(values), {&rows, nullptr}) ==
        "        0     1\n"
        "  我    1  -2.5\n"
        "  x2  100     0\n");
}

TEST_CASE("Chinese characters take two columns, Latin letters with accents one") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("注意力") == 6);
  CHECK(display_width("é") == 1);
  CHECK(display_width("") == 0);
}

TEST_CASE("a table too large for a terminal is cut and says how much is left out") {
  const Matrix values(100, 30);
  const std::string text = table(attn::view(values), {});
  CHECK(text.find("… 36 more rows, 6 more columns") != std::string::npos);
}
