#include "app/session/copy.h"

#include <doctest/doctest.h>

#include <cmath>
#include <sstream>

#include "app/session/builtin.h"
#include "tests/app/session/documents.h"

using namespace attn;
using namespace attn::session;

namespace {

std::shared_ptr<const Trace> trace_of(const Input& input) {
  validate(input);
  return make_cpu_backend()->run(input, {}).trace;
}

std::string copy(const Trace& trace, Stage stage, CopyPart part, CopyFormat format) {
  const auto text = copy_text(trace, {stage, 0, 0, 1}, part, format);
  REQUIRE(text.has_value());
  return *text;
}

}  // namespace

TEST_CASE("copy: a number, a row and a matrix in each format") {
  const auto trace = trace_of(tests::three_words());
  CHECK(copy(*trace, Stage::scores, CopyPart::number, CopyFormat::text) == "8");
  CHECK(copy(*trace, Stage::scores, CopyPart::row, CopyFormat::text) == "5\t8\t11");
  CHECK(copy(*trace, Stage::scores, CopyPart::row, CopyFormat::latex) ==
        "\\begin{bmatrix}\n5 & 8 & 11\n\\end{bmatrix}");
  CHECK(copy(*trace, Stage::x, CopyPart::matrix, CopyFormat::latex) ==
        "\\begin{bmatrix}\n1 & 2 \\\\\n2 & 3 \\\\\n3 & 4\n\\end{bmatrix}");
  CHECK(copy(*trace, Stage::x, CopyPart::matrix, CopyFormat::text) == "1\t2\n2\t3\n3\t4");
  CHECK(copy(*trace, Stage::scores, CopyPart::row, CopyFormat::markdown) ==
        "| | x1 | x2 | x3 |\n|---|---:|---:|---:|\n| x1 | 5 | 8 | 11 |\n");
}

TEST_CASE("copy: what is copied reads back to the same float32") {
  Input input = tests::random_input(5, 6, 2, 3);
  const auto trace = trace_of(input);
  std::istringstream text(copy(*trace, Stage::weights, CopyPart::matrix, CopyFormat::text));
  const Read read = trace->read_head(Stage::weights, 0);
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 5; ++j) {
      float value = 0.0f;
      REQUIRE((text >> value));
      CHECK(value == read.values(i, j));
    }
  }
  float more = 0.0f;
  CHECK_FALSE((text >> more));
}

TEST_CASE("copy: hidden scores are infinities, small numbers powers of ten, and labels keep a table whole") {
  Input input = tests::three_words();
  input.config.mask.causal = true;
  input.tokens =
      std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"a|b", "c\nd", "e\\"});
  const auto trace = trace_of(input);
  CHECK(copy(*trace, Stage::masked, CopyPart::row, CopyFormat::text) == "5\t-inf\t-inf");
  CHECK(copy(*trace, Stage::masked, CopyPart::row, CopyFormat::latex) ==
        "\\begin{bmatrix}\n5 & -\\infty & -\\infty\n\\end{bmatrix}");
  CHECK(copy(*trace, Stage::masked, CopyPart::row, CopyFormat::markdown)
            .starts_with("| | a\\|b | c d | e\\\\ |\n"));
  input.x = input.x.with_cell(0, 0, 2.5e-12f);
  const auto small = trace_of(input);
  CHECK(*copy_text(*small, {Stage::x, 0, 0, 0}, CopyPart::number, CopyFormat::latex) ==
        "2.5 \\times 10^{-12}");
  CHECK_FALSE(copy_text(*small, {Stage::dropped, 0, 0, 0}, CopyPart::number, CopyFormat::text).has_value());
}
