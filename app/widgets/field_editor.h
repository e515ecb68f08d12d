#pragma once
// The editor that number fields and text fields share: what is being typed, in ImGui's own editor made to
// look like ours.

#include <string_view>

#include "app/widgets/field_memory.h"
#include "app/widgets/panel_context.h"

namespace attn::ui {

/// What happened to the text that is edited.
struct Editor {
  bool active = false;
  bool entered = false;  ///< Enter
  bool tabbed = false;   ///< Tab
  bool escaped = false;
  bool left = false;  ///< the mouse was pressed somewhere else
};
/// Line breaks and tabs in what is pasted become spaces.
Editor edit_text(PanelContext& context, FieldMemory& memory, const Rect& rect, Face face, bool centred);

/// Opens a field with this text, which is all selected unless the caret is wanted at its end.
void begin_editing(FieldMemory& memory, const WidgetId& id, std::string_view text, bool caret_to_end);
void stop_editing(PanelContext& context, FieldMemory& memory);

/// The box of a field.
void draw_field(PanelContext& context, const WidgetId& id, const Rect& rect, bool enabled, bool hovered,
                bool editing, bool wrong);

}  // namespace attn::ui
