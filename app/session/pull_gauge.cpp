#include "app/session/pull_gauge.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace attn::session {

PullGauge::PullGauge(const Input& input, const Dimensions& d, PullTarget target)
    : target_(std::move(target)), mask_(input.config.mask), n_queries_(d.n_queries) {
  const bool is_row = target_.stage == Stage::output || target_.stage == Stage::head_outputs;
  const bool is_weight = target_.stage == Stage::weights;
  if (!is_row && !is_weight && !is_score()) {
    throw std::invalid_argument(fmt::format(
        "pull: expected a cell of scores, weights, head_outputs or output, found {}", name(target_.stage)));
  }
  const StageShape shape = shape_of(target_.stage, input, d);
  const bool in_plane = target_.columns.empty();
  if (in_plane ? !is_row || target_.size() == 0 : !is_row && target_.columns.size() != 1) {
    throw std::invalid_argument(
        fmt::format("pull: expected {}, found {} columns",
                    is_row ? fmt::format("at least one column of {}", name(target_.stage))
                           : fmt::format("one column of {}", name(target_.stage)),
                    target_.columns.size()));
  }
  if (in_plane && target_.plane.width() != shape.columns) {
    throw std::invalid_argument(fmt::format("pull: expected a plane of {} numbers, as {}, found {}",
                                            shape.columns, name(target_.stage), target_.plane.width()));
  }
  const auto inside = [&](std::size_t column) {
    return target_.head < shape.heads && target_.row < shape.rows && column < shape.columns;
  };
  for (const std::size_t column : in_plane ? std::vector<std::size_t>{0} : target_.columns) {
    if (inside(column)) continue;
    throw std::invalid_argument(fmt::format("pull: expected a cell of {}, {} × {} × {}, found [{}][{},{}]",
                                            name(target_.stage), shape.heads, shape.rows, shape.columns,
                                            target_.head, target_.row, column));
  }
  by_logit_ = is_weight && input.config.normalise != Normalise::none;
  axis_ = input.config.softmax_axis;
}

bool PullGauge::is_score() const {
  return target_.stage == Stage::scores || target_.stage == Stage::scaled || target_.stage == Stage::biased ||
         target_.stage == Stage::masked;
}

bool PullGauge::is_visible(std::size_t row, std::size_t column) const { return visible(mask_, row, column); }

template <class Visit>
void PullGauge::for_others(const Arrays<double>& arrays, Visit visit) const {
  const StageShape shape = arrays.shape(Stage::weights);
  const bool along_row = axis_ == SoftmaxAxis::keys;
  const std::size_t mine = along_row ? target_.columns[0] : target_.row;
  for (std::size_t i = 0; i < (along_row ? shape.columns : shape.rows); ++i) {
    if (i == mine) continue;
    visit(along_row ? target_.row : i, along_row ? i : target_.columns[0]);
  }
}

double PullGauge::others(const Arrays<double>& arrays) const {
  const MatrixView<const double> weights = arrays.head(Stage::weights, target_.head);
  double sum = 0.0;
  for_others(arrays, [&](std::size_t row, std::size_t column) { sum += weights(row, column); });
  return sum;
}

double PullGauge::rivals(const Arrays<double>& arrays) const {
  const MatrixView<const double> scores = arrays.head(Stage::masked, target_.head);
  double largest = -std::numeric_limits<double>::infinity();
  for_others(arrays,
             [&](std::size_t row, std::size_t column) { largest = std::max(largest, scores(row, column)); });
  if (!std::isfinite(largest)) return largest;
  double sum = 0.0;
  for_others(arrays,
             [&](std::size_t row, std::size_t column) { sum += std::exp(scores(row, column) - largest); });
  return largest + std::log(sum);
}

std::vector<double> PullGauge::possible(std::vector<double> goal) const {
  if (by_logit_) goal[0] = std::clamp(goal[0], 0.0, 1.0);
  return goal;
}

