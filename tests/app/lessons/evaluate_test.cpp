#include "app/lessons/evaluate.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/app/lessons/lesson_inputs.h"

using attn::CellRef;
using attn::MatrixD;
using attn::Stage;
using attn::lessons::List;
using attn::lessons::Value;
using attn::lessons::tests::document_of;
using attn::lessons::tests::Here;
using attn::lessons::tests::three_words;
using attn::lessons::tests::two_heads;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void is(Here& here, const std::string& expression, double expected) {
  CAPTURE(expression);
  CHECK(here.number(expression) == doctest::Approx(expected).epsilon(1e-6));
}
void reads(Here& here, const std::string& expression, const std::string& expected) {
  CAPTURE(expression);
  CHECK(here.text(expression) == expected);
}
void refuses(Here& here, const std::string& expression, const std::string& expected) {
  CAPTURE(expression);
  CHECK(here.complaint(expression) == expected);
}

}  // namespace

TEST_CASE("every stage is read as a matrix, a row and a cell, with a head where it has heads") {
  const std::string words = R"({"tokens": ["a", "b"], "x": [[2, 0, 1, 0], [0, 1, 0, 3]], "attention": )";
  const std::vector<std::string> scenarios = {
      words + R"({"heads": 2, "position": "rope", "dropout": {"p": 0.5, "seed": 7}}})",
      words + R"({"heads": 2, "position": "alibi"}})",
      words + R"({"position": "sinusoidal"}, "source": {"tokens": ["c"], "x": [[1, 2, 3, 4]]}})",
      words + R"({"attend_over": "features"}})"};
  std::vector<bool> seen(attn::kStages.size(), false);
  for (const std::string& scenario : scenarios) {
    CAPTURE(scenario);
    Here here(document_of(scenario));
    for (std::size_t s = 0; s < attn::kStages.size(); ++s) {
      const Stage stage = attn::kStages[s];
      const std::string name(attn::name(stage));
      CAPTURE(name);
      const bool by_head = attn::has_heads(stage);
      const attn::StageShape shape = here.now.trace->shape(stage);
      const std::string head = by_head ? fmt::format("[{}]", std::max<std::size_t>(shape.heads, 1) - 1) : "";
      if (shape.rows == 0) {
        CHECK(here.complaint(name + head) == name + " is not computed in this scenario");
        continue;
      }
      seen[s] = true;
      const auto values = here.now.trace->read_head(stage, shape.heads - 1).values;
      const auto all = std::get<MatrixD>(here.value(name + head));
      REQUIRE(all.rows() == shape.rows);
      REQUIRE(all.columns() == shape.columns);
      for (std::size_t i = 0; i < shape.rows; ++i) {
        const auto row = std::get<List>(here.value(fmt::format("{}{}[{}]", name, head, i)));
        REQUIRE(row.size() == shape.columns);
        for (std::size_t j = 0; j < shape.columns; ++j) {
          const double expected = static_cast<double>(values(i, j));
          CHECK(all(i, j) == expected);
          CHECK(row[j] == expected);
          CHECK(here.number(fmt::format("{}{}[{}][{}]", name, head, i, j)) == expected);
        }
      }
    }
  }
  for (std::size_t s = 0; s < seen.size(); ++s) {
    CAPTURE(std::string(attn::name(attn::kStages[s])));
    CHECK(seen[s]);
  }
}

TEST_CASE("a place that a stage has not is refused by name") {
  Here here(three_words());
  reads(here, "scores[0]", "5, 8, 11; 8, 13, 18; 11, 18, 25");
  refuses(here, "weights[1]", "weights: expected a head below 1, found 1");
  refuses(here, "weights[0][3]", "weights: expected a row below 3, found 3");
  refuses(here, "weights[0][0][3]", "weights: expected a column below 3, found 3");
  refuses(here, "weights", "expected a head, then a row and a column after weights, found 0 places");
  refuses(here, "weights[0][0][0][0]",
          "expected a head, then a row and a column after weights, found 4 places");
  refuses(here, "output[0][0][0]", "expected a row and a column after output, found 3 places");
  refuses(here, "x[0.5]", "expected a whole number from 0, found 0.5");
  refuses(here, "x[-1]", "expected a whole number from 0, found −1");
  refuses(here, "x[\"a\"]", "expected a number, found a text");
  refuses(here, "q_rotated[0]", "q_rotated is not computed in this scenario");
  refuses(here, "wobble", "expected a name that there is, found wobble");
  refuses(here, "3[0]", "expected a list or a matrix before \"[\", found a number");
  refuses(here, "[1, 2][2]", "expected a place below 2, found 2");
  refuses(here, "[[1], [2]][2]", "expected a row below 2, found 2");
}

