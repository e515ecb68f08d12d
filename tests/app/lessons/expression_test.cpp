#include "app/lessons/expression.h"

#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "app/lessons/evaluate.h"
#include "tests/app/lessons/lesson_inputs.h"

using attn::lessons::Expression;
using attn::lessons::parse_expression;
using attn::lessons::variables_of;
using attn::lessons::tests::complaint_of;
using attn::lessons::tests::Here;
using attn::lessons::tests::three_words;

namespace {

/// The tree with every pair of parentheses written out.
std::string tree(const Expression& e) {
  using Kind = Expression::Kind;
  switch (e.kind()) {
    case Kind::number:
      return fmt::format("{}", e.value());
    case Kind::name:
      return e.name();
    case Kind::text:
      return '"' + e.name() + '"';
    case Kind::binary:
      return fmt::format("({} {} {})", tree(e.parts()[0]), e.name(), tree(e.parts()[1]));
    case Kind::minus:
      return fmt::format("(-{})", tree(e.parts()[0]));
    case Kind::negation:
      return fmt::format("(not {})", tree(e.parts()[0]));
    case Kind::index:
      return fmt::format("{}[{}]", tree(e.parts()[0]), tree(e.parts()[1]));
    case Kind::any:
      return "*";
    case Kind::setting:
      return fmt::format("{} = {}", e.name(), tree(e.parts()[0]));
    case Kind::list:
    case Kind::call:
      break;
  }
  std::string inside;
  for (const Expression& part : e.parts()) inside += (inside.empty() ? "" : ", ") + tree(part);
  return e.kind() == Kind::list ? "[" + inside + "]" : e.name() + "(" + inside + ")";
}
std::string tree(std::string_view text) { return tree(parse_expression(text)); }
std::string refusal(std::string_view text) {
  return complaint_of([&] { parse_expression(text); });
}
std::string use(std::string_view text) {
  return complaint_of([&] { variables_of(parse_expression(text)); });
}

}  // namespace

TEST_CASE("expressions bind as on paper: power, sign, product, sum, comparison, not, and, or") {
  CHECK(tree("1 + 2 * 3 ^ 2") == "(1 + (2 * (3 ^ 2)))");
  CHECK(tree("8 - 2 - 1") == "((8 - 2) - 1)");
  CHECK(tree("8 / 2 * 4") == "((8 / 2) * 4)");
  CHECK(tree("2 ^ 3 ^ 2") == "(2 ^ (3 ^ 2))");
  CHECK(tree("-2 ^ 2") == "(-(2 ^ 2))");
  CHECK(tree("2 ^ -1") == "(2 ^ (-1))");
  CHECK(tree("(1 + 2) * 3") == "((1 + 2) * 3)");
  CHECK(tree("a + 1 < b * 2") == "((a + 1) < (b * 2))");
  CHECK(tree("not a < b and c or d") == "(((not (a < b)) and c) or d)");
  CHECK(tree("x[0][1] ^ 2") == "(x[0][1] ^ 2)");
  CHECK(tree("- x[1 + 1]") == "(-x[(1 + 1)])");
}

TEST_CASE("expressions read numbers, texts, lists, calls, settings and the star") {
  CHECK(tree("-1e9") == "(-1000000000)");
  CHECK(tree(".5") == "0.5");
  CHECK(tree("[1, [2, 3], []]") == "[1, [2, 3], []]");
  CHECK(tree("score == \"dot\"") == "(score == \"dot\")");
  CHECK(tree("with(scale = \"none\", weights[0])") == "with(scale = \"none\", weights[0])");
  CHECK(tree("selected(weights, *, 0, *)") == "selected(weights, *, 0, *)");
  CHECK(tree(" f(\n\ta == b ) ") == "f((a == b))");
}

