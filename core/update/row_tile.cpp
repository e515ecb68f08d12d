#include "core/update/row_tile.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/attention/ops.h"

namespace attn {
namespace {

using kernel::kPanel;

// Without their sign, floats are ordered as their bits are, and a NaN is past infinity.
constexpr std::int32_t kMagnitudeBits = 0x7FFFFFFF;
constexpr std::int32_t kInfiniteMagnitude = 0x7F800000;

/// Softmax of a product, with nothing between score and exponential but the factor and −∞.
bool leaves_scaling(const ScoreCells& cells) {
  const Config& config = cells.input().config;
  return cells.is_product() && config.normalise == Normalise::softmax && cells.factor() != 0.0f &&
         config.position != Position::alibi && !config.mask.hidden_value;
}

/// Calls f(j) for the keys [first, last) that padding and the mask of one's own hide from a query.
template <class F>
void each_hidden(const MaskConfig& mask, std::size_t query, std::size_t first, std::size_t last, const F& f) {
  if (mask.padding) {
    const std::uint8_t* const hides = mask.padding->data();
    for (std::size_t j = first; j < last; ++j)
      if (hides[j] != 0) f(j);
  }
  if (mask.allow) {
    const std::uint8_t* const shows = mask.allow->visible.data() + query * mask.allow->columns;
    for (std::size_t j = first; j < last; ++j)
      if (shows[j] == 0) f(j);
  }
}

/// Largest finite magnitude of the scores of a query with keys from `first` on, without those that padding
/// and the mask of one's own hide.
float largest_left(const MaskConfig& mask, std::size_t query, std::size_t first,
                   std::span<const float> scores) {
  const std::uint8_t* const hides = mask.padding ? mask.padding->data() + first : nullptr;
  const std::uint8_t* const shows =
      mask.allow ? mask.allow->visible.data() + query * mask.allow->columns + first : nullptr;
  std::int32_t largest = 0;
  for (std::size_t j = 0; j < scores.size(); ++j) {
    const bool hidden = (hides != nullptr && hides[j] != 0) || (shows != nullptr && shows[j] == 0);
    const std::int32_t bits = std::bit_cast<std::int32_t>(scores[j]) & kMagnitudeBits;
    largest = std::max(largest, hidden || bits >= kInfiniteMagnitude ? 0 : bits);
  }
  return std::bit_cast<float>(largest);
}

/// The largest magnitude; infinite where there is a NaN.
float largest_of_any(std::span<const float> values) {
  std::int32_t largest = 0;
  for (const float value : values)
    largest = std::max(largest, std::bit_cast<std::int32_t>(value) & kMagnitudeBits);
  return std::bit_cast<float>(std::min(largest, kInfiniteMagnitude));
}

/// The part of a run that lies in [first, first + count), counted from `first`.
CellRun within(const CellRun& run, std::size_t first, std::size_t count) {
  const std::size_t begin = std::clamp(run.first, first, first + count) - first;
  const std::size_t end = std::clamp(run.last, first, first + count) - first;
  return {std::min(begin, end), end};
}

}  // namespace

float largest_number(std::span<const float> values) {
  std::int32_t largest = 0;
  for (const float value : values) {
    const std::int32_t bits = std::bit_cast<std::int32_t>(value) & kMagnitudeBits;
    largest = std::max(largest, bits < kInfiniteMagnitude ? bits : 0);
  }
  return std::bit_cast<float>(largest);
}

RowTile::RowTile(const ScoreCells& cells, std::size_t head, std::size_t first, std::size_t rows,
                 kernel::Block<float>& memory)
    : from_(cells),
      mask_(cells.input().config.mask),
      table_(cells.table()),
      head_(head),
      first_row_(first),
      rows_(rows),
      unscaled_(leaves_scaling(cells)),
      factor_(unscaled_ ? cells.factor() : 1.0f),
      memory_(memory.at_least(kRows * kStride)) {
  for (std::size_t i = 0; i < rows_; ++i) std::fill_n(memory_ + i * kStride + kKeys, kStride - kKeys, 0.0f);
}

bool RowTile::shows_all() const {
  if (masks_by_cells(mask_)) return false;
  const std::size_t end = first_key_ + columns_;
  // What is seen moves on with the query.
  return visible_run(mask_, first_row_ + rows_ - 1, end).first <= first_key_ &&
         visible_run(mask_, first_row_, end).last == end;
}

CellRun RowTile::keys() const {
  const std::size_t n_keys = from_.dimensions().n_keys;
  if (mask_.hidden_value) return {0, n_keys};
  CellRun all{n_keys, 0};
  for (std::size_t i = first_row_; i < first_row_ + rows_; ++i) {
    const CellRun run = visible_run(mask_, i, n_keys);
    if (run.first >= run.last) continue;
    all.first = std::min(all.first, run.first);
    all.last = std::max(all.last, run.last);
  }
  if (all.first >= all.last) return {0, 0};
  all.first -= all.first % kPanel;
  return all;
}

void RowTile::make(std::size_t first, std::size_t count) {
  first_key_ = first;
  columns_ = count;
  const CellRect rect{first_row_, first, rows_, count};
  from_.raw(head_, rect, cells());
  note_left(Stage::scores);
  if (!unscaled_) {
    from_.add_bias(head_, rect, cells());
    if (from_.input().config.position == Position::alibi) note_left(Stage::biased);
    apply_mask<float>(cells(), mask_, cells(), {first_row_, first});
  } else {
    hide();
  }
}

void RowTile::note(Stage stage) {
  double& range = ranges_[index(stage)];
  for (std::size_t i = 0; i < rows_; ++i)
    range = std::max(range, static_cast<double>(largest_number(row(i))));
}

void RowTile::note_left(Stage stage) {
  double& range = ranges_[index(stage)];
  if (table_ != nullptr && columns_ == kKeys && shows_all()) {  // rows and what lies between them, which is 0
    const float largest = table_->largest(memory_, rows_ * kStride);
    if (std::isfinite(largest) && std::isfinite(largest * from_.factor())) {
      range = std::max(range, static_cast<double>(largest));
      return;
    }
  }
  for (std::size_t i = 0; i < rows_; ++i) {
    const std::size_t query = first_row_ + i;
    const CellRun run = within(visible_run(mask_, query, first_key_ + columns_), first_key_, columns_);
    const std::span<const float> seen = row(i).subspan(run.first, run.last - run.first);
    const float largest =
        table_ != nullptr ? table_->largest(seen.data(), seen.size()) : largest_of_any(seen);
    // Multiplied as scale_scores() does.
    if (!std::isfinite(largest) || !std::isfinite(largest * from_.factor())) past_float32_ = true;
    const bool as_it_is = std::isfinite(largest) && !masks_by_cells(mask_);
    const float left = as_it_is ? largest : largest_left(mask_, query, first_key_ + run.first, seen);
    range = std::max(range, static_cast<double>(left));
  }
}

void RowTile::hide() {
  if (shows_all()) return;
  const float hidden = factor_ > 0 ? kUnseenScore : -kUnseenScore;  // −∞ once it is scaled
  for (std::size_t i = 0; i < rows_; ++i) {
    const std::size_t query = first_row_ + i;
    const CellRun run = within(visible_run(mask_, query, first_key_ + columns_), first_key_, columns_);
    float* const cells = memory_ + i * kStride;
    std::fill_n(cells, run.first, hidden);
    std::fill(cells + run.last, cells + columns_, hidden);
    each_hidden(mask_, query, first_key_ + run.first, first_key_ + run.last,
                [&](std::size_t j) { cells[j - first_key_] = hidden; });
  }
}

kernel::ExponentialSum RowTile::exponentials(std::size_t i, float maximum, float* group_most,
                                             float* group_sums) {
  float* const cells = memory_ + i * kStride;
  const std::size_t groups = (columns_ + kPanel - 1) / kPanel;
  if (table_ != nullptr) {
    std::fill(cells + columns_, cells + groups * kPanel, factor_ > 0 ? kUnseenScore : -kUnseenScore);
    const kernel::ExponentialSum found =
        table_->running_exponentials({cells, columns_, factor_, maximum, group_most, group_sums});
    return found;
  }
  float largest = maximum;
  for (const float score : row(i)) largest = std::max(largest, score);
  if (largest == kUnseenScore) {
    std::ranges::fill(row(i), 0.0f);
    return {largest, 0.0f};
  }
  float sum = 0.0f;
  for (float& cell : row(i)) sum += cell = std::exp(cell - largest);
  return {largest, sum};
}

}  // namespace attn
