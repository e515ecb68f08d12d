#include "core/attention/plane_move.h"

#include <stdexcept>

#include <fmt/format.h>
#include <Eigen/QR>

#include "core/attention/ops.h"

namespace attn {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kExact = 1e-9;  ///< of a unit step: what rounding in double may leave

Index at(std::size_t i) { return static_cast<Index>(i); }

MatrixXd directions_of(const Plane& plane) {
  MatrixXd directions(at(plane.width()), at(plane.directions.size()));
  for (std::size_t k = 0; k < plane.directions.size(); ++k) {
    for (std::size_t c = 0; c < plane.width(); ++c) directions(at(c), at(k)) = plane.directions[k][c];
  }
  return directions;
}

struct Projection {
  ParameterId w;
  ParameterId b;
  std::size_t width;
};

Projection projection_of(Stage stage, const Dimensions& d) {
  if (stage == Stage::q) return {ParameterId::w_q, ParameterId::b_q, d.d_k};
  if (stage == Stage::k) return {ParameterId::w_k, ParameterId::b_k, d.d_k};
  return {ParameterId::w_v, ParameterId::b_v, d.d_v};
}

/// The columns of a projection that belong to one head, [width of x, width of the head].
MatrixXd columns_of(const Input& input, const Projection& p, std::size_t head, std::size_t inner) {
  MatrixXd w = MatrixXd::Zero(at(inner), at(p.width));
  const std::size_t first = head * p.width;
  const auto& given = input.parameters[p.w];
  for (std::size_t i = 0; i < inner; ++i) {
    for (std::size_t c = 0; c < p.width; ++c) {
      const double identity = i == first + c ? 1.0 : 0.0;
      w(at(i), at(c)) = given ? static_cast<double>((*given)(i, first + c)) : identity;
    }
  }
  return w;
}

}  // namespace

PlaneMove::PlaneMove(const Input& pressed, Stage stage, std::size_t head, std::size_t row,
                     const Plane& plane) {
  const Dimensions d = validate(pressed);
  const StageShape shape = shape_of(stage, pressed, d);
  const bool of_words = stage == Stage::x || stage == Stage::source_x;
  const bool projected = stage == Stage::q || stage == Stage::k || stage == Stage::v;
  if (!(of_words || projected) || head >= shape.heads || row >= shape.rows ||
      plane.width() != shape.columns) {
    throw std::invalid_argument(fmt::format(
        "plane: expected a row of x, source_x, q, k or v and a plane as wide, found {}[{}][{}] of "
        "{} × {} × {} and a plane of {}",
        name(stage), head, row, shape.heads, shape.rows, shape.columns, plane.width()));
  }
  moves_source_ = pressed.source && stage != Stage::x && stage != Stage::q;
  const SharedMatrix& x = moves_source_ ? pressed.source->x : pressed.x;
  pressed_.assign(x.row(row).begin(), x.row(row).end());
  const MatrixXd directions = directions_of(plane);

  VectorXd vector(at(x.columns()));
  for (std::size_t c = 0; c < x.columns(); ++c) vector(at(c)) = static_cast<double>(pressed_[c]);
  MatrixXd steps = directions;
  if (projected) {
    if (pressed.config.position == Position::sinusoidal) {
      for (std::size_t c = 0; c < x.columns(); ++c) vector(at(c)) += sinusoidal_position(row, c, x.columns());
    }
    const Projection p = projection_of(stage, d);
    const MatrixXd w = columns_of(pressed, p, head, x.columns());
    vector = (w.transpose() * vector).eval();
    if (const auto& bias = pressed.parameters[p.b]) {
      for (std::size_t c = 0; c < p.width; ++c)
        vector(at(c)) += static_cast<double>((*bias)(0, head * p.width + c));
    }
    // Wᵀ Δx = Δq, of least length; the columns of an identity are their own inverse.
    const bool identity = !pressed.parameters[p.w];
    steps = identity
                ? (w * directions).eval()
                : Eigen::CompleteOrthogonalDecomposition<MatrixXd>(MatrixXd(w.transpose())).solve(directions);
    keeps_others_ = (w.transpose() * steps - directions).cwiseAbs().maxCoeff() <= kExact;
    if (!keeps_others_) {
      const MatrixXd inside = directions.transpose() * w.transpose();
      const MatrixXd unit = MatrixXd::Identity(inside.rows(), inside.rows());
      steps = Eigen::CompleteOrthogonalDecomposition<MatrixXd>(inside).solve(unit);
      exact_ = (inside * steps - unit).cwiseAbs().maxCoeff() <= kExact;
    }
  }
  const VectorXd start = directions.transpose() * vector;
  for (Index k = 0; k < directions.cols(); ++k) {
    start_[static_cast<std::size_t>(k)] = start(k);
    steps_.emplace_back(steps.col(k).begin(), steps.col(k).end());
  }
}

std::vector<float> PlaneMove::row_at(const std::array<double, 2>& to) const {
  std::vector<float> row = pressed_;
  for (std::size_t c = 0; c < row.size(); ++c) {
    double by = 0.0;
    for (std::size_t k = 0; k < steps_.size(); ++k) by += (to[k] - start_[k]) * steps_[k][c];
    if (by != 0.0) row[c] = static_cast<float>(static_cast<double>(row[c]) + by);
  }
  return row;
}

}  // namespace attn
