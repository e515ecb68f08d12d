// Every kind of attention, every target and every freedom: a goal that some input has is reached, and a goal
// that none has is refused for a reason that is true.

#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "app/session/pull.h"
#include "app/session/pull_reason.h"
#include "core/attention/attention.h"
#include "tests/support/inputs.h"

using namespace attn;
using namespace attn::session;
using attn::tests::random_input;
using attn::tests::random_matrix;
using attn::tests::three_words;

namespace {

struct Kind {
  std::string name;
  Input input;
};

Input changed(std::uint64_t seed, const std::function<void(Input&)>& change) {
  Input input = random_input(4, 4, 2, seed);
  change(input);
  return input;
}

void make_additive(Input& input) {
  input.config.score = Score::additive;
  input.parameters[ParameterId::additive_w_q] = random_matrix(2, 3, 101);
  input.parameters[ParameterId::additive_w_k] = random_matrix(2, 3, 102);
  input.parameters[ParameterId::additive_v] = random_matrix(1, 3, 103);
}

void hide_with_minus_one(Input& input) {
  input.config.mask.causal = true;
  input.config.mask.hidden_value = -1.0;
}

void make_features(Input& input) {
  input = Input{};
  input.tokens = tests::numbered_tokens(4);
  input.x = random_matrix(4, 3, 104);
  input.config.attend_over = AttendOver::features;
}

void allow_some(Input& input) {
  input.config.mask.allow = std::make_shared<const AllowMatrix>(
      AllowMatrix{4, 4, {1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1}});
}

std::vector<Kind> kinds() {
  std::vector<Kind> kinds = {{"dot", random_input(4, 4, 2, 1)}};
  const auto add = [&](std::string name, const std::function<void(Input&)>& change) {
    kinds.push_back({std::move(name), changed(kinds.size() + 1, change)});
  };
  add("scaled", [](Input& in) { in.config.scale.kind = Scale::Kind::sqrt_dk; });
  add("temperature", [](Input& in) { in.config.temperature = 0.5; });
  add("cosine", [](Input& in) { in.config.score = Score::cosine; });
  add("bilinear", [](Input& in) {
    in.config.score = Score::bilinear;
    in.parameters[ParameterId::bilinear] = random_matrix(2, 2, 105);
  });
  add("additive", make_additive);
  add("sinusoidal", [](Input& in) { in.config.position = Position::sinusoidal; });
  add("rope", [](Input& in) { in.config.position = Position::rope; });
  add("alibi", [](Input& in) { in.config.position = Position::alibi; });
  add("causal", [](Input& in) { in.config.mask.causal = true; });
  add("window", [](Input& in) { in.config.mask.window = 1; });
  add("padding", [](Input& in) {
    in.config.mask.padding =
        std::make_shared<const std::vector<std::uint8_t>>(std::vector<std::uint8_t>{1, 0, 0, 0});
  });
  add("own mask", allow_some);
  add("hidden value", hide_with_minus_one);
  add("without maximum", [](Input& in) { in.config.normalise = Normalise::softmax_without_max; });
  add("no softmax", [](Input& in) { in.config.normalise = Normalise::none; });
  add("softmax over queries", [](Input& in) { in.config.softmax_axis = SoftmaxAxis::queries; });
  add("dropout", [](Input& in) { in.config.dropout = Dropout{0.3, 7}; });
  add("mean of heads", [](Input& in) {
    in.config.combine = Combine::mean;
    in.parameters[ParameterId::w_o] = random_matrix(2, 4, 106);
  });
  add("grouped heads", [](Input& in) {
    in.config.kv_heads = 1;
    in.parameters[ParameterId::w_k] = random_matrix(4, 2, 107);
    in.parameters[ParameterId::w_v] = random_matrix(4, 2, 108);
    in.parameters[ParameterId::b_k] = random_matrix(1, 2, 109);
    in.parameters[ParameterId::b_v] = random_matrix(1, 2, 110);
  });
  add("cross-attention", [](Input& in) {
    in.source = Source{tests::numbered_tokens(5), random_matrix(5, 4, 111)};
  });
  add("features", make_features);
  return kinds;
}

SharedMatrix nudged(const SharedMatrix& m, std::uint64_t seed, double by) {
  Matrix result = m.dense();
  const Matrix noise = random_matrix(m.rows(), m.columns(), seed).dense();
  for (std::size_t i = 0; i < result.size(); ++i)
    result.data()[i] += static_cast<float>(by) * noise.data()[i];
  return SharedMatrix(result);
}

/// The input with everything that is free moved a little: whatever it gives can be reached.
Input another(Input input, PullFreedom freedom, std::size_t row) {
  constexpr double kBy = 0.2;
  const bool features = input.config.attend_over == AttendOver::features;
  const Dimensions d = validate(input);
  const auto nudge_parameter = [&](ParameterId id, std::uint64_t seed) {
    const ParameterShape shape = parameter_shape(d, id);
    Matrix identity(shape.rows, shape.columns);
    for (std::size_t i = 0; i < std::min(shape.rows, shape.columns); ++i) identity(i, i) = 1.0f;
    input.parameters[id] = nudged(input.parameters[id].value_or(SharedMatrix(identity)), seed, kBy);
  };
  switch (freedom) {
    case PullFreedom::this_word:
      if (!features) {
        const SharedMatrix moved = nudged(input.x, 51, kBy);
        const std::vector<float> values(moved.row(row).begin(), moved.row(row).end());
        input.x = input.x.with_row(row, values);
        break;
      }
      [[fallthrough]];
    case PullFreedom::all_words:
      input.x = nudged(input.x, 52, kBy);
      if (input.source) input.source->x = nudged(input.source->x, 53, kBy);
      break;
    case PullFreedom::w_q_and_w_k:
      nudge_parameter(ParameterId::w_q, 54);
      nudge_parameter(ParameterId::w_k, 55);
      break;
    case PullFreedom::w_v:
      nudge_parameter(ParameterId::w_v, 56);
      break;
  }
  return input;
}

/// The pulled numbers, from a forward pass that knows nothing of pulls.
std::vector<double> pulled_numbers(const Input& input, const PullTarget& target) {
  Arrays<double> arrays;
  forward<double>(input, validate(input), arrays);
  const auto row = arrays.head(target.stage, target.head).row(target.row);
  std::vector<double> numbers;
  for (const std::size_t column : target.columns) numbers.push_back(row[column]);
  if (!target.columns.empty()) return numbers;
  for (const std::vector<double>& direction : target.plane.directions) {
    double along = 0.0;
    for (std::size_t c = 0; c < direction.size(); ++c) along += direction[c] * row[c];
    numbers.push_back(along);
  }
  return numbers;
}

std::vector<PullTarget> targets_of(const Input& input) {
  const Dimensions d = validate(input);
  const std::size_t head = d.n_heads - 1;
  std::vector<PullTarget> targets;
  for (const Stage stage : {Stage::scores, Stage::scaled, Stage::biased, Stage::masked, Stage::weights}) {
    // Row 3 sees column 2 under every mask above; over features there are three rows.
    if (present(stage, input))
      targets.push_back(PullTarget::cell(
          {stage, head, std::min<std::size_t>(d.n_queries, shape_of(stage, input, d).rows) - 1, 2}));
  }
  const std::size_t d_v = shape_of(Stage::head_outputs, input, d).columns;
  targets.push_back(PullTarget::cell({Stage::head_outputs, head, 3, 1}));
  targets.push_back(PullTarget::cell({Stage::output, 0, 2, d.d_out - 1}));
  targets.push_back(PullTarget::output_row(1, {0, d.d_out - 1}));
  std::vector<double> slanted(d.d_out, 0.0);
  slanted[0] = 0.6;
  slanted[1] = 0.8;
  std::vector<double> other(d.d_out, 0.0);
  other[0] = 0.8;
  other[1] = -0.6;
  targets.push_back(PullTarget::in_plane(Stage::output, 0, 1, {{slanted, other}}));
  targets.push_back(PullTarget::in_plane(Stage::head_outputs, head, 2, feature_plane(d_v, 0, 1)));
  return targets;
}

bool before_values(const PullTarget& target) {
  return target.stage != Stage::output && target.stage != Stage::head_outputs;
}

PullReport pulled(const Input& input, const PullTarget& target, PullFreedom freedom,
                  std::vector<double> goal) {
  PullSolver solver(input, target, freedom);
  solver.set_goal(std::move(goal));
  solver.advance();
  return solver.report();
}

}  // namespace

