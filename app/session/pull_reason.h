#pragma once
// Why a pull cannot arrive: what is certain from the shape of attention, without trying.

#include <array>
#include <optional>

#include "app/session/pull.h"
#include "core/attention/arrays.h"

namespace attn::session {

/// Between which numbers a score or weight stays, whatever x, W_Q and W_K are, where its score is bounded:
/// a cosine by 1, an additive score by Σ|v|, both times the scale. Nothing for other scores and targets.
/// A weight is largest where its own score is at the top and all others are at the bottom.
std::optional<std::array<double, 2>> reachable_range(const Input& input, const Dimensions& d,
                                                     const PullTarget& target, const Arrays<double>& arrays);

/// The obstacle that stands between the target and its goal for certain, or none. `report` gives target,
/// freedom, goal and range; `arrays` the forward pass of the input.
PullObstacle obstacle_before(const Input& input, const Dimensions& d, const PullReport& report,
                             const Arrays<double>& arrays);

/// Whether a point of one or two numbers lies outside the convex hull of others.
bool outside_hull(const std::vector<std::array<double, 2>>& points, const std::array<double, 2>& point);

}  // namespace attn::session
