#include "core/attention/output_parts.h"

#include <doctest/doctest.h>

#include <memory>

#include "core/attention/attention.h"
#include "tests/core/attention/trace_of.h"

using namespace attn;

namespace {

/// One word: every head's output is its own part of x.
Input one_word() {
  Input input;
  input.tokens = std::make_shared<const std::vector<std::string>>(1, "w");
  input.x = SharedMatrix(Matrix{{1, 2, 3, 4}});
  input.config.heads = 2;
  return input;
}

}  // namespace

TEST_CASE("each head meets its own rows of W_O: parts worked by hand") {
  Input input = one_word();
  input.parameters[ParameterId::w_o] = SharedMatrix(Matrix{{1, 0}, {10, 0}, {2, 1}, {0, 5}});
  input.parameters[ParameterId::b_o] = SharedMatrix(Matrix{{0.5f, -1}});
  const auto trace = test::trace_of(input);
  // Head 1 has (1, 2) and rows 1 and 2: 1·1 + 2·10. Head 2 has (3, 4) and rows 3 and 4: 3·2 + 4·0.
  const auto parts = output_parts(*trace, 0, 0);
  REQUIRE(parts);
  CHECK(parts->heads == std::vector<double>{21.0, 6.0});
  CHECK(parts->bias == 0.5);
  CHECK(parts->total == 27.5);
  const auto second = output_parts(*trace, 0, 1);
  REQUIRE(second);
  CHECK(second->heads == std::vector<double>{0.0, 3.0 + 20.0});
  CHECK(second->total == 22.0);
  CHECK(rows_of_head(input, trace->dimensions(), 1).first == 2);
  CHECK(rows_of_head(input, trace->dimensions(), 1).last == 4);
}

TEST_CASE("without W_O a number of the output comes from one head alone") {
  const auto parts = output_parts(*test::trace_of(one_word()), 0, 3);
  REQUIRE(parts);
  CHECK(parts->heads == std::vector<double>{0.0, 4.0});
  CHECK(parts->bias == 0.0);
}

TEST_CASE("averaged heads share all rows of W_O") {
  Input input = one_word();
  input.config.combine = Combine::mean;
  const auto parts = output_parts(*test::trace_of(input), 0, 0);
  REQUIRE(parts);
  CHECK(parts->heads == std::vector<double>{0.5, 1.5});
  CHECK(parts->total == 2.0);
}

TEST_CASE("the parts of all heads sum to the output of the trace") {
  Input input = one_word();
  Matrix x(5, 4);
  Matrix w(4, 3);
  for (std::size_t i = 0; i < 5; ++i)
    for (std::size_t c = 0; c < 4; ++c) x(i, c) = static_cast<float>((i * 5 + c * 3) % 7) - 3.0f;
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t c = 0; c < 3; ++c) w(i, c) = static_cast<float>((i * 2 + c * 5) % 9) / 4.0f - 1.0f;
  input.tokens = std::make_shared<const std::vector<std::string>>(5, "w");
  input.x = SharedMatrix(x);
  input.parameters[ParameterId::w_o] = SharedMatrix(w);
  const auto trace = test::trace_of(input);
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      CAPTURE(i);
      CAPTURE(c);
      const double output = static_cast<double>(trace->read_cell({Stage::output, 0, i, c}).values(0, 0));
      CHECK(output_parts(*trace, i, c)->total == doctest::Approx(output).epsilon(1e-5));
    }
  }
  CHECK_THROWS_AS(output_parts(*trace, 5, 0), std::out_of_range);
}
