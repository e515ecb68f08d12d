#include "core/attention/attention.h"
#include "core/attention/product_operations.h"

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/attention/ops.h"
#include "tests/support/inputs.h"

using namespace attn;
using attn::tests::three_words;
using attn::tests::with_parameter;

namespace {

Arrays<float> run(const Input& input) {
  Arrays<float> arrays;
  forward<float>(input, validate(input), arrays);
  return arrays;
}

std::vector<float> row(const Arrays<float>& arrays, Stage stage, std::size_t head, std::size_t i) {
  const auto values = arrays.head(stage, head).row(i);
  return {values.begin(), values.end()};
}

void check_row(const Arrays<float>& arrays, Stage stage, std::size_t i, const std::vector<double>& expected,
               double tolerance) {
  const std::vector<float> found = row(arrays, stage, 0, i);
  REQUIRE(found.size() == expected.size());
  for (std::size_t j = 0; j < expected.size(); ++j) {
    CAPTURE(name(stage));
    CAPTURE(i);
    CAPTURE(j);
    CHECK(static_cast<double>(found[j]) == doctest::Approx(expected[j]).epsilon(tolerance));
  }
}

}  // namespace

TEST_CASE("three words: every score is the dot product worked by hand") {
  const Arrays<float> trace = run(three_words());
  CHECK(row(trace, Stage::scores, 0, 0) == std::vector<float>{5, 8, 11});
  CHECK(row(trace, Stage::scores, 0, 1) == std::vector<float>{8, 13, 18});
  CHECK(row(trace, Stage::scores, 0, 2) == std::vector<float>{11, 18, 25});
  CHECK(row(trace, Stage::scaled, 0, 2) == std::vector<float>{11, 18, 25});
}

TEST_CASE("three words: weights and output by hand, without and with the scale") {
  const double sum = std::exp(-6.0) + std::exp(-3.0) + 1;
  const std::vector<double> weights = {std::exp(-6.0) / sum, std::exp(-3.0) / sum, 1 / sum};
  const Arrays<float> plain = run(three_words());
  check_row(plain, Stage::weights, 0, weights, 1e-6);
  check_row(plain, Stage::output, 0, {2.947975, 3.947975}, 1e-6);

  Input input = three_words();
  input.config.scale.kind = Scale::Kind::sqrt_dk;
  const Arrays<float> scaled = run(input);
  check_row(scaled, Stage::weights, 0, {0.0127, 0.1057, 0.8816}, 5e-3);
  check_row(scaled, Stage::output, 0, {2.869, 3.869}, 5e-4);
}

TEST_CASE("temperature divides the scaled score") {
  Input input = three_words();
  input.config.scale = {Scale::Kind::number, 3.0};
  input.config.temperature = 2.0;
  CHECK(row(run(input), Stage::scaled, 0, 0) == std::vector<float>{7.5f, 12, 16.5f});
}

TEST_CASE("causal mask: the first token attends only to itself") {
  Input input = three_words();
  input.config.mask.causal = true;
  const Arrays<float> trace = run(input);
  constexpr float kHidden = -std::numeric_limits<float>::infinity();
  CHECK(row(trace, Stage::masked, 0, 0) == std::vector<float>{5, kHidden, kHidden});
  CHECK(row(trace, Stage::weights, 0, 0) == std::vector<float>{1, 0, 0});
  CHECK(row(trace, Stage::output, 0, 0) == std::vector<float>{1, 2});
}

TEST_CASE("a query that sees nothing has zero weights and a zero output, never NaN") {
  Input input = three_words();
  input.config.mask.padding =
      std::make_shared<const std::vector<std::uint8_t>>(std::vector<std::uint8_t>{1, 1, 1});
  for (const Normalise normalise : {Normalise::softmax, Normalise::softmax_without_max, Normalise::none}) {
    for (const SoftmaxAxis axis : {SoftmaxAxis::keys, SoftmaxAxis::queries}) {
      input.config.normalise = normalise;
      input.config.softmax_axis = axis;
      const Arrays<float> trace = run(input);
      CAPTURE(name(normalise));
      CAPTURE(name(axis));
      CHECK(row(trace, Stage::weights, 0, 1) == std::vector<float>{0, 0, 0});
      CHECK(row(trace, Stage::output, 0, 1) == std::vector<float>{0, 0});
    }
  }
}

TEST_CASE("a finite hidden value is normalised like any score") {
  Input input = three_words();
  input.config.mask.causal = true;
  input.config.mask.hidden_value = 5.0;
  check_row(run(input), Stage::weights, 0, {1.0 / 3, 1.0 / 3, 1.0 / 3}, 1e-6);
}

