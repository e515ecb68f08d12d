#pragma once
// The line that says that what is shown was not in the imported file, but stands for it.

#include <optional>

#include "app/widgets/panel_context.h"
#include "core/attention/stage.h"

namespace attn::ui {

/// What a stage of an imported example is where it was not in the file; nothing for what was there.
std::optional<session::Message> stand_in_of(PanelContext& context, const session::Document& document,
                                            Stage stage);

/// Draws the line at the top of `content` where the stage of an imported example is a stand-in, and cuts it
/// off.
void draw_stand_in_note(PanelContext& context, const session::Document& document, Stage stage, Rect& content);

}  // namespace attn::ui
