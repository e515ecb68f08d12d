#include "core/attention/fused.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "core/attention/ops.h"
#include "core/attention/stage_range.h"
#include "core/kernel/block.h"
#include "core/kernel/kernels.h"
#include "core/kernel/pool.h"

namespace attn {
namespace {

using kernel::kPanel;

/// Rows of a block: a multiple of the product's tile, and few enough that their scores stay in the second
/// cache.
constexpr std::size_t kMostRows = 48;
constexpr std::size_t kCachedScores = 100'000;
/// Weights that take more bytes than this are written past the caches.
constexpr std::size_t kStreamFrom = std::size_t{4} << 20;
constexpr float kHiddenScore = -std::numeric_limits<float>::infinity();

std::size_t rows_in_block(std::size_t n_keys) {
  const std::size_t fitting =
      kCachedScores / std::max<std::size_t>(1, n_keys) / kernel::kTileRows * kernel::kTileRows;
  return std::clamp(fitting, kernel::kTileRows, kMostRows);
}

/// One computation of some rows in all heads.
class Attending {
 public:
  Attending(const kernel::Table& table, const Input& input, std::span<const CellRect> rows,
            Arrays<float>& arrays, Progress* progress)
      : table_(table),
        mask_(input.config.mask),
        d_(arrays.dimensions()),
        factor_(static_cast<float>(score_factor(input.config, d_))),
        from_(inputs_of(Stage::scores, input)),
        rows_(rows),
        block_rows_(rows_in_block(d_.n_keys)),
        arrays_(arrays),
        progress_(progress),
        weights_(arrays.head(Stage::weights, 0)),
        streams_(arrays.all(Stage::weights).size_bytes() >= kStreamFrom) {
    for (const CellRect& part : rows_) blocks_ += (part.rows + block_rows_ - 1) / block_rows_;
  }

  /// Whether every score, hidden or not, scaled or not, is certain to be a number: |s| ≤ d_k · max|q| ·
  /// max|k|.
  bool stays_finite() const {
    const auto most = [&](Stage stage) {
      const std::span<const float> all = std::as_const(arrays_).all(stage);
      return static_cast<double>(table_.largest(all.data(), all.size()));
    };
    const double score = static_cast<double>(d_.d_k) * most(from_[0]) * most(from_[1]);
    const double factor = std::max(1.0, std::abs(static_cast<double>(factor_)));
    return score * factor < 0.5 * static_cast<double>(std::numeric_limits<float>::max());
  }

  void run() {
    kernel::Scratch& own = kernel::scratch();
    keys_ = own.keys.at_least(d_.n_kv_heads * key_panels());
    values_ = own.values.at_least(d_.n_kv_heads * value_panels());
    const std::size_t tasks = blocks_ * d_.n_heads;
    const bool shared = tasks * block_rows_ * d_.n_keys * (d_.d_k + d_.d_v) >= kernel::kWorthSharing;
    kernel::parallel_for(d_.n_kv_heads, shared, [this](std::size_t head) { pack(head); });
    const float start = progress_ != nullptr ? progress_->fraction.load() : 0.0f;
    kernel::parallel_for(tasks, shared, [&](std::size_t task) {
      if (progress_ != nullptr) {
        if (progress_->cancel.load(std::memory_order_relaxed)) return;
        const float done = static_cast<float>(task) / static_cast<float>(tasks);
        progress_->fraction.store(start + (kUntil - start) * done, std::memory_order_relaxed);
      }
      attend_block(task / blocks_, task % blocks_);
    });
    if (progress_ != nullptr && progress_->cancel.load(std::memory_order_relaxed)) throw Cancelled();
  }

 private:
  static constexpr float kUntil = 0.9f;  ///< of the progress; what follows are the head outputs' projection

  std::size_t key_panels() const { return kernel::panel_size(d_.d_k, d_.n_keys); }
  std::size_t value_panels() const { return kernel::panel_size(d_.n_keys, d_.d_v); }

  void pack(std::size_t head) const {
    const MatrixView<const float> k = std::as_const(arrays_).head(from_[1], head);
    const MatrixView<const float> v = std::as_const(arrays_).head(Stage::v, head);
    table_.pack_transposed(k.data, k.stride, k.rows, k.columns, keys_ + head * key_panels());
    table_.pack(v.data, v.stride, v.rows, v.columns, values_ + head * value_panels(), v.rows);
  }

  /// The rows [first, first + count) of block `block` of those that were asked for.
  CellRect block_at(std::size_t block) const {
    for (const CellRect& part : rows_) {
      const std::size_t blocks = (part.rows + block_rows_ - 1) / block_rows_;
      if (block < blocks) {
        const std::size_t first = block * block_rows_;
        return {part.row + first, 0, std::min(block_rows_, part.rows - first), d_.n_keys};
      }
      block -= blocks;
    }
    return {};
  }

  /// The keys that causal mask and window leave to at least one of these rows, from a panel's start.
  CellRun keys_of(const CellRect& rows) const {
    CellRun all{d_.n_keys, 0};
    for (std::size_t i = rows.row; i < rows.row + rows.rows; ++i) {
      const CellRun run = visible_run(mask_, i, d_.n_keys);
      if (run.first >= run.last) continue;
      all.first = std::min(all.first, run.first);
      all.last = std::max(all.last, run.last);
    }
    if (all.first >= all.last) return {0, 0};
    all.first -= all.first % kPanel;
    return all;
  }

