#pragma once
// Questions that ask to pick something are answered in the window as well: by a click, or Enter, on what is
// asked for.

#include <optional>

#include "app/lessons/judge.h"
#include "app/lessons/player.h"
#include "app/widgets/panel_context.h"

namespace attn::ui {

/// What choosing this widget answers; nothing where it shows nothing of the kind that is asked for. A word is
/// meant by its arrow, its name and its row of a table of vectors; a cell only by itself.
std::optional<lessons::Answer> picked_by(const WidgetId& chosen, const lessons::Pick& question,
                                         const session::Document& document);

/// After the panels were drawn: hands in what was chosen in this frame where the open question asks for it.
void answer_by_choice(PanelContext& context, const lessons::Player& player);

}  // namespace attn::ui
