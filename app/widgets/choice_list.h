#pragma once
// Several answers below one another, one chosen, each with its formula: where there is no room side by side,
// or where the formula is what tells the answers apart.

#include <optional>
#include <span>
#include <string_view>

#include "app/widgets/formula.h"
#include "app/widgets/panel_context.h"

namespace attn::ui {

struct ChoiceItem {
  std::string_view label;
  Formula formula = {};  ///< at the right, or below the label where it is too wide; may be empty
  bool mistake = false;  ///< marked by a dot: something that people do, and that is shown because it is wrong
};

struct ChoiceListResult {
  std::optional<std::size_t> picked;  ///< what was chosen in this frame
  float height = 0.0f;
};

/// Widgets are id[0], id[1], …; up and down move between them and choose.
ChoiceListResult choice_list(PanelContext& context, const WidgetId& id, ImVec2 position, float width,
                             std::span<const ChoiceItem> items, std::size_t chosen, bool enabled = true);

/// The dot that marks a common mistake, its centre at `at`.
void draw_mistake_dot(const PanelContext& context, ImVec2 at);

}  // namespace attn::ui
