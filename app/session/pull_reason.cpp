#include "app/session/pull_reason.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace attn::session {
namespace {

constexpr double kBeyond = 1e-9;  ///< of the numbers at hand: what rounding in double may leave

bool is_row(const PullTarget& target) {
  return target.stage == Stage::output || target.stage == Stage::head_outputs;
}

bool over_tokens(const Input& input) { return input.config.attend_over == AttendOver::tokens; }

bool is_visible(const Input& input, std::size_t row, std::size_t column) {
  return !over_tokens(input) || visible(input.config.mask, row, column);
}

/// How large a raw score can be, up or down.
std::optional<double> score_bound(const Input& input) {
  if (!over_tokens(input)) return std::nullopt;
  if (input.config.score == Score::cosine) return 1.0;
  if (input.config.score != Score::additive) return std::nullopt;
  const SharedMatrix& v = *input.parameters[ParameterId::additive_v];
  double sum = 0.0;
  for (const float value : v.row(0)) sum += std::abs(static_cast<double>(value));
  return sum;
}

/// The cells that share with the target's: its row, or its column where the softmax runs over queries.
template <class Visit>
void for_sharing(const Input& input, const PullTarget& target, const StageShape& shape, Visit visit) {
  const bool along_row = input.config.softmax_axis == SoftmaxAxis::keys;
  for (std::size_t i = 0; i < (along_row ? shape.columns : shape.rows); ++i) {
    visit(along_row ? target.row : i, along_row ? i : target.columns[0]);
  }
}

/// How much of component `c` is in the k-th number that is pulled.
double part_of(const PullTarget& target, std::size_t k, std::size_t c) {
  if (target.columns.empty()) return target.plane.directions[k][c];
  return target.columns[k] == c ? 1.0 : 0.0;
}

/// The values that the target's row is a mean of, in the target's own numbers; empty where it is no mean of
/// values: several heads together, weights that do not sum to 1, a word that sees nothing.
std::vector<std::array<double, 2>> mixed_values(const Input& input, const Dimensions& d,
                                                const PullTarget& target, const Arrays<double>& arrays) {
  const Config& config = input.config;
  const bool one_head = target.stage == Stage::head_outputs || d.n_heads == 1;
  const bool means = over_tokens(input) && config.normalise != Normalise::none &&
                     config.softmax_axis == SoftmaxAxis::keys && !arrays.has(Stage::dropped) &&
                     !config.mask.hidden_value;
  std::vector<std::array<double, 2>> points;
  if (!one_head || !means || target.size() > 2) return points;
  const std::size_t head = target.stage == Stage::head_outputs ? target.head : 0;
  const MatrixView<const double> values = arrays.head(Stage::v, d.kv_head(head));
  const bool projected = target.stage == Stage::output;
  const auto& w_o = input.parameters[ParameterId::w_o];
  const auto& b_o = input.parameters[ParameterId::b_o];
  // What is pulled, as numbers made from a value: through W_O and its bias.
  std::array<std::vector<double>, 2> taken;
  std::array<double, 2> constant{0.0, 0.0};
  for (std::size_t k = 0; k < target.size(); ++k) {
    taken[k].assign(d.d_v, 0.0);
    for (std::size_t c = 0; c < (projected ? d.d_out : d.d_v); ++c) {
      const double part = part_of(target, k, c);
      if (part == 0.0) continue;
      if (projected && b_o) constant[k] += part * static_cast<double>((*b_o)(0, c));
      if (!projected || !w_o) {
        taken[k][c] += part;
        continue;
      }
      for (std::size_t i = 0; i < d.d_v; ++i) taken[k][i] += part * static_cast<double>((*w_o)(i, c));
    }
  }
  for (std::size_t j = 0; j < d.n_keys; ++j) {
    if (!is_visible(input, target.row, j)) continue;
    std::array<double, 2> point = constant;
    for (std::size_t k = 0; k < target.size(); ++k) {
      for (std::size_t i = 0; i < d.d_v; ++i) point[k] += taken[k][i] * values(j, i);
    }
    points.push_back(point);
  }
  return points;
}

/// Whether nothing else shares with the pulled weight.
bool without_rival(const Input& input, const PullTarget& target, const Arrays<double>& arrays) {
  const MatrixView<const double> masked = arrays.head(Stage::masked, target.head);
  bool rival = false;
  for_sharing(input, target, arrays.shape(Stage::weights), [&](std::size_t row, std::size_t column) {
    const bool itself = row == target.row && column == target.columns[0];
    rival = rival || (!itself && std::isfinite(masked(row, column)));
  });
  return !rival;
}

}  // namespace

