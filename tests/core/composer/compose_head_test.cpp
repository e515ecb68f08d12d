#include "core/composer/compose_head.h"

#include <cmath>
#include <stdexcept>

#include <doctest/doctest.h>

#include "core/composer/head_parameters.h"
#include "tests/core/composer/composing.h"

using namespace attn;
using namespace attn::tests;

namespace {

constexpr std::array kAboutPositions = {Wish::Kind::previous, Wish::Kind::first, Wish::Kind::same};

Matrix parameter(const Input& input, ParameterId id) { return input.parameters[id]->dense(); }

/// Three tokens that are nothing but their positions, one head of three columns.
Input bare_positions() {
  Input input;
  input.tokens = numbered_tokens(3);
  input.x = SharedMatrix(Matrix{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
  return input;
}

Hindrance::Kind refused(const Input& input, const Wish& wish) {
  const auto problem = hindrance(input, 0, wish);
  REQUIRE(problem.has_value());
  CHECK_THROWS_AS(compose_head(input, 0, wish, 1.0), std::invalid_argument);
  return problem->kind;
}

}  // namespace

TEST_CASE(
    "compose: with one-hot positions W_Q is the shift times the strength and W_K the identity, by hand") {
  const Input input = compose_head(bare_positions(), 0, wish_for(Wish::Kind::previous), 4.0);
  CHECK(parameter(input, ParameterId::w_q) == Matrix{{4, 0, 0}, {4, 0, 0}, {0, 4, 0}});
  CHECK(parameter(input, ParameterId::w_k) == Matrix{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});
  CHECK_FALSE(input.parameters[ParameterId::b_q].has_value());
  // The wished key scores 4, the two others 0: e⁴ / (e⁴ + 2) = 54.598 / 56.598.
  const Matrix weights = weights_of(input, 0);
  CHECK(weights(2, 1) == doctest::Approx(0.964663));
  CHECK(weights(0, 0) == doctest::Approx(0.964663));
}

TEST_CASE("compose: first needs one column, same is the identity times the strength") {
  const Input first = compose_head(bare_positions(), 0, wish_for(Wish::Kind::first), 2.0);
  CHECK(parameter(first, ParameterId::w_q) == Matrix{{2, 0, 0}, {2, 0, 0}, {2, 0, 0}});
  CHECK(parameter(first, ParameterId::w_k) == Matrix{{1, 0, 0}, {0, 0, 0}, {0, 0, 0}});
  const Input same = compose_head(bare_positions(), 0, wish_for(Wish::Kind::same), 2.0);
  CHECK(parameter(same, ParameterId::w_q) == Matrix{{2, 0, 0}, {0, 2, 0}, {0, 0, 2}});
}

TEST_CASE("compose: the strength is in scaled scores, whatever the scale and temperature") {
  Input input = bare_positions();
  input.config.scale.kind = Scale::Kind::sqrt_dk;
  input.config.temperature = 2.0;
  const Input composed = compose_head(input, 0, wish_for(Wish::Kind::same), 4.0);
  CHECK(static_cast<double>(parameter(composed, ParameterId::w_q)(0, 0)) ==
        doctest::Approx(4.0 * 2.0 * std::sqrt(3.0)));
  CHECK(weights_of(composed, 0)(1, 1) == doctest::Approx(0.964663));
}

TEST_CASE("compose: two columns are a circle on which every position has its own angle") {
  Input input = with_positions(4, 0, 1, 2);
  input = compose_head(input, 0, wish_for(Wish::Kind::same), 3.0);
  // Angles 0, 90°, 180°, 270°; the next best key is a quarter off, where the cosine is 0: the gap is 1.
  const Matrix k = parameter(input, ParameterId::w_k);
  CHECK(static_cast<double>(k(1, 0)) == doctest::Approx(1.0));
  CHECK(static_cast<double>(k(2, 1)) == doctest::Approx(-1.0));
  CHECK(static_cast<double>(parameter(input, ParameterId::w_q)(1, 0)) == doctest::Approx(3.0));
  // Scores 3, 0, −3, 0: e³ / (e³ + 1 + e⁻³ + 1).
  CHECK(static_cast<double>(weights_of(input, 0)(2, 2)) ==
        doctest::Approx(std::exp(3.0) / (std::exp(3.0) + 2.0 + std::exp(-3.0))));
}

TEST_CASE(
    "compose: with one-hot positions a head of any width looks where it should, whatever the words are") {
  for (const std::size_t d_k : {2U, 3U, 5U, 9U, 12U}) {
    for (const Wish::Kind kind : kAboutPositions) {
      CAPTURE(d_k);
      CAPTURE(static_cast<int>(kind));
      Input input = with_positions(9, 4, 2, d_k);
      input.config.scale.kind = Scale::Kind::sqrt_dk;
      input = compose_head(input, 1, wish_for(kind), 9.0);
      // At most 8 others, each e⁻⁹ of the wished one.
      CHECK(distance_of(input, 1, wish_for(kind)) < 8.0 * std::exp(-9.0) + 1e-5);
      CHECK(distance_of(input, 0, wish_for(kind)) > 0.2);
    }
  }
}

TEST_CASE("compose: sinusoids alone are turned by one step exactly, worked by hand") {
  Input input;
  input.tokens = numbered_tokens(5);
  input.x = SharedMatrix(Matrix(5, 2));
  input.config.position = Position::sinusoidal;
  const Input composed = compose_head(input, 0, wish_for(Wish::Kind::previous), 1.0);
  // One pair, ω = 1: scores A cos(i − 1 − j). Offsets of 1 to 4 steps: the largest cosine is cos 1 = 0.5403,
  // so A = 1 / (1 − 0.5403) = 2.17534.
  const Matrix q = parameter(composed, ParameterId::w_q);
  CHECK(static_cast<double>(q(0, 0)) == doctest::Approx(2.17534 * 0.540302));
  CHECK(static_cast<double>(q(0, 1)) == doctest::Approx(2.17534 * 0.841471));
  CHECK(static_cast<double>(q(1, 0)) == doctest::Approx(-2.17534 * 0.841471));
  CHECK(parameter(composed, ParameterId::w_k) == Matrix{{1, 0}, {0, 1}});
  Arrays<float> arrays;
  forward(composed, validate(composed), arrays);
  const auto scores = arrays.head(Stage::scores, 0);
  CHECK(static_cast<double>(scores(3, 2)) == doctest::Approx(2.17534));
  CHECK(static_cast<double>(scores(3, 3)) == doctest::Approx(2.17534 * 0.540302));
  CHECK(static_cast<double>(scores(4, 1)) == doctest::Approx(2.17534 * std::cos(2.0)));
}

TEST_CASE("compose: sinusoids of several widths reach every pattern where the words add nothing") {
  for (const std::size_t d : {4U, 8U, 9U, 32U}) {
    for (const Wish::Kind kind : kAboutPositions) {
      CAPTURE(d);
      CAPTURE(static_cast<int>(kind));
      Input input;
      input.tokens = numbered_tokens(12);
      input.x = SharedMatrix(Matrix(12, d));
      input.config.position = Position::sinusoidal;
      input.config.scale.kind = Scale::Kind::sqrt_dk;
      input = compose_head(input, 0, wish_for(kind), 10.0);
      CHECK(distance_of(input, 0, wish_for(kind)) < 11.0 * std::exp(-10.0) + 1e-5);
      CHECK(input.parameters[ParameterId::b_q].has_value() == (kind == Wish::Kind::first));
    }
  }
}

TEST_CASE("compose: a feature is looked for by those who ask, with both values in the score") {
  Input input = three_words();
  input.x = SharedMatrix(Matrix{{0, 1}, {0, 0.5f}, {1, 0}});
  const Input composed = compose_head(input, 0, wish_for_feature(0, 1), 6.0);
  CHECK(parameter(composed, ParameterId::w_q) == Matrix{{6, 0}, {0, 0}});
  CHECK(parameter(composed, ParameterId::w_k) == Matrix{{0, 0}, {1, 0}});
  const Matrix weights = weights_of(composed, 0);
  // Row 2 asks: scores 6, 3, 0. The others do not: thirds.
  CHECK(weights(2, 0) == doctest::Approx(std::exp(6.0) / (std::exp(6.0) + std::exp(3.0) + 1.0)));
  CHECK(weights(0, 2) == doctest::Approx(1.0 / 3.0));
}

TEST_CASE("compose: when every query asks, the bias of Q does") {
  Input input = three_words();
  input.x = SharedMatrix(Matrix{{0, 1}, {0, 0}, {1, 0}});
  const Input composed = compose_head(input, 0, wish_for_feature(std::nullopt, 1), 6.0);
  CHECK(parameter(composed, ParameterId::b_q) == Matrix{{6, 0}});
  CHECK(distance_of(composed, 0, wish_for_feature(std::nullopt, 1)) < 0.01);
}

TEST_CASE(
    "compose: with the word before beside every word, a head finds what came after a word like this one") {
  Input input = three_words();
  input.tokens = numbered_tokens(4);
  // a b c a; columns 3 to 5 are the word before
  input.x =
      SharedMatrix(Matrix{{1, 0, 0, 0, 0, 0}, {0, 1, 0, 1, 0, 0}, {0, 0, 1, 0, 1, 0}, {1, 0, 0, 0, 0, 1}});
  input.config.mask.causal = true;
  Wish wish = wish_for(Wish::Kind::match);
  wish.pairs = {{0, 3}, {1, 4}, {2, 5}};
  const Input composed = compose_head(input, 0, wish, 8.0);
  // The last a looks at b: scores 0, 8, 0, 0.
  CHECK(weights_of(composed, 0)(3, 1) == doctest::Approx(std::exp(8.0) / (std::exp(8.0) + 3.0)));
  CHECK(distance_of(composed, 0, wish) < 0.01);
  // Without the word before no strength does it: keys hold the words themselves.
  Wish blind = wish_for(Wish::Kind::match);
  blind.pairs = {{0, 0}, {1, 1}, {2, 2}};
  CHECK(distance_of(compose_head(input, 0, blind, 8.0), 0, wish) > 0.9);
}

TEST_CASE("compose: other heads keep every number, and biases of this head are cleared") {
  Input input = with_positions(4, 3, 3, 4);
  input.parameters[ParameterId::b_q] = random_matrix(1, 12, 50);
  input.parameters[ParameterId::b_k] = random_matrix(1, 12, 51);
  const Dimensions d = validate(input);
  const Input composed = compose_head(input, 1, wish_for(Wish::Kind::previous), 5.0);
  for (const ParameterId id : {ParameterId::w_q, ParameterId::w_k}) {
    for (const std::size_t head : {0U, 2U}) {
      CHECK(head_projection(composed, d, id, head) == head_projection(input, d, id, head));
    }
    CHECK(head_projection(composed, d, id, 1).bias == std::vector<float>(4, 0.0f));
  }
  CHECK(composed.parameters[ParameterId::w_v]->same_as(*input.parameters[ParameterId::w_v]));
  CHECK(weights_of(composed, 0) == weights_of(input, 0));
}

TEST_CASE("compose: what cannot be is refused with its reason") {
  using Kind = Hindrance::Kind;
  const Wish previous = wish_for(Wish::Kind::previous);
  CHECK(refused(three_words(), previous) == Kind::no_positions);
  const Input input = bare_positions();
  Input changed = input;
  changed.config.score = Score::cosine;
  CHECK(refused(changed, previous) == Kind::no_dot_product);
  changed = with_positions(4, 0, 1, 2);
  changed.config.position = Position::rope;
  CHECK(refused(changed, previous) == Kind::no_dot_product);
  changed = input;
  changed.config.normalise = Normalise::none;
  CHECK(refused(changed, previous) == Kind::no_softmax);
  changed = input;
  changed.config.softmax_axis = SoftmaxAxis::queries;
  CHECK(refused(changed, previous) == Kind::no_softmax);
  changed = input;
  changed.config.scale = {Scale::Kind::number, 0.0};
  CHECK(refused(changed, previous) == Kind::no_factor);
  changed = input;
  changed.config.attend_over = AttendOver::features;
  CHECK(refused(changed, previous) == Kind::over_features);

  Input grouped = with_positions(4, 0, 2, 2);
  grouped.config.kv_heads = 1;
  grouped.parameters[ParameterId::w_k] = random_matrix(4, 2, 1);
  grouped.parameters[ParameterId::w_v] = random_matrix(4, 2, 2);
  CHECK(refused(grouped, previous) == Kind::shared_keys);

  const Input narrow = with_positions(4, 0, 2, 1);
  CHECK(refused(narrow, previous) == Kind::narrow_head);
  CHECK(hindrance(narrow, 0, previous)->needed == 2);
  CHECK(hindrance(narrow, 0, previous)->found == 1);
  CHECK_FALSE(hindrance(narrow, 0, wish_for(Wish::Kind::first)).has_value());

  Input cross = three_words();
  cross.source = Source{numbered_tokens(3), SharedMatrix(Matrix(3, 4))};
  cross.config.position = Position::sinusoidal;
  cross.parameters[ParameterId::w_k] = random_matrix(4, 2, 1);
  cross.parameters[ParameterId::w_v] = random_matrix(4, 2, 2);
  CHECK(refused(cross, previous) == Kind::unlike_positions);

  CHECK_THROWS_AS(compose_head(input, 1, previous, 1.0), std::invalid_argument);
  CHECK_THROWS_AS(compose_head(input, 0, previous, -1.0), std::invalid_argument);
  CHECK_THROWS_AS(compose_head(input, 0, wish_for_feature(3, 0), 1.0), std::invalid_argument);
  CHECK_THROWS_AS(compose_head(input, 0, wish_for(Wish::Kind::match), 1.0), std::invalid_argument);
}

TEST_CASE("compose: what was composed is recognised with its strength, anything else is not") {
  Wish match = wish_for(Wish::Kind::match);
  match.pairs = {{0, 2}, {1, 3}};
  const std::vector<Wish> wishes = {wish_for(Wish::Kind::previous),    wish_for(Wish::Kind::first),
                                    wish_for(Wish::Kind::same),        wish_for_feature(2, 1),
                                    wish_for_feature(std::nullopt, 3), match};
  for (const std::size_t d_k : {2U, 5U, 8U}) {
    Input input = with_positions(6, 5, 2, d_k);
    input.config.scale.kind = Scale::Kind::sqrt_dk;
    CHECK_FALSE(recognise_head(input, 1, match.pairs).has_value());
    for (const Wish& wish : wishes) {
      CAPTURE(d_k);
      CAPTURE(static_cast<int>(wish.kind));
      Input composed = compose_head(input, 1, wish, 7.3);
      const auto found = recognise_head(composed, 1, match.pairs);
      REQUIRE(found.has_value());
      CHECK(found->wish == wish);
      CHECK(found->strength == doctest::Approx(7.3));
      CHECK_FALSE(recognise_head(composed, 0, match.pairs).has_value());
      Matrix k = parameter(composed, ParameterId::w_k);
      k(0, d_k) += 0.25f;
      composed.parameters[ParameterId::w_k] = SharedMatrix(k);
      CHECK_FALSE(recognise_head(composed, 1, match.pairs).has_value());
    }
  }
}

TEST_CASE("compose: one-hot positions are found wherever they stand") {
  CHECK(one_hot_positions(SharedMatrix(Matrix{{5, 1, 0}, {6, 0, 1}})) == std::optional<std::size_t>(1));
  CHECK(one_hot_positions(SharedMatrix(Matrix{{1, 0, 0, 0}, {0, 1, 0, 0}})) == std::optional<std::size_t>(0));
  CHECK_FALSE(one_hot_positions(SharedMatrix(Matrix{{1, 0}, {0, 2}})).has_value());
  CHECK_FALSE(one_hot_positions(SharedMatrix(Matrix{{0, 1}, {1, 0}, {0, 0}})).has_value());
}
