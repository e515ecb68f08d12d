#include "core/attention/gradient.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "core/attention/attention.h"
#include "tests/core/attention/golden_case.h"
#include "tests/core/attention/random_input.h"

namespace attn {
namespace {

using test::Random;

template <class T>
Gradients<T> gradients_of(const Input& input, const GradientSeed& seed) {
  Arrays<T> arrays;
  forward<T>(input, validate(input), arrays);
  return backward<T>(input, arrays, seed);
}

template <class T>
std::vector<double> flat(const std::vector<BasicMatrix<T>>& heads) {
  std::vector<double> values;
  for (const auto& head : heads) values.insert(values.end(), head.values().begin(), head.values().end());
  return values;
}

template <class T>
std::vector<double> flat(const BasicMatrix<T>& m) {
  return {m.values().begin(), m.values().end()};
}

/// Every gradient under the name that files use.
template <class T>
std::map<std::string, std::vector<double>> by_name(const Gradients<T>& g) {
  std::map<std::string, std::vector<double>> named = {{"grad_x", flat(g.x)},
                                                      {"grad_scores", flat(g.scores)},
                                                      {"grad_scaled", flat(g.scaled)},
                                                      {"grad_weights", flat(g.weights)},
                                                      {"grad_head_outputs", flat(g.head_outputs)}};
  if (g.source_x) named["grad_source_x"] = flat(*g.source_x);
  for (const ParameterId id : kParameterIds) {
    const auto& parameter = g.parameters[static_cast<std::size_t>(id)];
    if (parameter) named["grad_" + std::string(name(id))] = flat(*parameter);
  }
  return named;
}

struct Worst {
  double error = 0.0;
  std::string where;
  void add(const std::string& name, std::size_t cell, double found, double expected) {
    const double difference = std::abs(found - expected);
    if (difference <= error) return;  // a NaN goes on
    error = std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
    where = name + " [" + std::to_string(cell) + "] found " + std::to_string(found) + " expected " +
            std::to_string(expected);
  }
};

template <class T>
void check_golden(const test::GoldenCase& golden, double tolerance) {
  GradientSeed seed = GradientSeed::ones(validate(golden.input));
  if (golden.seed_gradient) seed.output = golden.seed_gradient;
  const auto found = by_name(gradients_of<T>(golden.input, seed));
  double largest = 1.0;
  Worst worst;
  CHECK(found.size() == golden.expected.size());
  for (const auto& [name, expected] : golden.expected) {
    INFO(golden.name, " ", name);
    REQUIRE(found.contains(name));
    const std::vector<double>& values = found.at(name);
    REQUIRE(values.size() == expected.values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      largest = std::max(largest, std::abs(expected.values[i]));
      worst.add(name, i, values[i], expected.values[i]);
    }
  }
  INFO(golden.name, ": ", worst.where);
  CHECK(worst.error <= tolerance * largest);
}

/// The loss that a seed stands for, in float64.
double loss(const Input& input, const GradientSeed& seed) {
  Arrays<double> arrays;
  forward<double>(input, validate(input), arrays);
  double total = 0.0;
  const auto output = std::as_const(arrays).head(Stage::output, 0);
  for (std::size_t i = 0; seed.output && i < output.rows; ++i) {
    for (std::size_t j = 0; j < output.columns; ++j) {
      total += output(i, j) * static_cast<double>((*seed.output)(i, j));
    }
  }
  for (const WeightSeed& cell : seed.weights) {
    total += cell.gradient * arrays.at({Stage::weights, cell.head, cell.row, cell.column});
  }
  for (const CellSeed& seed_at : seed.cells) total += seed_at.gradient * arrays.at(seed_at.cell);
  return total;
}

/// dL/d of one number, by central differences at two steps and Richardson's extrapolation: the error
/// falls with the fourth power of the step. Steps are powers of two, so that x ± step is exact.
double numeric_derivative(const std::function<double(float)>& loss_at, float value) {
  constexpr float kStep = 0x1p-9F;
  const auto central = [&](float step) {
    return (loss_at(value + step) - loss_at(value - step)) / (2.0 * static_cast<double>(step));
  };
  return (4.0 * central(kStep / 2) - central(kStep)) / 3.0;
}

SharedMatrix identity(std::size_t size) {
  Matrix m(size, size);
  for (std::size_t i = 0; i < size; ++i) m(i, i) = 1.0F;
  return SharedMatrix(m);
}

/// The same input with identities written out, so that their cells can be moved.
Input with_written_identities(Input input) {
  const Dimensions d = validate(input);
  for (const ParameterId id : {ParameterId::w_q, ParameterId::w_k, ParameterId::w_v, ParameterId::w_o}) {
    if (!input.parameters[id]) input.parameters[id] = identity(parameter_shape(d, id).rows);
  }
  return input;
}

/// Compares `gradient` with the numeric derivative after every cell of the matrix that `slot` picks.
void compare_with_differences(const Input& input, const GradientSeed& seed, const std::string& name,
                              const std::function<SharedMatrix&(Input&)>& slot,
                              const BasicMatrix<double>& gradient, Worst& worst) {
  Input moved = input;
  const SharedMatrix original = slot(moved);
  REQUIRE(gradient.rows() == original.rows());
  REQUIRE(gradient.columns() == original.columns());
  for (std::size_t i = 0; i < original.rows(); ++i) {
    for (std::size_t j = 0; j < original.columns(); ++j) {
      const auto loss_at = [&](float value) {
        slot(moved) = original.with_cell(i, j, value);
        return loss(moved, seed);
      };
      worst.add(name, i * original.columns() + j, gradient(i, j),
                numeric_derivative(loss_at, original(i, j)));
    }
  }
}

void check_by_differences(const Input& given, const GradientSeed& seed) {
  const Gradients<double> gradients = gradients_of<double>(given, seed);
  const Input input = with_written_identities(given);
  Worst worst;
  compare_with_differences(
      input, seed, "x", [](Input& in) -> SharedMatrix& { return in.x; }, gradients.x, worst);
  if (input.source) {
    compare_with_differences(
        input, seed, "source_x", [](Input& in) -> SharedMatrix& { return in.source->x; }, *gradients.source_x,
        worst);
  }
  for (const ParameterId id : kParameterIds) {
    if (!input.parameters[id]) continue;
    const auto& gradient = gradients.parameters[static_cast<std::size_t>(id)];
    INFO(name(id));
    REQUIRE(gradient.has_value());
    compare_with_differences(
        input, seed, std::string(name(id)), [id](Input& in) -> SharedMatrix& { return *in.parameters[id]; },
        *gradient, worst);
  }
  double largest = 1.0;
  for (const auto& [name, values] : by_name(gradients)) {
    for (const double value : values) largest = std::max(largest, std::abs(value));
  }
  INFO(worst.where);
  CHECK(worst.error <= 1e-7 * largest);
}

/// A random gradient on the output, on three cells of the weights, two of them the same, and on a cell of
/// every other stage that may have one.
GradientSeed random_seed(const Input& input, Random& random) {
  const Dimensions d = validate(input);
  const StageShape weights = shape_of(Stage::weights, input, d);
  GradientSeed seed;
  seed.output = random.matrix(d.n_queries, d.d_out);
  for (int k = 0; k < 2; ++k) {
    seed.weights.push_back({random.below(weights.heads), random.below(weights.rows),
                            random.below(weights.columns), static_cast<double>(random.number())});
  }
  seed.weights.push_back(seed.weights.front());
  for (const Stage stage : {Stage::scores, Stage::scaled, Stage::head_outputs, Stage::output}) {
    const StageShape shape = shape_of(stage, input, d);
    const CellRef cell{stage, random.below(shape.heads), random.below(shape.rows),
                       random.below(shape.columns)};
    seed.cells.push_back({cell, static_cast<double>(random.number())});
  }
  return seed;
}

void check_config(const Config& config, bool with_source, std::uint64_t number) {
  Random random(number);
  const Input input = test::random_input(config, with_source, random);
  check_by_differences(input, random_seed(input, random));
}

Input three_words() {
  Input input;
  input.tokens = test::numbered_tokens(3);
  input.x = SharedMatrix(Matrix{{1, 2}, {2, 3}, {3, 4}});
  return input;
}

TEST_CASE("gradients agree with the reference cases, in float32 and more closely in float64") {
  for (const test::GoldenCase& golden : test::read_golden_cases("gradients")) {
    check_golden<float>(golden, 1e-4);
    check_golden<double>(golden, 1e-12);
  }
}

TEST_CASE("every kind of score has the derivative that differences give, also across grouped heads") {
  for (const Score score : {Score::dot, Score::cosine, Score::additive, Score::bilinear}) {
    CAPTURE(name(score));
    Config config;
    config.score = score;
    config.heads = 4;
    check_config(config, false, 1);
    config.kv_heads = 2;
    check_config(config, true, 2);
  }
}

TEST_CASE("scale, temperature and positions have the derivative that differences give") {
  Config config;
  config.heads = 2;
  config.scale.kind = Scale::Kind::sqrt_dk;
  config.temperature = 0.5;
  check_config(config, false, 3);
  config.scale = {Scale::Kind::number, -0.3};
  check_config(config, false, 4);
  for (const Position position : {Position::sinusoidal, Position::rope, Position::alibi}) {
    CAPTURE(name(position));
    config.position = position;
    check_config(config, false, 5);
    check_config(config, true, 6);
  }
}

TEST_CASE("every way to normalise has the derivative that differences give, masked or not, on both axes") {
  for (const Normalise normalise : {Normalise::softmax, Normalise::softmax_without_max, Normalise::none}) {
    for (const SoftmaxAxis axis : {SoftmaxAxis::keys, SoftmaxAxis::queries}) {
      CAPTURE(name(normalise));
      CAPTURE(name(axis));
      Config config;
      config.normalise = normalise;
      config.softmax_axis = axis;
      check_config(config, false, 7);
      config.mask.causal = true;
      check_config(config, true, 8);
      config.mask.hidden_value = 0.5;
      check_config(config, false, 9);
    }
  }
}

TEST_CASE("dropout, averaged heads and attention over features have the derivative that differences give") {
  Config dropout;
  dropout.heads = 2;
  dropout.dropout = Dropout{0.4, 11};
  check_config(dropout, false, 10);
  Config mean;
  mean.heads = 3;
  mean.combine = Combine::mean;
  check_config(mean, true, 11);
  Config features;
  features.attend_over = AttendOver::features;
  check_config(features, false, 12);
}

TEST_CASE("identities have the gradient of the matrix that they stand for") {
  Random random(13);
  for (const AttendOver over : {AttendOver::tokens, AttendOver::features}) {
    Input input;
    input.tokens = test::numbered_tokens(3);
    input.x = SharedMatrix(random.matrix(3, 4));
    input.config.attend_over = over;
    input.config.heads = over == AttendOver::tokens ? 2 : 1;
    input.parameters[ParameterId::b_k] = SharedMatrix(random.matrix(1, 4));
    const GradientSeed seed = random_seed(input, random);
    check_by_differences(input, seed);
    // An absent bias has no gradient; a given one has.
    const Gradients<double> gradients = gradients_of<double>(input, seed);
    CHECK_FALSE(gradients.parameters[static_cast<std::size_t>(ParameterId::b_q)].has_value());
    CHECK(gradients.parameters[static_cast<std::size_t>(ParameterId::b_k)].has_value());
    CHECK_FALSE(gradients.source_x.has_value());
  }
}

TEST_CASE("any combination of settings has the derivative that differences give") {
  for (std::uint64_t number = 100; number < 180; ++number) {
    CAPTURE(number);
    Random random(number);
    const bool with_source = random.coin();
    const test::RandomShape shape;
    const Config config =
        test::random_config(random, shape.n_queries, with_source ? shape.n_keys : shape.n_queries);
    const Input input = test::random_input(config, with_source, random);
    check_by_differences(input, random_seed(input, random));
  }
}

TEST_CASE("gradients are linear in the seed") {
  Random random(14);
  Config config;
  config.heads = 2;
  config.mask.causal = true;
  const Input input = test::random_input(config, false, random);
  const GradientSeed a = random_seed(input, random);
  const GradientSeed b = random_seed(input, random);
  GradientSeed combined;  // 2a − b/2
  combined.output = *a.output;
  for (std::size_t i = 0; i < a.output->rows(); ++i) {
    for (std::size_t j = 0; j < a.output->columns(); ++j) {
      (*combined.output)(i, j) = 2.0F * (*a.output)(i, j) - 0.5F * (*b.output)(i, j);
    }
  }
  for (WeightSeed cell : a.weights) {
    cell.gradient *= 2.0;
    combined.weights.push_back(cell);
  }
  for (WeightSeed cell : b.weights) {
    cell.gradient *= -0.5;
    combined.weights.push_back(cell);
  }
  for (const CellSeed& seed_at : a.cells) combined.cells.push_back({seed_at.cell, 2.0 * seed_at.gradient});
  for (const CellSeed& seed_at : b.cells) combined.cells.push_back({seed_at.cell, -0.5 * seed_at.gradient});
  const auto from_a = by_name(gradients_of<double>(input, a));
  const auto from_b = by_name(gradients_of<double>(input, b));
  for (const auto& [name, values] : by_name(gradients_of<double>(input, combined))) {
    CAPTURE(name);
    for (std::size_t i = 0; i < values.size(); ++i) {
      CHECK(values[i] == doctest::Approx(2.0 * from_a.at(name)[i] - 0.5 * from_b.at(name)[i]).epsilon(1e-12));
    }
  }
}

TEST_CASE("a seed that is empty gives zeros of every shape") {
  const Gradients<float> gradients = gradients_of<float>(three_words(), {});
  for (const auto& [name, values] : by_name(gradients)) {
    CAPTURE(name);
    CHECK(std::ranges::all_of(values, [](double value) { return value == 0.0; }));
  }
  CHECK(gradients.x.rows() == 3);
  CHECK(gradients.x.columns() == 2);
}

TEST_CASE("two equal scores: raising one weight raises its score by a quarter and lowers the other's") {
  Input input;
  input.tokens = test::numbered_tokens(2);
  input.x = SharedMatrix(Matrix{{1, 0}, {1, 0}});
  input.config.temperature = 0.5;
  GradientSeed seed;
  seed.weights = {{.head = 0, .row = 0, .column = 0, .gradient = 1.0}};
  const Gradients<double> gradients = gradients_of<double>(input, seed);
  // α = ½, ½:  dα₁/ds₁ = ½·½,  dα₁/ds₂ = −½·½;  the raw score counts twice at temperature ½.
  CHECK(gradients.weights[0] == MatrixD{{1, 0}, {0, 0}});
  CHECK(gradients.scaled[0] == MatrixD{{0.25, -0.25}, {0, 0}});
  CHECK(gradients.scores[0] == MatrixD{{0.5, -0.5}, {0, 0}});
  CHECK(gradients.head_outputs[0] == MatrixD{{0, 0}, {0, 0}});
}

TEST_CASE("a saturated softmax keeps the relative precision of its small gradients in float32") {
  Input input;
  input.tokens = test::numbered_tokens(2);
  input.x = SharedMatrix(Matrix{{0, 0}, {0, 5}});  // scores of word 2: 0 and 25
  GradientSeed seed;
  seed.weights = {{.head = 0, .row = 1, .column = 1, .gradient = 1.0}};
  const double share = 1.0 / (1.0 + std::exp(25.0));  // 1.4e-11: what is left for the first word
  const Gradients<float> gradients = gradients_of<float>(input, seed);
  CHECK(static_cast<double>(gradients.scores[0](1, 1)) / share == doctest::Approx(1.0).epsilon(1e-5));
  CHECK(static_cast<double>(gradients.scores[0](1, 0)) / share == doctest::Approx(-1.0).epsilon(1e-5));
}

TEST_CASE("hidden cells and empty rows pass nothing on, though a gradient arrives at their weights") {
  Input input = three_words();
  input.config.mask.allow =
      std::make_shared<const AllowMatrix>(AllowMatrix{3, 3, {1, 1, 0, 0, 0, 0, 1, 1, 1}});
  for (const std::optional<double> hidden_value : {std::optional<double>(), std::optional<double>(7.0)}) {
    input.config.mask.hidden_value = hidden_value;
    const Gradients<double> gradients = gradients_of<double>(input, GradientSeed::ones(validate(input)));
    const std::vector<std::pair<std::size_t, std::size_t>> hidden = {{0, 2}, {1, 0}, {1, 1}, {1, 2}};
    for (const auto& [i, j] : hidden) {
      CHECK(gradients.scores[0](i, j) == 0.0);
      CHECK(gradients.scaled[0](i, j) == 0.0);
      CHECK(gradients.weights[0](i, j) == 3.0 + 2.0 * static_cast<double>(j));  // the sum of v_j
    }
    CHECK(gradients.scores[0](2, 0) != 0.0);
  }
}

TEST_CASE("a zero vector has no direction: cosine gives it no gradient") {
  Input input;
  input.tokens = test::numbered_tokens(2);
  input.x = SharedMatrix(Matrix{{0, 0}, {3, 4}});
  input.config.score = Score::cosine;
  GradientSeed seed;
  seed.weights = {{.head = 0, .row = 0, .column = 1, .gradient = 1.0}};
  CHECK(gradients_of<double>(input, seed).x == MatrixD(2, 2));
  // A vector so short that its squares are 0 in float32 still has a direction, and turns easily.
  input.x = SharedMatrix(Matrix{{1e-30F, 0}, {0, 1}});
  const Gradients<float> tiny = gradients_of<float>(input, seed);
  const double e = std::exp(1.0);
  const double derivative = e / ((1.0 + e) * (1.0 + e));  // of α = 1 ÷ (1 + e^(1 − s)), at s = 0
  CHECK(static_cast<double>(tiny.x(0, 1)) == doctest::Approx(derivative * 1e30).epsilon(1e-5));
}

TEST_CASE("seeds that do not fit are refused with what was expected and found") {
  const Input input = three_words();
  Arrays<double> arrays;
  forward<double>(input, validate(input), arrays);
  GradientSeed seed;
  seed.output = Matrix(3, 1);
  CHECK_THROWS_WITH_AS(backward<double>(input, arrays, seed),
                       "gradient seed: expected 3 × 2, as the output, found 3 × 1", std::invalid_argument);
  seed.output = Matrix(2, 2);
  CHECK_THROWS_AS(backward<double>(input, arrays, seed), std::invalid_argument);
  for (const WeightSeed cell :
       {WeightSeed{1, 0, 0, 1.0}, WeightSeed{0, 3, 0, 1.0}, WeightSeed{0, 0, 3, 1.0}}) {
    CHECK_THROWS_AS(backward<double>(input, arrays, {.output = std::nullopt, .weights = {cell}, .cells = {}}),
                    std::invalid_argument);
  }
  CHECK_THROWS_WITH_AS(
      backward<double>(input, arrays, {.output = std::nullopt, .weights = {{0, 0, 3, 1.0}}, .cells = {}}),
      "gradient seed: expected a cell of weights, 1 × 3 × 3, found [0][0,3]", std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      backward<double>(input, arrays, {.output = {}, .weights = {}, .cells = {{{Stage::q}, 1.0}}}),
      "gradient seed: expected a cell of scores, scaled, head_outputs or output, found q",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(
      backward<double>(input, arrays,
                       {.output = {}, .weights = {}, .cells = {{{Stage::scores, 0, 3, 0}, 1.0}}}),
      "gradient seed: expected a cell of scores, 1 × 3 × 3, found [0][3,0]", std::invalid_argument);
}

}  // namespace
}  // namespace attn
