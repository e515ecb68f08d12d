#pragma once
// Signs drawn as shapes, not as letters, so that they look the same in every font.

#include "app/widgets/panel_context.h"

namespace attn::ui {

enum class Icon {
  play,
  pause,
  step_back,
  step_forward,
  to_start,
  to_end,
  close,
  chevron_down,
  chevron_right,
  tick,
  back,
  plus,
  up,
  down,
  paste,
  tag,
  book,
  brush
};
/// Draws one in the middle of `rect`.
void draw_icon(ImDrawList& list, const Rect& rect, Icon icon, Colour colour);

}  // namespace attn::ui
