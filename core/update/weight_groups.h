#pragma once
// What each 16 keys of some rows have of the attention weights, kept until the sums of the rows are known: a
// pyramid of the weights comes out of the pass that finds those sums.

#include <cstddef>
#include <span>

#include "core/kernel/block.h"
#include "core/update/pyramid.h"
#include "core/update/row_tile.h"

namespace attn {

class WeightGroups {
 public:
  static constexpr std::size_t kGroups = RowTile::kKeys / kernel::kPanel;  ///< of one tile

  /// For rows that see at most `n_keys` keys; the memory is used again and again.
  WeightGroups(std::size_t n_keys, kernel::Block<float>& memory);

  /// Where the numbers of one tile's row go: the largest score of each group, the sum of its exponentials,
  /// and what those are relative to (kernel::ExponentialRun).
  float* most(std::size_t tile, std::size_t row) { return at(tile, row); }
  float* sums(std::size_t tile, std::size_t row) { return at(tile, row) + kGroups; }
  float& maximum(std::size_t tile, std::size_t row) { return *(at(tile, row) + 2 * kGroups); }

  /// Mean and extreme of the squares of these rows, now that the maximum and the sum of each are known.
  /// `first_key` is that of tile 0. `factor` is what running_exponentials() was given.
  void finish(const CellRect& rows, std::size_t first_key, std::size_t tiles, float factor,
              std::span<const float> maximum, std::span<const float> sum, PyramidMaker& pyramid);

 private:
  static constexpr std::size_t kNumbers = 2 * kGroups + 1;
  float* at(std::size_t tile, std::size_t row) { return memory_ + (tile * RowTile::kRows + row) * kNumbers; }

  float* memory_;
};

}  // namespace attn
