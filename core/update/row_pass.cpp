#include "core/update/row_pass.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <mutex>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "core/attention/ops.h"
#include "core/attention/stage_range.h"
#include "core/kernel/block.h"
#include "core/kernel/pool.h"
#include "core/update/row_tile.h"
#include "core/update/weight_groups.h"

namespace attn {
namespace {

using kernel::kPanel;

constexpr float kPassUntil = 0.9f;  ///< of the progress; what follows are the head outputs' projection

class RowPass {
 public:
  RowPass(const ScoreCells& cells, Arrays<float>& arrays, Progress* progress, std::span<PyramidMaker> weights)
      : cells_(cells),
        config_(cells.input().config),
        d_(cells.dimensions()),
        table_(cells.table()),
        arrays_(arrays),
        progress_(progress),
        pyramids_(weights) {
    statistics_.maximum.assign(d_.n_heads * d_.n_queries, kUnseenScore);
    statistics_.sum.assign(d_.n_heads * d_.n_queries, 0.0f);
  }

  RowPassResult run() {
    if (table_ != nullptr) pack_values();
    const std::size_t blocks = (d_.n_queries + RowTile::kRows - 1) / RowTile::kRows;
    const std::size_t tasks = blocks * d_.n_heads;
    const bool shared = d_.n_heads * d_.n_queries * d_.n_keys * (d_.d_k + d_.d_v) >= kernel::kWorthSharing;
    const float start = progress_ != nullptr ? progress_->fraction.load() : 0.0f;
    std::atomic<std::size_t> done = 0;
    kernel::parallel_for(tasks, shared, [&](std::size_t task) {
      if (stops()) return;
      attend_block(task / blocks, task % blocks * RowTile::kRows);
      const float part = static_cast<float>(++done) / static_cast<float>(tasks);
      if (progress_ != nullptr) {
        progress_->fraction.store(start + (kPassUntil - start) * part, std::memory_order_relaxed);
      }
    });
    if (cancelled()) throw Cancelled();
    if (past_float32_) throw_cell(*past_float32_);
    // Rounding keeps the order, so that the largest score is also the largest once it is scaled.
    const float scaled = static_cast<float>(ranges_[index(Stage::scores)]) * std::abs(cells_.factor());
    ranges_[index(Stage::scaled)] = static_cast<double>(scaled);
    ranges_[index(Stage::masked)] =
        ranges_[index(config_.position == Position::alibi ? Stage::biased : Stage::scaled)];
    return {std::move(statistics_), ranges_};
  }

 private:
  /// What the rows of one block have so far.
  struct Rows {
    CellRect cells;  ///< the queries
    std::size_t head = 0;
    std::array<float, RowTile::kRows> maximum{};
    std::array<double, RowTile::kRows> sum{};
    std::array<float, RowTile::kRows> dropped{};  ///< largest exponential that dropout leaves
    MatrixView<float> out;                        ///< Σ exponential · value
    std::optional<WeightGroups> groups;           ///< where a pyramid is wanted
    std::size_t tiles = 0;                        ///< so far
  };

  bool cancelled() const { return progress_ != nullptr && progress_->cancel.load(std::memory_order_relaxed); }
  bool stops() const { return cancelled() || stopped_.load(std::memory_order_relaxed); }

  void pack_values() {
    const std::size_t size = kernel::panel_size(d_.n_keys, d_.d_v);
    float* const panels = values_.at_least(d_.n_kv_heads * size);
    kernel::parallel_for(d_.n_kv_heads, d_.n_kv_heads > 1, [&](std::size_t h) {
      const MatrixView<const float> v = std::as_const(arrays_).head(Stage::v, h);
      table_->pack(v.data, v.stride, v.rows, v.columns, panels + h * size, v.rows);
    });
  }

