#pragma once
// The scenario as it can be edited, one tab after the other. A tab draws into the content of the card; its
// entry stands in scenario_panel.cpp.

#include <string_view>

#include "app/panels/panel.h"

namespace attn::ui {

/// Words with their vectors, the basic settings, and what a pull on the answer may move. Wide
/// matrices are shown in pages of columns, long ones draw only the rows in sight.
void draw_words_tab(const session::Subject& subject, PanelContext& context, const Rect& content);

/// @name What lessons call a setting: "scale", "mask", "axis", …
/// @{
bool is_setting(std::string_view name);
/// Unfolds its group; nothing for another name.
void unfold_setting(PanelContext& context, std::string_view name);
/// @}

/// Every setting in groups, each with its formula and a sentence; one group is unfolded at a time.
void draw_settings_tab(const session::Subject& subject, PanelContext& context, const Rect& content);

}  // namespace attn::ui
