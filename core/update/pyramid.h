#pragma once
// A head of a table seen from afar: mean and extreme of squares of 16, 32, 64, … cells a side.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/attention/matrix.h"
#include "core/attention/trace.h"
#include "core/update/score_cells.h"

namespace attn {

/// All levels of one head, from kLowest on, until one square is all.
struct Pyramid {
  static constexpr unsigned kLowest = 4;
  struct Level {
    Matrix mean;     ///< of the cells that the mask leaves; NaN where it leaves none
    Matrix extreme;  ///< the cell farthest from 0
  };
  std::vector<Level> levels;

  /// Squares of 2^level cells; past the last level it is the last one's. level ≥ kLowest.
  const Matrix& at(unsigned level, BlockValue value) const;
  std::uint64_t bytes() const;
};

/// Makes a pyramid some queries at a time.
class PyramidMaker {
 public:
  /// Queries of one call of add_rows().
  static constexpr std::size_t kRows = 96;

  PyramidMaker(const ScoreCells& cells, Stage stage, std::size_t head);

  /// Bytes that one takes while it is made, which are more than those it takes in the end.
  static std::uint64_t bytes(std::size_t rows, std::size_t columns);

  std::size_t parts() const { return parts_; }
  /// Several threads may make different parts. Ends early, and of no use, once `stop` is set.
  void make(std::size_t part, const std::atomic<bool>& stop);
  /// Instead of make(), of the attention weights: squares of the queries [query, query + queries), at most
  /// 16, with 16 keys each from `key` on; the sum and the largest weight of each square. What lies past the
  /// last key is left out. Several threads may add different queries.
  void add_weights(std::size_t query, std::size_t queries, std::size_t key, std::span<const float> sums,
                   std::span<const float> most);
  /// The levels above the lowest; all parts must be there.
  Pyramid finish();

 private:
  /// Cells of a row that the mask leaves.
  std::size_t left(std::size_t query, std::size_t first, std::size_t count) const;
  /// What 16 queries have of each 16 keys.
  struct Band {
    std::vector<float> sums;
    std::vector<float> most;
    std::vector<float> least;
  };
  void add_tile(const CellRect& tile, MatrixView<const float> values, std::size_t first_row, std::size_t rows,
                Band& band, std::uint32_t* counts) const;

  const ScoreCells& cells_;
  Stage stage_;
  std::size_t head_;
  StageShape shape_;
  bool hides_;
  std::size_t parts_;
  Pyramid pyramid_;
  std::vector<std::uint32_t> counts_;  ///< of the lowest level: cells of each square that are left
};

}  // namespace attn
