#pragma once
// Which colour a value of a stage has. Raw, scaled, biased and masked scores share one range, so that
// scaling is seen as fading; vectors share another; attention weights run from 0 to 1.

#include <cstdint>
#include <memory>
#include <optional>

#include "app/session/session.h"
#include "app/widgets/theme.h"
#include "core/attention/stage_range.h"
#include "core/attention/trace.h"

namespace attn::ui {

struct ColourScale {
  const ColourTable* table = &cividis_table();
  double low = 0.0;
  double high = 1.0;

  /// Values outside the range get the colour of its end, NaN that of the low end.
  Colour at(float value) const {
    const auto last = static_cast<float>(kColourTableSize - 1);
    const auto from = static_cast<float>(low);
    const float step = (value - from) * (last / (static_cast<float>(high) - from)) + 0.5f;
    return (*table)[step > 0.0f ? static_cast<std::size_t>(step < last ? step : last) : 0];
  }
  Colour at(double value) const { return at(static_cast<float>(value)); }
  bool operator==(const ColourScale&) const = default;
};

/// Whether the mask hides this cell from the eye: hatched, and outside every range. A hidden score that
/// was replaced by a number (a usual mistake) is hatched as well, but its weight is shown like any other.
bool hidden_cell(const Input& input, Stage stage, std::size_t row, std::size_t column);
/// Whether the stage shows shares: attention weights from 0 to 1, before or after dropout.
bool shows_shares(const Input& input, Stage stage);

/// The scale of a stage. `shared_scores`: raw, scaled, biased and masked scores share one range; else each
/// has its own.
ColourScale colour_scale(const Trace& trace, Stage stage, ThemeKind theme, bool shared_scores);
/// The scale in which this subject, which has a trace, is drawn: that of the moment of the press while
/// something is dragged or pulled, as long as it has the same stages.
ColourScale colour_scale(const session::Subject& subject, Stage stage, ThemeKind theme);

}  // namespace attn::ui