  void attend_block(std::size_t head, std::size_t first) {
    Rows rows;
    rows.head = head;
    rows.cells = {first, 0, std::min(RowTile::kRows, d_.n_queries - first), d_.n_keys};
    rows.maximum.fill(kUnseenScore);
    rows.out = arrays_.head(Stage::head_outputs, head).block(first, 0, rows.cells.rows, d_.d_v);
    for (std::size_t i = 0; i < rows.out.rows; ++i) std::ranges::fill(rows.out.row(i), 0.0f);

    RowTile tile(cells_, head, first, rows.cells.rows, kernel::scratch().scores);
    if (head < pyramids_.size()) rows.groups.emplace(d_.n_keys, kernel::scratch().flipped);
    const CellRun keys = tile.keys();
    const auto each_tile = [&](const auto& f) {
      for (std::size_t k = keys.first; k < keys.last && !stops(); k += RowTile::kKeys) {
        tile.make(k, std::min(RowTile::kKeys, keys.last - k));
        f();
      }
    };
    if (config_.normalise == Normalise::softmax_without_max) each_tile([&] { add_sums(tile, rows); });
    each_tile([&] {
      to_weights(tile, rows);
      add_outputs(tile, rows);
      ++rows.tiles;
    });
    if (stops()) return;
    finish(tile, rows);
    if (rows.groups) {
      const std::size_t at = head * d_.n_queries + first;
      rows.groups->finish(rows.cells, keys.first, rows.tiles, tile.factor(),
                          std::span(statistics_.maximum).subspan(at, rows.cells.rows),
                          std::span(statistics_.sum).subspan(at, rows.cells.rows), pyramids_[head]);
    }
  }

  /// Σ exp(score), for a softmax that keeps its maximum.
  static void add_sums(const RowTile& tile, Rows& rows) {
    for (std::size_t i = 0; i < rows.cells.rows; ++i) {
      for (const float score : tile.row(i)) rows.sum[i] += static_cast<double>(std::exp(score));
    }
  }

  /// Masked scores become weights, or exponentials relative to the largest score so far.
  void to_weights(RowTile& tile, Rows& rows) {
    for (std::size_t i = 0; i < rows.cells.rows; ++i) {
      const std::span<float> row = tile.row(i);
      switch (config_.normalise) {
        case Normalise::softmax:
          add_exponentials(tile, rows, i);
          break;
        case Normalise::softmax_without_max:
          for (float& cell : row)
            cell = cell == kUnseenScore ? 0.0f : std::exp(cell) / static_cast<float>(rows.sum[i]);
          break;
        case Normalise::none:
          std::ranges::replace(row, kUnseenScore, 0.0f);
          break;
      }
    }
    if (config_.normalise != Normalise::softmax) tile.note(Stage::weights);
    if (!config_.dropout || config_.dropout->p == 0.0) return;
    const MatrixView<float> all = tile.cells();
    apply_dropout<float>(all, *config_.dropout, rows.head, all, {rows.cells.row, tile.first_key()});
    for (std::size_t i = 0; i < rows.cells.rows; ++i)
      rows.dropped[i] = std::max(rows.dropped[i], largest_number(all.row(i)));
  }

  void add_exponentials(RowTile& tile, Rows& rows, std::size_t i) const {
    float* const most = rows.groups ? rows.groups->most(rows.tiles, i) : nullptr;
    float* const sums = rows.groups ? rows.groups->sums(rows.tiles, i) : nullptr;
    const kernel::ExponentialSum found = tile.exponentials(i, rows.maximum[i], most, sums);
    if (rows.groups) rows.groups->maximum(rows.tiles, i) = found.maximum;
    if (found.maximum > rows.maximum[i]) {
      const float apart = rows.maximum[i] - found.maximum;  // −∞ at first
      const float less = table_ != nullptr ? std::exp2(apart) : std::exp(apart);
      rows.sum[i] *= static_cast<double>(less);
      rows.dropped[i] *= less;
      for (float& value : rows.out.row(i)) value *= less;
      rows.maximum[i] = found.maximum;
    }
    rows.sum[i] += static_cast<double>(found.sum);
  }

