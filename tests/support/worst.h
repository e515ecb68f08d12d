#pragma once
// The largest of many errors, among which none may be NaN.

#include <algorithm>
#include <cmath>
#include <limits>

namespace attn::test {

/// The larger of the two magnitudes; ∞ where `error` is NaN, which std::max would pass over.
inline double worst(double so_far, double error) {
  return std::isnan(error) ? std::numeric_limits<double>::infinity() : std::max(so_far, std::abs(error));
}

}  // namespace attn::test
