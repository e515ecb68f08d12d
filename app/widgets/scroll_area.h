#pragma once
// Contents that are higher than the place they have: moved by the wheel, with a thin bar that says where
// one is. For lists whose rows are no widgets of their own.

#include "app/widgets/panel_context.h"

namespace attn::ui {

/// Moves `offset` (display units from the top of the contents) by the wheel while the mouse is over `area`,
/// keeps it inside, and draws the bar at the right edge where there is more than fits.
void scroll_area(PanelContext& context, const Rect& area, float contents_height, float& offset);

/// Moves `offset` so that [top, bottom), counted from the top of the contents, can be seen.
void scroll_to(const Rect& area, float top, float bottom, float& offset);

}  // namespace attn::ui