std::optional<std::array<double, 2>> reachable_range(const Input& input, const Dimensions& d,
                                                     const PullTarget& target, const Arrays<double>& arrays) {
  const std::optional<double> raw = score_bound(input);
  if (!raw || is_row(target)) return std::nullopt;
  if (target.stage == Stage::scores) return std::array<double, 2>{-*raw, *raw};
  const double scaled = *raw * std::abs(score_factor(input.config, d));
  if (target.stage == Stage::scaled) return std::array<double, 2>{-scaled, scaled};
  const MatrixView<const double> before = arrays.head(Stage::scaled, target.head);
  const bool is_weight = target.stage == Stage::weights;
  const MatrixView<const double> after = arrays.head(is_weight ? Stage::masked : target.stage, target.head);
  // What a bias adds; what the mask replaces by a number does not move at all.
  const auto ends = [&](std::size_t row, std::size_t column) -> std::array<double, 2> {
    const double value = after(row, column);
    if (target.stage != Stage::biased && !is_visible(input, row, column)) return {value, value};
    const double bias = value - before(row, column);
    return {bias - scaled, bias + scaled};
  };
  const std::array<double, 2> own = ends(target.row, target.columns[0]);
  if (!is_weight || input.config.normalise == Normalise::none) {
    return std::isfinite(own[0]) ? std::optional(own) : std::nullopt;
  }
  if (!std::isfinite(own[0])) return std::nullopt;
  double others_low = 0.0;
  double others_high = 0.0;
  for_sharing(input, target, arrays.shape(Stage::weights), [&](std::size_t row, std::size_t column) {
    if (row == target.row && column == target.columns[0]) return;
    const std::array<double, 2> other = ends(row, column);
    others_low += std::exp(other[0] - own[1]);
    others_high += std::exp(other[1] - own[0]);
  });
  return std::array<double, 2>{1.0 / (1.0 + others_high), 1.0 / (1.0 + others_low)};
}

bool outside_hull(const std::vector<std::array<double, 2>>& points, const std::array<double, 2>& point) {
  // Seen from a point outside, all others lie within half a turn: some gap between their directions is wider.
  double size = std::abs(point[0]) + std::abs(point[1]);
  for (const auto& p : points) size = std::max(size, std::abs(p[0]) + std::abs(p[1]));
  std::vector<double> angles;
  for (const auto& p : points) {
    const double x = p[0] - point[0];
    const double y = p[1] - point[1];
    if (std::hypot(x, y) <= kBeyond * size) return false;  // it is one of them
    angles.push_back(std::atan2(y, x));
  }
  if (angles.empty()) return false;
  std::ranges::sort(angles);
  double widest = angles.front() + 2.0 * std::numbers::pi - angles.back();
  for (std::size_t i = 1; i < angles.size(); ++i) widest = std::max(widest, angles[i] - angles[i - 1]);
  return widest > std::numbers::pi + 1e-6;
}

PullObstacle obstacle_before(const Input& input, const Dimensions& d, const PullReport& report,
                             const Arrays<double>& arrays) {
  const PullTarget& target = report.target;
  if (is_row(target)) {
    // Values that are free move their hull; and while there are steps to take nothing is certain.
    if (report.freedom != PullFreedom::w_q_and_w_k || report.end == PullEnd::moving)
      return PullObstacle::none;
    const std::array<double, 2> goal{report.goal[0], report.goal.size() > 1 ? report.goal[1] : 0.0};
    const auto values = mixed_values(input, d, target, arrays);
    return !values.empty() && outside_hull(values, goal) ? PullObstacle::hull : PullObstacle::none;
  }
  const bool masked = target.stage == Stage::weights || target.stage == Stage::masked;
  const bool constant = !input.config.mask.hidden_value || target.stage == Stage::masked ||
                        input.config.normalise == Normalise::none;
  if (masked && constant && !is_visible(input, target.row, target.columns[0])) return PullObstacle::hidden;
  if (target.stage == Stage::weights && input.config.normalise != Normalise::none &&
      without_rival(input, target, arrays))
    return PullObstacle::no_rival;
  if (report.freedom == PullFreedom::w_v) return PullObstacle::after;
  if (report.range) {
    const auto [low, high] = *report.range;
    const double slack = kBeyond * (1.0 + std::abs(low) + std::abs(high));
    if (report.goal[0] < low - slack || report.goal[0] > high + slack) return PullObstacle::range;
  }
  return PullObstacle::none;
}

}  // namespace attn::session
