// Principal components, in double.

#include <algorithm>
#include <cmath>

#include <Eigen/Eigenvalues>

#include "core/attention/plane.h"

namespace attn {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t kMostRows = 512;
constexpr double kSame = 1e-9;      ///< variances this near, for a largest of 1, are equal
constexpr double kNothing = 1e-12;  ///< a variance this small, for a largest of 1, is rounding

/// The rows that decide, less their mean. Either their number or their width is at most kMostRows.
MatrixXd centred(MatrixView<const float> rows) {
  const bool too_many = rows.rows > kMostRows && rows.columns > kMostRows;
  const std::size_t every = too_many ? (rows.rows + kMostRows - 1) / kMostRows : 1;
  const std::size_t count = (rows.rows + every - 1) / every;
  MatrixXd values(static_cast<Index>(count), static_cast<Index>(rows.columns));
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t c = 0; c < rows.columns; ++c) {
      values(static_cast<Index>(i), static_cast<Index>(c)) = static_cast<double>(rows(i * every, c));
    }
  }
  values.rowwise() -= values.colwise().mean().eval();
  return values;
}

/// Directions with their variances, the largest first; only those whose variance is more than rounding.
struct Spread {
  VectorXd variances;
  MatrixXd directions;  ///< one a column
};

Spread spread_of(const MatrixXd& values) {
  const bool narrow = values.cols() <= values.rows();
  const MatrixXd products =
      narrow ? (values.transpose() * values).eval() : (values * values.transpose()).eval();
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(products);
  const VectorXd& ascending = solver.eigenvalues();
  const double largest = ascending(ascending.size() - 1);
  Index count = 0;
  while (count < ascending.size() && ascending(ascending.size() - 1 - count) > kNothing * largest) ++count;
  Spread spread{ascending.tail(count).reverse(), solver.eigenvectors().rightCols(count).rowwise().reverse()};
  if (!narrow) {
    // From combinations of rows to the directions they stand for.
    spread.directions = (values.transpose() * spread.directions).eval();
    spread.directions.colwise().normalize();
  }
  return spread;
}

/// What is left of coordinate axis `c` inside the space, less its part along `taken`: its squared length.
/// `inside` is the squared length of the axis in the space.
double left_over(double inside, const VectorXd* taken, Index c) {
  return inside - (taken ? (*taken)(c) * (*taken)(c) : 0.0);
}

/// The direction nearest to a coordinate axis, in the span of some orthonormal columns (or in the whole
/// space: none). `taken` is a direction of the same span that must be left at right angles.
VectorXd nearest_to_an_axis(Index width, const MatrixXd* columns, const VectorXd* taken) {
  Index best = 0;
  double longest = -1.0;
  for (Index c = 0; c < width; ++c) {
    const double length = left_over(columns ? columns->row(c).squaredNorm() : 1.0, taken, c);
    if (length > longest + kSame) {
      longest = length;
      best = c;
    }
  }
  VectorXd direction =
      columns ? VectorXd((*columns) * columns->row(best).transpose()) : VectorXd(VectorXd::Unit(width, best));
  if (taken) direction -= (*taken)(best) * *taken;
  return direction.normalized();
}

/// The columns whose variance is that of column `first`.
MatrixXd equal_to(const Spread& spread, Index first) {
  const double tolerance = kSame * spread.variances(0);
  Index from = first;
  Index to = first + 1;
  while (from > 0 && spread.variances(from - 1) - spread.variances(first) <= tolerance) --from;
  while (to < spread.variances.size() && spread.variances(first) - spread.variances(to) <= tolerance) ++to;
  return spread.directions.middleCols(from, to - from);
}

std::vector<double> with_its_sign(const VectorXd& direction) {
  Index largest = 0;
  for (Index c = 1; c < direction.size(); ++c) {
    if (std::abs(direction(c)) > std::abs(direction(largest)) + kSame) largest = c;
  }
  const double sign = direction(largest) < 0.0 ? -1.0 : 1.0;
  std::vector<double> result;
  for (const double value : direction) result.push_back(sign * value + 0.0);
  return result;
}

/// The part of the variance of all rows that lies along each direction.
std::array<double, 2> shares(MatrixView<const float> rows, const Plane& plane) {
  std::vector<double> mean(rows.columns, 0.0);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    for (std::size_t c = 0; c < rows.columns; ++c) mean[c] += static_cast<double>(rows(i, c));
  }
  for (double& value : mean) value /= static_cast<double>(rows.rows);
  double all = 0.0;
  std::array<double, 2> along{0.0, 0.0};
  for (std::size_t i = 0; i < rows.rows; ++i) {
    std::array<double, 2> at{0.0, 0.0};
    for (std::size_t c = 0; c < rows.columns; ++c) {
      const double value = static_cast<double>(rows(i, c)) - mean[c];
      all += value * value;
      for (std::size_t k = 0; k < plane.directions.size(); ++k) at[k] += plane.directions[k][c] * value;
    }
    for (std::size_t k = 0; k < 2; ++k) along[k] += at[k] * at[k];
  }
  if (!(all > 0.0)) return {0.0, 0.0};
  return {std::min(1.0, along[0] / all), std::min(1.0, along[1] / all)};
}

}  // namespace

PrincipalPlane principal_plane(MatrixView<const float> rows) {
  const auto width = static_cast<Index>(rows.columns);
  const Spread spread = spread_of(centred(rows));
  const bool any = spread.variances.size() > 0 && spread.variances(0) > 0.0;
  const MatrixXd widest = any ? equal_to(spread, 0) : MatrixXd();
  const VectorXd first = nearest_to_an_axis(width, any ? &widest : nullptr, nullptr);
  PrincipalPlane result;
  result.plane.directions.push_back(with_its_sign(first));
  if (width > 1) {
    const bool more = any && spread.variances.size() > 1;
    const MatrixXd next = more ? equal_to(spread, 1) : MatrixXd();
    // Of equal variance: the first direction was taken out of the same span.
    const bool same_span = !more || spread.variances(0) - spread.variances(1) <= kSame * spread.variances(0);
    result.plane.directions.push_back(
        with_its_sign(nearest_to_an_axis(width, more ? &next : nullptr, same_span ? &first : nullptr)));
  }
  result.share = shares(rows, result.plane);
  return result;
}

}  // namespace attn
