#include "app/session/pull.h"

#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/attention/attention.h"
#include "tests/support/inputs.h"

using namespace attn;
using namespace attn::session;
using attn::tests::random_input;
using attn::tests::three_words;

namespace {

/// The weights or the output as anybody else would compute them from the input that a pull gave.
double recomputed(const Input& input, const CellRef& cell) {
  Arrays<double> arrays;
  forward<double>(input, validate(input), arrays);
  return arrays.at(cell);
}

PullSolver solved(const Input& input, const PullTarget& target, PullFreedom freedom,
                  std::vector<double> goal) {
  PullSolver solver(input, target, freedom);
  solver.set_goal(std::move(goal));
  solver.advance();
  return solver;
}

std::string described(const PullReport& r) {
  return fmt::format("{} after {} steps, reached {}, distance {}, moved {}, give {}", name(r.end), r.steps,
                     r.reached[0], r.distance, r.moved, r.give);
}

Input with_scale(Input input) {
  input.config.scale.kind = Scale::Kind::sqrt_dk;
  return input;
}

Input additive_input(std::uint64_t seed) {
  Input input = random_input(4, 4, 2, seed);
  input.config.score = Score::additive;
  input.parameters[ParameterId::additive_w_q] = tests::random_matrix(2, 3, seed + 1);
  input.parameters[ParameterId::additive_w_k] = tests::random_matrix(2, 3, seed + 2);
  input.parameters[ParameterId::additive_v] = tests::random_matrix(1, 3, seed + 3);
  return input;
}

}  // namespace

TEST_CASE("pull: word 1 is made to listen to itself by moving word 1 alone") {
  const Input pressed = three_words();
  const PullSolver solver = solved(pressed, PullTarget::weight(0, 0, 0), PullFreedom::this_word, {0.7});
  const PullReport& r = solver.report();
  CAPTURE(described(r));
  CHECK(r.end == PullEnd::arrived);
  CHECK(r.start[0] == doctest::Approx(0.0023556));
  CHECK(recomputed(solver.input(), {Stage::weights, 0, 0, 0}) == doctest::Approx(0.7).epsilon(1e-4));
  CHECK(recomputed(solver.input(), {Stage::weights, 0, 0, 0}) == r.reached[0]);
  // Nothing else moved.
  CHECK(solver.input().x(1, 0) == 2.0f);
  CHECK(solver.input().x(2, 1) == 4.0f);
  CHECK_FALSE(solver.input().parameters[ParameterId::w_q].has_value());
}

TEST_CASE("pull: the middle of three words at equal steps never gets more than a third by parameters") {
  const PullSolver solver =
      solved(three_words(), PullTarget::weight(0, 0, 1), PullFreedom::w_q_and_w_k, {0.6});
  const PullReport& r = solver.report();
  CAPTURE(described(r));
  CHECK(r.end == PullEnd::held_back);
  CHECK(r.reached[0] > 0.33);
  CHECK(r.reached[0] <= 1.0 / 3.0 + 1e-6);
  CHECK(r.distance == doctest::Approx(0.6 - r.reached[0]));
  REQUIRE(r.limit.has_value());
  CHECK(r.limit->kind == PullLimit::Kind::midpoint);
  CHECK(r.limit->bound == doctest::Approx(1.0 / 3.0));
  CHECK(r.limit->tokens == std::vector<std::size_t>{0, 2});
  CHECK(solver.input().parameters[ParameterId::w_q].has_value());
}

TEST_CASE("pull: a goal below the bound arrives and says nothing about the bound") {
  const PullSolver solver =
      solved(three_words(), PullTarget::weight(0, 0, 1), PullFreedom::w_q_and_w_k, {0.3});
  CAPTURE(described(solver.report()));
  CHECK(solver.report().end == PullEnd::arrived);
  CHECK_FALSE(solver.report().limit.has_value());
}

TEST_CASE("pull: an output ring follows when all words may move, and when W_V may") {
  for (const PullFreedom freedom : {PullFreedom::all_words, PullFreedom::w_v}) {
    const PullSolver solver = solved(three_words(), PullTarget::output_row(0), freedom, {2.0, 1.5});
    CAPTURE(name(freedom));
    CAPTURE(described(solver.report()));
    CHECK(solver.report().end == PullEnd::arrived);
    CHECK(recomputed(solver.input(), {Stage::output, 0, 0, 0}) == doctest::Approx(2.0).epsilon(1e-4));
    CHECK(recomputed(solver.input(), {Stage::output, 0, 0, 1}) == doctest::Approx(1.5).epsilon(1e-4));
  }
}

