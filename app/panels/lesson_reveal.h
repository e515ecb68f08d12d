#pragma once
// What a step is about is in sight when it begins: its tab is chosen and its part is unfolded.

#include <cstddef>
#include <optional>
#include <string>

#include "app/lessons/player.h"
#include "app/widgets/panel_context.h"

namespace attn::ui {

/// Notices that another step has begun.
struct StepArrival {
  std::string lesson;
  std::size_t step = 0;
  std::optional<ImVec2> mouse;  ///< where it has rested since

  /// True in the first frame of a step. Null: no lesson is open.
  bool at(const lessons::Player* player);
};

/// Stages and the map are shown where the step rings one. In the scenario's card, where the step shows it:
/// the tab that holds what the step rings or lets be changed, unless the step chooses one, and in it the
/// parameter or the group of settings.
void reveal_lesson_widgets(PanelContext& context, const lessons::Player& player);

}  // namespace attn::ui
