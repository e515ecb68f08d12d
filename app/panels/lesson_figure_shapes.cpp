// Matrices as a strip with their sizes.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/panels/lesson_figure_kinds.h"

namespace attn::ui {

void draw_shapes_figure(const LessonColumn& lesson, const lessons::ShapesFigure& figure,
                        std::span<const lessons::List> shapes, bool fits) {
  PanelContext& context = lesson.context();
  const Style& style = context.style;
  const Theme& theme = context.colours();
  ImDrawList& list = *context.list;
  const TextLook small = figure_note(context);
  double largest = 1.0;
  for (const lessons::List& shape : shapes) largest = std::max({largest, shape[0], shape[1]});
  const float unit = style.px(110);
  const auto side = [&](double size) {  // small ones stay visible beside large ones
    return std::max(style.px(22), unit * static_cast<float>(std::sqrt(size / largest)));
  };
  float tallest = 0.0f;
  for (const lessons::List& shape : shapes) tallest = std::max(tallest, side(shape[0]));
  const Rect line = lesson.column.take(tallest + style.px(64), style.px(6));
  float x = line.min.x;
  const Colour verdict = fits ? theme.v : theme.error;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const lessons::List& shape = shapes[i];
    const float width = side(shape[1]);
    const float height = side(shape[0]);
    const float y = line.min.y + style.px(30) + (tallest - height) / 2;
    const std::string size = fmt::format("{:.0f} × {:.0f}", shape[0], shape[1]);
    const float room = std::max(
        {width, context.text.measure(small, size).x,
         context.text.measure(context.look(TextSize::label, Face::sans_bold), figure.factors[i].name).x});
    const Rect box{{x + (room - width) / 2, y}, {x + (room + width) / 2, y + height}};
    list.AddRectFilled(box.min, box.max, theme.accent_soft, style.px(3));
    list.AddRect(box.min, box.max, theme.accent, style.px(3), 0, style.px(1.5f));
    // The inner sizes have to agree.
    if (i > 0) list.AddLine(box.min, {box.min.x, box.max.y}, verdict, style.px(4));
    if (i + 1 < shapes.size()) list.AddLine({box.max.x, box.min.y}, box.max, verdict, style.px(4));
    context.text.draw_in(list, {{x, line.min.y}, {x + room, line.min.y + style.px(26)}},
                         context.look(TextSize::label, Face::sans_bold), figure.factors[i].name,
                         Align::centre);
    context.text.draw_in(list, {{x, line.max.y - style.px(28)}, {x + room, line.max.y}}, small, size,
                         Align::centre);
    x += room + style.px(34);
    if (i + 1 < shapes.size()) {
      context.text.draw_in(
          list, {{x - style.px(34), line.min.y + style.px(30)}, {x, line.min.y + style.px(30) + tallest}},
          context.look(TextSize::title), "·", Align::centre);
    }
  }
  const std::string says(fits ? context.tr("The inner sizes agree.")
                              : context.tr("The inner sizes differ: this cannot be multiplied."));
  lesson.paragraph(Runs{{says, context.look(TextSize::body, verdict, Face::sans_bold), 0.0f}}, style.px(10));
}

}  // namespace attn::ui