TEST_CASE("parameters are matrices, biases lists, and absent ones say so") {
  Here here(document_of(R"({"tokens": ["a"], "x": [[1, 2]], "attention": {"score": "bilinear"},
      "weights": {"w_q": [[1, 2], [3, 4]], "b_v": [5, 6], "bilinear": [[7, 8], [9, 10]]}})"));
  reads(here, "w_q", "1, 2; 3, 4");
  is(here, "w_q[1][0]", 3.0);
  reads(here, "w_k", "1, 0; 0, 1");  // the identity, written out
  reads(here, "b_v", "5, 6");
  is(here, "b_v[1]", 6.0);
  is(here, "bilinear[1][1]", 10.0);
  refuses(here, "b_q", "b_q is absent in this scenario");
  refuses(here, "b_v[0][0]", "expected a list or a matrix before \"[\", found a number");
}

TEST_CASE("sizes and settings are known by name") {
  Here here(document_of(R"({"tokens": ["a", "b"], "x": [[1, 2, 3, 4], [0, 0, 0, 0]],
      "source": {"tokens": ["c", "d", "e"], "x": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]},
      "attention": {"heads": 2, "kv_heads": 1, "scale": 0.5, "temperature": 2, "position": "rope",
      "mask": {"allow": [[1, 0, 1], [1, 1, 1]]}},
      "weights": {"w_k": [[1, 0], [0, 1], [0, 0], [0, 0]],
                  "w_v": [[1], [0], [0], [0]], "w_o": [[1, 0, 0], [0, 1, 0]]}})"));
  is(here, "n_queries", 2.0);
  is(here, "n_keys", 3.0);
  is(here, "d_model", 4.0);
  is(here, "d_k", 2.0);
  is(here, "d_v", 1.0);
  is(here, "d_out", 3.0);
  is(here, "heads", 2.0);
  is(here, "kv_heads", 1.0);
  is(here, "temperature", 2.0);
  is(here, "pi", std::acos(-1.0));
  CHECK(here.number("infinity") == kInfinity);
  reads(here, "scale", "factor");
  reads(here, "score", "dot");
  reads(here, "position", "rope");
  reads(here, "normalise", "softmax");
  reads(here, "softmax_axis", "keys");
  reads(here, "combine", "concat");
  reads(here, "attend_over", "tokens");
  reads(here, "causal", "false");
  reads(here, "visible(0, 1)", "false");
  reads(here, "visible(0, 2)", "true");
  refuses(here, "visible(0, 3)", "expected a query below 2 and a key below 3, found 0 and 3");
  reads(here, "token(1)", "b");
  reads(here, "source(2)", "e");
  refuses(here, "token(2)", "expected a word below 2, found 2");
  refuses(here, "source(3)", "expected a word below 3, found 3");
}

TEST_CASE("numbers go with every cell, lists and matrices go together where their shapes agree") {
  Here here(three_words());
  is(here, "2 + 3 * 4 - 6 / 4 - 2 ^ 3", 4.5);
  is(here, "-2 ^ 2", -4.0);
  reads(here, "1 + [1, 2] * 2", "3, 5");
  reads(here, "x - x", "0, 0; 0, 0; 0, 0");
  reads(here, "-x[0]", "−1, −2");
  reads(here, "10 / [[1, 2], [4, 5]]", "10, 5; 2.5, 2");
  refuses(here, "[1, 2] + [1, 2, 3]",
          "expected two values of one shape, found a list of 2 numbers and a list of 3 numbers");
  refuses(here, "x + x[0]",
          "expected two values of one shape, found a matrix of 3 × 2 and a list of 2 numbers");
  refuses(here, "1 + \"a\"", "expected numbers, found a text");
  refuses(here, "[1, [2]]", "expected rows of one length, found others");
  refuses(here, "[[1], [2, 3]]", "expected rows of one length, found others");
  refuses(here, "[true]", "expected numbers or lists in brackets, found true or false");
}

