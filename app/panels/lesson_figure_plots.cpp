// Figures with axes: bars, a histogram, a curve.

#include <algorithm>
#include <cmath>

#include "app/panels/lesson_figure_kinds.h"

namespace attn::ui {
namespace {

/// `least` design pixels, and more where there is room.
float plot_height(const LessonColumn& lesson, float least) {
  return std::clamp(lesson.figure_height * 0.6f, lesson.style().px(least), lesson.style().px(400));
}

}  // namespace

void draw_bars_figure(const LessonColumn& lesson, const lessons::BarsFigure& figure,
                      std::span<const double> values) {
  PanelContext& context = lesson.context();
  const Style& style = context.style;
  const Theme& theme = context.colours();
  ImDrawList& list = *context.list;
  const TextLook small = figure_note(context);
  if (values.empty()) return;
  const double low = std::min(0.0, *std::ranges::min_element(values));
  // Shares are shown against 1, so that bars of several steps can be compared.
  const bool shares = low >= 0.0 && std::ranges::all_of(values, [](double v) { return v <= 1.0; });
  const double high = shares ? 1.0 : std::max(0.0, *std::ranges::max_element(values));
  Rect room = lesson.column.take(plot_height(lesson, 190), style.px(10));
  const Rect names = room.cut_bottom(style.px(28));
  room.cut_top(style.px(26));
  const float slot = room.width() / static_cast<float>(values.size());
  const auto y_of = [&](double v) {
    return room.max.y - room.height() * static_cast<float>((v - low) / std::max(high - low, 1.0e-12));
  };
  const bool numbered = slot > context.text.measure(context.look(TextSize::body, Face::mono), "0.00").x;
  const std::vector<std::string>& keys = *lesson.now.document.input().key_tokens();
  list.AddLine({room.min.x, y_of(0.0)}, {room.max.x, y_of(0.0)}, theme.axis, style.line());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float centre = room.min.x + slot * (static_cast<float>(i) + 0.5f);
    const float half = std::min(slot * 0.36f, style.px(36));
    const float a = y_of(0.0);
    const float b = y_of(values[i]);
    list.AddRectFilled({centre - half, std::min(a, b)}, {centre + half, std::max(a, b)},
                       shares ? cividis(values[i]) : theme.accent, style.px(2));
    const Rect column{{centre - slot / 2, 0}, {centre + slot / 2, 0}};
    if (numbered) {
      context.text.draw_in(
          list, {{column.min.x, std::min(a, b) - style.px(26)}, {column.max.x, std::min(a, b)}},
          context.look(TextSize::body, Face::mono),
          lessons::format(values[i], {lessons::ValueFormat::Kind::decimals, 2}), Align::centre);
    }
    Runs label;
    if (!figure.labels.empty()) {
      label = lesson.runs(figure.labels[i], small);
    } else if (values.size() == keys.size()) {
      label = {{keys[i], small, 0.0f}};
    }
    context.text.draw_in(list, {{column.min.x, names.min.y}, {column.max.x, names.max.y}}, label,
                         Align::centre);
  }
}

void draw_histogram_figure(const LessonColumn& lesson, const lessons::HistogramFigure& figure,
                           std::span<const double> values) {
  PanelContext& context = lesson.context();
  const Style& style = context.style;
  const Theme& theme = context.colours();
  ImDrawList& list = *context.list;
  const TextLook small = figure_note(context);
  if (values.empty()) return;
  const auto [least, most] = std::ranges::minmax(values);
  const double half = std::max({std::abs(least), std::abs(most), 1.0e-9});
  std::vector<std::size_t> counts(figure.bins, 0);
  for (const double v : values) {
    const double place = (v + half) / (2.0 * half) * static_cast<double>(figure.bins);
    ++counts[std::min(static_cast<std::size_t>(std::max(place, 0.0)), figure.bins - 1)];
  }
  const auto tallest = static_cast<float>(*std::ranges::max_element(counts));
  Rect room = lesson.column.take(plot_height(lesson, 180), style.px(10));
  const Rect axis = room.cut_bottom(style.px(26));
  const float w = room.width() / static_cast<float>(figure.bins);
  for (std::size_t b = 0; b < figure.bins; ++b) {
    const float x = room.min.x + static_cast<float>(b) * w;
    const float height = room.height() * static_cast<float>(counts[b]) / std::max(tallest, 1.0f);
    list.AddRectFilled({x + 1.0f, room.max.y - height}, {x + w - 1.0f, room.max.y},
                       with_alpha(theme.accent, 0.7f), style.px(2));
  }
  list.AddLine({room.min.x, room.max.y}, {room.max.x, room.max.y}, theme.axis, style.line());
  const auto tick = [&](double v, Align align) {
    context.text.draw_in(list, axis, small, lessons::format(v, {lessons::ValueFormat::Kind::automatic, 1}),
                         align);
  };
  tick(-half, Align::left);
  tick(0.0, Align::centre);
  tick(half, Align::right);
}

void draw_curve_figure(const LessonColumn& lesson, const lessons::CurveFigure& figure,
                       std::span<const double> xs, std::span<const double> ys) {
  PanelContext& context = lesson.context();
  const Style& style = context.style;
  const Theme& theme = context.colours();
  ImDrawList& list = *context.list;
  const TextLook small = figure_note(context);
  if (xs.size() < 2) return;
  const double x_low = std::ranges::min(xs);
  const double x_high = std::ranges::max(xs);
  const double y_high = std::max(*std::ranges::max_element(ys), 1.0e-9);
  const double y_low = std::min(0.0, *std::ranges::min_element(ys));
  Rect room = lesson.column.take(plot_height(lesson, 220), style.px(10));
  context.text.draw_in(list, room.cut_top(style.px(26)), lesson.runs(figure.y_title, small));
  const Rect titles = room.cut_bottom(style.px(28));
  const Rect ticks = room.cut_bottom(style.px(26));
  const float left =
      context.text.measure(small, lessons::format(y_high, {lessons::ValueFormat::Kind::automatic, 2})).x +
      style.px(8);
  context.text.draw_in(list, {room.min, {room.min.x + left, room.min.y + style.px(22)}}, small,
                       lessons::format(y_high, {lessons::ValueFormat::Kind::automatic, 2}));
  room.min.x += left;
  const auto at = [&](std::size_t i) {
    return ImVec2{
        room.min.x + room.width() * static_cast<float>((xs[i] - x_low) / std::max(x_high - x_low, 1.0e-12)),
        room.max.y - room.height() * static_cast<float>((ys[i] - y_low) / (y_high - y_low))};
  };
  list.AddLine({room.min.x, room.min.y}, {room.min.x, room.max.y}, theme.axis, style.line());
  list.AddLine({room.min.x, room.max.y}, {room.max.x, room.max.y}, theme.axis, style.line());
  for (std::size_t i = 0; i < xs.size(); ++i) {
    if (i > 0) list.AddLine(at(i - 1), at(i), theme.accent, style.px(2));
    list.AddCircleFilled(at(i), style.px(4), theme.accent);
  }
  const Rect axis{{room.min.x, ticks.min.y}, ticks.max};
  context.text.draw_in(list, axis, small, lessons::format(x_low, {}));
  context.text.draw_in(list, axis, small, lessons::format(x_high, {}), Align::right);
  context.text.draw_in(list, titles, lesson.runs(figure.x_title, small), Align::right);
}

}  // namespace attn::ui
