// Messages at the lower edge, the newest at the bottom, each with a cross to put it away.

#include <algorithm>
#include <cmath>
#include <string>

#include "app/panels/sheet.h"
#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

constexpr ImGuiWindowFlags kOverlayFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                           ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBackground |
                                           ImGuiWindowFlags_NoNav;

Colour colour_of(const Theme& theme, session::Severity severity) {
  switch (severity) {
    case session::Severity::information:
      return theme.accent;
    case session::Severity::warning:
      return theme.warning;
    case session::Severity::error:
      return theme.error;
  }
  return theme.ink;
}

}  // namespace

void draw_messages(PanelContext& outer, ImVec2 window) {
  constexpr std::size_t kShown = 3;
  const auto& notices = outer.session.notices();
  if (notices.empty()) return;
  const Style& style = outer.style;
  const float width = std::min(style.px(640), window.x - 2 * style.gap());
  float bottom = window.y - style.gap() * 2.0f;
  const std::size_t first = notices.size() > kShown ? notices.size() - kShown : 0;
  for (std::size_t i = notices.size(); i-- > first;) {
    const session::Notice& notice = notices[i];
    const float pad = style.px(12);
    const float cross = style.px(28);
    const auto lines =
        outer.text.wrap(outer.look(TextSize::body), outer.tr(notice.text), width - cross - 3 * pad);
    float height = pad;
    for (const Line& line : lines) height += line.height;
    const Rect box{{std::round((window.x - width) * 0.5f), bottom - height},
                   {std::round((window.x + width) * 0.5f), bottom}};
    bottom = box.min.y - style.px(8);
    ImGui::SetNextWindowPos(box.min);
    ImGui::SetNextWindowSize(box.size());
    ImGui::PushID(static_cast<int>(i));
    ImGui::Begin(("message " + std::to_string(i)).c_str(), nullptr,
                 kOverlayFlags | ImGuiWindowFlags_NoFocusOnAppearing);
    bring_window_to_front();
    PanelContext context = outer.within(box);
    context.list = ImGui::GetWindowDrawList();
    context.list->AddRectFilled(box.min, box.max, style.colours.panel, style.rounding());
    context.list->AddRect(box.min, box.max, style.colours.field_border, style.rounding(), 0, style.line());
    context.list->AddRectFilled(box.min, {box.min.x + style.px(5), box.max.y},
                                colour_of(style.colours, notice.severity), style.rounding(),
                                ImDrawFlags_RoundCornersLeft);
    context.text.draw(*context.list, {box.min.x + style.px(5) + pad, box.min.y + pad * 0.5f}, lines);
    const Rect button_area{{box.max.x - cross - pad * 0.5f, box.min.y + pad * 0.5f},
                           {box.max.x - pad * 0.5f, box.min.y + pad * 0.5f + cross}};
    if (icon_button(context, WidgetId{PanelId::notice, "close"}.at(i), button_area, Icon::close,
                    {.kind = ButtonKind::quiet}))
      context.post(session::DismissNotice{i});
    ImGui::End();
    ImGui::PopID();
  }
}

}  // namespace attn::ui
