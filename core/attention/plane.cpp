#include "core/attention/plane.h"

#include <algorithm>

namespace attn {
namespace {

std::vector<double> axis(std::size_t width, std::size_t component) {
  std::vector<double> direction(width, 0.0);
  direction[component] = 1.0;
  return direction;
}

}  // namespace

Plane feature_plane(std::size_t width, std::size_t horizontal, std::size_t vertical) {
  if (width < 2) return feature_line(width, 0);
  if (horizontal >= width || vertical >= width || horizontal == vertical) {
    horizontal = 0;
    vertical = 1;
  }
  return {{axis(width, horizontal), axis(width, vertical)}};
}

Plane feature_line(std::size_t width, std::size_t component) { return {{axis(width, component)}}; }

std::array<double, 2> project(const Plane& plane, std::span<const float> vector) {
  std::array<double, 2> at{0.0, 0.0};
  for (std::size_t i = 0; i < plane.directions.size(); ++i) {
    for (std::size_t c = 0; c < vector.size(); ++c) {
      at[i] += plane.directions[i][c] * static_cast<double>(vector[c]);
    }
  }
  return at;
}

}  // namespace attn
