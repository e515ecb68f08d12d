#include "core/attention/input.h"

#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/attention/stage.h"
#include "tests/support/inputs.h"

using namespace attn;
using attn::tests::random_matrix;
using attn::tests::three_words;

namespace {

std::string refusal(Input input, const std::function<void(Input&)>& change) {
  change(input);
  try {
    validate(input);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("sizes follow from x and the parameters") {
  Input input = three_words();
  input.source = Source{tests::numbered_tokens(5), random_matrix(5, 7, 1)};
  input.config.heads = 4;
  input.config.kv_heads = 2;
  input.parameters[ParameterId::w_q] = random_matrix(2, 12, 2);
  input.parameters[ParameterId::w_k] = random_matrix(7, 6, 3);
  input.parameters[ParameterId::w_v] = random_matrix(7, 10, 4);
  input.parameters[ParameterId::w_o] = random_matrix(20, 9, 5);
  const Dimensions d = validate(input);
  CHECK(d.n_queries == 3);
  CHECK(d.n_keys == 5);
  CHECK(d.d_model == 2);
  CHECK(d.d_source == 7);
  CHECK(d.d_k == 3);
  CHECK(d.d_v == 5);
  CHECK(d.d_concat == 20);
  CHECK(d.d_out == 9);
  CHECK(shape_of(Stage::scores, input, d) == StageShape{4, 3, 5});
  CHECK(shape_of(Stage::v, input, d) == StageShape{2, 5, 5});
}

TEST_CASE("every rule that ties the parts together refuses with its own line") {
  const auto check = [](const std::string& line, const std::function<void(Input&)>& change) {
    CHECK(refusal(three_words(), change) == line);
  };
  check("tokens: expected at least one token, found none", [](Input& i) { i.tokens = nullptr; });
  check("x: expected 4 rows, as many as tokens, found 3 rows",
        [](Input& i) { i.tokens = tests::numbered_tokens(4); });
  check("x: expected at least one column, found none", [](Input& i) { i.x = SharedMatrix(Matrix(3, 0)); });
  check("source.x: expected 2 rows, as many as source.tokens, found 3 rows", [](Input& i) {
    i.source = Source{tests::numbered_tokens(2), i.x};
  });
  check("attention.heads: expected at least 1, found 0", [](Input& i) { i.config.heads = 0; });
  check("attention.kv_heads: expected a divisor of heads = 2, found 3", [](Input& i) {
    i.config.heads = 2;
    i.config.kv_heads = 3;
  });
  check("weights.w_q: expected a number of columns that heads = 3 divides, found the identity of 2 columns",
        [](Input& i) { i.config.heads = 3; });
  check("weights.w_k: expected 2 columns a head, as w_q gives, found 3",
        [](Input& i) { i.parameters[ParameterId::w_k] = random_matrix(2, 3, 1); });
  check("weights.w_q: expected 2 × 2, found 3 × 2",
        [](Input& i) { i.parameters[ParameterId::w_q] = random_matrix(3, 2, 1); });
  check("weights.b_q: expected 2 numbers, found 3",
        [](Input& i) { i.parameters[ParameterId::b_q] = random_matrix(1, 3, 1); });
  check("weights.w_o: expected 2 × 4, found 3 × 4",
        [](Input& i) { i.parameters[ParameterId::w_o] = random_matrix(3, 4, 1); });
  check("weights.bilinear: expected a value, for score \"bilinear\", found none",
        [](Input& i) { i.config.score = Score::bilinear; });
  check("weights.additive.w_q: expected a value, for score \"additive\", found none",
        [](Input& i) { i.config.score = Score::additive; });
  check("attention.temperature: expected a finite number above 0, found 0",
        [](Input& i) { i.config.temperature = 0; });
  check("attention.temperature: expected a finite number above 0, found nan",
        [](Input& i) { i.config.temperature = std::nan(""); });
  check("attention.scale: expected a finite number, found inf", [](Input& i) {
    i.config.scale = {Scale::Kind::number, HUGE_VAL};
  });
  check("attention.mask.window: expected 0 or more, found -1", [](Input& i) { i.config.mask.window = -1; });
  check("attention.mask.hidden_value: expected a finite number, found -inf",
        [](Input& i) { i.config.mask.hidden_value = -HUGE_VAL; });
  check("attention.mask.padding: expected 3 booleans, one a key, found 2",
        [](Input& i) { i.config.mask.padding = std::make_shared<const std::vector<std::uint8_t>>(2); });
  check("attention.mask.allow: expected 3 × 3, queries × keys, found 2 × 3", [](Input& i) {
    i.config.mask.allow =
        std::make_shared<const AllowMatrix>(AllowMatrix{2, 3, std::vector<std::uint8_t>(6)});
  });
  check("attention.dropout.p: expected 0 ≤ p < 1, found 1", [](Input& i) {
    i.config.dropout = Dropout{1, 0};
  });
  check("attention.dropout.seed: expected a whole number below 2^53, found 9007199254740992", [](Input& i) {
    i.config.dropout = Dropout{0.5, std::uint64_t{1} << 53};
  });
  check("attention.position: expected an even number of columns a head for \"rope\", found 1", [](Input& i) {
    i.config.position = Position::rope;
    i.config.heads = 2;
  });
  check("attention.score: expected \"dot\" with attend_over \"features\", found \"cosine\"", [](Input& i) {
    i.config.attend_over = AttendOver::features;
    i.config.score = Score::cosine;
  });
  check("weights.b_v: expected none with attend_over \"features\", found one", [](Input& i) {
    i.config.attend_over = AttendOver::features;
    i.parameters[ParameterId::b_v] = random_matrix(1, 2, 1);
  });
}

TEST_CASE("masks combine: a key is visible only if every mask lets it through") {
  MaskConfig mask;
  CHECK(visible(mask, 0, 5));
  mask.causal = true;
  CHECK_FALSE(visible(mask, 0, 1));
  CHECK(visible(mask, 4, 1));
  mask.window = 2;
  CHECK_FALSE(visible(mask, 4, 1));
  CHECK(visible(mask, 4, 2));
  mask.padding = std::make_shared<const std::vector<std::uint8_t>>(std::vector<std::uint8_t>{0, 0, 1, 0, 0});
  CHECK_FALSE(visible(mask, 4, 2));
  CHECK(visible(mask, 4, 3));
}

TEST_CASE("stage names are the words of files, and go both ways") {
  for (const Stage stage : kStages) {
    REQUIRE(stage_from_name(name(stage)).has_value());
    CHECK(*stage_from_name(name(stage)) == stage);
  }
  CHECK_FALSE(stage_from_name("preatt").has_value());
}

TEST_CASE("inputs are the same when they share everything or their settings are equal") {
  const Input a = three_words();
  Input b = a;
  CHECK(same_input(a, b));
  b.config.mask.causal = true;
  CHECK_FALSE(same_input(a, b));
  b = a;
  b.x = a.x.with_cell(0, 0, 1.5f);
  CHECK_FALSE(same_input(a, b));
  b = a;
  b.parameters[ParameterId::w_q] = random_matrix(2, 2, 1);
  CHECK_FALSE(same_input(a, b));
}
