#pragma once
#include "app/widgets/panel_context.h"

namespace attn::ui {

/// A box over everything else: menus and what a drop-down unfolds. It begins with its constructor and ends
/// with its destructor; between them everything is drawn with `context`, which has all of the window's
/// widgets.
class PopUp {
 public:
  /// `name` is ImGui's, one for each kind of box.
  PopUp(PanelContext& outer, const char* name, const Rect& box);
  ~PopUp();
  PopUp(const PopUp&) = delete;
  PopUp& operator=(const PopUp&) = delete;

  PanelContext context;
};

}  // namespace attn::ui