  void attend_block(std::size_t head, std::size_t block) const {
    const CellRect rows = block_at(block);
    const CellRun keys = keys_of(rows);
    const std::size_t width = keys.last - keys.first;
    // A row more than a multiple of the page's length apart, so that rows do not share their place in the
    // cache.
    const std::size_t stride = (width + kPanel - 1) / kPanel * kPanel + kPanel;
    float* const scores = kernel::scratch().scores.at_least(block_rows_ * stride);
    const std::size_t kv_head = d_.kv_head(head);

    const MatrixView<const float> q = std::as_const(arrays_).head(from_[0], head);
    kernel::Product raw;
    raw.a = q.data + rows.row * q.stride;
    raw.a_stride = q.stride;
    raw.b = keys_ + kv_head * key_panels() + keys.first * d_.d_k;
    raw.b_stride = kPanel;
    raw.b_panel_step = kPanel * d_.d_k;
    raw.out = scores;
    raw.out_stride = stride;
    raw.rows = rows.rows;
    raw.inner = d_.d_k;
    raw.columns = width;
    table_.multiply(raw);

    std::array<float, kMostRows> shares;
    for (std::size_t i = 0; i < rows.rows; ++i) {
      shares[i] = softmax_row(rows.row + i, keys, scores + i * stride);
      write_weights(head, rows.row + i, keys, scores + i * stride, shares[i]);
    }

    const MatrixView<float> out = arrays_.head(Stage::head_outputs, head);
    kernel::Product sum;
    sum.a = scores;
    sum.a_stride = stride;
    sum.b = values_ + kv_head * value_panels() + keys.first * kPanel;
    sum.b_stride = kPanel;
    sum.b_panel_step = kPanel * d_.n_keys;
    sum.out = out.data + rows.row * out.stride;
    sum.out_stride = out.stride;
    sum.rows = rows.rows;
    sum.inner = width;
    sum.columns = d_.d_v;
    table_.multiply(sum);
    for (std::size_t i = 0; i < rows.rows; ++i) {
      float* const row = out.row(rows.row + i).data();
      table_.scale(row, d_.d_v, shares[i], row);
    }
    if (streams_) table_.end_streams();
  }

  /// Raw scores of the block's keys become the numerators of their softmax; returns what makes attention
  /// weights of them.
  float softmax_row(std::size_t query, const CellRun& keys, float* row) const {
    const CellRun run = visible_run(mask_, query, d_.n_keys);
    const std::size_t first = std::max(run.first, keys.first) - keys.first;
    const std::size_t last = std::max(run.last, keys.first) - keys.first;
    if (masks_by_cells(mask_)) {
      const float hidden = factor_ > 0 ? kHiddenScore : -kHiddenScore;  // −∞ once it is scaled
      for (std::size_t j = first; j < last; ++j) {
        if (!visible(mask_, query, keys.first + j)) row[j] = hidden;
      }
    }
    return table_.softmax({row, keys.last - keys.first, first, std::max(first, last), factor_});
  }

  void write_weights(std::size_t head, std::size_t query, const CellRun& keys, const float* row,
                     float share) const {
    float* const out = weights_.data + (head * d_.n_queries + query) * weights_.stride;
    const std::size_t width = keys.last - keys.first;
    if (streams_) {
      table_.stream_zeros(keys.first, out);
      table_.stream(row, width, share, out + keys.first);
      table_.stream_zeros(d_.n_keys - keys.last, out + keys.last);
    } else {
      std::fill_n(out, keys.first, 0.0f);
      table_.scale(row, width, share, out + keys.first);
      std::fill_n(out + keys.last, d_.n_keys - keys.last, 0.0f);
    }
  }

  const kernel::Table& table_;
  const MaskConfig& mask_;
  const Dimensions d_;
  const float factor_;
  const StageInputs from_;
  const std::span<const CellRect> rows_;
  const std::size_t block_rows_;
  Arrays<float>& arrays_;
  Progress* progress_;
  const MatrixView<float> weights_;  ///< of head 0; the others follow
  const bool streams_;
  std::size_t blocks_ = 0;  ///< of one head
  float* keys_ = nullptr;
  float* values_ = nullptr;
};

}  // namespace

bool attends_at_once(const Input& input, const Dimensions& d) {
  const Config& config = input.config;
  const double factor = score_factor(config, d);
  return kernel::table() != nullptr && config.attend_over == AttendOver::tokens &&
         config.score == Score::dot && config.position != Position::alibi &&
         config.normalise == Normalise::softmax && config.softmax_axis == SoftmaxAxis::keys &&
         !present(Stage::dropped, input) && !config.mask.hidden_value && static_cast<float>(factor) != 0.0f &&
         std::isfinite(factor) && !is_unfused(d.n_queries, d.d_k, d.n_keys);
}

bool attend(const Input& input, std::span<const CellRect> rows, Arrays<float>& arrays, Progress* progress) {
  Attending attending(*kernel::table(), input, rows, arrays, progress);
  if (!attending.stays_finite()) return false;
  const StageInputs from = inputs_of(Stage::scores, input);
  attending.run();
  arrays.derive_scores(
      {from[0], from[1], score_factor(input.config, arrays.dimensions()), input.config.mask});
  return true;
}

}  // namespace attn
