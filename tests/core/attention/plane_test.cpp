#include "core/attention/plane.h"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

using namespace attn;

namespace {

void check_direction(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t c = 0; c < found.size(); ++c) {
    CAPTURE(c);
    CHECK(found[c] == doctest::Approx(expected[c]).epsilon(1e-9));
  }
}

void check_principal(const Matrix& rows, const std::vector<double>& first, const std::vector<double>& second,
                     double first_share, double second_share) {
  const PrincipalPlane found = principal_plane(view(rows));
  REQUIRE(found.plane.directions.size() == 2);
  check_direction(found.plane.directions[0], first);
  check_direction(found.plane.directions[1], second);
  CHECK(found.share[0] == doctest::Approx(first_share).epsilon(1e-9));
  CHECK(found.share[1] == doctest::Approx(second_share).epsilon(1e-9));
}

const double kHalf = std::sqrt(0.5);

}  // namespace

TEST_CASE("plane: two features give two components of a vector") {
  const std::vector<float> x = {1, 2, 3};
  CHECK(project(feature_plane(3, 0, 2), x) == std::array<double, 2>{1, 3});
  CHECK(project(feature_plane(3, 2, 1), x) == std::array<double, 2>{3, 2});
  CHECK(project(feature_line(3, 1), x) == std::array<double, 2>{2, 0});
}

TEST_CASE("plane: features that are not there are the first two, and one component has one direction") {
  CHECK(feature_plane(3, 0, 3) == feature_plane(3, 0, 1));
  CHECK(feature_plane(3, 2, 2) == feature_plane(3, 0, 1));
  const Plane line = feature_plane(1, 0, 1);
  REQUIRE(line.directions.size() == 1);
  const std::vector<float> x = {7};
  CHECK(project(line, x) == std::array<double, 2>{7, 0});
}

TEST_CASE("principal plane: the axis of the longer spread comes first, with its share of the variance") {
  // Variance 9 + 9 along the first axis, 1 + 1 along the third: 18 of 20 and 2 of 20.
  check_principal({{3, 0, 0}, {-3, 0, 0}, {0, 0, 1}, {0, 0, -1}}, {1, 0, 0}, {0, 0, 1}, 0.9, 0.1);
  // The mean does not count: the same points, moved.
  check_principal({{13, 5, 0}, {7, 5, 0}, {10, 5, 1}, {10, 5, -1}}, {1, 0, 0}, {0, 0, 1}, 0.9, 0.1);
}

TEST_CASE("principal plane: the largest component of a direction is positive") {
  // Along (−3, −4) and back: 5 long, so (0.6, 0.8).
  check_principal({{-3, -4}, {0, 0}, {3, 4}}, {0.6, 0.8}, {0.8, -0.6}, 1.0, 0.0);
  // Along (1, −2): its larger component is the second one.
  check_principal({{1, -2}, {-1, 2}}, {-std::sqrt(0.2), std::sqrt(0.8)}, {std::sqrt(0.8), std::sqrt(0.2)},
                  1.0, 0.0);
  // Both components of the same size: the first one is positive.
  check_principal({{-1, 1}, {1, -1}}, {kHalf, -kHalf}, {kHalf, kHalf}, 1.0, 0.0);
}

TEST_CASE("principal plane: among equal variances the direction nearest to the first axis comes first") {
  check_principal({{1, 0}, {-1, 0}, {0, 1}, {0, -1}}, {1, 0}, {0, 1}, 0.5, 0.5);
  // A square that stands on its corner has the same variance in every direction.
  check_principal({{1, 1}, {-1, 1}, {-1, -1}, {1, -1}}, {1, 0}, {0, 1}, 0.5, 0.5);
  // The second and the third direction are equal: the second axis comes before the third.
  check_principal({{0, 2, 0}, {0, -2, 0}, {0, 0, 2}, {0, 0, -2}, {5, 0, 0}, {-5, 0, 0}}, {1, 0, 0}, {0, 1, 0},
                  50.0 / 66.0, 8.0 / 66.0);
}

TEST_CASE("principal plane: fewer rows than columns, and rows that are equal") {
  // One direction only; the second one is the first axis, which is at right angles to it.
  check_principal({{0, 0, 0, 0}, {0, 3, 0, 4}}, {0, 0.6, 0, 0.8}, {1, 0, 0, 0}, 1.0, 0.0);
  check_principal({{2, 3, 4}, {2, 3, 4}}, {1, 0, 0}, {0, 1, 0}, 0.0, 0.0);
  check_principal({{2, 3, 4}}, {1, 0, 0}, {0, 1, 0}, 0.0, 0.0);
  // Three rows in five columns: 32 of 34 along the last axis, 2 of 34 along the second.
  check_principal({{0, 1, 0, 0, 0}, {0, -1, 0, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 4}, {0, 0, 0, 0, -4}},
                  {0, 0, 0, 0, 1}, {0, 1, 0, 0, 0}, 32.0 / 34.0, 2.0 / 34.0);
}

TEST_CASE("principal plane: one component has one direction") {
  const Matrix rows = {{1}, {4}};
  const PrincipalPlane found = principal_plane(view(rows));
  REQUIRE(found.plane.directions.size() == 1);
  check_direction(found.plane.directions[0], {1});
  CHECK(found.share == std::array<double, 2>{1.0, 0.0});
}

TEST_CASE("principal plane: the order of the rows changes nothing") {
  const Matrix rows = {{1, 2, 0.5}, {2, -1, 3}, {0, 4, 1}, {3, 3, -2}};
  const Matrix shuffled = {{0, 4, 1}, {3, 3, -2}, {1, 2, 0.5}, {2, -1, 3}};
  const PrincipalPlane a = principal_plane(view(rows));
  const PrincipalPlane b = principal_plane(view(shuffled));
  check_direction(a.plane.directions[0], b.plane.directions[0]);
  check_direction(a.plane.directions[1], b.plane.directions[1]);
  // They are orthonormal, and no other direction has more variance than the first.
  double along = 0.0;
  double length = 0.0;
  for (std::size_t c = 0; c < 3; ++c) {
    along += a.plane.directions[0][c] * a.plane.directions[1][c];
    length += a.plane.directions[0][c] * a.plane.directions[0][c];
  }
  CHECK(std::abs(along) < 1e-12);
  CHECK(length == doctest::Approx(1.0));
  CHECK(a.share[0] > a.share[1]);
}

TEST_CASE("principal plane: of very many wide rows some decide, and the shares count all") {
  // 1300 rows of 600 columns: only the third column moves, by 1 from row to row, and the fifth a little.
  Matrix rows(1300, 600);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    rows(i, 2) = static_cast<float>(i);
    rows(i, 4) = i % 2 == 0 ? 1.0f : -1.0f;
  }
  const PrincipalPlane found = principal_plane(view(rows));
  CHECK(found.plane.directions[0][2] == doctest::Approx(1.0).epsilon(1e-4));
  // Σ (i − mean)² = n (n² − 1) / 12, and 1 for each row along the fifth column.
  const double third = 1300.0 * (1300.0 * 1300.0 - 1.0) / 12.0;
  CHECK(found.share[0] == doctest::Approx(third / (third + 1300.0)).epsilon(1e-6));
}
