// Every reference case, stage by stage, within the tolerance that the file format promises.

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include <doctest/doctest.h>

#include "core/attention/attention.h"
#include "tests/core/attention/golden_case.h"

using namespace attn;

namespace {

constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

double largest_finite(std::span<const double> values) {
  double largest = 0;
  for (const double value : values) {
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
  }
  return largest;
}

template <class T>
double worst_ratio(const Input& input, Stage stage, std::span<const T> found,
                   const test::ExpectedArray& expected, double relative) {
  REQUIRE(found.size() == expected.values.size());
  const bool finite_hidden = stage == Stage::masked && input.config.mask.hidden_value.has_value();
  const std::size_t n_keys = expected.shape.back();
  const std::size_t n_queries = expected.shape[expected.shape.size() - 2];
  double largest = 0;
  double worst = 0;
  for (std::size_t c = 0; c < found.size(); ++c) {
    const bool hidden = finite_hidden && !visible(input.config.mask, c / n_keys % n_queries, c % n_keys);
    if (!hidden && std::isfinite(expected.values[c]))
      largest = std::max(largest, std::abs(expected.values[c]));
  }
  const double allowed = relative * std::max(1.0, largest);
  for (std::size_t c = 0; c < found.size(); ++c) {
    const double f = static_cast<double>(found[c]);
    const double e = expected.values[c];
    CAPTURE(c);
    if (finite_hidden && !visible(input.config.mask, c / n_keys % n_queries, c % n_keys)) {
      CHECK(f == static_cast<double>(static_cast<T>(*input.config.mask.hidden_value)));
      continue;
    }
    CHECK((f == kMinusInfinity) == (e == kMinusInfinity));
    if (e == kMinusInfinity) continue;
    const double difference = std::abs(f - e);
    if (!(difference <= worst * allowed)) worst = difference / allowed;  // a NaN is worse than anything
  }
  return worst;
}

template <class T>
void check_case(const test::GoldenCase& golden, double relative_small, double relative_large) {
  CAPTURE(golden.name);
  Arrays<T> trace;
  forward<T>(golden.input, validate(golden.input), trace);
  double largest_scaled = 0;
  for (const T value : trace.all(Stage::scaled))
    largest_scaled = std::max(largest_scaled, std::abs(static_cast<double>(value)));
  const double relative = largest_scaled > 100 ? relative_large : relative_small;
  for (const auto& [array, expected] : golden.expected) {
    CAPTURE(array);
    const auto stage = stage_from_name(array);
    REQUIRE(stage.has_value());
    REQUIRE(trace.has(*stage));
    const double worst =
        worst_ratio<T>(golden.input, *stage, std::as_const(trace).all(*stage), expected, relative);
    CHECK(worst <= 1.0);
  }
  if (golden.expected.contains("x")) {  // complete cases: nothing more, nothing less
    CHECK(golden.expected.size() == stages_of(golden.input).size());
  }
}

}  // namespace

TEST_CASE("every reference case passes stage by stage in float32, within the promised tolerance") {
  const auto cases = test::read_golden_cases("forward");
  CHECK(cases.size() == 61);
  for (const auto& golden : cases) check_case<float>(golden, 1e-5, 1e-4);
}

TEST_CASE("every reference case passes in float64, far within it") {
  for (const auto& golden : test::read_golden_cases("forward")) check_case<double>(golden, 1e-12, 1e-10);
}

TEST_CASE("the reference cases reach past zero") {
  for (const auto& golden : test::read_golden_cases("forward")) {
    CAPTURE(golden.name);
    CHECK(largest_finite(golden.expected.at("output").values) > 0);
  }
}
