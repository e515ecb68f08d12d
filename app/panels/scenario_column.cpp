#include "app/panels/scenario_column.h"

#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

/// Contents that go on above or below fade out there, so that a line that is cut looks like one that goes on.
void draw_fades(const PanelContext& context) {
  const float height = context.style.px(22);
  const Colour full = context.colours().panel;
  const Colour none = with_alpha(full, 0.0f);
  const ImVec2 min = ImGui::GetWindowPos();
  const ImVec2 max =
      add(min, {ImGui::GetWindowWidth() - ImGui::GetStyle().ScrollbarSize, ImGui::GetWindowHeight()});
  if (ImGui::GetScrollY() > 0.5f)
    context.list->AddRectFilledMultiColor(min, {max.x, min.y + height}, full, full, none, none);
  if (ImGui::GetScrollY() < ImGui::GetScrollMaxY() - 0.5f)
    context.list->AddRectFilledMultiColor({min.x, max.y - height}, max, none, none, full, full);
}

}  // namespace

Rect ScenarioColumn::take(float height, float gap) {
  const Rect rect{{x, y}, {x + width, y + height}};
  y += height + gap;
  return rect;
}

void ScenarioColumn::error(const std::string& reason) {
  if (reason.empty()) return;
  y += field_error(context, {x, y}, width, reason) + style().px(6);
}

Rect ScenarioColumn::labelled(std::string_view label) {
  Rect line = take(style().control_height(), style().px(6));
  const Rect words = line.cut_left(label_width, style().px(8));
  context.text.draw_in(*context.list, words, context.look(TextSize::body, context.colours().ink_muted),
                       label);
  return line;
}

float draw_scenario_column(const session::Subject& subject, PanelContext& context, const char* name,
                           const Rect& area, const std::function<void(ScenarioColumn&)>& draw_contents) {
  const Style& style = context.style;
  // The scroll bar stands in the padding, and so do handles of rows at the left; a little room above and
  // below keeps focus rings whole.
  const float ring = style.px(4);
  const float left = style.padding() - style.px(1);
  ImGui::SetCursorScreenPos({area.min.x - left, area.min.y - ring});
  ImGui::BeginChild(name, {area.width() + left + style.padding() - style.px(3), area.height() + 2 * ring},
                    false, ImGuiWindowFlags_NoNav);
  PanelContext inner = context;
  inner.list = ImGui::GetWindowDrawList();
  const ImVec2 origin = ImGui::GetCursorScreenPos();
  ScenarioColumn column{inner, subject, origin.x + left, area.width(), origin.y + ring};
  draw_contents(column);
  const float bottom = column.y - style.px(6) + ring;
  // Tells ImGui how far the contents reach, for scrolling.
  ImGui::SetCursorScreenPos({column.x, bottom - 1.0f});
  ImGui::Dummy({1, 1});
  draw_fades(inner);
  ImGui::EndChild();
  return bottom - origin.y - 2 * ring;
}

}  // namespace attn::ui
