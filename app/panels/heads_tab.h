#pragma once
// Every head's attention weights as a small map that follows a drag, in the order of a measured property that
// is defined where it is chosen. A click or the arrow keys pick the head that the other cards show.

#include <cstddef>
#include <optional>
#include <vector>

#include "app/panels/panel.h"
#include "app/widgets/head_survey.h"

namespace attn::ui {

/// What the tab keeps from frame to frame.
struct HeadsMemory {
  HeadSurvey survey;
  std::vector<std::size_t> order;  ///< as shown; stands still during a gesture
  std::optional<HeadMeasure> ordered_by;
};

/// Heads in the order of a measure: least or most first, see least_first(); those without a value last, equal
/// ones by number. Without a measure by number.
std::vector<std::size_t> order_of_heads(const std::vector<HeadMeasures>& measures,
                                        std::optional<HeadMeasure> by);

void draw_heads_tab(const session::Subject& subject, PanelContext& context, const Rect& content);

}  // namespace attn::ui
