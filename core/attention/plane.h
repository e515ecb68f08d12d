#pragma once
// A flat window into vectors of any width: which two directions of them are drawn.

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "core/attention/matrix.h"

namespace attn {

/// One or two orthonormal directions. The plane goes through the zero vector, so that a vector is an arrow
/// from (0, 0), and the arrow's two numbers are the dot products with the directions.
struct Plane {
  std::vector<std::vector<double>> directions;  ///< as wide as the vectors; one where they have one component

  std::size_t width() const { return directions.empty() ? 0 : directions.front().size(); }
  bool operator==(const Plane&) const = default;
};

/// The plane of two components of vectors that have `width` of them. Past the width, or twice the same, the
/// first two are taken; vectors of one component have one direction.
Plane feature_plane(std::size_t width, std::size_t horizontal, std::size_t vertical);

/// The direction of one component alone. `component` must be below `width`.
Plane feature_line(std::size_t width, std::size_t component);

/// Where a vector lies; the second number is 0 in a plane of one direction. `vector` has width() numbers.
std::array<double, 2> project(const Plane& plane, std::span<const float> vector);

/// The plane in which the vectors differ most.
struct PrincipalPlane {
  Plane plane;
  std::array<double, 2> share{0.0, 0.0};  ///< of the variance, for each direction; 0 where all are equal
};

/// The first two principal components of the rows: orthonormal directions of the largest variance around
/// the rows' mean. Distances in the plane are measured from the zero vector all the same.
///
/// The answer depends on the numbers alone. In each direction the component of the largest magnitude is
/// positive. Among directions of equal variance (none left, fewer rows than columns, equal rows) the one
/// nearest to a coordinate axis comes first, among equally near ones that of the first axis.
/// Of more than 512 rows that have more than 512 columns every so many-th row decides; the shares count all.
/// `rows` must not be empty.
/// Source: Jolliffe 2002, Principal Component Analysis, §1.1; eigenvectors by Eigen's self-adjoint solver.
PrincipalPlane principal_plane(MatrixView<const float> rows);

}  // namespace attn
