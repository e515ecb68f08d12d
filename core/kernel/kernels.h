#pragma once
// The inner loops of large products and of softmax, on raw pointers, for processors with AVX2 and FMA. Which
// processor this is is asked once, when the program runs: one program serves any x86-64. Where there is no
// such table (an older processor, another architecture) products are plain loops and Eigen's, and softmax is
// ops.cpp's.

#include <cstddef>
#include <cstdint>

namespace attn::kernel {

/// Columns that a panel holds side by side. A matrix [inner, columns] in panels is ⌈columns / 16⌉ blocks
/// [inner, 16], one after the other, so that a product reads it from front to back; what the last one lacks
/// is 0.
inline constexpr std::size_t kPanel = 16;
/// Rows that the product's innermost loop keeps in registers.
inline constexpr std::size_t kTileRows = 6;

/// Numbers that `columns` columns of length `inner` take in panels.
inline constexpr std::size_t panel_size(std::size_t inner, std::size_t columns) {
  return (columns + kPanel - 1) / kPanel * kPanel * inner;
}

/// out [rows, columns] = a [rows, inner] · b, or that added to what out holds. Every cell is one chain of
/// additions over the inner index in ascending order, however the work is divided.
struct Product {
  const float* a = nullptr;
  std::size_t a_stride = 0;
  const float* b = nullptr;
  std::size_t b_stride = 0;  ///< from one inner index to the next: kPanel in panels, else the row's stride
  std::size_t b_panel_step =
      0;  ///< from one group of 16 columns to the next: kPanel where b is not in panels
  float* out = nullptr;
  std::size_t out_stride = 0;
  std::size_t rows = 0;
  std::size_t inner = 0;
  std::size_t columns = 0;
  bool add = false;
};

/// A row of raw scores that becomes the numerators of its softmax in place.
struct SoftmaxRow {
  float* row = nullptr;   ///< columns [0, count): raw scores before, numerators after
  std::size_t count = 0;  ///< cells of the row
  std::size_t first = 0;  ///< the visible ones: [first, last); the others become 0
  std::size_t last = 0;
  float factor = 1.0f;  ///< scores are multiplied by it first
};

/// log2 e: exp(s) is 2^(s · log2 e).
inline constexpr float kLog2E = 1.44269504f;

/// Some keys of a row of raw scores that become exponentials in place, while the largest score of the whole
/// row is not known yet. Scaled scores are here score · factor · log2 e.
struct ExponentialRun {
  float* row = nullptr;  ///< ⌈count / kPanel⌉ groups of kPanel cells; −∞ (once scaled) where none is seen
  std::size_t count = 0;  ///< cells
  float factor = 1.0f;    ///< scores are multiplied by it first
  float maximum = 0.0f;   ///< largest scaled score of the keys before these; −∞ where there is none
  float* group_most =
      nullptr;  ///< becomes the score of each group that is largest once scaled; may be absent
  float* group_sums = nullptr;  ///< becomes the sum of the exponentials of each group; may be absent
};
/// The largest scaled score up to here, and Σ 2^(scaled − maximum) over these keys.
struct ExponentialSum {
  float maximum = 0.0f;
  float sum = 0.0f;
};

/// Of each group of kPanel cells: sum, largest and least.
struct GroupValues {
  float* sums = nullptr;
  float* most = nullptr;
  float* least = nullptr;
};

/// What is left of every row's output without one word, joined by that word again:
/// out[i] = rest_share[i] · rest[i] + word_share[i] · word.
struct Blend {
  const float* rest = nullptr;  ///< [rows, columns]
  std::size_t rest_stride = 0;
  const float* rest_share = nullptr;  ///< [rows]
  const float* word = nullptr;        ///< [columns]
  const float* word_share = nullptr;  ///< [rows]
  float* out = nullptr;               ///< [rows, columns]
  std::size_t out_stride = 0;
  std::size_t rows = 0;
  std::size_t columns = 0;
};

/// Rows of a softmax without one word, and that word's scores.
struct Rejoin {
  const float* scores = nullptr;     ///< the word's, −∞ where it is hidden
  const float* reference = nullptr;  ///< what the sums are relative to; −∞ where nothing else is visible
  const float* sums = nullptr;       ///< Σ exp(s − reference) of the others
  std::size_t rows = 0;
  float* rest_share = nullptr;  ///< what the others have together; both 0 where nothing is visible
  float* word_share = nullptr;
};

struct Table {
  /// b [inner, columns], row by row, `stride` apart, into panels that hold `panel_inner` ≥ inner rows each.
  void (*pack)(const float* b, std::size_t stride, std::size_t inner, std::size_t columns, float* panels,
               std::size_t panel_inner);
  /// The transpose of b [columns, inner] into panels of `inner` rows.
  void (*pack_transposed)(const float* b, std::size_t stride, std::size_t columns, std::size_t inner,
                          float* panels);
  /// Fused multiply and add: one rounding a term.
  void (*multiply)(const Product& product);
  /// Multiplication and addition rounded each on its own, as plain loops round: the same bits on any
  /// processor.
  void (*multiply_unfused)(const Product& product);
  /// The numerators of softmax over [first, last): exp(factor·s − max), between 0 and 1. Returns 1 ÷ their
  /// sum, which makes them attention weights. A row without a visible cell becomes 0 and returns 0, a score
  /// of −∞ has the numerator 0.
  float (*softmax)(const SoftmaxRow& row);
  /// out[c] = exp(in[c]) for in ≤ 0, within 2 units in the last place; 0 under −87.33, where float32 has no
  /// normal number left.
  void (*exponentials)(const float* in, std::size_t count, float* out);
  /// out[c] = factor · in[c]; the same numbers may be both.
  void (*scale)(const float* in, std::size_t count, float factor, float* out);
  /// The same past the caches: for what is not read again soon.
  void (*stream)(const float* in, std::size_t count, float factor, float* out);
  void (*stream_zeros)(std::size_t count, float* out);
  /// Makes streamed numbers visible to other threads.
  void (*end_streams)();
  /// Nothing but fused multiplications and additions, as many at a time as fit: what a product cannot exceed.
  /// Returns how many of both it has done.
  double (*only_multiply)(std::size_t rounds);
  /// Largest magnitude; NaN or ∞ where the numbers hold one.
  float (*largest)(const float* in, std::size_t count);
  ExponentialSum (*running_exponentials)(const ExponentialRun& run);
  /// Raw scores become weights in place: share · 2^(factor·log2 e·s − maximum).
  void (*shares)(float* row, std::size_t count, float factor, float maximum, float share);
  /// Adds a row of `groups` whole groups to what rows before it gave.
  void (*add_groups)(const float* row, std::size_t groups, const GroupValues& to);
  /// out[i] = Σ_t m[i,t] · v[t] for `rows` rows of `width` numbers, `stride` apart.
  void (*multiply_vector)(const float* m, std::size_t stride, std::size_t rows, std::size_t width,
                          const float* v, float* out);
  void (*rejoin)(const Rejoin& rejoin);
  void (*blend)(const Blend& blend);
};

/// What this processor can do; nothing without AVX2 and FMA.
const Table* table();

/// For tests: as if the processor had no AVX2, until the object goes.
class WithoutTable {
 public:
  WithoutTable();
  ~WithoutTable();
  WithoutTable(const WithoutTable&) = delete;
  WithoutTable& operator=(const WithoutTable&) = delete;
};

}  // namespace attn::kernel
