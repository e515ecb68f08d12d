#include "core/attention/explain_text.h"

#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/attention/explain_names.h"
#include "tests/core/attention/random_input.h"

namespace attn {
namespace {

using test::Random;

constexpr double kEndless = std::numeric_limits<double>::infinity();

Tokens tokens(std::vector<std::string> labels) {
  return std::make_shared<const std::vector<std::string>>(std::move(labels));
}

Input given_words() {
  Input input;
  input.tokens = tokens({"x1", "x2", "x3"});
  input.x = SharedMatrix(Matrix{{1, 2}, {2, 3}, {3, 4}});
  return input;
}

std::string text_of(const Input& input, const CellRef& cell, std::size_t depth, int decimals = 4) {
  Explainer explainer(input);
  return explain_text(explainer, cell, {.depth = depth, .decimals = decimals});
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("three words: the share of the third word reads as a tree") {
  CHECK(text_of(given_words(), {Stage::weights, 0, 0, 2}, 0) ==
        "α[0][0,2] ≈ 0.9503 ≈ exp(0) ÷ 1.0523  (x1 listens to x3)\n");
  CHECK(text_of(given_words(), {Stage::weights, 0, 0, 2}, 3) ==
        R"(α[0][0,2] ≈ 0.9503 ≈ exp(0) ÷ 1.0523  (x1 listens to x3)
  score − maximum = 0 = 11 − 11
    masked[0][0,2] = scaled[0][0,2] = scores[0][0,2] = 11 = 1 × 3 + 2 × 4  (x1 asks x3)
      q[0][0,0] = 1 = 1 × 1 + 2 × 0  (x1)
      k[0][2,0] = 3 = 3 × 1 + 4 × 0  (x3)
      q[0][0,1] = 2 = 1 × 0 + 2 × 1  (x1)
      k[0][2,1] = 4 = 3 × 0 + 4 × 1  (x3)
    maximum of the row = 11 = max(5, 8, 11)
      masked[0][0,0] = scaled[0][0,0] = scores[0][0,0] = 5 = 1 × 1 + 2 × 2  (x1 asks x1)
      masked[0][0,1] = scaled[0][0,1] = scores[0][0,1] = 8 = 1 × 2 + 2 × 3  (x1 asks x2)
      masked[0][0,2] = scaled[0][0,2] = scores[0][0,2] = 11 = 1 × 3 + 2 × 4  (x1 asks x3)
  sum of exponentials ≈ 1.0523 ≈ exp(−6) + exp(−3) + exp(0)
    score − maximum = −6 = 5 − 11
      masked[0][0,0] = scaled[0][0,0] = scores[0][0,0] = 5 = 1 × 1 + 2 × 2  (x1 asks x1)
      maximum of the row = 11 = max(5, 8, 11)
    score − maximum = −3 = 8 − 11
      masked[0][0,1] = scaled[0][0,1] = scores[0][0,1] = 8 = 1 × 2 + 2 × 3  (x1 asks x2)
      maximum of the row = 11 = max(5, 8, 11)
    score − maximum = 0 = 11 − 11  (as above)
)");
}

TEST_CASE("arithmetic that does not come out as shown says so") {
  CHECK(text_of(given_words(), {Stage::head_outputs, 0, 0, 0}, 1) ==
        R"(head_outputs[0][0,0] ≈ 2.9480 ≈ 0.0024 × 1 + 0.0473 × 2 + 0.9503 × 3  (x1)
  α[0][0,0] ≈ 0.0024 ≈ exp(−6) ÷ 1.0523  (x1 listens to x1)
  v[0][0,0] = 1 = 1 × 1 + 2 × 0  (x1)
  α[0][0,1] ≈ 0.0473 ≈ exp(−3) ÷ 1.0523  (x1 listens to x2)
  v[0][1,0] = 2 = 2 × 1 + 3 × 0  (x2)
  α[0][0,2] ≈ 0.9503 ≈ exp(0) ÷ 1.0523  (x1 listens to x3)
  v[0][2,0] = 3 = 3 × 1 + 4 × 0  (x3)
)");
}

TEST_CASE("an identity is multiplied by like any parameter, and called the identity") {
  CHECK(text_of(given_words(), {Stage::output, 0, 0, 1}, 1) ==
        R"(output[0,1] ≈ 3.9480 ≈ 2.9480 × 0 + 3.9480 × 1  (x1)
  concat[0,0] = head_outputs[0][0,0] ≈ 2.9480 ≈ 0.0024 × 1 + 0.0473 × 2 + 0.9503 × 3  (x1)
  w_o[0,1] = 0  (parameter: the identity)
  concat[0,1] = head_outputs[0][0,1] ≈ 3.9480 ≈ 0.0024 × 2 + 0.0473 × 3 + 0.9503 × 4  (x1)
  w_o[1,1] = 1  (parameter: the identity)
)");
}

TEST_CASE("columns of x are called by their names where they have some") {
  Input input = given_words();
  const auto features =
      std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"animal", "place"});
  Explainer explainer(input);
  CHECK(explain_text(explainer, {Stage::x, 0, 0, 1}, {.feature_names = features}) ==
        "x[0,1] = 2  (x1: place; given)\n");
  input.config.attend_over = AttendOver::features;
  Explainer over_features(input);
  CHECK(contains(explain_text(over_features, {Stage::weights, 0, 0, 1}, {.feature_names = features}),
                 "(animal listens to place)"));
}

TEST_CASE("= stands where the decimals are the number, ≈ where they were rounded") {
  Input input = given_words();
  input.x = SharedMatrix(Matrix{{0.1F, 0.2F}, {2, 3}, {1.0F / 3, 4}});
  // The float32 nearest to 0.1 is the 0.1 that somebody typed.
  CHECK(text_of(input, {Stage::x, 0, 0, 0}, 0) == "x[0,0] = 0.1  (x1; given)\n");
  CHECK(text_of(input, {Stage::x, 0, 2, 0}, 0) == "x[2,0] ≈ 0.3333  (x3; given)\n");
  CHECK(contains(text_of(input, {Stage::scores, 0, 0, 1}, 0), " = 0.1 × 2 + 0.2 × 3"));
  CHECK(contains(text_of(input, {Stage::scores, 0, 0, 2}, 0), " ≈ 0.1 × 0.3333 + 0.2 × 4"));
  CHECK(text_of(input, {Stage::weights, 0, 1, 1}, 1).find("score − maximum = 0 = ") != std::string::npos);
}

TEST_CASE("the scale is opened once and named again as above") {
  Input input = given_words();
  input.config.scale.kind = Scale::Kind::sqrt_dk;
  input.config.temperature = 2.0;
  const std::string text = text_of(input, {Stage::weights, 0, 0, 2}, 9);
  CHECK(contains(text, "scaled[0][0,2] ≈ 3.8891 ≈ 11 ÷ √2 ÷ 2  (x1 asks x3)\n"));
  CHECK(contains(text, " d_k = 2\n"));
  CHECK(contains(text, " temperature = 2\n"));
  CHECK(contains(text, "scaled[0][0,2] ≈ 3.8891 ≈ 11 ÷ √2 ÷ 2  (x1 asks x3; as above)\n"));
  input.config.scale = {Scale::Kind::number, 0.5};
  const std::string number = text_of(input, {Stage::scaled, 0, 0, 0}, 2);
  CHECK(contains(number, "scaled[0][0,0] = 1.25 = 5 × 0.5 ÷ 2  (x1 asks x1)\n"));
  CHECK(contains(number, "\n  scale = 0.5\n"));
  input.x = SharedMatrix(Matrix(3, 4, 1.0F));
  input.config.scale = {Scale::Kind::sqrt_dk, 0.0};
  input.config.temperature = 1.0;
  CHECK(text_of(input, {Stage::scaled, 0, 0, 0}, 0) == "scaled[0][0,0] = 2 = 4 ÷ √4  (x1 asks x1)\n");
}

TEST_CASE("long sums show their largest terms and what the others are together") {
  Input input;
  input.tokens = test::numbered_tokens(12);
  Matrix x(12, 1, 0.25F);
  for (const std::size_t i : {2U, 3U, 5U, 8U, 11U}) x(i, 0) = 1.0F;
  x(11, 0) = -1.5F;
  input.x = SharedMatrix(x);
  input.config.normalise = Normalise::none;
  input.parameters[ParameterId::w_q] = SharedMatrix(Matrix(1, 1, 0.0F));
  input.parameters[ParameterId::b_q] = SharedMatrix(Matrix(1, 1, 1.0F));  // every score is x itself
  const std::string text = text_of(input, {Stage::head_outputs, 0, 0, 0}, 1);
  CHECK(contains(text,
                 "head_outputs[0][0,0] = 6.6875 = 1 × 1 + 1 × 1 + 1 × 1 + 1 × 1 − 1.5 × (−1.5) + "
                 "… (7 more: 0.4375)  (t0)\n"));
  CHECK(contains(text, "\n  … 7 more terms, together 0.4375\n"));
  input.config.normalise = Normalise::softmax;
  const std::string maximum = text_of(input, {Stage::weights, 0, 0, 0}, 2);
  CHECK(contains(maximum, "maximum of the row = 1 = the largest of 12\n"));
  CHECK(contains(text_of(input, {Stage::weights, 0, 0, 0}, 3), "      … 11 more, none larger\n"));
}

TEST_CASE("a hidden score names the masks that hide it and what it was") {
  Input input = given_words();
  input.config.mask.causal = true;
  CHECK(text_of(input, {Stage::masked, 0, 0, 2}, 0) ==
        "masked[0][0,2] = −∞  (x1 asks x3; hidden: causal; it was 11)\n");
  CHECK(contains(text_of(input, {Stage::weights, 0, 0, 2}, 1), "score − maximum = −∞ = −∞ − 5\n"));
  MaskConfig mask;
  mask.causal = true;
  mask.window = 1;
  mask.padding = std::make_shared<const std::vector<std::uint8_t>>(std::vector<std::uint8_t>{0, 0, 1});
  mask.allow = std::make_shared<const AllowMatrix>(AllowMatrix{1, 3, {0, 1, 0}});
  CHECK(hiding_masks(mask, 0, 2) == "causal, window, padding, allow");
  CHECK(hiding_masks(mask, 0, 1) == "causal");
  CHECK(hiding_masks(mask, 0, 0) == "allow");
}

TEST_CASE("what is 0 by definition says why") {
  Input empty = given_words();
  empty.config.mask.padding =
      std::make_shared<const std::vector<std::uint8_t>>(std::vector<std::uint8_t>{1, 1, 1});
  CHECK(text_of(empty, {Stage::weights, 0, 0, 1}, 0) ==
        "α[0][0,1] = 0  (x1 listens to x2; nothing is visible here, so nothing is shared)\n");
  empty.config.normalise = Normalise::none;
  CHECK(text_of(empty, {Stage::weights, 0, 0, 1}, 0) ==
        "α[0][0,1] = 0  (x1 listens to x2; hidden: counts as 0)\n");
  Input zero = given_words();
  zero.x = SharedMatrix(Matrix{{0, 0}, {3, 4}, {4, 3}});
  zero.config.score = Score::cosine;
  CHECK(text_of(zero, {Stage::scores, 0, 0, 1}, 3) ==
        R"(scores[0][0,1] = 0  (x1 asks x2; a zero vector has no direction: 0 by definition)
  |q|·|k| = 0 = 0 × 5
    |q| = 0 = √0
      |q|² = 0 = 0² + 0²
    |k| = 5 = √25
      |k|² = 25 = 3² + 4²
)");
  CHECK(contains(text_of(zero, {Stage::scores, 0, 1, 2}, 1), "\n  q·k = 24 = 3 × 4 + 4 × 3\n"));
}

TEST_CASE("dropout says what it removed and what it divides by") {
  Input input = given_words();
  input.config.dropout = Dropout{0.5, 1};
  std::string all;
  for (std::size_t cell = 0; cell < 9; ++cell) {
    all += text_of(input, {Stage::dropped, 0, cell / 3, cell % 3}, 2);
  }
  CHECK(contains(all, "removed by dropout; it was "));
  CHECK(contains(all, "  keep probability = 0.5 = 1 − 0.5\n    dropout p = 0.5\n"));
}

TEST_CASE("positions are opened down to the angle") {
  Input input = given_words();
  input.config.position = Position::sinusoidal;
  CHECK(text_of(input, {Stage::x_position, 0, 1, 1}, 3) ==
        R"(x_position[1,1] ≈ 3.5403 ≈ 3 + 0.5403  (x2)
  x[1,1] = 3  (x2; given)
  position code ≈ 0.5403 ≈ cos(1)
    angle = 1 = 1 × 1
      position = 1
      angle from one position to the next = 1
)");
  input.config.position = Position::rope;
  const std::string rotated = text_of(input, {Stage::q_rotated, 0, 1, 0}, 2);
  CHECK(contains(rotated, "q_rotated[0][1,0] ≈ −1.4438 ≈ 2 × 0.5403 − 3 × 0.8415  (x2)\n"));
  CHECK(contains(rotated, "\n  cos of the angle ≈ 0.5403 ≈ cos(1)\n"));
  CHECK(contains(rotated, "\n  sin of the angle ≈ 0.8415 ≈ sin(1)\n"));
  input.config.position = Position::alibi;
  const std::string biased = text_of(input, {Stage::biased, 0, 0, 2}, 2);
  CHECK(contains(biased, "biased[0][0,2] ≈ 10.9922 ≈ 11 − 0.0078  (x1 asks x3)\n"));
  CHECK(contains(biased, "  ALiBi bias ≈ −0.0078 ≈ −0.0039 × 2\n    −slope of the head ≈ −0.0039\n"));
  CHECK(contains(biased, "    distance = 2\n"));
}

TEST_CASE("parameters, hidden units, the bilinear form and averaged heads have names") {
  Random random(31);
  Config config;
  config.heads = 2;
  config.score = Score::additive;
  config.combine = Combine::mean;
  const Input additive = test::random_input(config, true, random);
  const std::string score = text_of(additive, {Stage::scores, 1, 0, 4}, 4);
  for (const char* part :
       {"additive_v[1] ≈ ", "hidden unit 1 ≈ ", " ≈ tanh(", "into hidden unit 1 ≈ ", "from the query ≈ ",
        "from the key ≈ ", "additive_w_k[1,1] ≈ ", "  (parameter)\n", "k[1][4,1] ≈ ", "(t0 asks t4)"}) {
    CAPTURE(part);
    CHECK(contains(score, part));
  }
  const std::string concat = text_of(additive, {Stage::concat, 0, 0, 0}, 1);
  CHECK(contains(concat, " ÷ 2  (t0)\n  sum of the heads ≈ "));
  CHECK(contains(concat, "\n  number of heads = 2\n"));
  const std::string q = text_of(additive, {Stage::q, 1, 0, 1}, 1);
  CHECK(contains(q, "  w_q[2,3] "));
  CHECK(contains(q, "  b_q[3] ≈ "));
  CHECK(contains(text_of(additive, {Stage::source_x, 0, 4, 0}, 0), "  (t4; given)\n"));

  config.score = Score::bilinear;
  const Input bilinear = test::random_input(config, false, random);
  const std::string form = text_of(bilinear, {Stage::scores, 0, 1, 2}, 2);
  CHECK(contains(form, "\n  (q W)[1] ≈ "));
  CHECK(contains(form, "\n    bilinear[1,1] "));

  config = {};
  config.attend_over = AttendOver::features;
  const std::string feature =
      text_of(test::random_input(config, false, random), {Stage::weights, 0, 0, 2}, 2);
  CHECK(contains(feature, "(feature 0 listens to feature 2)"));
  CHECK(contains(feature, "(feature 0 asks feature 2)"));

  Input columns = given_words();
  columns.config.softmax_axis = SoftmaxAxis::queries;
  CHECK(contains(text_of(columns, {Stage::weights, 0, 0, 2}, 2),
                 "maximum of the column = 25 = max(11, 18, 25)"));
}

TEST_CASE("steps inside the arithmetic have names too, for who opens them one by one") {
  Input input = given_words();
  input.config.dropout = Dropout{0.5, 1};
  Explainer explainer(input);
  const auto name_of = [&](const ExplainNode& node) { return node_name(node, input); };
  const ExplainNode share = explainer.cell({Stage::weights, 0, 0, 1});
  CHECK(name_of(explainer.child(share, 0)) == "exponential");
  CHECK(name_of(explainer.child(explainer.cell({Stage::scores, 0, 0, 1}), 0)) == "product");
  CHECK(name_of(explainer.child(explainer.cell({Stage::head_outputs, 0, 0, 1}), 0)) == "product");
  const ExplainNode dropped = explainer.cell({Stage::dropped, 0, 0, 0});
  REQUIRE(dropped.operation == Operation::quotient);  // kept: divided by 1 − p
  CHECK(name_of(explainer.child(explainer.child(dropped, 1), 0)) == "one");
}

TEST_CASE("a label stays on its line") {
  Input input = given_words();
  input.tokens = tokens({"a\nb", "c\td\x7F", "词"});
  CHECK(text_of(input, {Stage::weights, 0, 0, 2}, 0) ==
        "α[0][0,2] ≈ 0.9503 ≈ exp(0) ÷ 1.0523  (a b listens to 词)\n");
  CHECK(contains(text_of(input, {Stage::x, 0, 1, 0}, 0), "(c d ; given)"));
}

TEST_CASE("numbers are shown honestly") {
  const auto shown = [](double value, int decimals) { return show_number(value, decimals).text; };
  CHECK(shown(0.0, 4) == "0");
  CHECK(shown(-0.0, 4) == "0");
  CHECK(shown(11.0, 4) == "11");
  CHECK(shown(-11.0, 0) == "−11");
  CHECK(shown(0.5, 4) == "0.5");
  CHECK(shown(100.0, 0) == "100");
  CHECK(shown(0.95028, 4) == "0.9503");
  CHECK(shown(0.99999999, 4) == "1.0000");
  CHECK(shown(0.00001, 4) == "<0.0001");
  CHECK(shown(-0.00001, 4) == ">−0.0001");
  CHECK(shown(0.3, 0) == "<1");
  CHECK(shown(-kEndless, 4) == "−∞");
  CHECK(shown(kEndless, 4) == "∞");
  CHECK(shown(std::nan(""), 4) == "NaN");
  CHECK(shown(-1.5e30, 2) == "−1.50e+30");
  CHECK(show_number(-1.234567e30, 2).value == -1.23e30);
  CHECK(show_number(0.95028, 2).value == 0.95);
}

TEST_CASE("a cell that is not there is refused") {
  Explainer explainer(given_words());
  CHECK_THROWS_AS(explain_text(explainer, {Stage::weights, 0, 3, 0}), std::out_of_range);
}

}  // namespace
}  // namespace attn