TEST_CASE("softmax over the queries makes columns sum to 1, not rows") {
  Input input = three_words();
  input.config.softmax_axis = SoftmaxAxis::queries;
  const Arrays<float> trace = run(input);
  for (std::size_t j = 0; j < 3; ++j) {
    double column = 0;
    for (std::size_t i = 0; i < 3; ++i) column += static_cast<double>(trace.head(Stage::weights, 0)(i, j));
    CHECK(column == doctest::Approx(1.0).epsilon(1e-6));
  }
  double first_row = 0;
  for (const float share : row(trace, Stage::weights, 0, 0)) first_row += static_cast<double>(share);
  CHECK(first_row == doctest::Approx(0.002).epsilon(0.3));
}

TEST_CASE("without the maximum removed, large scores overflow float32 and the NaN stands") {
  Input input = three_words();
  input.config.normalise = Normalise::softmax_without_max;
  input.config.scale = {Scale::Kind::number, 10.0};
  const Arrays<float> trace = run(input);
  CHECK(std::isnan(trace.head(Stage::weights, 0)(2, 2)));  // inf / inf
  CHECK(trace.head(Stage::weights, 0)(0, 0) == 0.0f);      // e^50 / inf
  Arrays<double> exact;
  forward<double>(input, validate(input), exact);
  CHECK(exact.head(Stage::weights, 0)(2, 2) == doctest::Approx(1.0));
}

TEST_CASE("scores past float32 are an error of the run, with one line") {
  Input input = three_words();
  input.x = SharedMatrix(Matrix{{1e20f, 0}, {1e20f, 0}, {0, 1}});
  CHECK_THROWS_WITH_AS(run(input), "scores[0][0,0]: past the range of float32 (3.4e38)", RunError);
  Arrays<double> exact;
  CHECK_THROWS_AS(forward<double>(input, validate(input), exact), RunError);
  input.config.normalise = Normalise::softmax_without_max;
  CHECK_NOTHROW(run(input));
}

TEST_CASE("cosine looks at the angle only, and a zero vector has none") {
  Input input = three_words();
  input.config.score = Score::cosine;
  input.x = SharedMatrix(Matrix{{3, 4}, {3e-30f, 4e-30f}, {0, 0}});
  const Arrays<float> trace = run(input);
  CHECK(trace.head(Stage::scores, 0)(0, 1) == doctest::Approx(1.0f));
  CHECK(trace.head(Stage::scores, 0)(0, 2) == 0.0f);
  CHECK(trace.head(Stage::scores, 0)(2, 2) == 0.0f);
}

TEST_CASE("grouped heads: query heads 0 and 1 read the first key/value head, 2 and 3 the second") {
  Dimensions d;
  d.n_heads = 4;
  d.n_kv_heads = 2;
  CHECK(d.kv_head(0) == 0);
  CHECK(d.kv_head(1) == 0);
  CHECK(d.kv_head(2) == 1);
  CHECK(d.kv_head(3) == 1);
}

TEST_CASE("shuffling the words shuffles the outputs along when there are no positions") {
  const Input input = tests::random_input(5, 4, 2, 11);
  Matrix x = input.x.dense();
  Matrix shuffled(5, 4);
  const std::vector<std::size_t> order = {3, 0, 4, 1, 2};
  for (std::size_t i = 0; i < 5; ++i) std::ranges::copy(x.row(order[i]), shuffled.row(i).begin());
  Input other = input;
  other.x = SharedMatrix(shuffled);
  const Arrays<float> a = run(input);
  const Arrays<float> b = run(other);
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t c = 0; c < 4; ++c) {
      CHECK(b.head(Stage::output, 0)(i, c) ==
            doctest::Approx(a.head(Stage::output, 0)(order[i], c)).epsilon(1e-5));
    }
  }
  other.config.position = Position::sinusoidal;
  CHECK(std::abs(run(other).head(Stage::output, 0)(0, 0) - a.head(Stage::output, 0)(3, 0)) > 1e-3f);
}

TEST_CASE("adding one number to every score leaves the weights alone") {
  Input input = tests::random_input(6, 4, 1, 5);
  const Arrays<float> before = run(input);
  BasicMatrix<float> scores(6, 6);
  BasicMatrix<float> weights(6, 6);
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = 0; j < 6; ++j) scores(i, j) = before.head(Stage::masked, 0)(i, j) + 100.0f;
  }
  softmax_rows<float>(view(scores), view(weights));
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = 0; j < 6; ++j) {
      CHECK(weights(i, j) == doctest::Approx(before.head(Stage::weights, 0)(i, j)).epsilon(1e-4));
    }
  }
}