TEST_CASE("an expression that is none says what was expected, what was found and where") {
  CHECK(refusal("") == "expected a value, found the end at character 1");
  CHECK(refusal("1 +") == "expected a value, found the end at character 4");
  CHECK(refusal("(1 + 2") == "expected \")\", found the end at character 7");
  CHECK(refusal("x[0") == "expected \"]\", found the end at character 4");
  CHECK(refusal("1 2") == "expected the end of the expression, found \"2\" at character 3");
  CHECK(refusal("1 < 2 < 3") == "expected the end of the expression, found \"< 3\" at character 7");
  CHECK(refusal("a and or b") == "expected a value, found \" b\" at character 9");
  CHECK(refusal("\"dot") == "expected a text that ends with \", found \"\"dot\" at character 1");
  CHECK(refusal("1e999") == "expected a number, found \"1e999\" at character 1");
  CHECK(refusal("sum(1, )") == "expected a value, found \")\" at character 8");
  CHECK(refusal("2 × 3") == "expected the end of the expression, found \"× 3\" at character 3");
}

TEST_CASE("a message about an expression is one line of whole characters") {
  // A line break would break the message, and 24 bytes end within the eighth of these characters.
  CHECK(refusal("1 \n#") == "expected the end of the expression, found \"#\" at character 4");
  CHECK(refusal("#\n#") == "expected a value, found \"#\\u000A#\" at character 1");
  CHECK(refusal("a权重权重权重权重权重权重") ==
        "expected the end of the expression, found \"权重权重权重权重…\" at character 2");
  CHECK(refusal("a a权重权重权重权重权重权重") ==
        "expected the end of the expression, found \"a权重权重权重权重…\" at character 3");
}

TEST_CASE("an expression has at most 2,000 characters and 64 levels") {
  const std::string long_enough = "1" + std::string(Expression::kMostCharacters - 1, ' ');
  CHECK(tree(long_enough) == "1");
  CHECK(refusal(long_enough + " ") == "expected at most 2000 characters, found 2001");

  const auto deep = [](std::size_t levels) {
    return std::string(levels - 1, '(') + "1" + std::string(levels - 1, ')');
  };
  CHECK(tree(deep(Expression::kDeepest)) == "1");
  const std::string too_deep = "expected at most 64 levels of parentheses, found more";
  CHECK(refusal(deep(Expression::kDeepest + 1)) == too_deep);
  CHECK(refusal(std::string(1999, '-') + "1") == too_deep);
  CHECK(refusal(std::string(1000, '[')) == too_deep);
  std::string powers = "2";
  for (int i = 0; i < 100; ++i) powers += "^2";
  CHECK(refusal(powers) == too_deep);
  std::string inverse;
  for (int i = 0; i < 100; ++i) inverse += "not ";
  CHECK(refusal(inverse + "a") == too_deep);
}

TEST_CASE("a function takes as many arguments as it has") {
  CHECK(use("softmax(1, 2)") == "softmax: expected 1 arguments, found 2");
  CHECK(use("normal(1)") == "normal: expected 2 to 3 arguments, found 1");
  CHECK(use("if(true, 1)") == "if: expected 3 arguments, found 2");
  CHECK(use("selected(weights)") == "selected: expected 3 to 4 arguments, found 1");
  CHECK(use("wobble(1)") == "expected a function that there is, found wobble(…)");
  CHECK(use("each(1, [1], 2)") == "each: expected a name first, found another value");
  CHECK(use("answer(1)") == "answer: expected the id of a step, found another value");
  CHECK(use("with(1, 2)") == "with: expected a setting such as scale = \"none\", found another value");
  CHECK(use("with(colour = 1, 2)") ==
        "with: expected a setting such as scale = \"none\", found another value");
  CHECK(use("sum(scale = 1)") == "expected \"scale =\" only in with(…), found it elsewhere");
  CHECK(use("sum(*)") == "expected \"*\" between two numbers or in selected(…), found it elsewhere");
  CHECK(use("selected(1, 0, 0)") == "selected: expected a stage first, found another value");
}

TEST_CASE("variables are the names that nothing else has") {
  const auto of = [](std::string_view text) { return variables_of(parse_expression(text)); };
  CHECK(of("d + weights[0][row][i] + w_q[0][0] + d_k * pi") == std::set<std::string>{"d", "i", "row"});
  CHECK(of("each(i, [1, 2], i * s)") == std::set<std::string>{"s"});
  CHECK(of("each(i, [i], 1)") == std::set<std::string>{"i"});
  CHECK(of("answer(largest) + with(temperature = t, weights[0][0][0])") == std::set<std::string>{"t"});
}
