#pragma once
// Squares of cells, each said in one number: what a map shows when it is smaller than its table.

#include <cstddef>
#include <span>
#include <vector>

#include "core/attention/matrix.h"
#include "core/attention/trace.h"

namespace attn {

/// How many squares of 2^level cells cover `cells` of them.
std::size_t blocks_along(std::size_t cells, unsigned level);

/// One row of squares, of which the rows of cells come one after the other.
class BlockRow {
 public:
  /// Squares [first, first + count) of a stage with this many columns; `level` < 32.
  BlockRow(const Input& input, Stage stage, std::size_t columns, unsigned level, std::size_t first,
           std::size_t count);

  /// The columns of cells that these squares cover.
  std::size_t first_column() const { return first_column_; }
  std::size_t columns() const { return columns_; }

  void clear();
  /// Those columns of row `row` of the stage.
  void add(std::size_t row, std::span<const float> cells);
  /// The number of each square; NaN where every cell is hidden.
  void write(BlockValue value, std::span<float> out) const;

 private:
  struct Block {
    double sum = 0.0;
    std::size_t count = 0;
    float least = 0.0f;
    float most = 0.0f;
  };
  const MaskConfig& mask_;
  bool hides_;
  bool by_cells_;
  std::size_t all_columns_;
  std::size_t side_;
  std::size_t first_column_;
  std::size_t columns_;
  std::vector<Block> blocks_;
};

}  // namespace attn