  void add_outputs(const RowTile& tile, const Rows& rows) const {
    const std::size_t kv_head = d_.kv_head(rows.head);
    const MatrixView<const float> weights = tile.cells();
    if (table_ != nullptr) {
      kernel::Product sum;
      sum.a = weights.data;
      sum.a_stride = weights.stride;
      sum.b = values_.data() + kv_head * kernel::panel_size(d_.n_keys, d_.d_v) + tile.first_key() * kPanel;
      sum.b_stride = kPanel;
      sum.b_panel_step = kPanel * d_.n_keys;
      sum.out = rows.out.data;
      sum.out_stride = rows.out.stride;
      sum.rows = rows.cells.rows;
      sum.inner = weights.columns;
      sum.columns = d_.d_v;
      sum.add = true;
      return table_->multiply(sum);
    }
    const MatrixView<const float> v = std::as_const(arrays_).head(Stage::v, kv_head);
    Matrix added(rows.cells.rows, d_.d_v);
    multiply<float>(weights, v.block(tile.first_key(), 0, weights.columns, d_.d_v), view(added));
    add_to<float>(view(std::as_const(added)), rows.out);
  }

  void finish(const RowTile& tile, const Rows& rows) {
    StreamedRanges ranges = tile.ranges();
    for (std::size_t i = 0; i < rows.cells.rows; ++i) {
      const std::size_t at = rows.head * d_.n_queries + rows.cells.row + i;
      const float sum = static_cast<float>(rows.sum[i]);
      double& dropped = ranges[index(Stage::dropped)];
      float share = 1.0f;
      if (config_.normalise == Normalise::softmax) {
        share = sum > 0.0f ? 1.0f / sum : 0.0f;  // the largest weight: exp(0) is 1
        for (float& value : rows.out.row(i)) value *= share;
        ranges[index(Stage::weights)] = std::max(ranges[index(Stage::weights)], static_cast<double>(share));
      }
      dropped = std::max(dropped, static_cast<double>(rows.dropped[i] * share));
      statistics_.maximum[at] = rows.maximum[i];
      statistics_.sum[at] = sum;
    }
    const std::lock_guard lock(ranges_mutex_);
    for (const Stage stage : kStages)
      ranges_[index(stage)] = std::max(ranges_[index(stage)], ranges[index(stage)]);
    if (!tile.past_float32() || config_.normalise == Normalise::softmax_without_max) return;
    stopped_ = true;
    if (!past_float32_) past_float32_ = CellRef{Stage::scores, rows.head, rows.cells.row, 0};
  }

  /// Names the first score of the block of rows that begins with `where` that is no number of float32.
  [[noreturn]] void throw_cell(const CellRef& where) const {
    constexpr float kLargest = std::numeric_limits<float>::max();
    Matrix row(1, d_.n_keys);
    for (std::size_t i = where.row; i < std::min(where.row + RowTile::kRows, d_.n_queries); ++i) {
      for (const Stage stage : {Stage::scores, Stage::scaled, Stage::biased}) {
        cells_.make(stage, where.head, {i, 0, 1, d_.n_keys}, view(row));
        for (std::size_t j = 0; j < d_.n_keys; ++j) {
          if (std::abs(row(0, j)) <= kLargest) continue;
          throw RunError(fmt::format("{}[{}][{},{}]: past the range of float32 (3.4e38)", name(stage),
                                     where.head, i, j));
        }
      }
    }
    throw RunError("scores: past the range of float32 (3.4e38)");
  }

  const ScoreCells& cells_;
  const Config& config_;
  const Dimensions d_;
  const kernel::Table* table_;
  Arrays<float>& arrays_;
  Progress* progress_;
  std::span<PyramidMaker> pyramids_;  ///< of the first heads
  kernel::Block<float> values_;       ///< in panels
  RowStatistics statistics_;
  std::atomic<bool> stopped_ = false;
  std::mutex ranges_mutex_;
  StreamedRanges ranges_{};
  std::optional<CellRef> past_float32_;
};

}  // namespace

RowPassResult run_row_pass(const ScoreCells& cells, Arrays<float>& arrays, Progress* progress,
                           std::span<PyramidMaker> weights) {
  return RowPass(cells, arrays, progress, weights).run();
}

bool can_add_weights(const ScoreCells& cells) {
  return cells.table() != nullptr && cells.input().config.normalise == Normalise::softmax;
}

}  // namespace attn
