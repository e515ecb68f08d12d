#include "app/session/pull_limit.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/attention/attention.h"
#include "tests/support/inputs.h"

using namespace attn;
using namespace attn::session;
using attn::tests::three_words;

namespace {

Input words(const Matrix& x) {
  Input input;
  input.tokens = tests::numbered_tokens(x.rows());
  input.x = SharedMatrix(x);
  return input;
}

}  // namespace

TEST_CASE("pull limit: a third for the middle of three words, nothing for the ends") {
  const auto middle = limit_by_parameters(three_words(), 0, 1);
  REQUIRE(middle.has_value());
  CHECK(middle->kind == PullLimit::Kind::midpoint);
  CHECK(middle->bound == doctest::Approx(1.0 / 3.0));
  CHECK(middle->key == 1);
  CHECK(middle->tokens == std::vector<std::size_t>{0, 2});
  CHECK(middle->share == 0.5);
  CHECK_FALSE(limit_by_parameters(three_words(), 0, 0).has_value());
  CHECK_FALSE(limit_by_parameters(three_words(), 2, 2).has_value());
}

TEST_CASE("pull limit: a quarter of the way gives 1 / (1 + 4 / 3^(3/4))") {
  // H(1/4) = ln 4 − (3/4) ln 3, so e^H = 4 / 3^0.75 = 1.7548 and the bound is 0.3630.
  const auto limit = limit_by_parameters(words({{0, 0}, {1, 2}, {4, 8}}), 1, 1);
  REQUIRE(limit.has_value());
  CHECK(limit->kind == PullLimit::Kind::between);
  CHECK(limit->bound == doctest::Approx(0.36300));
  CHECK(limit->share == 0.25);
}

TEST_CASE("pull limit: copies share alike, and the tightest bound is the one that is said") {
  const auto pair = limit_by_parameters(words({{1, 2}, {5, 1}, {1, 2}}), 0, 0);
  REQUIRE(pair.has_value());
  CHECK(pair->kind == PullLimit::Kind::duplicate);
  CHECK(pair->bound == 0.5);
  CHECK(pair->tokens == std::vector<std::size_t>{2});
  // Three copies (1/4 each) that are also midway between two others (1/3).
  const auto four = limit_by_parameters(words({{1, 1}, {1, 1}, {1, 1}, {1, 1}, {0, 0}, {2, 2}}), 0, 0);
  REQUIRE(four.has_value());
  CHECK(four->bound == 0.25);
  const auto midway = limit_by_parameters(words({{1, 1}, {1, 1}, {0, 0}, {2, 2}}), 0, 0);
  REQUIRE(midway.has_value());
  CHECK(midway->kind == PullLimit::Kind::midpoint);
}

TEST_CASE("pull limit: off the line, outside the segment or in the dark there is none") {
  CHECK_FALSE(limit_by_parameters(words({{1, 2}, {2, 3.000001f}, {3, 4}}), 0, 1).has_value());
  CHECK_FALSE(limit_by_parameters(words({{1, 2}, {4, 5}, {3, 4}}), 0, 1).has_value());
  CHECK_FALSE(limit_by_parameters(words(Matrix(1, 1, 7.0f)), 0, 0).has_value());
  Input causal = three_words();
  causal.config.mask.causal = true;
  CHECK_FALSE(limit_by_parameters(causal, 1, 1).has_value());  // x3 is hidden from x2
  CHECK(limit_by_parameters(causal, 2, 1).has_value());
  CHECK_FALSE(limit_by_parameters(causal, 0, 1).has_value());  // x2 is hidden itself
}

TEST_CASE("pull limit: only scores that are linear in the key have it") {
  using Change = void (*)(Config&);
  const std::vector<Change> without = {
      [](Config& c) { c.score = Score::cosine; },
      [](Config& c) { c.score = Score::additive; },
      [](Config& c) { c.position = Position::rope; },
      [](Config& c) { c.position = Position::alibi; },
      [](Config& c) { c.position = Position::sinusoidal; },
      [](Config& c) { c.normalise = Normalise::none; },
      [](Config& c) { c.softmax_axis = SoftmaxAxis::queries; },
      [](Config& c) { c.attend_over = AttendOver::features; },
  };
  for (std::size_t i = 0; i < without.size(); ++i) {
    Input input = three_words();
    without[i](input.config);
    CAPTURE(i);
    CHECK_FALSE(limit_by_parameters(input, 0, 1).has_value());
  }
  Input kept = three_words();
  kept.config.temperature = 0.1;
  kept.config.scale.kind = Scale::Kind::sqrt_dk;
  CHECK(limit_by_parameters(kept, 0, 1).has_value());
}

TEST_CASE("pull limit: no parameters that are tried come past it") {
  const Input base = words({{0, 0}, {1, 2}, {4, 8}});
  const double bound = limit_by_parameters(base, 0, 1)->bound;
  double largest = 0.0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Input input = base;
    input.parameters[ParameterId::w_q] = tests::random_matrix(2, 2, seed);
    input.parameters[ParameterId::w_k] = tests::random_matrix(2, 2, seed + 1000);
    input.parameters[ParameterId::b_q] = tests::random_matrix(1, 2, seed + 2000);
    Arrays<double> arrays;
    forward<double>(input, validate(input), arrays);
    largest = std::max(largest, arrays.at({Stage::weights, 0, 0, 1}));
  }
  CHECK(largest <= bound + 1e-12);
  CHECK(largest > 0.9 * bound);  // and some come near: the bound is worth saying
}
