#pragma once
// Rings around the widgets that a step is about.

#include <optional>
#include <string_view>

#include "app/lessons/player.h"
#include "app/widgets/panel_context.h"

namespace attn::ui {

struct Highlight {
  Rect rect;           ///< around which it is drawn
  bool round = false;  ///< arrows' tips and output rings have a circle
};
/// Where a widget of that name is ringed; nothing where it is not in sight.
std::optional<Highlight> highlight_of(const WidgetRegistry& widgets, std::string_view name);

void draw_lesson_highlights(PanelContext& context, const lessons::Player& player);

}  // namespace attn::ui
