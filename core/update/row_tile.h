#pragma once
// The masked scores of some queries with some keys, in memory that one thread uses again and again.

#include <array>
#include <cstddef>
#include <span>

#include "core/attention/stage_range.h"
#include "core/kernel/block.h"
#include "core/kernel/kernels.h"
#include "core/update/score_cells.h"

namespace attn {

/// Largest magnitudes of the tables among the cells that the mask leaves, by stage; 0 for the others.
using StreamedRanges = std::array<double, kStageCount>;

/// The largest magnitude among the numbers that are finite.
float largest_number(std::span<const float> values);

class RowTile {
 public:
  /// A multiple of the product's tile and of kernel::kPanel; scores of so many queries and keys stay in the
  /// second cache.
  static constexpr std::size_t kRows = 96;
  static constexpr std::size_t kKeys = 256;

  /// Queries [first, first + rows) of a head.
  RowTile(const ScoreCells& cells, std::size_t head, std::size_t first, std::size_t rows,
          kernel::Block<float>& memory);

  /// The keys that causal mask and window leave to at least one of the queries, from a panel's start; all
  /// where a hidden score has a value of its own.
  CellRun keys() const;

  /// Makes the masked scores with keys [first, first + count), `first` a multiple of kernel::kPanel. Softmax
  /// of a dot product with nothing in between has them still unscaled; exponentials() knows.
  void make(std::size_t first, std::size_t count);
  std::size_t first_key() const { return first_key_; }
  /// What exponentials() still multiplies by.
  float factor() const { return factor_; }
  MatrixView<float> cells() { return {memory_, rows_, columns_, kStride}; }
  MatrixView<const float> cells() const { return {memory_, rows_, columns_, kStride}; }
  std::span<float> row(std::size_t i) { return {memory_ + i * kStride, columns_}; }
  std::span<const float> row(std::size_t i) const { return {memory_ + i * kStride, columns_}; }

  /// Row i becomes exp(score − the largest so far); `maximum` is that of the keys before these.
  kernel::ExponentialSum exponentials(std::size_t i, float maximum, float* group_most = nullptr,
                                      float* group_sums = nullptr);

  /// Takes the cells as they are into the range of this stage.
  void note(Stage stage);
  const StreamedRanges& ranges() const { return ranges_; }
  /// Whether a score was no number of float32.
  bool past_float32() const { return past_float32_; }

 private:
  /// A row more than a multiple of the page's length apart, so that rows do not share their place in the
  /// cache.
  static constexpr std::size_t kStride = kKeys + kernel::kPanel;

  /// Of the cells that the mask leaves.
  void note_left(Stage stage);
  void hide();
  /// Whether the mask hides none of the cells.
  bool shows_all() const;

  const ScoreCells& from_;
  const MaskConfig& mask_;
  const kernel::Table* table_;
  const std::size_t head_;
  const std::size_t first_row_;
  const std::size_t rows_;
  const bool unscaled_;
  const float factor_;  ///< left to exponentials()
  float* const memory_;
  std::size_t first_key_ = 0;
  std::size_t columns_ = 0;
  StreamedRanges ranges_{};
  bool past_float32_ = false;
};

}  // namespace attn
