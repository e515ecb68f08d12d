#include "core/update/weight_groups.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace attn {

WeightGroups::WeightGroups(std::size_t n_keys, kernel::Block<float>& memory)
    : memory_(
          memory.at_least(((n_keys + RowTile::kKeys - 1) / RowTile::kKeys + 1) * RowTile::kRows * kNumbers)) {
}

void WeightGroups::finish(const CellRect& rows, std::size_t first_key, std::size_t tiles, float factor,
                          std::span<const float> maximum, std::span<const float> sum, PyramidMaker& pyramid) {
  constexpr std::size_t kGroupSide = std::size_t{1} << Pyramid::kLowest;
  for (std::size_t tile = 0; tile < tiles; ++tile) {
    for (std::size_t r = 0; r < rows.rows; r += kGroupSide) {
      std::array<float, kGroups> sums{};
      std::array<float, kGroups> most{};
      for (std::size_t i = r; i < std::min(rows.rows, r + kGroupSide); ++i) {
        if (sum[i] == 0.0f) continue;  // sees nothing
        const float share = 1.0f / sum[i];
        float* const largest = this->most(tile, i);
        kernel::table()->shares(largest, kGroups, factor, maximum[i], share);
        const float weight = std::exp2(this->maximum(tile, i) - maximum[i]) * share;
        const float* const exponentials = this->sums(tile, i);
        for (std::size_t g = 0; g < kGroups; ++g) {
          sums[g] += exponentials[g] * weight;
          most[g] = std::max(most[g], largest[g]);
        }
      }
      pyramid.add_weights(rows.row + r, std::min(kGroupSide, rows.rows - r),
                          first_key + tile * RowTile::kKeys, sums, most);
    }
  }
}

}  // namespace attn
