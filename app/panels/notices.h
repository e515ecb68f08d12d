#pragma once
// What lies over the panels: messages at the lower edge, the question about unsaved work, and the sheets:
// files, gallery, palette, keys. Which sheet is open is the session's business.

#include "app/panels/panel.h"

namespace attn::ui {

/// Messages stand in `messages`, see message_area().
void draw_overlays(PanelContext& context, ImVec2 window, const Rect& messages);

/// Whether a dialog is open, so that keys are not for what lies behind it.
bool overlay_has_keyboard(const session::Session& session, PanelMemory& memory);

}  // namespace attn::ui
