#include "app/widgets/heatmap_scale.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>

namespace attn::ui {
namespace {

/// The next 1, 2, 2.5 or 5 times a power of ten: an end that reads well under the colour bar.
double round_up(double value) {
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
    if (factor * power >= value * (1.0 - 1e-9)) return factor * power;
  }
  return 10.0 * power;
}

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

bool hidden_cell(const Input& input, Stage stage, std::size_t row, std::size_t column) {
  return may_hide(input, stage) && !visible(input.config.mask, row, column);
}

bool shows_shares(const Input& input, Stage stage) {
  return (stage == Stage::weights || stage == Stage::dropped) && input.config.normalise != Normalise::none;
}

double StageScales::largest_of(const Trace& trace, Stage stage) {
  std::optional<double>& kept = largest_[index(stage)];
  if (kept) return *kept;
  const Input& input = trace.input();
  const bool hides = may_hide(input, stage);
  double largest = 0.0;
  const StageShape shape = trace.shape(stage);
  for (std::size_t head = 0; head < shape.heads; ++head) {
    const Read read = trace.read_head(stage, head);
    if (!read.ready()) continue;
    for (std::size_t i = 0; i < read.values.rows; ++i) {
      const auto values = read.values.row(i);
      largest =
          std::max(largest, hides ? largest_visible(input.config.mask, i, values) : largest_finite(values));
    }
  }
  kept = largest;
  return largest;
}

ColourScale StageScales::scale(const Trace& trace, Stage stage, ThemeKind theme, bool shared_scores) {
  if (&trace != trace_ || trace.revision() != revision_) {
    trace_ = &trace;
    revision_ = trace.revision();
    largest_ = {};
  }
  const Input& input = trace.input();
  // Dropout divides what it keeps by 1 − p, so dropped shares may pass 1; the plain weights never do.
  if (shows_shares(input, stage)) {
    return {&cividis_table(), 0.0, stage == Stage::dropped ? std::max(1.0, largest_of(trace, stage)) : 1.0};
  }
  // Vectors each have their own range, and keep to the paler part of the palette: scores are what stands out.
  if (!is_score_like(stage)) {
    const double largest = largest_of(trace, stage);
    const double end = largest > 0.0 ? round_up(1.3 * largest) : 1.0;
    return {&diverging_table(theme), -end, end};
  }
  double end = 0.0;
  const bool alone = !shared_scores;
  for (const Stage other : stages_of(input)) {
    // What the mask leaves was there before the mask.
    if (!alone && other == Stage::masked) continue;
    // Of raw and scaled scores only the larger decides, and the factor says which: half the numbers to read.
    const bool shrinks = std::abs(score_factor(input.config, trace.dimensions())) <= 1.0;
    if (!alone && other == (shrinks ? Stage::scaled : Stage::scores)) continue;
    const bool same_kind = is_score_like(other) && !shows_shares(input, other);
    if (alone ? other == stage : same_kind) end = std::max(end, largest_of(trace, other));
  }
  if (end == 0.0) end = 1.0;
  return {&diverging_table(theme), -end, end};
}

}  // namespace attn::ui
