#include "core/attention/plane_move.h"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/attention/attention.h"
#include "tests/support/inputs.h"

using namespace attn;
using attn::tests::random_input;
using attn::tests::three_words;
using attn::tests::with_parameter;

namespace {

/// One word of `x` and a W_Q of its own.
Input one_word(const Matrix& x, const Matrix& w_q) {
  Input input;
  input.tokens = tests::numbered_tokens(1);
  input.x = SharedMatrix(x);
  Matrix w_k(w_q.rows(), w_q.columns());
  input = with_parameter(std::move(input), ParameterId::w_q, w_q);
  return with_parameter(std::move(input), ParameterId::w_k, w_k);
}

/// The row of a stage that an independent forward pass gives after the move.
std::vector<double> row_after(Input input, const PlaneMove& move, const CellRef& row,
                              const std::array<double, 2>& to) {
  const std::vector<float> x = move.row_at(to);
  if (move.moves_source()) {
    input.source->x = input.source->x.with_row(row.row, x);
  } else {
    input.x = input.x.with_row(row.row, x);
  }
  Arrays<double> arrays;
  forward<double>(input, validate(input), arrays);
  const auto values = arrays.head(row.stage, row.head).row(row.row);
  return {values.begin(), values.end()};
}

std::array<double, 2> projected(const Plane& plane, const std::vector<double>& vector) {
  std::array<double, 2> at{0, 0};
  for (std::size_t k = 0; k < plane.directions.size(); ++k) {
    for (std::size_t c = 0; c < vector.size(); ++c) at[k] += plane.directions[k][c] * vector[c];
  }
  return at;
}

}  // namespace

TEST_CASE("plane move: two features of x take the numbers, all others stay as they are") {
  Input input = three_words();
  input.x = SharedMatrix(Matrix{{1, 2, 3, 4}, {0, 0, 0, 0}, {1, 1, 1, 1}});
  const PlaneMove move(input, Stage::x, 0, 0, feature_plane(4, 3, 1));
  CHECK(move.start() == std::array<double, 2>{4, 2});
  CHECK(move.row_at({0.5, -1}) == std::vector<float>{1, -1, 3, 0.5f});
  CHECK(move.row_at({4, 2}) == std::vector<float>{1, 2, 3, 4});
  CHECK(move.exact());
  CHECK(move.keeps_others());
}

TEST_CASE("plane move: along slanted directions x keeps what is at right angles to them") {
  Input input = three_words();
  input.x = SharedMatrix(Matrix{{5, 10, 1}, {0, 0, 0}, {1, 1, 1}});
  // (5, 10, 1) lies at 11 along (0.6, 0.8, 0); 5 further is (3, 4) further.
  const Plane plane{{{0.6, 0.8, 0}, {0, 0, 1}}};
  const PlaneMove move(input, Stage::x, 0, 0, plane);
  CHECK(move.start()[0] == doctest::Approx(11));
  const std::vector<float> row = move.row_at({16, 1});
  CHECK(row[0] == doctest::Approx(8));
  CHECK(row[1] == doctest::Approx(14));
  CHECK(row[2] == 1.0f);
}

TEST_CASE("plane move: a query goes where it is pulled, through W_Q and its bias") {
  // q = (2 x₁ + 1, x₂ − 1) = (3, 0) at x = (1, 1); q = (7, 2) needs x = (3, 3).
  Input input = one_word({{1, 1}}, {{2, 0}, {0, 1}});
  input = with_parameter(std::move(input), ParameterId::b_q, {{1, -1}});
  const PlaneMove move(input, Stage::q, 0, 0, feature_plane(2, 0, 1));
  CHECK(move.start()[0] == doctest::Approx(3));
  CHECK(move.start()[1] == doctest::Approx(0));
  const std::vector<float> row = move.row_at({7, 2});
  CHECK(row[0] == doctest::Approx(3));
  CHECK(row[1] == doctest::Approx(3));
  CHECK(move.exact());
}

TEST_CASE("plane move: of all changes that would do, the shortest is taken") {
  // q₁ = x₁ + x₂: going from 0 to 2 takes (1, 1), shorter than (2, 0); x₃ has no part in it.
  const Input input = one_word({{0, 0, 5}}, {{1, 0}, {1, 0}, {0, 1}});
  const PlaneMove move(input, Stage::q, 0, 0, feature_plane(2, 0, 1));
  const std::vector<float> row = move.row_at({2, 5});
  CHECK(row[0] == doctest::Approx(1));
  CHECK(row[1] == doctest::Approx(1));
  CHECK(row[2] == doctest::Approx(5));
}

TEST_CASE("plane move: a projection that ties two components together moves the other one along") {
  // q = (x₁, x₂, x₁): in the plane of the first two every point can be reached, but q₃ follows q₁.
  const Input input = one_word({{1, 2}}, {{1, 0, 1}, {0, 1, 0}});
  const PlaneMove move(input, Stage::q, 0, 0, feature_plane(3, 0, 1));
  CHECK(move.exact());
  CHECK_FALSE(move.keeps_others());
  const std::vector<float> row = move.row_at({4, -1});
  CHECK(row[0] == doctest::Approx(4));
  CHECK(row[1] == doctest::Approx(-1));
}

