#include "app/panels/lesson_links.h"

#include <cmath>

#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

void draw_link(PanelContext& context, const Rect& rect, std::string_view entry, std::size_t number,
               std::size_t piece) {
  const Style& style = context.style;
  const WidgetId own = WidgetId{PanelId::lesson, "term"}.at(number);
  const WidgetId id = piece == 0 ? own : WidgetId{PanelId::lesson, "term"}.at(number, piece);
  const Interaction mouse = interact(context, id, rect, true, style.small_rounding());
  const float y = rect.max.y - style.px(1);
  context.list->AddLine({rect.min.x, y}, {rect.max.x, y},
                        with_alpha(context.colours().accent, mouse.hovered ? 1.0f : 0.55f), style.px(1.5f));
  if (mouse.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  if (!mouse.clicked) return;
  context.memory.get<GlossaryLink>() = {std::string(entry), own};
  context.post(session::ShowDialog{session::Dialog::glossary});
}

}  // namespace

float draw_linked_paragraph(PanelContext& context, ImVec2 position, const Runs& runs, float width) {
  LessonLinks& links = context.memory.get<LessonLinks>();
  const std::vector<Line> lines = context.text.wrap(runs, width);
  const float height = context.text.draw(*context.list, position, lines);
  std::string_view open;  // a link goes on from line to line
  std::size_t piece = 0;
  float y = position.y;
  for (const Line& line : lines) {
    float x = position.x;
    const float letters = context.text.measure(line.runs).y;
    const float top = std::round(y + (line.height - letters) * 0.5f);
    for (const Run& run : line.runs) {
      const float run_width = context.text.measure(run.look, run.text).x;
      const bool goes_on = !run.link.empty() && open.data() == run.link.data();
      if (!run.link.empty()) {
        piece = goes_on ? piece + 1 : 0;
        if (!goes_on) ++links.count;
        const float pad = context.style.px(3);
        draw_link(context, {{x, top - pad}, {x + run_width, top + letters + pad}}, run.link, links.count - 1,
                  piece);
      }
      open = run.link;
      x += run_width;
    }
    y += line.height;
  }
  return height;
}

}  // namespace attn::ui
