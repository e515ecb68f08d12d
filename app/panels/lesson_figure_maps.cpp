// Small maps side by side.

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "app/panels/lesson_figure_kinds.h"

namespace attn::ui {
namespace {

double largest_of(const MatrixD& m) {
  double largest = 1.0e-12;
  for (const double v : m.values())
    if (std::isfinite(v)) largest = std::max(largest, std::abs(v));
  return largest;
}
float map_height(const MatrixD& m, float width) {
  constexpr float kTallest = 1.2f;
  const float ratio =
      static_cast<float>(m.rows()) / static_cast<float>(std::max<std::size_t>(m.columns(), 1));
  return width * std::min(ratio, kTallest);
}
std::string cell_number(double value, int decimals) {
  std::string text = lessons::format(value, {lessons::ValueFormat::Kind::decimals, decimals});
  // Small cells leave out the 0 before the point, as in the pipeline.
  if (const std::size_t zero = text.find("0.");
      zero != std::string::npos && (zero == 0 || text[zero - 1] < '0' || text[zero - 1] > '9'))
    text.erase(zero, 1);
  return text;
}
/// The most decimals, up to two, in which every number of the map fits its cell; nothing where none do.
std::optional<int> decimals_that_fit(const PanelContext& context, const MatrixD& m, const TextLook& look,
                                     float room) {
  constexpr int kMost = 2;
  for (int decimals = kMost; decimals >= 0; --decimals) {
    if (std::ranges::all_of(m.values(), [&](double v) {
          return context.text.measure(look, cell_number(v, decimals)).x <= room;
        }))
      return decimals;
  }
  return std::nullopt;
}

void draw_map(const PanelContext& context, const MatrixD& m, const Rect& room, bool shares, double largest) {
  const Style& style = context.style;
  const Theme& theme = context.colours();
  ImDrawList& list = *context.list;
  const float w = room.width() / static_cast<float>(m.columns());
  const float h = room.height() / static_cast<float>(m.rows());
  const TextLook look{
      Face::mono, std::min(style.text(h > style.px(70) ? TextSize::number : TextSize::body), h * 0.5f), 0};
  const auto decimals = decimals_that_fit(context, m, look, w - style.px(6));
  for (std::size_t i = 0; i < m.rows(); ++i) {
    for (std::size_t j = 0; j < m.columns(); ++j) {
      const double v = m(i, j);
      const Rect cell{{room.min.x + static_cast<float>(j) * w, room.min.y + static_cast<float>(i) * h},
                      {room.min.x + static_cast<float>(j + 1) * w - 1.0f,
                       room.min.y + static_cast<float>(i + 1) * h - 1.0f}};
      const Colour colour = !std::isfinite(v) ? theme.hatch_background
                            : shares          ? cividis(v)
                                              : diverging(theme, v / largest);
      list.AddRectFilled(cell.min, cell.max, colour, style.px(2));
      if (!decimals) continue;
      TextLook own = look;
      own.colour = ink_on(colour);
      context.text.draw_in(list, cell, own, cell_number(v, *decimals), Align::centre);
    }
  }
}

}  // namespace

void draw_map_figure(const LessonColumn& lesson, const lessons::MapFigure& figure,
                     std::span<const MatrixD> matrices) {
  PanelContext& context = lesson.context();
  const Style& style = context.style;
  ImDrawList& list = *context.list;
  const std::size_t n = matrices.size();
  const std::size_t across = n == 1 ? 1 : 2;
  double largest = 0.0;
  for (const MatrixD& m : matrices) largest = std::max(largest, largest_of(m));
  const float gap = style.px(14);
  const float width =
      (lesson.column.width - gap * static_cast<float>(across - 1)) / static_cast<float>(across);
  const float title_height = style.px(30);
  const std::size_t n_lines = (n + across - 1) / across;
  const auto lines = static_cast<float>(n_lines);
  const float room_height =
      std::max(lesson.figure_height / lines - title_height - style.px(8), style.px(120));
  // As wide as the column where no map gets higher than its room.
  float tallest = 0.0f;
  for (const MatrixD& m : matrices) tallest = std::max(tallest, map_height(m, 1.0f));
  const float cells = std::min(width, room_height / std::max(tallest, 0.01f));
  for (std::size_t first = 0; first < n; first += across) {
    float height = 0.0f;
    for (std::size_t i = first; i < std::min(first + across, n); ++i)
      height = std::max(height, map_height(matrices[i], cells));
    const Rect line = lesson.column.take(height + title_height, style.px(8));
    for (std::size_t i = first; i < std::min(first + across, n); ++i) {
      Rect room = line;
      room.min.x += static_cast<float>(i - first) * (width + gap);
      room.max.x = room.min.x + width;
      const Rect title = room.cut_top(style.px(26), style.px(4));
      context.text.draw_in(list, title, lesson.runs(figure.maps[i].title, context.look(TextSize::body)));
      const double range =
          figure.range == lessons::MapFigure::Range::each ? largest_of(matrices[i]) : largest;
      draw_map(context, matrices[i],
               {room.min, {room.min.x + cells, room.min.y + map_height(matrices[i], cells)}},
               figure.range == lessons::MapFigure::Range::share, range);
    }
  }
}

}  // namespace attn::ui
