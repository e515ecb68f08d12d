#include "app/widgets/code_lines.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace attn::ui {
namespace {

std::vector<std::string> broken(const std::string& text, std::size_t columns) {
  code::Listing listing;
  listing.lines = {{text}};
  std::vector<std::string> out;
  for (const CodeRow& row : break_code(listing, columns))
    out.push_back(std::string(row.indent, ' ') + text.substr(row.first, row.last - row.first));
  return out;
}

using Rows = std::vector<std::string>;

TEST_CASE("a line that fits stays whole, an empty one too") {
  CHECK(broken("q = x", 20) == Rows{"q = x"});
  CHECK(broken("", 20) == Rows{""});
}

TEST_CASE("the comment goes first into a row of its own") {
  CHECK(broken("scores = q @ k.T  # n × n", 22) == Rows{"scores = q @ k.T", "    # n × n"});
}

TEST_CASE("code is broken after spaces and goes on further in") {
  CHECK(broken("    a = first + second", 20) == Rows{"    a = first + ", "        second"});
  CHECK(broken("abcdefghijklmnopqrstuvwxyz0123", 20) == Rows{"abcdefghijklmnopqrst", "    uvwxyz0123"});
}

TEST_CASE("Chinese characters take two columns and can be broken between") {
  CHECK(code_columns("键 k") == 4);
  CHECK(broken("# 一二三四五六七八九十", 14) == Rows{"# 一二三四五六", "    七八九十"});
}

TEST_CASE("all of a line is shown, once, however narrow") {
  const std::string text = "weights = exponentials / np.where(totals == 0, 1, totals)  # 每行之和为 1";
  for (std::size_t columns = 12; columns < 90; ++columns) {
    std::string all;
    for (const std::string& row : broken(text, columns)) {
      CHECK(code_columns(row) <= columns + 1);  // a space at the end may hang over
      for (const char c : row)
        if (c != ' ') all += c;
    }
    std::string expected;
    for (const char c : text)
      if (c != ' ') expected += c;
    CHECK(all == expected);
  }
}

}  // namespace
}  // namespace attn::ui
