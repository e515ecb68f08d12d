#include "core/attention/compare.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/attention/attention.h"
#include "tests/core/attention/golden_case.h"
#include "tests/core/attention/random_input.h"
#include "tests/core/attention/within_bound.h"
#include "tests/support/inputs.h"

using namespace attn;

namespace {

struct Pair {
  Arrays<float> found;
  Arrays<double> exact;
  Arrays<double> bound;
};

Pair both(const Input& input) {
  Pair pair;
  const Dimensions d = validate(input);
  forward<float>(input, d, pair.found);
  forward<double>(input, d, pair.exact);
  pair.bound = error_bounds(input, pair.exact);
  return pair;
}

void check_within(const Input& input, const std::string& what) {
  Arrays<float> found;
  forward<float>(input, validate(input), found);
  test::check_within_bound(input, found, what);
}

}  // namespace

TEST_CASE("float32 stays within the derived bound of float64 on every reference case") {
  for (const auto& golden : test::read_golden_cases("forward")) check_within(golden.input, golden.name);
}

TEST_CASE("float32 stays within the derived bound on hundreds of settings drawn by chance") {
  test::Random random(20);
  for (int k = 0; k < 300; ++k) {
    const bool with_source = random.coin();
    test::RandomShape shape;
    shape.n_queries = 1 + random.below(20);
    shape.n_keys = 1 + random.below(20);
    const std::size_t n_keys = with_source ? shape.n_keys : shape.n_queries;
    check_within(
        test::random_input(test::random_config(random, shape.n_queries, n_keys), with_source, random, shape),
        fmt::format("case {}", k));
  }
}

TEST_CASE("float32 stays within the derived bound at sizes around a tile and in wide heads") {
  for (const std::size_t n : {1, 15, 16, 17, 33, 96})
    check_within(tests::random_input(n, 24, 2, n), fmt::format("n {}", n));
  check_within(tests::random_input(9, 128, 1, 3), "d 128");
}

TEST_CASE("the bound is not so wide that a wrong formula would pass") {
  const Input input = tests::random_input(8, 16, 2, 4);
  Pair pair = both(input);
  const auto ratio_after = [&](const Input& wrong) {
    Arrays<float> other;
    forward<float>(wrong, validate(wrong), other);
    double worst = 0;
    for (const Stage stage : stages_of(input)) {
      worst = std::max(worst, compare_stage(stage, other, pair.exact, pair.bound).ratio);
    }
    return worst;
  };
  CHECK(ratio_after(input) <= 1.0);
  Input missing_scale = input;
  missing_scale.config.scale = {Scale::Kind::number, 1.001};
  CHECK(ratio_after(missing_scale) > 10.0);
  Input swapped = input;
  std::swap(swapped.parameters[ParameterId::w_q], swapped.parameters[ParameterId::w_k]);
  CHECK(ratio_after(swapped) > 1000.0);
  Input nudged = input;
  nudged.x = nudged.x.with_cell(3, 5, nudged.x(3, 5) + 1e-4f);
  CHECK(ratio_after(nudged) > 10.0);
}

TEST_CASE("a NaN or another pattern of infinities never passes") {
  Input input = tests::three_words();
  input.config.mask.causal = true;
  Pair pair = both(input);
  const auto masked = pair.found.head(Stage::masked, 0);
  masked(0, 2) = -4.0f;
  const StageError wrong_pattern = compare_stage(Stage::masked, pair.found, pair.exact, pair.bound);
  CHECK_FALSE(wrong_pattern.within());
  CHECK(wrong_pattern.problem == "masked[0][0,2]: found -4, expected -inf");
  pair.found.head(Stage::output, 0)(1, 1) = std::numeric_limits<float>::quiet_NaN();
  CHECK_FALSE(compare_stage(Stage::output, pair.found, pair.exact, pair.bound).within());
  CHECK(compare_stage(Stage::weights, pair.found, pair.exact, pair.bound).within());
}

TEST_CASE("traces of different shapes are not compared cell by cell") {
  const Pair three = both(tests::three_words());
  const Pair eight = both(tests::random_input(8, 2, 1, 1));
  CHECK(compare_stage(Stage::scores, three.found, eight.exact, eight.bound).problem ==
        "scores: the shapes differ");
}
