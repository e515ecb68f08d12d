#pragma once
// Properties of a head that can be measured from its attention weights α: how spread out they are and where
// they lie. Every one is a mean over the lines that softmax made: the rows (queries), or the columns (keys)
// where softmax runs over the queries. Lines that see nothing, all zeros, are left out.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/attention/trace.h"

namespace attn {

enum class HeadMeasure {
  entropy,  ///< −Σ α·log₂ α of a line, in bits: 0 where it looks at one token, log₂ n where at n alike
  distance,  ///< Σ α·|i − j| of a line, in tokens
  self,      ///< share that lies on the diagonal, i = j
  previous,  ///< share that a query gives to the token before it, j = i − 1; the first token has none before
             ///< it and is left out
  first,  ///< share that a query gives to the first token, j = 0
};
inline constexpr std::size_t kHeadMeasureCount = 5;
inline constexpr std::array<HeadMeasure, kHeadMeasureCount> kHeadMeasures = {
    HeadMeasure::entropy, HeadMeasure::distance, HeadMeasure::self, HeadMeasure::previous,
    HeadMeasure::first};

/// "entropy", "distance", "self", "previous", "first".
std::string_view name(HeadMeasure measure);

/// Whether the measure means anything for this input. Without normalisation α are no shares, and nothing is
/// measured. Features have no order: entropy alone. Tokens of two sequences are neither the same nor before
/// one another: entropy and first alone. Where softmax runs over the queries, what lies on the first token
/// sums to 1 for every head, and `first` says nothing.
bool has_measure(HeadMeasure measure, const Input& input);

struct HeadMeasures {
  /// Absent: not measured for this input, no line to measure, or weights that are not finite.
  std::array<std::optional<double>, kHeadMeasureCount> values;
  const std::optional<double>& operator[](HeadMeasure measure) const {
    return values[static_cast<std::size_t>(measure)];
  }
};

/// Measures one head row by row, so that a long one can be measured in parts.
class HeadMeasurer {
 public:
  HeadMeasurer(const Input& input, std::size_t rows, std::size_t columns);

  /// Row `i` of the weights, before dropout. Each row once, in any order.
  void add_row(std::size_t i, std::span<const float> weights);
  HeadMeasures result() const;

 private:
  std::array<bool, kHeadMeasureCount> wanted_{};
  bool by_columns_ = false;
  std::size_t rows_ = 0;
  std::vector<std::uint8_t> seen_columns_;  ///< 1 where some weight of the column is not 0
  std::size_t lines_ = 0;                   ///< that see something
  std::size_t lines_after_another_ = 0;     ///< of those, the ones that `previous` counts
  bool finite_ = true;
  std::array<double, kHeadMeasureCount> sums_{};
};

/// The measures of one head of `weights`; nothing measured while it cannot be read.
HeadMeasures measure_head(const Trace& trace, std::size_t head);

}  // namespace attn