TEST_CASE("pull kinds: whatever some input gives is reached, for every kind, target and freedom") {
  int count = 0;
  for (const Kind& kind : kinds()) {
    for (const PullTarget& target : targets_of(kind.input)) {
      for (const PullFreedom freedom :
           {PullFreedom::this_word, PullFreedom::all_words, PullFreedom::w_q_and_w_k, PullFreedom::w_v}) {
        if (freedom == PullFreedom::w_v && before_values(target)) continue;
        const std::vector<double> goal = pulled_numbers(another(kind.input, freedom, target.row), target);
        PullSolver solver(kind.input, target, freedom);
        solver.set_goal(goal);
        solver.advance();
        const std::vector<double> found = pulled_numbers(solver.input(), target);
        ++count;
        for (std::size_t i = 0; i < goal.size(); ++i) {
          INFO(fmt::format("{}, {}[{}][{}], {} free: {} after {} steps, goal {}, found {}", kind.name,
                           name(target.stage), target.head, target.row, name(freedom),
                           name(solver.report().end), solver.report().steps, goal[i], found[i]));
          CHECK(std::abs(found[i] - goal[i]) <= 1e-4 * std::max(1.0, std::abs(goal[i])));
          CHECK(solver.report().end == PullEnd::arrived);
          CHECK(solver.report().obstacle == PullObstacle::none);
        }
      }
    }
  }
  CHECK(count > 500);
}

