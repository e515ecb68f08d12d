#pragma once
#include <string_view>

namespace attn::lessons {

/// Whether this could name a widget of the window: "panel.kind" with places in brackets,
/// "heatmap.cell[weights][0][0,2]". Which widgets there are, the window decides.
bool is_widget_name(std::string_view name);

}  // namespace attn::lessons
