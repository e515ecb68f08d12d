#include "app/widgets/formula_steps.h"

#include <doctest/doctest.h>

#include "app/platform/fonts.h"
#include "app/platform/utf8.h"
#include "app/widgets/formula_explain.h"
#include "app/widgets/formula_names.h"
#include "app/widgets/formula_signs.h"

using namespace attn;
using namespace attn::ui;

namespace {

/// The formula as somebody would type it.
std::string plain(const Formula& f) {
  std::string out;
  switch (f.kind()) {
    case Formula::Kind::parentheses:
      return "(" + plain(f.parts()[0]) + ")";
    case Formula::Kind::root:
      return "√" + plain(f.parts()[0]);
    default:
      break;
  }
  out = f.text();
  for (const Formula& part : f.parts()) out += plain(part);
  return out;
}

Input three_words() {
  Input input;
  input.tokens = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"x1", "x2", "x3"});
  input.x = SharedMatrix(Matrix{{1, 2}, {2, 3}, {3, 4}});
  return input;
}

const StepWords kWords{"hidden", "nothing", "dropped"};

std::string line(Explainer& explainer, const ExplainNode& node, StepOptions options = {}) {
  return plain(step_line(explainer, node, kWords, options).formula);
}

std::vector<std::string> lines(const Input& input, const CellRef& cell) {
  Explainer explainer(input);
  std::vector<std::string> out;
  for (const ExplainStep& step : explain_steps(explainer, cell, 20))
    out.push_back(line(explainer, step.node));
  return out;
}

}  // namespace

TEST_CASE("the share of the third word, from the raw score on, with the article's numbers") {
  const std::vector<std::string> expected = {"1×3 + 2×4 = 11", "11 − 11 = 0", "exp(0) = 1",
                                             "0.0025 + 0.0498 + 1 ≈ 1.0523", "1 ÷ 1.0523 ≈ 0.9503"};
  CHECK(lines(three_words(), {Stage::weights, 0, 0, 2}) == expected);
}

TEST_CASE("a scale that does something is a step of its own") {
  Input input = three_words();
  input.config.scale.kind = Scale::Kind::sqrt_dk;
  const auto steps = lines(input, {Stage::scaled, 0, 0, 2});
  CHECK(steps == std::vector<std::string>{"1×3 + 2×4 = 11", "11 ÷ √2 ≈ 7.7782"});
  input.config.temperature = 2.0;
  CHECK(lines(input, {Stage::scaled, 0, 0, 2}).back() == "11 ÷ √2 ÷ 2 ≈ 3.8891");
  input.config.scale = {Scale::Kind::number, 0.25};
  CHECK(lines(input, {Stage::scaled, 0, 0, 2}) ==
        std::vector<std::string>{"1×3 + 2×4 = 11", "11 × 0.25 ÷ 2 = 1.375"});
  input.config.temperature = 1.0;
  CHECK(lines(input, {Stage::scaled, 0, 0, 2}).back() == "11 × 0.25 = 2.75");
  input.config.scale = {};
  input.config.temperature = 2.0;
  CHECK(lines(input, {Stage::scaled, 0, 0, 2}).back() == "11 ÷ 2 = 5.5");
}

TEST_CASE("the root that a score is divided by can be asked about") {
  Input input = three_words();
  input.config.scale.kind = Scale::Kind::sqrt_dk;
  Explainer explainer(input);
  const ExplainNode scaled = explainer.cell({Stage::scaled, 0, 0, 2});
  const StepLine written = step_line(explainer, scaled, kWords, {});
  REQUIRE(written.nodes.size() == 2);
  CHECK(written.nodes[1].role == Role::square_root_dk);
  CHECK(line(explainer, written.nodes[1]) == "√2 ≈ 1.4142");
}

TEST_CASE("= only between what is equal as it is shown") {
  Input input = three_words();
  input.x = SharedMatrix(Matrix{{1, 2}, {2, 3}, {1.0f / 3, 4}});
  Explainer explainer(input);
  const auto sign = [&](const CellRef& cell) { return value_sign(explainer, explainer.cell(cell), {}); };
  CHECK(line(explainer, explainer.child(explainer.cell({Stage::weights, 0, 0, 1}), 0)).starts_with("exp("));
  CHECK(sign({Stage::x, 0, 0, 0}) == "=");
  CHECK(sign({Stage::x, 0, 2, 0}) == "≈");
  CHECK(sign({Stage::weights, 0, 0, 2}) == "≈");
  CHECK(sign({Stage::masked, 0, 0, 1}) == "=");  // a copy of 8
  const ExplainNode rounded = explainer.cell({Stage::scores, 0, 0, 2});
  CHECK(line(explainer, rounded) == "1×0.3333 + 2×4 ≈ 8.3333");
  CHECK(step_line(explainer, rounded, kWords, {}).lead_sign == "≈");
  CHECK(step_line(explainer, explainer.cell({Stage::scores, 0, 0, 1}), kWords, {}).lead_sign == "=");
}

TEST_CASE("negative numbers: a sum writes their sign, a later factor stands in parentheses") {
  Input input = three_words();
  input.x = SharedMatrix(Matrix{{1, -2}, {-3, -4}, {3, 4}});
  Explainer explainer(input);
  CHECK(line(explainer, explainer.cell({Stage::scores, 0, 0, 1})) == "1×(−3) − 2×(−4) = 5");
}

