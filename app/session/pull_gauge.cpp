#include "app/session/pull_gauge.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace attn::session {

PullGauge::PullGauge(const Input& input, const Dimensions& d, PullTarget target)
    : target_(std::move(target)), n_queries_(d.n_queries), d_out_(d.d_out) {
  const bool is_weight = target_.stage == Stage::weights;
  if (!is_weight && target_.stage != Stage::output) {
    throw std::invalid_argument(
        fmt::format("pull: expected a cell of weights or output, found {}", name(target_.stage)));
  }
  const StageShape shape = shape_of(target_.stage, input, d);
  if (target_.columns.empty() || (is_weight && target_.columns.size() != 1)) {
    throw std::invalid_argument(fmt::format(
        "pull: expected {}, found {} columns",
        is_weight ? "one column of weights" : "at least one column of output", target_.columns.size()));
  }
  for (const std::size_t column : target_.columns) {
    if (target_.head < shape.heads && target_.row < shape.rows && column < shape.columns) continue;
    throw std::invalid_argument(fmt::format("pull: expected a cell of {}, {} × {} × {}, found [{}][{},{}]",
                                            name(target_.stage), shape.heads, shape.rows, shape.columns,
                                            target_.head, target_.row, column));
  }
  by_logit_ = is_weight && input.config.normalise != Normalise::none;
  axis_ = input.config.softmax_axis;
}

template <class Visit>
void PullGauge::for_others(const Arrays<double>& arrays, Visit visit) const {
  const MatrixView<const double> weights = arrays.head(Stage::weights, target_.head);
  const bool along_row = axis_ == SoftmaxAxis::keys;
  const std::size_t mine = along_row ? target_.columns[0] : target_.row;
  for (std::size_t i = 0; i < (along_row ? weights.columns : weights.rows); ++i) {
    if (i == mine) continue;
    const std::size_t row = along_row ? target_.row : i;
    const std::size_t column = along_row ? i : target_.columns[0];
    visit(row, column, weights(row, column));
  }
}

double PullGauge::others(const Arrays<double>& arrays) const {
  double sum = 0.0;
  for_others(arrays, [&](std::size_t, std::size_t, double alpha) { sum += alpha; });
  return sum;
}

std::vector<double> PullGauge::possible(std::vector<double> goal) const {
  if (by_logit_) goal[0] = std::clamp(goal[0], 0.0, 1.0);
  return goal;
}

std::vector<double> PullGauge::values(const Arrays<double>& arrays) const {
  std::vector<double> result;
  for (const std::size_t column : target_.columns) {
    result.push_back(arrays.at({target_.stage, target_.head, target_.row, column}));
  }
  return result;
}

std::vector<double> PullGauge::leads(const Arrays<double>& arrays) const {
  std::vector<double> result = values(arrays);
  if (by_logit_) result[0] = std::log(result[0]) - std::log(others(arrays));
  return result;
}

std::vector<double> PullGauge::leads_of_goal(const std::vector<double>& goal) const {
  if (!by_logit_) return goal;
  const double alpha = std::clamp(goal[0], kNearestToCertain, 1.0 - kNearestToCertain);
  return {std::log(alpha / (1.0 - alpha))};
}

double PullGauge::slope(const Arrays<double>& arrays) const {
  return by_logit_ ? values(arrays)[0] * others(arrays) : 1.0;
}

GradientSeed PullGauge::seed(const Arrays<double>& arrays, std::size_t i) const {
  GradientSeed seed;
  const std::size_t column = target_.columns[i];
  if (target_.stage == Stage::output) {
    seed.output = Matrix(n_queries_, d_out_);
    (*seed.output)(target_.row, column) = 1.0f;
    return seed;
  }
  if (!by_logit_) {
    seed.weights.push_back({target_.head, target_.row, column, 1.0});
    return seed;
  }
  const double alpha = values(arrays)[0];
  const double rest = others(arrays);
  if (!(alpha * rest > 0.0)) return seed;
  // A gradient of c on α alone and one of −c on all the others are the same to a softmax, whose weights
  // have a fixed sum; the smaller side is the one that does not cancel.
  const double c = 1.0 / (alpha * rest);
  if (alpha <= 0.5) {
    seed.weights.push_back({target_.head, target_.row, column, c});
  } else {
    for_others(arrays, [&](std::size_t row, std::size_t other, double) {
      seed.weights.push_back({target_.head, row, other, -c});
    });
  }
  return seed;
}

double PullGauge::room(const Arrays<double>& arrays) const {
  if (target_.stage == Stage::weights) return slope(arrays);
  const StageShape shape = arrays.shape(Stage::weights);
  // Over features every feature has its part in every output: all rows count.
  const bool one_row = shape.rows == n_queries_ && arrays.has(Stage::v);
  double sum = 0.0;
  for (std::size_t h = 0; h < shape.heads; ++h) {
    const MatrixView<const double> weights = arrays.head(Stage::weights, h);
    for (std::size_t i = one_row ? target_.row : 0; i < (one_row ? target_.row + 1 : shape.rows); ++i) {
      for (const double alpha : weights.row(i)) sum += alpha * (1.0 - alpha);
    }
  }
  return sum / static_cast<double>(shape.heads * (one_row ? 1 : shape.rows));
}

Stiffness PullGauge::stiffness(double room) const {
  // Without a softmax there is no saturation. Half of the largest room of two keys' weights is met at
  // α = 0.85; 0.05 is α = 0.95, 0.005 is α = 0.995. A whole row has twice that room.
  if (target_.stage == Stage::weights && !by_logit_) return Stiffness::loose;
  const double of_a_cell = target_.stage == Stage::weights ? room : room / 2.0;
  if (of_a_cell >= 0.05) return Stiffness::loose;
  return of_a_cell >= 0.005 ? Stiffness::stiff : Stiffness::saturated;
}

}  // namespace attn::session
