#pragma once
// Any rectangle of the tables of queries × keys, made when it is asked for: what is left of a long input when
// the tables themselves have no room.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "core/attention/arrays.h"
#include "core/attention/input.h"
#include "core/attention/trace.h"
#include "core/kernel/block.h"
#include "core/kernel/kernels.h"

namespace attn {

/// A masked score of a key that is not seen.
inline constexpr float kUnseenScore = -std::numeric_limits<float>::infinity();

/// What softmax over the keys needs to know of each query of each head: two numbers instead of n_keys.
struct RowStatistics {
  std::vector<float> maximum;  ///< [heads · queries] largest masked score; −∞ where nothing is seen
  std::vector<float> sum;  ///< [heads · queries] Σ exp(masked − maximum), or Σ exp(masked) without it
};

class ScoreCells {
 public:
  /// `arrays` hold every stage before the scores, those of queries × keys may be absent. Softmax may not run
  /// over the queries, nor attention over features.
  ScoreCells(Input input, std::shared_ptr<const Arrays<float>> arrays);

  /// Bytes that one takes.
  static std::uint64_t bytes(const Input& input, const Dimensions& d);

  const Input& input() const { return input_; }
  const Dimensions& dimensions() const { return arrays_->dimensions(); }
  float factor() const { return factor_; }  ///< from raw to scaled scores

  /// Must come before weights are made; [heads · queries] numbers each.
  void take(RowStatistics statistics) { statistics_ = std::move(statistics); }
  const RowStatistics& statistics() const { return statistics_; }

  /// These cells of one head of a stage from scores to dropped. out [cells.rows, cells.columns]. Scores up to
  /// the mask have the bits that forward() gives; weights and dropped are within their bound.
  void make(Stage stage, std::size_t head, const CellRect& cells, MatrixView<float> out) const;

  const kernel::Table* table() const { return table_; }
  /// Whether raw scores are products of the kernel.
  bool is_product() const { return table_ != nullptr && panels_.capacity() > 0; }
  void raw(std::size_t head, const CellRect& cells, MatrixView<float> out) const;
  /// Raw scores become biased ones (scaled, where there is no bias) in place.
  void add_bias(std::size_t head, const CellRect& cells, MatrixView<float> out) const;

 private:
  using Numbers = std::vector<float>;

  /// The raw scores of some queries with keys [first, first + count): a product that lacks its `out`. `first`
  /// is a multiple of kernel::kPanel; past the last key it gives 0.
  kernel::Product raw_product(std::size_t head, std::size_t row, std::size_t rows, std::size_t first,
                              std::size_t count) const;
  MatrixView<const float> queries(std::size_t head) const;
  MatrixView<const float> keys(std::size_t kv_head) const;
  void multiply(const kernel::Product& product) const;
  void weights(std::size_t head, const CellRect& cells, MatrixView<float> out) const;
  void shares(std::size_t head, const CellRect& cells, MatrixView<float> out) const;

  Input input_;
  std::shared_ptr<const Arrays<float>> arrays_;
  const kernel::Table* table_;
  float factor_;
  std::size_t width_;  ///< of what is compared: d_k, or d_additive
  bool unfused_;
  Numbers queries_;              ///< [heads, queries, width] where they are not a stage
  Numbers keys_;                 ///< [kv_heads, keys, width]
  kernel::Block<float> panels_;  ///< the keys in panels (kernels.h)
  RowStatistics statistics_;
};

}  // namespace attn