TEST_CASE("comparisons forgive what rounding does, and truths stop where they are decided") {
  Here here(three_words());
  reads(here, "1 / 3 * 3 == 1", "true");
  reads(here, "1e9 == 1e9 + 1", "true");  // within 1e-6 of the larger one
  reads(here, "1 == 1.00001", "false");
  reads(here, "infinity == infinity", "true");
  reads(here, "score == \"dot\" and scale != \"sqrt_dk\"", "true");
  reads(here, "x[0] == [1, 2]", "true");
  reads(here, "[1, 2] == [1, 2, 3]", "false");
  reads(here, "2 < 2 or 2 <= 2", "true");
  reads(here, "3 > 3 or 2 >= 3", "false");
  reads(here, "not causal", "true");
  reads(here, "near(1, 1.05, 0.1)", "true");
  reads(here, "true or x[9][9] == 1", "true");
  reads(here, "false and x[9][9] == 1", "false");
  is(here, "if(1 < 2, 3, x[9][9])", 3.0);
  refuses(here, "1 and true", "expected true or false, found a number");
  refuses(here, "not 1", "expected true or false, found a number");
  refuses(here, "if(1, 2, 3)", "expected true or false, found a number");
  refuses(here, "1 == \"a\"", "expected two values of one kind, found a number and a text");
  refuses(here, "\"a\" < \"b\"", "expected a number, found a text");
}

TEST_CASE("each gives a list of numbers or the rows of a matrix") {
  Here here(three_words());
  reads(here, "each(i, range(0, 2), i ^ 2)", "0, 1, 4");
  reads(here, "each(i, [2, 0], x[i])", "3, 4; 1, 2");
  reads(here, "each(i, [0, 1], each(j, [0, 1], 10 * i + j))", "0, 1; 10, 11");
  reads(here, "each(i, [1, 2], each(i, [3, 4], i)) + 0 * [[1, 1], [1, 1]]", "3, 4; 3, 4");
  reads(here, "each(i, [], i)", "");
  refuses(here, "each(i, 3, i)", "expected a list, found a number");
  refuses(here, "each(i, [1, 2], range(1, i))", "expected rows of one length, found others");
  refuses(here, "each(i, [1], token(0))", "expected a number, found a text");
  refuses(here, "each(i, [1, 2], i) + i", "expected a name that there is, found i");
}

TEST_CASE("with asks what would come out under other settings") {
  Here here(three_words());
  is(here, "with(scale = \"sqrt_dk\", scaled[0][0][0])", 5.0 / std::sqrt(2.0));
  is(here, "with(scale = 2, scaled[0][0][0])", 10.0);
  is(here, "with(scale = \"none\", scaled[0][0][0])", 5.0);
  is(here, "with(temperature = 2, scale = 2, softmax_axis = \"keys\", temperature)", 2.0);
  is(here, "with(score = \"cosine\", scores[0][0][0])", 1.0);
  is(here, "with(position = \"alibi\", biased[0][0][1])", 8.0 - 1.0 / 256.0);  // 2⁻⁸ a step, one head
  is(here, "with(normalise = \"none\", weights[0][0][2])", 11.0);
  is(here, "with(softmax_axis = \"queries\", sum(column(weights[0], 1)))", 1.0);
  is(here, "with(combine = \"mean\", if(combine == \"mean\", 1, 0))", 1.0);
  is(here, "with(causal = true, weights[0][0][0])", 1.0);
  is(here, "with(window = 0, weights[0][1][1])", 1.0);
  is(here, "with(causal = true, hidden_value = 0, masked[0][0][1])", 0.0);
  CHECK(here.number("with(causal = true, hidden_value = -infinity, masked[0][0][1])") == -kInfinity);
  is(here, "with(heads = 2, heads)", 2.0);
  is(here, "with(scale = 3, with(temperature = 2, scaled[0][0][0]))", 7.5);
  is(here, "scaled[0][0][0]", 5.0);  // and nothing has changed
  refuses(here, "with(scale = \"half\", 1)", "expected \"none\", \"sqrt_dk\" or a number, found a text");
  refuses(here, "with(score = \"half\", 1)",
          "expected one of \"dot\", \"cosine\", \"additive\", \"bilinear\", found \"half\"");
  refuses(here, "with(score = 1, 1)",
          "expected one of \"dot\", \"cosine\", \"additive\", \"bilinear\", found a number");
  refuses(here, "with(causal = 1, 1)", "expected true or false, found a number");
  CHECK(here.complaint("with(temperature = 0, 1)").starts_with("with: "));
  CHECK(here.complaint("with(heads = 3, 1)").starts_with("with: "));
}

TEST_CASE("start looks back at the document with which the step began") {
  Here here(two_heads());
  here.now.start = three_words();
  is(here, "scores[0][0][0]", 8.0);
  is(here, "scores[1][1][1]", 2.0);
  is(here, "start(scores[0][0][2])", 11.0);
  is(here, "start(n_keys) - n_keys", 1.0);
  is(here, "start(with(scale = 2, scaled[0][0][0]))", 10.0);
  here.now.start.reset();
  is(here, "start(n_keys)", 2.0);
}

