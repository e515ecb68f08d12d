#pragma once
// One number as a bar with its name: read at a glance, dragged sideways, nudged by keys.

#include <optional>
#include <string_view>

#include "app/widgets/panel_context.h"

namespace attn::ui {

struct ValueBar {
  std::string_view name;
  double value = 0.0;
  double low = -1.0;  ///< what the left end stands for; 0 lies between low and high
  double high = 1.0;
  double step = 0.1;  ///< of a key; a tenth of it with Shift, and by the mouse
  int decimals = 2;
  Colour colour = 0;      ///< of the bar
  std::string_view mark;  ///< before the name, in the accent colour: the axis that shows it
  bool enabled = true;    ///< whether it can be moved
};

struct ValueBarResult {
  std::optional<double> preview;  ///< while dragging: post a Preview
  std::optional<double> commit;   ///< nudged: post an Apply
  bool ended = false;             ///< the drag was let go: post EndGesture
};

/// Esc during a drag is the session's: it takes the gesture back, and the bar lets go.
ValueBarResult value_bar(PanelContext& context, const WidgetId& id, const Rect& rect, const ValueBar& bar);

}  // namespace attn::ui
