#pragma once
// Where the panels lie. The top bar and the pipeline run across the window; below them stand scenario,
// heatmap, vectors and explanation, from the cause to the reason.
//
// Text and spacing follow the window (theme.h, style_scale), so every window from 960 × 600 on shows all
// panels. What gives way when a window is smaller or oddly shaped, in this order:
//   1. the pipeline loses height, down to its least, and draws its matrices smaller;
//   2. the columns lose width, each down to its least; the heatmap and the plane shrink, the scenario and
//      the explanation cut long words with an ellipsis and scroll;
//   3. the scenario leaves (everything in it is also in the menus or a drag away);
//   4. the vectors leave; the heatmap and the explanation stay to the end.
// The card of a lesson begins at the left edge in every step, so that its buttons stay where they are.

#include <span>

#include "app/panels/panel.h"

namespace attn::ui {

struct Layout {
  Rect top_bar;
  Rect pipeline;
  Rect lesson;    ///< in the place of the scenario, or beside it
  Rect scenario;  ///< empty rectangles: the panel does not fit
  Rect heatmap;
  Rect vectors;
  Rect explain;
};

/// The cards that are wanted; without a lesson all but the lesson's.
struct WantedCards {
  bool pipeline = true;
  bool lesson = false;
  bool scenario = true;
  bool heatmap = true;
  bool vectors = true;
  bool explain = true;
};

/// For a window of this size in display units; a folded pipeline is as high as its step-through.
Layout arrange(ImVec2 window, const Style& style, bool pipeline_folded = false,
               const WantedCards& wanted = {});

/// How wide the text of a lesson's card gets, and what its buttons take at its lower edge, in design pixels:
/// those that go from step to step, and the one above them that hands an answer in.
inline constexpr float kLessonTextWidth = 860.0f;
inline constexpr float kLessonHandIn = 38.0f;
inline constexpr float kLessonFooter = 66.0f + kLessonHandIn + 10.0f;

/// Where messages stand, the newest at the lower edge: beside the card of a lesson, whose buttons they leave
/// free, or above them where nothing is beside it.
Rect message_area(const Layout& layout, ImVec2 window, const Style& style);

/// Lines of code are long: their card takes the room of the vectors while it shows them.
void widen_for_code(Layout& layout);

/// One panel and where it goes.
struct PanelEntry {
  const char* name;  ///< of its ImGui window
  PanelFunction draw;
  Rect Layout::*area;
};
/// Every panel, in the order of Tab.
std::span<const PanelEntry> panels();

}  // namespace attn::ui