TEST_CASE("what is too small to show is compared, not equated") {
  Explainer explainer(three_words());
  const ExplainNode share = explainer.cell({Stage::weights, 0, 2, 0});
  CHECK(line(explainer, share) == "8.32×10⁻⁷ ÷ 1.0009 < 0.0001");
}

TEST_CASE("a number that is only passed on names where it comes from") {
  Explainer explainer(three_words());
  CHECK(line(explainer, explainer.cell({Stage::concat, 0, 0, 1})) == "h12 ≈ 3.9480");
  CHECK(line(explainer, explainer.cell({Stage::masked, 0, 0, 1})) == "s′12 = 8");
}

TEST_CASE("an identity stands in the formula, and its numbers in the products") {
  const Input input = three_words();
  Explainer explainer(input);
  CHECK(line(explainer, explainer.cell({Stage::q, 0, 0, 1})) == "1×0 + 2×1 = 2");
  CHECK(plain(row_formula(input, {Stage::q, 0, 0, 1}, {})) == "q1 = x1WQ");
  CHECK(plain(row_formula(input, {Stage::v, 0, 2, 1}, {.column_vectors = true})) == "v3 = WVTx3");
  CHECK(plain(row_formula(input, {Stage::output, 0, 0, 1}, {})) == "y1 = c1WO");
  CHECK(projected_with(Stage::k, input) == ParameterId::w_k);
  CHECK_FALSE(projected_with(Stage::scores, input).has_value());
}

TEST_CASE("columns of x are called by their names where they have some") {
  const Input input = three_words();
  const std::vector<std::string> features = {"animal", "place"};
  const CellRef cell{Stage::x, 0, 0, 1};
  CHECK(cell_symbol_text(cell, {}, feature_name(input, features, cell)) == "x₁ place");
  CHECK(plain(cell_symbol(cell, true, {}, feature_name(input, features, cell))) == "x1, place");
  CHECK(feature_name(input, features, {Stage::q, 0, 0, 1}).empty());
  CHECK(feature_name(input, {}, cell).empty());
}

TEST_CASE("a hidden cell says so") {
  Input input = three_words();
  input.config.mask.causal = true;
  Explainer explainer(input);
  CHECK(line(explainer, explainer.cell({Stage::masked, 0, 0, 1})) == "8 hidden →  −∞");
}

TEST_CASE("long sums are read in pages") {
  Input input;
  std::vector<std::string> tokens(10);
  for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = "w" + std::to_string(i);
  input.tokens = std::make_shared<const std::vector<std::string>>(tokens);
  input.x = SharedMatrix(Matrix(10, 1, 1.0f));
  Explainer explainer(input);
  const ExplainNode output = explainer.cell({Stage::head_outputs, 0, 0, 0});
  StepOptions options;
  options.max_terms = 2;
  CHECK(line(explainer, output, options) == "0.1×1 + 0.1×1 + … = 1");
  options.first_term = 8;
  CHECK(line(explainer, output, options) == "… + 0.1×1 + 0.1×1 = 1");
}

TEST_CASE("every number of a line leads to its node") {
  Explainer explainer(three_words());
  const ExplainNode score = explainer.cell({Stage::scores, 0, 0, 2});
  const StepLine written = step_line(explainer, score, kWords, {});
  REQUIRE(written.nodes.size() == 4);
  CHECK(written.nodes[0].cell == CellRef{Stage::q, 0, 0, 0});
  CHECK(written.nodes[3].cell == CellRef{Stage::k, 0, 2, 1});
  CHECK(node_at(explainer, {Stage::scores, 0, 0, 2}, written.paths[3])->key == written.nodes[3].key);
  CHECK(ink_of(written.nodes[0]) == Ink::q);
  CHECK(ink_of(written.nodes[1]) == Ink::k);
}

TEST_CASE("an exponential of the row leads to the weight that it becomes") {
  Explainer explainer(three_words());
  const ExplainNode share = explainer.cell({Stage::weights, 0, 0, 2});
  const ExplainNode sum = explainer.child(share, 1);
  CHECK(target_of(explainer, explainer.child(sum, 1)) == CellRef{Stage::weights, 0, 0, 1});
}

TEST_CASE("symbols count from 1, and large indices are kept apart") {
  CHECK(cell_symbol_text({Stage::weights, 0, 0, 2}, {}) == "α₁₃");
  CHECK(cell_symbol_text({Stage::weights, 0, 0, 11}, {}) == "α₁,₁₂");
}

TEST_CASE("the symbol of every stage can be drawn") {
  const Fonts fonts;
  for (const Stage stage : kStages) {
    const std::string symbol = cell_symbol_text({stage, 0, 0, 0}, {});
    CAPTURE(symbol);
    for (std::size_t at = 0; at < symbol.size();) {
      const char32_t letter = next_code_point(symbol, at);
      CHECK(fonts.shows(Face::formula_italic, letter));
    }
  }
}

TEST_CASE("a token of spaces has a sign that can be seen") {
  Input input = three_words();
  input.tokens = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{" ", " a", "\n"});
  CHECK(row_word(input, Stage::weights, 0) == "␣");
  CHECK(row_word(input, Stage::x, 1) == " a");
  CHECK(column_word(input, Stage::weights, 2) == "␣");
  CHECK(row_word(input, Stage::weights, 3).empty());
}
