#include "core/attention/derived_range.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/attention/ops.h"
#include "core/attention/stage_range.h"
#include "core/kernel/block.h"
#include "core/kernel/kernels.h"
#include "core/kernel/pool.h"

namespace attn {
namespace {

/// Queries whose scores are looked at together.
constexpr std::size_t kQueries = 64;

/// Largest magnitudes of some scores: of all, and of those that the mask leaves.
struct Largest {
  float all = 0;
  float visible = 0;
};

float largest_left(const MaskConfig& mask, std::size_t query, std::span<const float> scores) {
  const CellRun run = visible_run(mask, query, scores.size());
  if (run.first >= run.last) return 0;
  if (!masks_by_cells(mask)) return kernel::table()->largest(scores.data() + run.first, run.last - run.first);
  float largest = 0;
  for (std::size_t j = run.first; j < run.last; ++j) {
    if (visible(mask, query, j)) largest = std::max(largest, std::abs(scores[j]));
  }
  return largest;
}

}  // namespace

DerivedRange derived_range(const Arrays<float>& arrays) {
  const ScoreRecipe& recipe = arrays.recipe();
  const Dimensions& d = arrays.dimensions();
  // Blocks alike in size, each too large for an unfused product, as the whole head is: the same bits.
  std::size_t blocks = std::max<std::size_t>(1, d.n_queries / kQueries);
  while (blocks > 1 && is_unfused(d.n_queries / blocks, d.d_k, d.n_keys)) --blocks;
  std::vector<Largest> found(blocks * d.n_heads);
  const bool shared = d.n_heads * d.n_queries * d.n_keys * d.d_k >= kernel::kWorthSharing;
  kernel::parallel_for(found.size(), shared, [&](std::size_t task) {
    const std::size_t head = task / blocks;
    const std::size_t first = task % blocks * d.n_queries / blocks;
    const std::size_t end = (task % blocks + 1) * d.n_queries / blocks;
    const MatrixView<const float> q = arrays.head(recipe.queries, head);
    const MatrixView<float> scores{kernel::scratch().scores.at_least((end - first) * d.n_keys), end - first,
                                   d.n_keys, d.n_keys};
    multiply_transposed<float>(q.block(first, 0, end - first, q.columns),
                               arrays.head(recipe.keys, d.kv_head(head)), scores);
    Largest& largest = found[task];
    for (std::size_t i = 0; i < scores.rows; ++i) {
      const std::span<const float> row = scores.row(i);
      largest.all = std::max(largest.all, kernel::table()->largest(row.data(), row.size()));
      largest.visible = std::max(largest.visible, largest_left(recipe.mask, first + i, row));
    }
  });
  Largest most;
  for (const Largest& one : found) most = {std::max(most.all, one.all), std::max(most.visible, one.visible)};
  // Rounding keeps the order, so that the largest score is also the largest once it is scaled.
  const float factor = std::abs(static_cast<float>(recipe.factor));
  return {static_cast<double>(most.all), static_cast<double>(most.all * factor),
          static_cast<double>(most.visible * factor)};
}

}  // namespace attn
