#include "app/widgets/heatmap_scale.h"

#include <algorithm>
#include <cmath>

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

/// Whether the same numbers stand in both, before and after something has moved.
bool alike(const Trace& a, const Trace& b) {
  return a.dimensions() == b.dimensions() && stages_of(a.input()) == stages_of(b.input()) &&
         a.input().config.normalise == b.input().config.normalise;
}

}  // namespace

bool hidden_cell(const Input& input, Stage stage, std::size_t row, std::size_t column) {
  return may_hide(input, stage) && !visible(input.config.mask, row, column);
}

bool shows_shares(const Input& input, Stage stage) {
  return (stage == Stage::weights || stage == Stage::dropped) && input.config.normalise != Normalise::none;
}

ColourScale colour_scale(const Trace& trace, Stage stage, ThemeKind theme, bool shared_scores) {
  const Input& input = trace.input();
  // Dropout divides what it keeps by 1 − p, so dropped shares may pass 1; the plain weights never do.
  if (shows_shares(input, stage)) {
    return {&cividis_table(), 0.0, stage == Stage::dropped ? std::max(1.0, trace.largest(stage)) : 1.0};
  }
  // Vectors each have their own range, and keep to the paler part of the palette: scores are what stands out.
  if (!is_score_like(stage)) {
    const double largest = trace.largest(stage);
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
    if (alone ? other == stage : same_kind) end = std::max(end, trace.largest(other));
  }
  if (end == 0.0) end = 1.0;
  return {&diverging_table(theme), -end, end};
}

ColourScale colour_scale(const session::Subject& subject, Stage stage, ThemeKind theme) {
  const bool held = subject.calm != nullptr && alike(*subject.calm, *subject.trace);
  return colour_scale(held ? *subject.calm : *subject.trace, stage, theme, subject.view.shared_score_range);
}

}  // namespace attn::ui
