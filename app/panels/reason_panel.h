#pragma once
// The tabs of the card at the right. Each draws into `content`, below the line of tabs, and scrolls there.

#include "app/panels/panel.h"

namespace attn::ui {

/// Where a number comes from, step by step.
void draw_explanation(const session::Subject& subject, PanelContext& context, const Rect& content);
/// The scenario as a Python program; the lines of the stage at the playhead are lit.
void draw_code(const session::Subject& subject, PanelContext& context, const Rect& content);

}  // namespace attn::ui
