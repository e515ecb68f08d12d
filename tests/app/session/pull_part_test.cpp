#include "app/session/pull_part.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "app/session/pull_gauge.h"
#include "app/session/pull_variables.h"
#include "core/attention/attention.h"
#include "tests/core/attention/random_input.h"
#include "tests/support/worst.h"

using namespace attn;
using namespace attn::session;

namespace {

constexpr std::size_t kRow = 30;

Input long_input(Config config, bool with_source, std::uint64_t seed, std::size_t width = 6) {
  test::Random random(seed);
  test::RandomShape shape;
  shape.n_queries = 70;
  shape.n_keys = 40;
  shape.d_model = width;
  shape.d_k = width / 3;
  config.heads = 4;
  config.kv_heads = 2;
  return test::random_input(config, with_source, random, shape);
}

std::vector<PullTarget> targets() {
  return {PullTarget::weight(3, kRow, 5), PullTarget::cell({Stage::scores, 2, kRow, 7}),
          PullTarget::cell({Stage::masked, 1, kRow, 8}), PullTarget::cell({Stage::head_outputs, 1, kRow, 2}),
          PullTarget::output_row(kRow)};
}

/// The slope of the first pulled number in everything that is free.
std::vector<double> slopes(const Input& pressed, const PullTarget& target, PullFreedom freedom,
                           const PullPart* part) {
  const Input input = part != nullptr ? part->of(pressed) : pressed;
  const Dimensions d = validate(input);
  const PullGauge gauge(input, d, part != nullptr ? part->target() : target);
  Arrays<double> arrays;
  forward<double>(input, d, arrays);
  Gradients<double> gradients = backward<double>(input, arrays, gauge.seed(arrays, 0));
  if (part != nullptr) gradients = part->whole_gradients(std::move(gradients));
  std::vector<double> result = FreeVariables(pressed, validate(pressed), freedom, target.row).pick(gradients);
  result.push_back(gauge.values(arrays)[0]);
  result.push_back(gauge.room(arrays));
  return result;
}

void check_same(const Input& pressed, const std::string& what) {
  for (const PullTarget& target : targets()) {
    const PullPart part(pressed, validate(pressed), target);
    REQUIRE(part.narrows());
    CHECK(validate(part.of(pressed)).n_queries == 1);
    for (const PullFreedom freedom :
         {PullFreedom::this_word, PullFreedom::all_words, PullFreedom::w_q_and_w_k, PullFreedom::w_v}) {
      const std::vector<double> found = slopes(pressed, target, freedom, &part);
      const std::vector<double> expected = slopes(pressed, target, freedom, nullptr);
      REQUIRE(found.size() == expected.size());
      double largest = 1;
      double off = 0;
      for (std::size_t i = 0; i < found.size(); ++i) {
        largest = std::max(largest, std::abs(expected[i]));
        off = test::worst(off, found[i] - expected[i]);
      }
      INFO(fmt::format("{}, {}, freedom {}: {} of {}", what, name(target.stage), static_cast<int>(freedom),
                       off, largest));
      CHECK(off <= 1e-12 * largest);
    }
  }
}

}  // namespace

TEST_CASE("pull part: values and slopes of the part are those of the whole") {
  for (int score = 0; score < 4; ++score) {
    Config config;
    config.score = static_cast<Score>(score);
    config.scale.kind = Scale::Kind::sqrt_dk;
    config.mask.causal = score % 2 == 0;
    if (score == 1) config.combine = Combine::mean;
    if (score == 3) config.mask.hidden_value = -2;
    if (score == 3) config.mask.window = 40;
    check_same(long_input(config, false, 3), fmt::format("score {}", score));
    config.mask = {};
    check_same(long_input(config, true, 4), fmt::format("score {} of a source", score));
  }
}

TEST_CASE("pull part: where a place or another row counts, all of it is taken") {
  const auto narrows = [](const Config& config, const PullTarget& target = targets()[0]) {
    const Input input = long_input(config, false, 5);
    return PullPart(input, validate(input), target).narrows();
  };
  CHECK(narrows({}));
  Config config;
  config.position = Position::alibi;
  CHECK_FALSE(narrows(config));
  config = {};
  config.softmax_axis = SoftmaxAxis::queries;
  CHECK_FALSE(narrows(config));
  config = {};
  config.dropout = Dropout{0.5, 1};
  CHECK_FALSE(narrows(config));
}

TEST_CASE("pull part: a pull on a long input arrives, and a whole pass says the same") {
  const Input pressed = long_input({}, false, 6, 36);
  for (const PullFreedom freedom :
       {PullFreedom::this_word, PullFreedom::all_words, PullFreedom::w_q_and_w_k}) {
    CAPTURE(static_cast<int>(freedom));
    PullSolver solver(pressed, PullTarget::weight(2, kRow, 5), freedom);
    for (const double goal : {0.1, 0.03}) {
      solver.set_goal({goal});
      solver.advance();
      CHECK(solver.report().end == PullEnd::arrived);
      Arrays<double> arrays;
      forward<double>(solver.input(), validate(solver.input()), arrays);
      CHECK(arrays.at({Stage::weights, 2, kRow, 5}) == doctest::Approx(goal).epsilon(1e-3));
      CHECK(arrays.at({Stage::weights, 2, kRow, 5}) ==
            doctest::Approx(solver.report().reached[0]).epsilon(1e-9));
    }
  }
}