TEST_CASE("answer is what the learner gave in an earlier step") {
  Here here(three_words());
  here.now.answers["share"] = 0.25;
  here.now.answers["row"] = List{0.5, 0.5};
  is(here, "answer(share) * 4", 1.0);
  is(here, "sum(answer(row))", 1.0);
  refuses(here, "answer(nothing)", "the step nothing has no answer yet");
}

TEST_CASE("selected compares the cell in focus, and a star stands for any") {
  Here here(two_heads());
  here.now.selection = CellRef{Stage::weights, 1, 0, 1};
  reads(here, "selected(weights, 1, 0, 1)", "true");
  reads(here, "selected(weights, 0, 0, 1)", "false");
  reads(here, "selected(weights, *, 0, *)", "true");
  reads(here, "selected(weights, *, 1, *)", "false");
  reads(here, "selected(scores, 1, 0, 1)", "false");
  refuses(here, "selected(weights, 0, 1)", "selected: expected 3 places after weights, found 2");
  here.now.selection = CellRef{Stage::x, 0, 1, 0};
  reads(here, "selected(x, 1, 0)", "true");
  refuses(here, "selected(x, 0, 1, 0)", "selected: expected 2 places after x, found 3");
  here.now.selection.reset();
  reads(here, "selected(x, *, *)", "false");
}

TEST_CASE("a slider's number and those of an accepted pick are variables") {
  Here here(three_words());
  here.now.variables["d"] = 64.0;
  is(here, "d / 2", 32.0);
}

TEST_CASE("one evaluation ends at ten million operations and a million numbers in a matrix") {
  Here here(three_words());
  const std::string operations = "expected at most 10000000 operations, found more";
  refuses(here, "each(i, range(0, 9999), sum(range(0, 9999)))", operations);
  refuses(here, "each(i, range(0, 999999), range(0, 999999)[0])", operations);
  refuses(here, "each(i, range(0, 999999), each(j, range(0, 999999), 1)[0])", operations);
  refuses(here, "each(t, range(1, 999999), with(temperature = t, 1))", operations);
  refuses(here, "matmul(normal(1, 300, 300), normal(2, 300, 300))", operations);
  refuses(here, "normal(1, 1e15)", operations);
  refuses(here, "identity(1e9)", operations);
  refuses(here, "range(0, 1000001)", "expected at most 1000000 numbers, found 0 to 1000001");
  refuses(here, "range(-infinity, 0)", operations);
  refuses(here, "identity(1001)", "expected at most 1000000 numbers in a matrix, found 1001 × 1001");
  refuses(here, "each(i, range(0, 1000), range(0, 999))",
          "expected at most 1000000 numbers in a matrix, found 1001 × 1000");
}

TEST_CASE("a value of another kind than asked for is refused") {
  Here here(three_words());
  using attn::lessons::parse_expression;
  const auto refusal = [&](auto ask, const char* text) {
    return attn::lessons::tests::complaint_of([&] { ask(parse_expression(text), here.now, here.scenes); });
  };
  CHECK(refusal(attn::lessons::evaluate_number, "x[0]") == "expected a number, found a list of 2 numbers");
  CHECK(refusal(attn::lessons::evaluate_list, "x") == "expected a list, found a matrix of 3 × 2");
  CHECK(refusal(attn::lessons::evaluate_matrix, "true") == "expected a matrix, found true or false");
  CHECK(refusal(attn::lessons::evaluate_truth, "score") == "expected true or false, found a text");
}

TEST_CASE("an expression may name a cell or a row of a stage, or neither") {
  Here here(two_heads());
  const auto named = [&](const char* text) {
    return attn::lessons::named_cell(attn::lessons::parse_expression(text), here.now, here.scenes);
  };
  const auto cell = named("weights[1][0][n_keys - 1]");
  REQUIRE(cell.has_value());
  CHECK(cell->cell == CellRef{Stage::weights, 1, 0, 1});
  CHECK_FALSE(cell->is_row);
  const auto row = named("output[1]");
  REQUIRE(row.has_value());
  CHECK(row->cell == CellRef{Stage::output, 0, 1, 0});
  CHECK(row->is_row);
  CHECK_FALSE(named("weights[1]").has_value());
  CHECK_FALSE(named("weights[1][0][0] * 1").has_value());
  CHECK_FALSE(named("w_q[0][0]").has_value());
}