TEST_CASE("dropout draws Philox4x32-10: its first words for the published test vectors") {
  // Random123's known answers: counter and key of zeros; then of ones.
  CHECK(dropout_uniform(0, 0, 0, 0) == static_cast<double>(0x6627e8d5u) * 0x1p-32);
}

TEST_CASE("memory that a trace may not take is refused with the figures") {
  const Input input = three_words();
  CHECK(trace_bytes(input, validate(input), 4) == (4 * 6 + 4 * 9 + 3 * 6) * 4);
  const auto backend = make_cpu_backend();
  RunOptions options;
  options.memory_limit = 311;
  CHECK_THROWS_WITH_AS(backend->run(input, options),
                       "the trace of 3 queries × 3 keys × 1 heads needs 312 bytes, allowed are 311",
                       RunError);
  options.memory_limit = 312;
  CHECK(backend->run(input, options).trace->read_cell({Stage::scores, 0, 0, 2}).values(0, 0) == 11.0f);
}

TEST_CASE("a run tells how long its stages took, and what their products were, where somebody asks") {
  const auto backend = make_cpu_backend();
  const Input input = attn::tests::random_input(200, 64, 2, 7);
  CHECK(backend->run(input, {}).times.empty());
  RunOptions options;
  options.measures = true;
  const RunResult result = backend->run(input, options);
  std::vector<Stage> stages;
  for (const StageTime& time : result.times) {
    CHECK(time.seconds > 0.0);
    stages.insert(stages.end(), time.stages.begin(), time.stages.end());
    const bool product = time.stages.front() == Stage::q || time.stages.front() == Stage::scores;
    if (product) CHECK(time.operations > 0.0);
    if (time.stages.front() == Stage::x) CHECK(time.operations == 0.0);
  }
  CHECK(stages == stages_of(input));
}

TEST_CASE("products are counted as on paper, with what a causal mask skips left out") {
  Input input = attn::tests::random_input(4, 6, 2, 7);
  input.config.mask.causal = true;
  const Dimensions d = validate(input);
  const CellRect all{0, 0, 4, 4};
  CHECK(product_operations(Stage::q, input, d, std::vector<CellRect>{{0, 0, 4, 3}}, false) ==
        2.0 * 4 * 6 * 6);
  CHECK(product_operations(Stage::scores, input, d, std::vector<CellRect>{all}, false) == 2.0 * 2 * 16 * 3);
  CHECK(product_operations(Stage::scores, input, d, std::vector<CellRect>{all}, true) == 2.0 * 2 * 10 * 3);
  CHECK(product_operations(Stage::head_outputs, input, d, std::vector<CellRect>{all}, true) ==
        2.0 * 2 * 10 * 3);
  CHECK(product_operations(Stage::weights, input, d, std::vector<CellRect>{all}, true) == 0.0);
}

TEST_CASE("a run that is cancelled stops") {
  Progress progress;
  progress.cancel = true;
  Arrays<float> arrays;
  const Input input = three_words();
  CHECK_THROWS_AS(forward<float>(input, validate(input), arrays, &progress), Cancelled);
}

TEST_CASE("a trace is read by address, and refuses what is outside") {
  const auto trace = make_cpu_backend()->run(three_words(), {}).trace;
  CHECK(trace->read_head(Stage::weights, 0).values.rows == 3);
  CHECK(trace->read(Stage::scores, 0, {1, 1, 2, 2}).values(1, 0) == 18.0f);
  CHECK(trace->read_cell({Stage::scores, 1, 0, 0}).error == "scores[1][0,0]: outside 1 × 3 × 3");
  CHECK(trace->read_cell({Stage::scores, 0, 0, 3}).state == ReadState::failed);
  CHECK(trace->read(Stage::scores, 0, {std::numeric_limits<std::size_t>::max(), 0, 2, 1}).state ==
        ReadState::failed);
  CHECK(trace->read_head(Stage::dropped, 0).error == "dropped: this scenario has no such stage");
}

TEST_CASE("arrays that nobody reads any more are used again") {
  const auto backend = make_cpu_backend();
  auto first = backend->run(three_words(), {}).trace;
  const float* where = first->read_head(Stage::x, 0).values.data;
  first.reset();
  CHECK(backend->run(three_words(), {}).trace->read_head(Stage::x, 0).values.data == where);
}
