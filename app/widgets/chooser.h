#pragma once
// A field that shows one of several names and drops a list of all of them down when it is pressed.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/widgets/panel_context.h"

namespace attn::ui {

struct ChooserOptions {
  std::string_view mark = {};  ///< before the name, muted: "→"
  std::string_view tooltip = {};
};

/// Returns the index that was chosen in this frame. By mouse: press, then press a name; the wheel scrolls a
/// long list. By keys: Left and Right take the neighbour, Enter, Space or Down open the list, Up and Down
/// move in it, Enter chooses, Esc closes it. The names in the list are item[0], item[1], …
std::optional<std::size_t> chooser(PanelContext& context, const WidgetId& id, const WidgetId& item,
                                   const Rect& rect, std::span<const std::string> names, std::size_t chosen,
                                   const ChooserOptions& options = {});

}  // namespace attn::ui
