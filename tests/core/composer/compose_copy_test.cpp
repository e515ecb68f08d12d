#include <stdexcept>

#include <doctest/doctest.h>

#include "tests/core/composer/composing.h"

using namespace attn;
using namespace attn::tests;
using Columns = std::vector<std::size_t>;

namespace {

/// Two heads of two columns on three features.
Input two_heads() {
  Input input = three_words();
  input.x = SharedMatrix(Matrix{{1, 2, 3}, {4, 5, 6}});
  input.tokens = numbered_tokens(2);
  input.config.heads = 2;
  for (const ParameterId id : {ParameterId::w_q, ParameterId::w_k, ParameterId::w_v}) {
    input.parameters[id] = random_matrix(3, 4, 3);
  }
  input.parameters[ParameterId::w_o] = random_matrix(4, 3, 4);
  return input;
}

}  // namespace

TEST_CASE("copy: a head adds exactly its columns to the output, by hand") {
  Input input = two_heads();
  input.parameters[ParameterId::b_v] = random_matrix(1, 4, 9);
  input.parameters[ParameterId::w_o] = SharedMatrix(Matrix(4, 3));           // the other head adds nothing
  input = compose_head(input, 1, wish_for_feature(std::nullopt, 0), 100.0);  // looks at the second token
  input = compose_copy(input, 1, {2, 0});
  CHECK(input.parameters[ParameterId::w_v]->dense()(2, 2) == 1.0f);
  CHECK(input.parameters[ParameterId::w_v]->dense()(0, 3) == 1.0f);
  CHECK((*input.parameters[ParameterId::b_v])(0, 2) == 0.0f);
  Arrays<float> arrays;
  forward(input, validate(input), arrays);
  const auto output = arrays.head(Stage::output, 0);
  CHECK(output(0, 0) == doctest::Approx(4.0));
  CHECK(output(0, 1) == 0.0f);
  CHECK(output(0, 2) == doctest::Approx(6.0));
}

TEST_CASE("copy: the other head keeps its numbers, and what is copied is recognised") {
  const Input before = two_heads();
  const Input after = compose_copy(before, 0, {1});
  const Matrix v = after.parameters[ParameterId::w_v]->dense();
  const Matrix o = after.parameters[ParameterId::w_o]->dense();
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t c = 2; c < 4; ++c) {
      CHECK(v(i, c) == (*before.parameters[ParameterId::w_v])(i, c));
      CHECK(o(c, i) == (*before.parameters[ParameterId::w_o])(c, i));
    }
  }
  CHECK(recognise_copy(after, 0) == Columns{1});
  CHECK(recognise_copy(compose_copy(before, 1, {0, 2}), 1) == Columns{0, 2});
  CHECK(recognise_copy(compose_copy(before, 1, {}), 1) == Columns{});
  CHECK_FALSE(recognise_copy(after, 1).has_value());
  CHECK_FALSE(recognise_copy(before, 0).has_value());
  CHECK(recognise_copy(three_words(), 0) == Columns{0, 1});  // identities copy everything
}

TEST_CASE("copy: what cannot be is refused with its reason") {
  using Kind = Hindrance::Kind;
  const Input input = two_heads();
  const auto refused = [](const Input& from, const Columns& columns) {
    const auto problem = copy_hindrance(from, 0, columns);
    REQUIRE(problem.has_value());
    CHECK_THROWS_AS(compose_copy(from, 0, columns), std::invalid_argument);
    return *problem;
  };
  CHECK(refused(input, {0, 1, 2}).kind == Kind::narrow_head);
  CHECK(refused(input, {0, 1, 2}).needed == 3);
  CHECK(refused(input, {0, 1, 2}).found == 2);
  Input changed = input;
  changed.parameters[ParameterId::w_o] = random_matrix(4, 2, 4);
  CHECK(refused(changed, {2}).kind == Kind::narrow_output);
  changed = input;
  changed.config.combine = Combine::mean;
  changed.parameters[ParameterId::w_o] = random_matrix(2, 3, 4);
  CHECK(refused(changed, {0}).kind == Kind::shared_output);
  changed = input;
  changed.config.kv_heads = 1;
  changed.parameters[ParameterId::w_k] = random_matrix(3, 2, 4);
  changed.parameters[ParameterId::w_v] = random_matrix(3, 2, 4);
  CHECK(refused(changed, {0}).kind == Kind::shared_keys);
  CHECK_THROWS_AS(compose_copy(input, 2, {0}), std::invalid_argument);
  CHECK_THROWS_AS(compose_copy(input, 0, {3}), std::invalid_argument);
}
