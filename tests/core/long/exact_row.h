#pragma once
// Attention of one query in float64, written down once more: no code of the engine takes part but the input.

#include <cstddef>
#include <vector>

#include "core/attention/input.h"

namespace attn::test {

/// One head over vectors that are queries, keys and values alike, factor 1 ÷ √d.
struct ExactRow {
  std::vector<double> weights;
  std::vector<double> output;
  std::vector<double> magnitude;  ///< Σ_j α_j |v_j|: what rounding is measured against, since outputs cancel
};
ExactRow exact_row(const SharedMatrix& x, std::size_t query, bool causal);

/// Largest difference of a row of numbers from the exact ones, as a share of the largest of `magnitude`.
double worst_share(const float* row, const std::vector<double>& exact, const std::vector<double>& magnitude);

}  // namespace attn::test
