#include "core/attention/exact_values.h"

#include <cmath>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/attention/explain.h"
#include "tests/core/attention/golden_case.h"

namespace attn {
namespace {

Input golden(const std::string& name) {
  return test::read_golden_case(fmt::format("{}/forward/{}.json", ATTN_GOLDEN_DIR, name)).input;
}

std::optional<Exact> exact(const Input& input, const CellRef& cell) {
  Explainer explainer(input);
  return ExactValues(explainer).of(cell);
}

TEST_CASE("scaled scores of the three words are whole numbers over the root of 2") {
  const Input input = golden("three_words_scaled");
  CHECK(exact(input, {Stage::scores, 0, 0, 2}) == Exact(11));
  CHECK(exact(input, {Stage::scaled, 0, 0, 2}) == Exact::make(11, 2, 2));
  CHECK(exact(input, {Stage::masked, 0, 2, 2}) == Exact::make(25, 2, 2));
  // exp(−3√2) has no such form, and neither has anything made of it.
  CHECK_FALSE(exact(input, {Stage::weights, 0, 0, 2}).has_value());
  CHECK_FALSE(exact(input, {Stage::output, 0, 0, 0}).has_value());
}

TEST_CASE("equal scores share exactly, and the output is the exact mean") {
  Input input = golden("three_words");
  input.x = SharedMatrix(Matrix{{1.0F, 0.5F}, {1.0F, 0.5F}, {1.0F, 0.5F}});
  CHECK(exact(input, {Stage::weights, 0, 0, 1}) == Exact::make(1, 3));
  CHECK(exact(input, {Stage::output, 0, 2, 1}) == Exact::make(1, 2));
}

TEST_CASE("a masked row shares between the cells that it sees") {
  Input input = golden("three_words");
  input.x = SharedMatrix(Matrix{{0.0F, 0.0F}, {0.1F, 3.0F}, {0.0F, 1.0F}});
  input.config.mask.causal = true;
  CHECK(exact(input, {Stage::weights, 0, 0, 0}) == Exact(1));
  CHECK(exact(input, {Stage::weights, 0, 0, 1}) == Exact(0));
  CHECK_FALSE(exact(input, {Stage::masked, 0, 0, 1}).has_value());  // −∞
}

TEST_CASE("lengths are roots and cosines fractions of roots") {
  Input input = golden("three_words");
  input.config.score = Score::cosine;
  // (1,2)·(2,3) = 8, |(1,2)|·|(2,3)| = √5·√13 = √65
  CHECK(exact(input, {Stage::scores, 0, 0, 1}) == Exact::make(8, 65, 65));
  CHECK(exact(input, {Stage::scores, 0, 0, 0}) == Exact(1));
}

TEST_CASE("rounded numbers are never taken for exact ones") {
  Input input = golden("three_words");
  input.config.position = Position::sinusoidal;
  CHECK(exact(input, {Stage::x_position, 0, 0, 1}) == Exact(3));  // 2 + cos 0
  CHECK_FALSE(exact(input, {Stage::x_position, 0, 1, 0}).has_value());
  input.config.position = Position::none;
  input.x = input.x.with_cell(0, 0, 0.123456F);
  CHECK_FALSE(exact(input, {Stage::x, 0, 0, 0}).has_value());
  input.x = input.x.with_cell(0, 0, 1.0F);
  input.config.temperature = 1.0 / 3.0;
  CHECK_FALSE(exact(input, {Stage::scaled, 0, 0, 0}).has_value());
}

TEST_CASE("every exact value of the reference cases agrees with the explanation") {
  std::size_t found = 0;
  for (const char* name :
       {"three_words", "three_words_scaled", "bare", "alibi", "alibi_three_heads", "cosine_tiny",
        "cosine_zero_vector", "mask_zero", "custom_mask_empty_row", "window_zero", "one_token", "dropout",
        "features_002", "grouped_alibi", "no_softmax_finite_hidden"}) {
    const Input input = golden(name);
    Explainer explainer(input);
    ExactValues values(explainer);
    for (const Stage stage : stages_of(input)) {
      const StageShape shape = shape_of(stage, input, explainer.dimensions());
      for (std::size_t h = 0; h < shape.heads; ++h) {
        for (std::size_t i = 0; i < shape.rows; ++i) {
          for (std::size_t j = 0; j < shape.columns; ++j) {
            const CellRef cell{stage, h, i, j};
            const auto value = values.of(cell);
            if (!value) continue;
            ++found;
            const double expected = explainer.cell(cell).value;
            CAPTURE(name);
            CAPTURE(attn::name(stage));
            CAPTURE(i);
            CAPTURE(j);
            // Inputs are decimals: float32 holds them to eight digits.
            REQUIRE(std::abs(value->value() - expected) <= 1e-6 * std::max(1.0, std::abs(expected)));
          }
        }
      }
    }
  }
  CHECK(found > 200);
}

}  // namespace
}  // namespace attn