TEST_CASE("pull: a saturated softmax is left by its logit") {
  // α[2][0] of the three words, ten times as long: e^-140, next to nothing.
  Input pressed = three_words();
  pressed.x = SharedMatrix(Matrix{{10, 20}, {20, 30}, {30, 40}});
  PullSolver solver(pressed, PullTarget::weight(0, 0, 0), PullFreedom::this_word);
  CHECK(solver.report().stiffness == Stiffness::saturated);
  CHECK(solver.report().room < 1e-100);
  solver.set_goal({0.5});
  solver.advance();
  CAPTURE(described(solver.report()));
  CHECK(solver.report().end == PullEnd::arrived);
  CHECK(solver.report().stiffness == Stiffness::loose);

  // The other end: α within 1e-16 of 1, where 1 − α is lost in the number itself.
  PullSolver down(pressed, PullTarget::weight(0, 0, 2), PullFreedom::this_word);
  CHECK(down.report().stiffness == Stiffness::saturated);
  down.set_goal({0.5});
  down.advance();
  CAPTURE(described(down.report()));
  CHECK(down.report().end == PullEnd::arrived);
}

TEST_CASE("pull: every kind of attention can be pulled") {
  struct Case {
    std::string name;
    Input input;
  };
  Input causal = random_input(4, 4, 2, 3);
  causal.config.mask.causal = true;
  Input cosine = random_input(4, 4, 2, 4);
  cosine.config.score = Score::cosine;
  cosine.config.temperature = 0.2;
  Input rope = random_input(4, 4, 2, 5);
  rope.config.position = Position::rope;
  Input queries = random_input(4, 4, 2, 6);
  queries.config.softmax_axis = SoftmaxAxis::queries;
  Input cross = random_input(4, 4, 2, 7);
  cross.source = Source{tests::numbered_tokens(5), tests::random_matrix(5, 4, 8)};
  Input features;
  features.tokens = tests::numbered_tokens(3);
  features.x = tests::random_matrix(3, 3, 9);
  features.config.attend_over = AttendOver::features;
  const std::vector<Case> cases = {{"two heads", random_input(4, 4, 2, 1)},
                                   {"scaled", with_scale(three_words())},
                                   {"causal", causal},
                                   {"cosine", cosine},
                                   {"additive", additive_input(2)},
                                   {"rope", rope},
                                   {"softmax over queries", queries},
                                   {"cross-attention", cross},
                                   {"features", features}};
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const bool has_two_heads = c.input.config.heads == 2;
    const PullTarget target = PullTarget::weight(has_two_heads ? 1 : 0, 2, 1);
    const double start = PullSolver(c.input, target, PullFreedom::all_words).report().start[0];
    const double goal = start > 0.5 ? start - 0.1 : start + 0.1;
    for (const PullFreedom freedom : {PullFreedom::this_word, PullFreedom::all_words}) {
      const PullSolver solver = solved(c.input, target, freedom, {goal});
      CAPTURE(name(freedom));
      CAPTURE(described(solver.report()));
      CHECK(solver.report().end == PullEnd::arrived);
      CHECK(recomputed(solver.input(), {Stage::weights, target.head, 2, 1}) ==
            doctest::Approx(goal).epsilon(1e-3));
    }
  }
}

TEST_CASE("pull: without a softmax the weight itself is led, past 1 if asked") {
  Input pressed = three_words();
  pressed.config.normalise = Normalise::none;
  const PullSolver solver = solved(pressed, PullTarget::weight(0, 0, 1), PullFreedom::this_word, {9.5});
  CAPTURE(described(solver.report()));
  CHECK(solver.report().start[0] == 8.0);
  CHECK(solver.report().end == PullEnd::arrived);
  CHECK(solver.report().stiffness == Stiffness::loose);
}

TEST_CASE("pull: what is free and has no effect is said at once") {
  // W_V is behind the weights.
  PullSolver solver = solved(three_words(), PullTarget::weight(0, 0, 0), PullFreedom::w_v, {0.7});
  CHECK(solver.report().end == PullEnd::nothing_free);
  CHECK(solver.report().obstacle == PullObstacle::after);
  CHECK(solver.report().give == 0.0);
  CHECK(solver.report().steps == 0);
  CHECK(solver.input().x.same_as(three_words().x) == false);  // another three words, the same values
  CHECK(equal_values(solver.input().x, three_words().x));

  Input causal = three_words();
  causal.config.mask.causal = true;
  const PullSolver hidden = solved(causal, PullTarget::weight(0, 0, 1), PullFreedom::all_words, {0.7});
  CHECK(hidden.report().end == PullEnd::nothing_free);
  CHECK(hidden.report().obstacle == PullObstacle::hidden);
  CHECK(hidden.report().reached[0] == 0.0);
}

TEST_CASE("pull: back at the pressed value the pressed input is back, chunk by chunk") {
  const Input pressed = three_words();
  PullSolver solver(pressed, PullTarget::weight(0, 0, 0), PullFreedom::all_words);
  const double start = solver.report().start[0];
  solver.set_goal({0.4});
  solver.advance();
  CHECK_FALSE(same_input(solver.input(), pressed));
  solver.set_goal({start});
  solver.advance();
  CHECK(solver.report().end == PullEnd::arrived);
  CHECK(solver.report().steps == 0);
  CHECK(same_input(solver.input(), pressed));
}