TEST_CASE("plane move: where W_Q flattens the plane, the query comes as near as it can") {
  // q = (x₁ + x₂, x₁ + x₂) lies on the diagonal: nearest to (2, 0) is (1, 1), by x = (0.5, 0.5).
  const Input input = one_word({{0, 0}}, {{1, 1}, {1, 1}});
  const PlaneMove move(input, Stage::q, 0, 0, feature_plane(2, 0, 1));
  CHECK_FALSE(move.exact());
  const std::vector<float> row = move.row_at({2, 0});
  CHECK(row[0] == doctest::Approx(0.5));
  CHECK(row[1] == doctest::Approx(0.5));
  // A W_Q of zeros moves nothing at all.
  const PlaneMove stuck(one_word({{3, 4}}, {{0, 0}, {0, 0}}), Stage::q, 0, 0, feature_plane(2, 0, 1));
  CHECK_FALSE(stuck.exact());
  CHECK(stuck.row_at({2, 1}) == std::vector<float>{3, 4});
}

TEST_CASE("plane move: queries, keys and values of every head arrive, in slanted planes too") {
  Input sinusoidal = random_input(4, 6, 2, 11);
  sinusoidal.config.position = Position::sinusoidal;
  Input cross = random_input(4, 6, 2, 12);
  cross.source = Source{tests::numbered_tokens(5), tests::random_matrix(5, 6, 13)};
  Input grouped = random_input(4, 6, 2, 14);
  grouped.config.kv_heads = 1;
  grouped.parameters[ParameterId::w_k] = tests::random_matrix(6, 3, 15);
  grouped.parameters[ParameterId::w_v] = tests::random_matrix(6, 3, 16);
  grouped.parameters[ParameterId::b_k].reset();
  grouped.parameters[ParameterId::b_v].reset();
  Input identity = random_input(4, 6, 2, 17);
  identity.parameters[ParameterId::w_q].reset();
  const Plane slanted{{{0.6, 0.8, 0}, {0.8 * 0.6, -0.6 * 0.6, 0.8}}};
  for (const Input& input : {random_input(4, 6, 2, 10), sinusoidal, cross, grouped, identity}) {
    for (const Stage stage : {Stage::q, Stage::k, Stage::v}) {
      const StageShape shape = shape_of(stage, input, validate(input));
      for (std::size_t head = 0; head < shape.heads; ++head) {
        for (const Plane& plane : {feature_plane(3, 2, 0), slanted}) {
          CAPTURE(name(stage));
          CAPTURE(head);
          const CellRef row{stage, head, 3, 0};
          const PlaneMove move(input, stage, head, 3, plane);
          CHECK(move.exact());
          CHECK(move.keeps_others());
          CHECK(move.moves_source() == (input.source && stage != Stage::q));
          const std::vector<double> before = row_after(input, move, row, move.start());
          CHECK(projected(plane, before)[0] == doctest::Approx(move.start()[0]).epsilon(1e-6));
          const std::vector<double> after = row_after(input, move, row, {1.5, -2.0});
          CHECK(projected(plane, after)[0] == doctest::Approx(1.5).epsilon(1e-5));
          CHECK(projected(plane, after)[1] == doctest::Approx(-2.0).epsilon(1e-5));
          // What changed lies in the plane: taking it out leaves the vector as it was.
          for (std::size_t c = 0; c < 3; ++c) {
            double expected = before[c];
            for (std::size_t k = 0; k < 2; ++k) {
              const double by = (k == 0 ? 1.5 : -2.0) - move.start()[k];
              expected += by * plane.directions[k][c];
            }
            CHECK(after[c] == doctest::Approx(expected).epsilon(1e-5));
          }
        }
      }
    }
  }
}

TEST_CASE("plane move: one component moves along its line") {
  Input input = three_words();
  input.x = SharedMatrix(Matrix{{1}, {2}, {3}});
  const PlaneMove move(input, Stage::x, 0, 1, feature_plane(1, 0, 1));
  CHECK(move.start() == std::array<double, 2>{2, 0});
  CHECK(move.row_at({-1, 7}) == std::vector<float>{-1});
}

TEST_CASE("plane move: what is no row of words, queries, keys or values is refused in one line") {
  CHECK_THROWS_WITH(
      PlaneMove(three_words(), Stage::weights, 0, 0, feature_plane(3, 0, 1)),
      "plane: expected a row of x, source_x, q, k or v and a plane as wide, found weights[0][0] of "
      "1 × 3 × 3 and a plane of 3");
  CHECK_THROWS_WITH(PlaneMove(three_words(), Stage::x, 0, 3, feature_plane(2, 0, 1)),
                    "plane: expected a row of x, source_x, q, k or v and a plane as wide, found x[0][3] of "
                    "1 × 3 × 2 and a plane of 2");
}
