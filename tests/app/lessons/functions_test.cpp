#include "app/lessons/functions.h"

#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "app/lessons/expression.h"
#include "tests/app/lessons/lesson_inputs.h"

using attn::MatrixD;
using attn::lessons::List;
using attn::lessons::tests::Here;
using attn::lessons::tests::three_words;

namespace {

/// Functions of values need no document of their own.
Here& here() {
  static Here kHere(three_words());
  return kHere;
}
void is(const std::string& expression, double expected) {
  CAPTURE(expression);
  CHECK(here().number(expression) == doctest::Approx(expected).epsilon(1e-12));
}
void reads(const std::string& expression, const std::string& expected) {
  CAPTURE(expression);
  CHECK(here().text(expression) == expected);
}
void refuses(const std::string& expression, const std::string& expected) {
  CAPTURE(expression);
  CHECK(here().complaint(expression) == expected);
}

}  // namespace

TEST_CASE("functions of a number work in each cell") {
  is("abs(-3)", 3.0);
  is("exp(0) + exp(-infinity)", 1.0);
  is("log(exp(2))", 2.0);
  is("sqrt(2) ^ 2", 2.0);
  is("tanh(0)", 0.0);
  reads("round([1.4, 1.6])", "1, 2");
  reads("floor([[1.9, -0.5]])", "1, −1");
  refuses("abs(\"a\")", "expected numbers, found a text");
}

TEST_CASE("sums run over all cells") {
  is("sum([1, 2, 3])", 6.0);
  is("sum([[1, 2], [3, 4]])", 10.0);
  is("sum([])", 0.0);
  is("mean([1, 2, 6])", 3.0);
  is("variance([1, 2, 6])", 14.0 / 3.0);  // (4 + 1 + 9) / 3
  is("max([[1, 9], [3, 4]]) - min([5, 2])", 7.0);
  refuses("mean([])", "expected at least one number, found none");
  refuses("max([])", "expected at least one number, found none");
}

TEST_CASE("argmax and argmin take the first of equal ones, and size counts") {
  is("argmax([1, 3, 3])", 1.0);
  is("argmin([2, 1, 1])", 1.0);
  is("size(x[0])", 2.0);
  refuses("argmax([])", "expected at least one number, found none");
  refuses("argmax(x)", "expected a list, found a matrix of 3 × 2");
}

TEST_CASE("lengths, scalar products and cosines") {
  is("norm([3, 4])", 5.0);
  is("dot([1, 2], [3, 4])", 11.0);
  is("cosine([1, 0], [1, 1])", std::sqrt(0.5));
  is("cosine([0, 0], [1, 1])", 0.0);
  refuses("dot([1], [1, 2])", "expected two lists of one length, found 1 and 2 numbers");
}

TEST_CASE("matrices are taken apart, turned and multiplied") {
  reads("row([[1, 2], [3, 4]], 1)", "3, 4");
  reads("column([[1, 2], [3, 4]], 1)", "2, 4");
  reads("transpose([[1, 2, 3], [4, 5, 6]])", "1, 4; 2, 5; 3, 6");
  reads("matmul([[1, 2], [3, 4]], [[0, 1], [1, 0]])", "2, 1; 4, 3");
  reads("matmul([[1, 2, 3]], [[1], [1], [1]])", "6");
  reads("identity(2)", "1, 0; 0, 1");
  reads("rowdots([[1, 2], [3, 4]], [[5, 6], [7, 8]])", "17, 53");
  refuses("row([[1]], 1)", "expected a row below 1, found 1");
  refuses("column([[1]], 1)", "expected a column below 1, found 1");
  refuses("matmul([[1, 2]], [[1, 2]])", "expected matrices whose inner sizes agree, found 1 × 2 and 1 × 2");
  refuses("rowdots([[1]], [[1, 2]])",
          "expected two matrices of one shape, found a matrix of 1 × 1 and a matrix of 1 × 2");
}

TEST_CASE("softmax takes the exponential and shares, row by row, without overflow") {
  // e⁰ : e^ln3 = 1 : 3
  reads("softmax([0, log(3)])", "0.25, 0.75");
  reads("softmax([[0, log(3)], [1000, 1000]])", "0.25, 0.75; 0.5, 0.5");
  reads("softmax([0, -infinity, 0])", "0.5, 0, 0.5");
  reads("softmax([-infinity, -infinity])", "0, 0");  // a word that sees nothing
  reads("softmax([])", "");
  reads("near(softmax(scores[0]), weights[0], 1e-6)", "true");
  refuses("softmax(1)", "expected a list or a matrix, found a number");
}

TEST_CASE("the jacobian of a softmax is diag(p) − p pᵀ") {
  reads("jacobian([0.25, 0.75])", "0.1875, −0.1875; −0.1875, 0.1875");
}

TEST_CASE("normal numbers are the same everywhere and always") {
  // By an independent Philox4x32-10 and Box-Muller in Python.
  is("normal(7, 3)[0]", 0.3978601519150084);
  is("normal(7, 3)[1]", -1.203712006724564);
  is("normal(7, 3)[2]", -0.2206906621965042);
  is("normal(7, 2, 3)[1][2]", 0.6179900569047971);
  reads("normal(7, 1, 3)[0] == normal(7, 3)", "true");
  reads("normal(7, 3) == normal(8, 3)", "false");
  CHECK(std::abs(here().number("mean(normal(1, 10000))")) < 0.05);
  CHECK(here().number("variance(normal(1, 10000))") == doctest::Approx(1.0).epsilon(0.05));
  refuses("normal(-1, 2)", "expected a whole number from 0, found −1");
}

TEST_CASE("a range counts up by one and is empty backwards") {
  reads("range(1, 3)", "1, 2, 3");
  reads("range(0.5, 2)", "0.5, 1.5");
  reads("range(2, 1)", "");
  is("size(range(1e17, 1e17 + 16))", 17.0);  // where adding 1 changes nothing it ends all the same
}