TEST_CASE("pull: the same goal gives the same answer, however the pull went there") {
  PullSolver straight(three_words(), PullTarget::weight(0, 0, 0), PullFreedom::this_word);
  straight.set_goal({0.5});
  straight.advance();
  PullSolver wandering(three_words(), PullTarget::weight(0, 0, 0), PullFreedom::this_word);
  for (const double goal : {0.1, 0.9, 0.2, 0.5}) {
    wandering.set_goal({goal});
    while (wandering.advance(1)) {
    }
  }
  CHECK(equal_values(straight.input().x, wandering.input().x));
}

TEST_CASE("pull: every step comes nearer") {
  PullSolver solver(three_words(), PullTarget::output_row(1), PullFreedom::all_words);
  solver.set_goal({-1.0, 2.0});
  double before = solver.report().distance;
  while (solver.advance(1)) {
    CHECK(solver.report().distance <= before);
    before = solver.report().distance;
  }
  CHECK(solver.report().end == PullEnd::arrived);
}

TEST_CASE("pull: a deadline that has passed leaves the pull where it is") {
  PullSolver solver(three_words(), PullTarget::weight(0, 0, 0), PullFreedom::this_word);
  solver.set_goal({0.7});
  CHECK(solver.advance(PullSolver::kMaxSteps, std::chrono::steady_clock::time_point::min()));
  CHECK(solver.report().steps == 0);
  CHECK(solver.report().end == PullEnd::moving);
}

TEST_CASE("pull: stiffness follows alpha (1 - alpha), and give is the slope by finite differences") {
  PullSolver solver(three_words(), PullTarget::weight(0, 0, 2), PullFreedom::this_word);
  const PullReport& r = solver.report();
  CHECK(r.room == doctest::Approx(0.9503302 * 0.0496698));
  CHECK(r.stiffness == Stiffness::stiff);
  // |dα/dx1| from central differences of the forward pass.
  const auto alpha = [](float dx, float dy) {
    Input input = three_words();
    const std::vector<float> row = {1.0f + dx, 2.0f + dy};
    input.x = input.x.with_row(0, row);
    return recomputed(input, {Stage::weights, 0, 0, 2});
  };
  const float h = 1.0f / 1024.0f;
  const double by_x = (alpha(h, 0) - alpha(-h, 0)) * 512.0;
  const double by_y = (alpha(0, h) - alpha(0, -h)) * 512.0;
  CHECK(r.give == doctest::Approx(std::hypot(by_x, by_y)).epsilon(1e-4));

  CHECK(PullSolver(three_words(), PullTarget::weight(0, 2, 0), PullFreedom::this_word).report().stiffness ==
        Stiffness::saturated);
  // An output follows W_V however saturated the softmax is.
  const PullSolver by_values(three_words(), PullTarget::output_row(2), PullFreedom::w_v);
  CHECK(by_values.report().stiffness == Stiffness::loose);
  const PullSolver by_words(three_words(), PullTarget::output_row(2), PullFreedom::this_word);
  CHECK(by_words.report().stiffness == Stiffness::saturated);
}

TEST_CASE("pull: goals at the very ends are reached to four decimals") {
  for (const double goal : {0.0, 1.0}) {
    const PullSolver solver =
        solved(three_words(), PullTarget::weight(0, 0, 1), PullFreedom::all_words, {goal});
    CAPTURE(goal);
    CAPTURE(described(solver.report()));
    CHECK(solver.report().end == PullEnd::arrived);
  }
}

TEST_CASE("pull: what cannot be pulled is refused in one line") {
  struct Case {
    PullTarget target;
    const char* line;
  };
  const std::vector<Case> cases = {
      {{Stage::q, 0, 0, {0}}, "pull: expected a cell of scores, weights, head_outputs or output, found q"},
      {PullTarget::in_plane(Stage::output, 0, 0, feature_plane(3, 0, 1)),
       "pull: expected a plane of 2 numbers, as output, found 3"},
      {{Stage::weights, 0, 0, {0, 1}}, "pull: expected one column of weights, found 2 columns"},
      {{Stage::output, 0, 0, {}}, "pull: expected at least one column of output, found 0 columns"},
      {{Stage::weights, 1, 0, {0}}, "pull: expected a cell of weights, 1 × 3 × 3, found [1][0,0]"},
      {{Stage::output, 0, 3, {0}}, "pull: expected a cell of output, 1 × 3 × 2, found [0][3,0]"},
  };
  for (const Case& c : cases) {
    CHECK_THROWS_WITH(PullSolver(three_words(), c.target, PullFreedom::this_word), c.line);
  }
  PullSolver solver(three_words(), PullTarget::output_row(0), PullFreedom::this_word);
  CHECK_THROWS_WITH(solver.set_goal({1.0}), "pull: expected a goal of 2 numbers, found 1");
  CHECK_THROWS_WITH(solver.set_goal({1.0, std::numeric_limits<double>::quiet_NaN()}),
                    "pull: expected a goal of finite numbers, found one that is not");
}
