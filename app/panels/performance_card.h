#pragma once
// How long the numbers on screen took, what memory they have, and what a trace may take: a card over the
// window that is moved by its heading. It shows what was measured when a frame is drawn anyway; it asks for
// none.

#include "app/panels/frame_times.h"
#include "app/panels/panel.h"

namespace attn::ui {

/// Draws the card where the settings show it; `window` is the window's size.
void draw_performance_card(PanelContext& context, ImVec2 window);

/// "820 µs", "34.2 ms", "1.25 s".
std::string duration_text(double seconds);
/// "312 KB", "1.5 GB": units of 1024.
std::string bytes_text(std::uint64_t bytes);

}  // namespace attn::ui
