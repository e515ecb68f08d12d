#include "app/panels/lesson_highlights.h"

#include <algorithm>
#include <string>

namespace attn::ui {

std::optional<Highlight> highlight_of(const WidgetRegistry& widgets, std::string_view name) {
  constexpr std::string_view kRing = "vectors.ring";
  const bool ring = name.starts_with(kRing);
  // The widget of a ring is the point where it is grabbed.
  const std::string seen =
      ring ? "vectors.circle" + std::string(name.substr(kRing.size())) : std::string(name);
  const auto rect = widgets.find(seen);
  if (!rect || rect->empty()) return std::nullopt;
  return Highlight{*rect, ring || name.starts_with("vectors.arrow")};
}

void draw_lesson_highlights(PanelContext& context, const lessons::Player& player) {
  const Style& style = context.style;
  ImDrawList& list = *ImGui::GetForegroundDrawList();
  const Colour strong = context.colours().accent;
  const Colour soft = with_alpha(strong, 0.3f);
  for (const std::string& name : player.step().highlight) {
    const auto found = highlight_of(context.widgets, name);
    if (!found) continue;
    const Rect inner = found->rect.inset(-style.px(4));
    const Rect outer = inner.inset(-style.px(2));
    if (found->round) {
      const float radius = std::max(inner.width(), inner.height()) / 2;
      list.AddCircle(inner.centre(), radius + style.px(2), soft, 48, style.px(3));
      list.AddCircle(inner.centre(), radius, strong, 48, style.px(2.5f));
      continue;
    }
    list.AddRect(outer.min, outer.max, soft, style.px(8), 0, style.px(3));
    list.AddRect(inner.min, inner.max, strong, style.px(6), 0, style.px(2.5f));
  }
}

}  // namespace attn::ui
