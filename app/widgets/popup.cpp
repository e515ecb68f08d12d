#include "app/widgets/popup.h"

#include "app/platform/imgui_shims.h"

namespace attn::ui {

PopUp::PopUp(PanelContext& outer, const char* name, const Rect& box) : context(outer.within(box)) {
  const Style& style = outer.style;
  const float room = style.px(6);  // for the shadow
  ImGui::SetNextWindowPos({box.min.x - room, box.min.y - room});
  ImGui::SetNextWindowSize({box.width() + 2 * room, box.height() + 2 * room});
  ImGui::Begin(name, nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoNav |
                   ImGuiWindowFlags_NoScrollWithMouse);
  bring_window_to_front();
  context.list = ImGui::GetWindowDrawList();
  context.list->AddRectFilled(add(box.min, {0, style.px(4)}), add(box.max, {0, style.px(4)}),
                              style.colours.shadow, style.rounding());
  context.list->AddRectFilled(box.min, box.max, style.colours.panel, style.rounding());
  context.list->AddRect(box.min, box.max, style.colours.field_border, style.rounding(), 0, style.line());
}

PopUp::~PopUp() { ImGui::End(); }

}  // namespace attn::ui
