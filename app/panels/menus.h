#pragma once
// Menus that drop down from the top bar. Everything in them comes from the session's list of commands.

#include <optional>

#include "app/panels/panel.h"

namespace attn::ui {

/// Draws the titles in a row from the left end of `area` on and the menu that is open; returns the width.
float draw_menus(PanelContext& context, const Rect& area);

/// Which menu is open, if any.
struct MenuMemory {
  std::optional<session::Menu> open;
  bool just_opened = false;
  int turn = 0;  ///< to the menu at the right (+1) or at the left (−1), asked for by an arrow key
};

}  // namespace attn::ui
