#include "app/widgets/scroll_area.h"

#include <algorithm>

namespace attn::ui {

void scroll_area(PanelContext& context, const Rect& area, float contents_height, float& offset) {
  const float most = std::max(0.0f, contents_height - area.height());
  const ImGuiIO& io = ImGui::GetIO();
  if (most > 0.0f && io.MouseWheel != 0.0f && !io.KeyCtrl && ImGui::IsWindowHovered() &&
      area.contains(io.MousePos)) {
    offset -= io.MouseWheel * context.style.px(54);
    context.animating = true;
  }
  offset = std::clamp(offset, 0.0f, most);
  if (most <= 0.0f) return;
  const float width = context.style.px(5);
  const float length = std::max(context.style.px(24), area.height() * area.height() / contents_height);
  const float top = area.min.y + (area.height() - length) * offset / most;
  const float right = area.max.x + context.style.px(9);
  context.list->AddRectFilled({right - width, top}, {right, top + length}, context.colours().track,
                              width / 2);
}

void scroll_to(const Rect& area, float top, float bottom, float& offset) {
  offset = std::min(offset, top);
  offset = std::max(offset, bottom - area.height());
}

}  // namespace attn::ui