std::vector<double> PullGauge::values(const Arrays<double>& arrays) const {
  std::vector<double> result;
  const MatrixView<const double> rows = arrays.head(target_.stage, target_.head);
  for (const std::size_t column : target_.columns) result.push_back(rows(target_.row, column));
  if (!target_.columns.empty()) return result;
  for (const std::vector<double>& direction : target_.plane.directions) {
    double along = 0.0;
    for (std::size_t c = 0; c < direction.size(); ++c) along += direction[c] * rows(target_.row, c);
    result.push_back(along);
  }
  return result;
}

std::vector<double> PullGauge::leads(const Arrays<double>& arrays) const {
  if (!by_logit_) return values(arrays);
  const double score = arrays.at({Stage::masked, target_.head, target_.row, target_.columns[0]});
  return {score - rivals(arrays)};
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
  if (by_logit_) return seed_of_logit(arrays);
  GradientSeed seed;
  if (target_.columns.empty()) {
    const std::vector<double>& direction = target_.plane.directions[i];
    for (std::size_t c = 0; c < direction.size(); ++c) {
      if (direction[c] != 0.0)
        seed.cells.push_back({{target_.stage, target_.head, target_.row, c}, direction[c]});
    }
    return seed;
  }
  CellRef at = cell();
  at.column = target_.columns[i];
  if (at.stage == Stage::weights) {
    seed.weights.push_back({at.head, at.row, at.column, 1.0});
    return seed;
  }
  if (at.stage == Stage::masked && !is_visible(at.row, at.column)) return seed;
  // A bias and a mask add constants to what is visible.
  if (at.stage == Stage::biased || at.stage == Stage::masked) at.stage = Stage::scaled;
  seed.cells.push_back({at, 1.0});
  return seed;
}

/// The logit is s − ln Σ exp(others): 1 for its own score, and for each rival minus its share among rivals.
GradientSeed PullGauge::seed_of_logit(const Arrays<double>& arrays) const {
  GradientSeed seed;
  const double all_rivals = rivals(arrays);
  if (!std::isfinite(leads(arrays)[0]) || !std::isfinite(all_rivals)) return seed;
  const auto push = [&](std::size_t row, std::size_t column, double gradient) {
    // What the mask replaces passes no gradient.
    if (is_visible(row, column)) seed.cells.push_back({{Stage::scaled, target_.head, row, column}, gradient});
  };
  push(target_.row, target_.columns[0], 1.0);
  const MatrixView<const double> scores = arrays.head(Stage::masked, target_.head);
  for_others(arrays, [&](std::size_t row, std::size_t column) {
    push(row, column, -std::exp(scores(row, column) - all_rivals));
  });
  return seed;
}

double PullGauge::room(const Arrays<double>& arrays) const {
  if (target_.stage == Stage::weights) return slope(arrays);
  if (is_score()) return 1.0;
  const StageShape shape = arrays.shape(Stage::weights);
  // Over features every feature has its part in every output: all rows count.
  const bool one_row = shape.rows == n_queries_ && arrays.has(Stage::v);
  const bool one_head = target_.stage == Stage::head_outputs;
  double sum = 0.0;
  for (std::size_t h = one_head ? target_.head : 0; h < (one_head ? target_.head + 1 : shape.heads); ++h) {
    const MatrixView<const double> weights = arrays.head(Stage::weights, h);
    for (std::size_t i = one_row ? target_.row : 0; i < (one_row ? target_.row + 1 : shape.rows); ++i) {
      for (const double alpha : weights.row(i)) sum += alpha * (1.0 - alpha);
    }
  }
  return sum / static_cast<double>((one_head ? 1 : shape.heads) * (one_row ? 1 : shape.rows));
}

Stiffness PullGauge::stiffness(double room) const {
  // Without a softmax there is no saturation. Half of the largest room of two keys' weights is met at
  // α = 0.85; 0.05 is α = 0.95, 0.005 is α = 0.995. A whole row has twice that room.
  if (is_score() || (target_.stage == Stage::weights && !by_logit_)) return Stiffness::loose;
  const double of_a_cell = target_.stage == Stage::weights ? room : room / 2.0;
  if (of_a_cell >= 0.05) return Stiffness::loose;
  return of_a_cell >= 0.005 ? Stiffness::stiff : Stiffness::saturated;
}

}  // namespace attn::session
