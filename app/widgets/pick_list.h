#pragma once
// A list or a grid of things to choose from, which scrolls: files, commands, examples. One of them has the
// cursor, which the arrows move, also while a filter above the list is being typed.

#include <cstddef>
#include <functional>
#include <optional>

#include "app/widgets/panel_context.h"

namespace attn::ui {

/// Kept by the caller from frame to frame.
struct PickListMemory {
  std::size_t cursor = 0;
  float scroll = 0.0f;
  bool follow = true;  ///< bring the cursor into sight in the next frame
  /// Another list under the same memory: from its beginning.
  void restart() { *this = {}; }
};

struct PickListOptions {
  std::size_t count = 0;
  std::size_t columns = 1;
  float row_height = 32.0f;  ///< display units
  float gap = 0.0f;          ///< between rows and columns
  /// Whether arrows, page keys and Enter are for this list even while it has no focus: a filter above it is
  /// typed.
  bool takes_keys = true;
  bool shows_cursor = true;  ///< also while it has neither focus nor keys
};

struct PickListResult {
  std::optional<std::size_t> clicked;  ///< with the mouse; the cursor is there as well
  std::optional<std::size_t> opened;   ///< double click, or Enter with the focus
  std::optional<std::size_t> marked;   ///< Space with the focus
};

/// Draws the visible ones by `draw(i, rect, hovered, has_cursor)`, above the background that the cursor has.
/// The list is one stop of Tab, `id`; its rows are id[0], id[1], … in the order of what is listed.
PickListResult pick_list(PanelContext& context, const WidgetId& id, const Rect& area,
                         const PickListOptions& options, PickListMemory& memory,
                         const std::function<void(std::size_t, const Rect&, bool, bool)>& draw);

}  // namespace attn::ui
