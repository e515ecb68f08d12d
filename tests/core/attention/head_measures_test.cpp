#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <string>

#include "core/attention/attention.h"
#include "core/attention/head_measures.h"

using namespace attn;

namespace {

Input words(std::size_t n) {
  Input input;
  input.tokens = std::make_shared<const std::vector<std::string>>(n, "w");
  input.x = SharedMatrix(Matrix(n, 2));
  return input;
}

/// What is measured of a head whose weights are written out.
HeadMeasures measures(const Input& input, const Matrix& weights) {
  HeadMeasurer measurer(input, weights.rows(), weights.columns());
  for (std::size_t i = 0; i < weights.rows(); ++i) measurer.add_row(i, weights.row(i));
  return measurer.result();
}

double value(const HeadMeasures& m, HeadMeasure which) {
  REQUIRE_MESSAGE(m[which].has_value(), name(which), " is not measured");
  return *m[which];
}

}  // namespace

TEST_CASE("head measures of three rows worked by hand") {
  // Row 1: one token, 0 bits. Row 2: two halves, 1 bit. Row 3: 1/2, 1/4, 1/4: 0.5 + 0.5 + 0.5 = 1.5 bits.
  const HeadMeasures m = measures(words(3), {{1, 0, 0}, {0.5f, 0.5f, 0}, {0.25f, 0.25f, 0.5f}});
  CHECK(value(m, HeadMeasure::entropy) == doctest::Approx((0 + 1 + 1.5) / 3));
  // 0, then 1·½, then 2·¼ + 1·¼.
  CHECK(value(m, HeadMeasure::distance) == doctest::Approx((0 + 0.5 + 0.75) / 3));
  CHECK(value(m, HeadMeasure::self) == doctest::Approx((1 + 0.5 + 0.5) / 3));
  // The first token has none before it: ½ and ¼ over two rows.
  CHECK(value(m, HeadMeasure::previous) == doctest::Approx((0.5 + 0.25) / 2));
  CHECK(value(m, HeadMeasure::first) == doctest::Approx((1 + 0.5 + 0.25) / 3));
}

TEST_CASE("a head that looks only at the token before has previous 1 and distance 1 from the second row on") {
  const HeadMeasures m = measures(words(3), {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}});
  CHECK(value(m, HeadMeasure::previous) == doctest::Approx(1));
  CHECK(value(m, HeadMeasure::distance) == doctest::Approx(1));
  CHECK(value(m, HeadMeasure::self) == doctest::Approx(0));
  CHECK(value(m, HeadMeasure::entropy) == doctest::Approx(0));
}

TEST_CASE("rows that see nothing are left out of every mean") {
  const HeadMeasures with = measures(words(3), {{0, 0, 0}, {0.5f, 0.5f, 0}, {0, 0, 1}});
  CHECK(value(with, HeadMeasure::entropy) == doctest::Approx(0.5));
  CHECK(value(with, HeadMeasure::self) == doctest::Approx(0.75));
  const HeadMeasures nothing = measures(words(2), Matrix(2, 2));
  for (const HeadMeasure measure : kHeadMeasures) CHECK_FALSE(nothing[measure].has_value());
}

TEST_CASE("equal shares of n tokens have an entropy of log2 n bits") {
  for (const std::size_t n : {1, 2, 8, 100}) {
    CAPTURE(n);
    const HeadMeasures m = measures(words(n), Matrix(n, n, 1.0f / static_cast<float>(n)));
    CHECK(value(m, HeadMeasure::entropy) == doctest::Approx(std::log2(static_cast<double>(n))).epsilon(1e-5));
    CHECK(value(m, HeadMeasure::self) == doctest::Approx(1.0 / static_cast<double>(n)));
  }
}

TEST_CASE("with softmax over the queries the means are over columns") {
  Input input = words(3);
  input.config.softmax_axis = SoftmaxAxis::queries;
  // Columns: (1, 0, 0), (0, ½, ½), (0, 0, 0): the last one sees nothing.
  const HeadMeasures m = measures(input, {{1, 0, 0}, {0, 0.5f, 0}, {0, 0.5f, 0}});
  CHECK(value(m, HeadMeasure::entropy) == doctest::Approx(0.5));
  CHECK(value(m, HeadMeasure::self) == doctest::Approx((1 + 0.5) / 2));
  CHECK(value(m, HeadMeasure::distance) == doctest::Approx(0.5 / 2));
  // α21 = 0 of the first column, α32 = ½ of the second.
  CHECK(value(m, HeadMeasure::previous) == doctest::Approx((0 + 0.5) / 2));
  CHECK_FALSE(m[HeadMeasure::first].has_value());
}

TEST_CASE("cross-attention has entropy and first, features have entropy, raw scores have nothing") {
  Input cross = words(2);
  cross.source = Source{cross.tokens, cross.x};
  Input features = words(2);
  features.config.attend_over = AttendOver::features;
  Input raw = words(2);
  raw.config.normalise = Normalise::none;
  const Matrix weights{{0.5f, 0.5f}, {1, 0}};
  for (const HeadMeasure measure : kHeadMeasures) {
    CAPTURE(name(measure));
    const bool entropy = measure == HeadMeasure::entropy;
    CHECK(has_measure(measure, words(2)));
    CHECK(has_measure(measure, cross) == (entropy || measure == HeadMeasure::first));
    CHECK(has_measure(measure, features) == entropy);
    CHECK_FALSE(has_measure(measure, raw));
    CHECK(measures(cross, weights)[measure].has_value() == has_measure(measure, cross));
  }
  CHECK(value(measures(cross, weights), HeadMeasure::first) == doctest::Approx(0.75));
}

TEST_CASE("weights that are not finite are not measured") {
  Input input = words(2);
  input.config.normalise = Normalise::softmax_without_max;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const HeadMeasures m = measures(input, {{nan, 0}, {0.5f, 0.5f}});
  for (const HeadMeasure measure : kHeadMeasures) CHECK_FALSE(m[measure].has_value());
}

TEST_CASE("a whole head of a trace is measured as its rows are") {
  Input input = words(3);
  input.config.mask.causal = true;
  const Dimensions d = validate(input);
  auto arrays = std::make_shared<Arrays<float>>();
  forward<float>(input, d, *arrays);
  const StoredTrace trace(input, arrays, 1);
  // x is zero: every visible token gets the same share, 1, ½ and ⅓.
  const HeadMeasures m = measure_head(trace, 0);
  CHECK(value(m, HeadMeasure::first) == doctest::Approx((1 + 0.5 + 1.0 / 3) / 3));
  CHECK(value(m, HeadMeasure::entropy) == doctest::Approx((0 + 1 + std::log2(3.0)) / 3).epsilon(1e-5));
}
