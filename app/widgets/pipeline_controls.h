#pragma once
// Under the spine: the step-through with its scrubber, and the arithmetic of the moment in one line.

#include "app/widgets/panel_context.h"

namespace attn::ui {

/// Buttons, scrubber with a mark at every stage, speed.
void draw_playhead_controls(const session::Subject& subject, PanelContext& context, const Rect& area);

/// "q₁·k₃ = 1×3 + 2×4 = 11" for what the playhead has just computed; of the selected cell when everything is.
void draw_moment(const session::Subject& subject, PanelContext& context, const Rect& area);

}  // namespace attn::ui
