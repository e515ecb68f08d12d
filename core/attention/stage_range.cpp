#include "core/attention/stage_range.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>

#include "core/attention/ops.h"
#include "core/attention/trace.h"

namespace attn {
namespace {

/// Largest magnitude among the finite numbers. Without their sign, finite floats are ordered as their bits
/// are, and integers can be compared many at a time.
double largest_finite(std::span<const float> values) {
  constexpr std::int32_t kInfinityBits = 0x7F800000;
  std::int32_t largest = 0;
  for (const float value : values) {
    const std::int32_t bits = std::bit_cast<std::int32_t>(value) & 0x7FFFFFFF;
    largest = std::max(largest, bits < kInfinityBits ? bits : 0);
  }
  return static_cast<double>(std::bit_cast<float>(largest));
}

/// Largest magnitude among the finite numbers of a row that the mask leaves.
double largest_visible(const MaskConfig& mask, std::size_t row, std::span<const float> values) {
  const CellRun run = visible_run(mask, row, values.size());
  if (run.first >= run.last) return 0.0;
  if (!masks_by_cells(mask)) return largest_finite(values.subspan(run.first, run.last - run.first));
  double largest = 0.0;
  for (std::size_t j = run.first; j < run.last; ++j) {
    if (visible(mask, row, j)) largest = std::max(largest, largest_finite(values.subspan(j, 1)));
  }
  return largest;
}

double read_largest(const Trace& trace, Stage stage) {
  const Input& input = trace.input();
  const bool hides = may_hide(input, stage);
  double largest = 0.0;
  const StageShape shape = trace.shape(stage);
  for (std::size_t head = 0; head < shape.heads; ++head) {
    const std::size_t some = rows_at_once(trace, stage);
    for (std::size_t first = 0; first < shape.rows; first += some) {
      const std::size_t rows = std::min(some, shape.rows - first);
      const Read read = trace.read(stage, head, {first, 0, rows, shape.columns});
      for (std::size_t r = 0; read.ready() && r < rows; ++r) {
        const auto values = read.values.row(r);
        largest = std::max(
            largest, hides ? largest_visible(input.config.mask, first + r, values) : largest_finite(values));
      }
    }
  }
  return largest;
}

}  // namespace

CellRun visible_run(const MaskConfig& mask, std::size_t row, std::size_t columns) {
  CellRun run{0, columns};
  if (mask.window) {
    const auto window = static_cast<std::size_t>(*mask.window);
    run.first = std::min(columns, row - std::min(row, window));
    if (window < columns) run.last = std::min(columns, row + window + 1);
  }
  if (mask.causal) run.last = std::min(run.last, row + 1);
  return run;
}

bool masks_by_cells(const MaskConfig& mask) { return mask.padding || mask.allow; }

bool may_hide(const Input& input, Stage stage) {
  const MaskConfig& mask = input.config.mask;
  const bool masks = mask.causal || mask.window || mask.padding || mask.allow;
  if (!masks || input.config.attend_over == AttendOver::features) return false;
  if (stage == Stage::masked) return true;
  return (stage == Stage::weights || stage == Stage::dropped) && !mask.hidden_value;
}

double StageRanges::largest(const Trace& trace, Stage stage) const {
  Kept& kept = kept_[index(stage)];
  std::call_once(kept.read, [&] {
    const std::optional<double> known = trace.known_largest(stage);
    kept.largest = known ? *known : read_largest(trace, stage);
  });
  return kept.largest;
}

}  // namespace attn
