#pragma once
// The line that says that what is shown was not in the imported file, but stands for it.

#include "app/widgets/panel_context.h"
#include "core/attention/stage.h"

namespace attn::ui {

/// Draws the line at the top of `content` where the stage of an imported example is a stand-in, and cuts it
/// off.
void draw_stand_in_note(PanelContext& context, const session::Document& document, Stage stage, Rect& content);

}  // namespace attn::ui
