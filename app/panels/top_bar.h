#pragma once
// The bar across the top: name, menus (all of them from the session's list of commands), undo and redo,
// language, theme, and who computes.

#include "app/panels/panel.h"

namespace attn::ui {

/// "CPU", "CPU · GPU lost", "computing 40 %": what the bar says of the engine.
std::string status_text(const PanelContext& context);
/// What it says when asked: processor, what runs elsewhere, what failed and why; one line each.
std::string status_details(const PanelContext& context);

}  // namespace attn::ui