TEST_CASE("pull kinds: a cosine stays between its bounds, and the bound is told") {
  // Three keys, scores between −1 and 1: at best e against two of 1/e.
  Input input = random_input(3, 4, 1, 21);
  input.config.score = Score::cosine;
  const PullReport r = pulled(input, PullTarget::weight(0, 0, 1), PullFreedom::all_words, {0.9});
  REQUIRE(r.range.has_value());
  const double best = std::exp(1.0) / (std::exp(1.0) + 2 * std::exp(-1.0));
  const double worst = std::exp(-1.0) / (std::exp(-1.0) + 2 * std::exp(1.0));
  CHECK((*r.range)[0] == doctest::Approx(worst));
  CHECK((*r.range)[1] == doctest::Approx(best));
  CHECK(r.end != PullEnd::arrived);
  CHECK(r.obstacle == PullObstacle::range);
  CHECK(r.reached[0] <= best);
  CHECK(r.reached[0] > best - 0.02);
  // The score itself ends at 1, its scaled one at the scale.
  input.config.scale = {Scale::Kind::number, 3.0};
  const PullReport score =
      pulled(input, PullTarget::cell({Stage::scores, 0, 0, 1}), PullFreedom::all_words, {1.5});
  CHECK(score.obstacle == PullObstacle::range);
  CHECK((*score.range)[1] == 1.0);
  const PullReport scaled =
      pulled(input, PullTarget::cell({Stage::scaled, 0, 0, 1}), PullFreedom::all_words, {2.0});
  CHECK(scaled.end == PullEnd::arrived);
  CHECK((*scaled.range)[1] == doctest::Approx(3.0));
}

TEST_CASE("pull kinds: an additive score stays below the sum of |v|") {
  Input input = random_input(4, 4, 2, 22);
  make_additive(input);
  double sum = 0.0;
  for (const float v : input.parameters[ParameterId::additive_v]->row(0))
    sum += std::abs(static_cast<double>(v));
  const PullReport r =
      pulled(input, PullTarget::cell({Stage::scores, 1, 0, 2}), PullFreedom::all_words, {sum + 1.0});
  CHECK((*r.range)[1] == doctest::Approx(sum));
  CHECK(r.obstacle == PullObstacle::range);
  CHECK(r.reached[0] < sum);
}

TEST_CASE("pull kinds: ALiBi's slope moves the bounds of a cosine") {
  // One head: slope 2^-8. Key 2 is 2 away from query 0: −2/256; the others 0 and −1/256.
  Input input = random_input(3, 4, 1, 23);
  input.config.score = Score::cosine;
  input.config.position = Position::alibi;
  const PullReport r = pulled(input, PullTarget::weight(0, 0, 2), PullFreedom::this_word, {0.99});
  const double own = std::exp(1.0 - 2.0 / 256.0);
  CHECK((*r.range)[1] == doctest::Approx(own / (own + std::exp(-1.0) + std::exp(-1.0 - 1.0 / 256.0))));
  CHECK(r.obstacle == PullObstacle::range);
}

