#pragma once
// Which change of a word's vector moves its arrow to a point of a plane: of x itself, or of the query, key
// or value that is made from it.

#include <array>
#include <cstddef>
#include <vector>

#include "core/attention/input.h"
#include "core/attention/plane.h"
#include "core/attention/stage.h"

namespace attn {

/// Made at the press, asked for every movement: the answer depends on where the hand is, not on its way.
///
/// For x and source_x the vector moves within the plane; all other directions stay. A query is
/// (x + position) W_Q + b_Q, so x moves by the shortest change that moves the query within the plane and
/// leaves its other directions; where W_Q cannot do that, by the shortest that gives it the two numbers of
/// the plane; where it cannot do that either, it comes as near as it can. Keys and values likewise.
class PlaneMove {
 public:
  /// `stage` is x, source_x, q, k or v, and `head` one of its heads. `plane` is as wide as its rows.
  /// Throws std::invalid_argument when this is no row of the input.
  PlaneMove(const Input& pressed, Stage stage, std::size_t head, std::size_t row, const Plane& plane);

  /// Where the arrow was at the press.
  const std::array<double, 2>& start() const { return start_; }
  /// Whether every point of the plane can be reached.
  bool exact() const { return exact_; }
  /// Whether the vector of this stage keeps its other directions.
  bool keeps_others() const { return keeps_others_; }
  /// Whether the row belongs to source.x instead of x.
  bool moves_source() const { return moves_source_; }

  /// The row of x (or of source.x) when the arrow is pulled to `to`. At start() the very same numbers.
  std::vector<float> row_at(const std::array<double, 2>& to) const;

 private:
  std::vector<float> pressed_;  ///< the row of x
  std::array<double, 2> start_{0.0, 0.0};
  std::vector<std::vector<double>> steps_;  ///< change of x for one unit along each direction
  bool exact_ = true;
  bool keeps_others_ = true;
  bool moves_source_ = false;
};

}  // namespace attn
