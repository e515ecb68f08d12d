#pragma once
// The output, head by head: concat · W_O is a sum over heads, because head h fills the columns
// [h·d_v, (h + 1)·d_v) of concat, and those meet the rows of the same numbers in W_O.

#include <cstddef>
#include <optional>
#include <vector>

#include "core/attention/trace.h"

namespace attn {

struct OutputParts {
  /// What each head adds: Σ_t head_h[row, t] · W_O[h·d_v + t, column]; with the mean of the heads
  /// Σ_t head_h[row, t] · W_O[t, column] ÷ n_heads. float64, of the trace's float32 head outputs.
  std::vector<double> heads;
  double bias = 0.0;   ///< b_O[column], 0 where there is none
  double total = 0.0;  ///< their sum: the output within float32's rounding
};

/// Nothing while the head outputs cannot be read. Throws std::out_of_range outside the output.
/// Source: Vaswani et al. 2017, §3.2.2, the product with W_O written out by blocks.
std::optional<OutputParts> output_parts(const Trace& trace, std::size_t row, std::size_t column);

/// The rows of W_O that belong to a head: first and one past the last. All of them with the mean.
struct RowRange {
  std::size_t first = 0;
  std::size_t last = 0;
};
RowRange rows_of_head(const Input& input, const Dimensions& d, std::size_t head);

}  // namespace attn