TEST_CASE("pull kinds: parameters of scores cannot take an output out of the hull of the values") {
  // Values (1, 2), (2, 3), (3, 4) lie on a line: (2, 2) is beside it.
  const PullReport r = pulled(three_words(), PullTarget::output_row(0), PullFreedom::w_q_and_w_k, {2.0, 2.0});
  CHECK(r.end != PullEnd::arrived);
  CHECK(r.obstacle == PullObstacle::hull);
  // (2, 3) is on it, and can be reached.
  const PullReport on =
      pulled(three_words(), PullTarget::output_row(0), PullFreedom::w_q_and_w_k, {2.0, 3.0});
  CHECK(on.end == PullEnd::arrived);
  CHECK(on.obstacle == PullObstacle::none);
  // W_V moves the values themselves.
  const PullReport by_values = pulled(three_words(), PullTarget::output_row(0), PullFreedom::w_v, {2.0, 2.0});
  CHECK(by_values.end == PullEnd::arrived);
  // One number: the largest value is 3.
  const PullReport one =
      pulled(three_words(), PullTarget::cell({Stage::output, 0, 0, 0}), PullFreedom::w_q_and_w_k, {3.5});
  CHECK(one.obstacle == PullObstacle::hull);
  // A causal mask leaves word 1 its own value alone.
  Input causal = three_words();
  causal.config.mask.causal = true;
  const PullReport alone = pulled(causal, PullTarget::output_row(0), PullFreedom::w_q_and_w_k, {2.0, 3.0});
  CHECK(alone.end == PullEnd::nothing_free);
  CHECK(alone.obstacle == PullObstacle::hull);
}

TEST_CASE("pull kinds: a point is outside a hull when all corners lie within half a turn") {
  const std::vector<std::array<double, 2>> square = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
  CHECK_FALSE(outside_hull(square, {0.5, 0.5}));
  CHECK_FALSE(outside_hull(square, {1, 1}));
  CHECK_FALSE(outside_hull(square, {0.5, 0}));
  CHECK(outside_hull(square, {0.5, -0.01}));
  CHECK(outside_hull(square, {2, 2}));
  const std::vector<std::array<double, 2>> line = {{1, 0}, {3, 0}};
  CHECK_FALSE(outside_hull(line, {2, 0}));
  CHECK(outside_hull(line, {3.5, 0}));
}

TEST_CASE("pull kinds: where there is no way, the reason is the true one") {
  Input causal = random_input(4, 4, 2, 31);
  causal.config.mask.causal = true;
  const auto all = PullFreedom::all_words;
  CHECK(pulled(causal, PullTarget::weight(0, 1, 3), all, {0.5}).obstacle == PullObstacle::hidden);
  CHECK(pulled(causal, PullTarget::cell({Stage::masked, 0, 1, 3}), all, {0.5}).obstacle ==
        PullObstacle::hidden);
  // The raw score of a hidden cell is a score like any other.
  CHECK(pulled(causal, PullTarget::cell({Stage::scores, 0, 1, 3}), all, {0.5}).end == PullEnd::arrived);
  // The first word sees itself alone.
  CHECK(pulled(causal, PullTarget::weight(0, 0, 0), all, {0.5}).obstacle == PullObstacle::no_rival);
  CHECK(pulled(causal, PullTarget::weight(0, 2, 1), PullFreedom::w_v, {0.5}).obstacle == PullObstacle::after);
  // A weight whose score is hidden by a number moves as its rivals do, its masked score does not.
  causal.config.mask.hidden_value = 0.0;
  CHECK(pulled(causal, PullTarget::weight(0, 1, 3), all, {0.4}).end == PullEnd::arrived);
  CHECK(pulled(causal, PullTarget::cell({Stage::masked, 0, 1, 3}), all, {0.5}).obstacle ==
        PullObstacle::hidden);
  // Without a softmax a hidden weight is 0 and stays it.
  causal.config.mask.hidden_value.reset();
  causal.config.normalise = Normalise::none;
  CHECK(pulled(causal, PullTarget::weight(0, 1, 3), all, {0.5}).obstacle == PullObstacle::hidden);
  // All words at zero: every score is 0 and its slope too, though moving two words would move it.
  Input zeros = three_words();
  zeros.x = SharedMatrix(Matrix{{0, 0}, {0, 0}, {0, 0}});
  const PullReport flat = pulled(zeros, PullTarget::weight(0, 0, 1), all, {0.6});
  CHECK(flat.end == PullEnd::nothing_free);
  CHECK(flat.obstacle == PullObstacle::flat);
}

TEST_CASE("pull kinds: a weight that has left float64 is still led by its scores") {
  // Scores of 5, 8 and 11 times 10,000: α₁₁ = e^-60000 is 0 in any number.
  Input input = three_words();
  input.config.scale = {Scale::Kind::number, 10000.0};
  const PullReport r = pulled(input, PullTarget::weight(0, 0, 0), PullFreedom::all_words, {0.5});
  CAPTURE(name(r.end));
  CAPTURE(r.reached[0]);
  CHECK(r.start[0] == 0.0);
  CHECK(r.obstacle != PullObstacle::flat);
  CHECK(r.reached[0] > 0.1);
}
