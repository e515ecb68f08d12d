#include "app/panels/sheet.h"

#include <algorithm>
#include <cmath>

#include "app/platform/imgui_shims.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

Rect place(const PanelContext& outer, ImVec2 window, const SheetOptions& options) {
  const float gap = outer.style.gap();
  const ImVec2 size{std::min(options.size.x, window.x - 2 * gap),
                    std::min(options.size.y, window.y - 2 * gap)};
  const ImVec2 at{std::round((window.x - size.x) * 0.5f),
                  std::round(gap + (window.y - size.y - 2 * gap) * options.height)};
  return {at, add(at, size)};
}

PanelContext begin(PanelContext& outer, ImVec2 window, const SheetOptions& options) {
  constexpr ImGuiWindowFlags kFlags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                      ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBackground |
                                      ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollWithMouse;
  const Rect area = place(outer, window, options);
  const Rect covered = options.dims ? Rect{{0, 0}, window} : area.inset(-outer.style.px(4));
  ImGui::SetNextWindowPos(covered.min);
  ImGui::SetNextWindowSize(covered.size());
  ImGui::Begin("dialog", nullptr, kFlags);
  bring_window_to_front();
  PanelContext context = outer.within(area);
  context.list = ImGui::GetWindowDrawList();
  return context;
}

}  // namespace

Sheet::Sheet(PanelContext& outer, ImVec2 window, const SheetOptions& options)
    : context(begin(outer, window, options)) {
  const Style& style = context.style;
  if (options.dims) {
    context.list->AddRectFilled({0, 0}, window, style.colours.scrim);
  } else {
    const float shade = style.px(3);
    context.list->AddRectFilled(add(context.area.min, {0, shade}), add(context.area.max, {0, shade}),
                                style.colours.shadow, style.rounding());
  }
  content = draw_card(context, options.heading, options.subheading).inset(style.px(8), style.px(4));
}

Sheet::~Sheet() {
  ImGui::End();
  context.widgets.confine(PanelId::dialog);
}

std::optional<std::size_t> draw_answers(PanelContext& context, Rect line,
                                        std::span<const std::string_view> labels, std::size_t primary,
                                        bool primary_enabled) {
  const Style& style = context.style;
  float width = 0.0f;
  for (const std::string_view label : labels) width += button_width(context, label) + style.px(24);
  line.min.x = std::max(line.min.x, line.max.x - width + style.px(8));
  std::optional<std::size_t> chosen;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const Rect rect = line.cut_left(button_width(context, labels[i]) + style.px(16), style.px(8));
    const bool is_primary = i == primary;
    const ButtonOptions options{.kind = is_primary ? ButtonKind::primary : ButtonKind::plain,
                                .enabled = !is_primary || primary_enabled};
    if (button(context, WidgetId{PanelId::dialog, "answer"}.at(i), rect, labels[i], options)) chosen = i;
  }
  return chosen;
}

}  // namespace attn::ui
