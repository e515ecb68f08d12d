// Pictures of a step: bars, small maps, a histogram, a curve, and matrices as a strip of shapes. What they
// show is computed when it changes, not every frame.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/panels/lesson_panel.h"
#include "app/widgets/controls.h"

namespace attn::ui {
namespace {

using lessons::List;

/// What the figure shows, computed.
struct FigureNumbers {
  std::vector<List> lists;
  std::vector<MatrixD> matrices;
  bool fits = false;
  bool failed = false;
};

struct FigureMemory {
  std::string lesson;
  std::size_t step = 0;
  std::uint64_t document = 0;
  std::optional<double> slider;
  FigureNumbers numbers;
};

/// One function a kind: evaluates its expressions.
struct Compute {
  const lessons::Moment& now;
  lessons::Scenes& scenes;

  FigureNumbers operator()(const lessons::BarsFigure& f) const {
    return {{evaluate_list(f.values, now, scenes)}, {}};
  }
  FigureNumbers operator()(const lessons::HistogramFigure& f) const {
    return {{evaluate_list(f.values, now, scenes)}, {}};
  }
  FigureNumbers operator()(const lessons::CurveFigure& f) const {
    return {{evaluate_list(f.x, now, scenes), evaluate_list(f.y, now, scenes)}, {}};
  }
  FigureNumbers operator()(const lessons::MapFigure& f) const {
    FigureNumbers numbers;
    for (const auto& map : f.maps) numbers.matrices.push_back(evaluate_matrix(map.values, now, scenes));
    return numbers;
  }
  FigureNumbers operator()(const lessons::ShapesFigure& f) const {
    FigureNumbers numbers;
    for (const auto& factor : f.factors) {
      numbers.lists.push_back(
          {evaluate_number(factor.rows, now, scenes), evaluate_number(factor.columns, now, scenes)});
    }
    numbers.fits = evaluate_truth(f.fits, now, scenes);
    return numbers;
  }
};

const FigureNumbers& numbers_of(const LessonColumn& lesson) {
  FigureMemory& memory = lesson.context().memory.get<FigureMemory>();
  const std::uint64_t document = lesson.context().session.revision();
  const auto slider = lesson.player.slider();
  const std::string& name = lesson.player.lesson().name;
  if (memory.lesson == name && memory.step == lesson.player.place() && memory.document == document &&
      memory.slider == slider)
    return memory.numbers;
  memory = {name, lesson.player.place(), document, slider, {}};
  try {
    memory.numbers = std::visit(Compute{lesson.now, lesson.room.scenes()}, lesson.step().figure->kind);
  } catch (const lessons::ExpressionError&) {
    memory.numbers.failed = true;  // the learner made a document in which the figure has no values
  }
  return memory.numbers;
}

/// Draws one kind of figure.
struct Drawing {
  const LessonColumn& lesson;
  const FigureNumbers& numbers;

  PanelContext& context() const { return lesson.context(); }
  const Style& style() const { return lesson.style(); }
  const Theme& theme() const { return context().colours(); }
  ImDrawList& list() const { return *context().list; }
  TextLook small() const { return context().look(TextSize::body, theme().ink_muted); }

  void operator()(const lessons::BarsFigure& figure) const {
    const List& values = numbers.lists[0];
    if (values.empty()) return;
    const double low = std::min(0.0, *std::ranges::min_element(values));
    // Shares are shown against 1, so that bars of several steps can be compared.
    const bool shares = low >= 0.0 && std::ranges::all_of(values, [](double v) { return v <= 1.0; });
    const double high = shares ? 1.0 : std::max(0.0, *std::ranges::max_element(values));
    Rect room = lesson.column.take(style().px(190), style().px(10));
    const Rect names = room.cut_bottom(style().px(28));
    room.cut_top(style().px(26));
    const float slot = room.width() / static_cast<float>(values.size());
    const auto y_of = [&](double v) {
      return room.max.y - room.height() * static_cast<float>((v - low) / std::max(high - low, 1.0e-12));
    };
    const bool numbered = slot > context().text.measure(context().look(TextSize::body, Face::mono), "0.00").x;
    const std::vector<std::string>& keys = *lesson.now.document.input().key_tokens();
    list().AddLine({room.min.x, y_of(0.0)}, {room.max.x, y_of(0.0)}, theme().axis, style().line());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const float centre = room.min.x + slot * (static_cast<float>(i) + 0.5f);
      const float half = std::min(slot * 0.36f, style().px(36));
      const float a = y_of(0.0);
      const float b = y_of(values[i]);
      list().AddRectFilled({centre - half, std::min(a, b)}, {centre + half, std::max(a, b)},
                           shares ? cividis(values[i]) : theme().accent, style().px(2));
      const Rect column{{centre - slot / 2, 0}, {centre + slot / 2, 0}};
      if (numbered) {
        context().text.draw_in(
            list(), {{column.min.x, std::min(a, b) - style().px(26)}, {column.max.x, std::min(a, b)}},
            context().look(TextSize::body, Face::mono),
            lessons::format(values[i], {lessons::ValueFormat::Kind::decimals, 2}), Align::centre);
      }
      Runs label;
      if (!figure.labels.empty()) {
        label = lesson.runs(figure.labels[i], small());
      } else if (values.size() == keys.size()) {
        label = {{keys[i], small(), 0.0f}};
      }
      context().text.draw_in(list(), {{column.min.x, names.min.y}, {column.max.x, names.max.y}}, label,
                             Align::centre);
    }
  }

  void operator()(const lessons::MapFigure& figure) const {
    const std::size_t n = numbers.matrices.size();
    const std::size_t across = n == 1 ? 1 : 2;
    double largest = 0.0;
    for (const MatrixD& m : numbers.matrices) largest = std::max(largest, largest_of(m));
    const float gap = style().px(14);
    const float width =
        (lesson.column.width - gap * static_cast<float>(across - 1)) / static_cast<float>(across);
    for (std::size_t first = 0; first < n; first += across) {
      const float cells = std::min(width, style().px(n == 1 ? 320 : n == 2 ? 260 : 200));
      float height = 0.0f;
      for (std::size_t i = first; i < std::min(first + across, n); ++i)
        height = std::max(height, map_height(numbers.matrices[i], cells));
      const Rect line = lesson.column.take(height + style().px(30), style().px(8));
      for (std::size_t i = first; i < std::min(first + across, n); ++i) {
        Rect room = line;
        room.min.x += static_cast<float>(i - first) * (width + gap);
        room.max.x = room.min.x + width;
        const Rect title = room.cut_top(style().px(26), style().px(4));
        context().text.draw_in(list(), title,
                               lesson.runs(figure.maps[i].title, context().look(TextSize::body)));
        const double range =
            figure.range == lessons::MapFigure::Range::each ? largest_of(numbers.matrices[i]) : largest;
        draw_map(numbers.matrices[i],
                 {room.min, {room.min.x + cells, room.min.y + map_height(numbers.matrices[i], cells)}},
                 figure.range == lessons::MapFigure::Range::share, range);
      }
    }
  }
  static double largest_of(const MatrixD& m) {
    double largest = 1.0e-12;
    for (const double v : m.values())
      if (std::isfinite(v)) largest = std::max(largest, std::abs(v));
    return largest;
  }
  static float map_height(const MatrixD& m, float width) {
    constexpr float kTallest = 1.2f;
    const float ratio =
        static_cast<float>(m.rows()) / static_cast<float>(std::max<std::size_t>(m.columns(), 1));
    return width * std::min(ratio, kTallest);
  }
  static std::string cell_number(double value, int decimals) {
    std::string text = lessons::format(value, {lessons::ValueFormat::Kind::decimals, decimals});
    // Small cells leave out the 0 before the point, as in the pipeline.
    if (const std::size_t zero = text.find("0.");
        zero != std::string::npos && (zero == 0 || text[zero - 1] < '0' || text[zero - 1] > '9'))
      text.erase(zero, 1);
    return text;
  }
  /// The most decimals, up to two, in which every number of the map fits its cell; nothing where none do.
  std::optional<int> decimals_that_fit(const MatrixD& m, const TextLook& look, float room) const {
    constexpr int kMost = 2;
    for (int decimals = kMost; decimals >= 0; --decimals) {
      if (std::ranges::all_of(m.values(), [&](double v) {
            return context().text.measure(look, cell_number(v, decimals)).x <= room;
          }))
        return decimals;
    }
    return std::nullopt;
  }
  void draw_map(const MatrixD& m, const Rect& room, bool shares, double largest) const {
    const float w = room.width() / static_cast<float>(m.columns());
    const float h = room.height() / static_cast<float>(m.rows());
    const TextLook look{Face::mono, std::min(style().text(TextSize::body), h * 0.5f), 0};
    const auto decimals = decimals_that_fit(m, look, w - style().px(6));
    for (std::size_t i = 0; i < m.rows(); ++i) {
      for (std::size_t j = 0; j < m.columns(); ++j) {
        const double v = m(i, j);
        const Rect cell{{room.min.x + static_cast<float>(j) * w, room.min.y + static_cast<float>(i) * h},
                        {room.min.x + static_cast<float>(j + 1) * w - 1.0f,
                         room.min.y + static_cast<float>(i + 1) * h - 1.0f}};
        const Colour colour = !std::isfinite(v) ? theme().hatch_background
                              : shares          ? cividis(v)
                                                : diverging(theme(), v / largest);
        list().AddRectFilled(cell.min, cell.max, colour, style().px(2));
        if (!decimals) continue;
        TextLook own = look;
        own.colour = ink_on(colour);
        context().text.draw_in(list(), cell, own, cell_number(v, *decimals), Align::centre);
      }
    }
  }

  void operator()(const lessons::HistogramFigure& figure) const {
    const List& values = numbers.lists[0];
    if (values.empty()) return;
    const auto [least, most] = std::ranges::minmax(values);
    const double half = std::max({std::abs(least), std::abs(most), 1.0e-9});
    std::vector<std::size_t> counts(figure.bins, 0);
    for (const double v : values) {
      const double place = (v + half) / (2.0 * half) * static_cast<double>(figure.bins);
      ++counts[std::min(static_cast<std::size_t>(std::max(place, 0.0)), figure.bins - 1)];
    }
    const auto tallest = static_cast<float>(*std::ranges::max_element(counts));
    Rect room = lesson.column.take(style().px(180), style().px(10));
    const Rect axis = room.cut_bottom(style().px(26));
    const float w = room.width() / static_cast<float>(figure.bins);
    for (std::size_t b = 0; b < figure.bins; ++b) {
      const float x = room.min.x + static_cast<float>(b) * w;
      const float height = room.height() * static_cast<float>(counts[b]) / std::max(tallest, 1.0f);
      list().AddRectFilled({x + 1.0f, room.max.y - height}, {x + w - 1.0f, room.max.y},
                           with_alpha(theme().accent, 0.7f), style().px(2));
    }
    list().AddLine({room.min.x, room.max.y}, {room.max.x, room.max.y}, theme().axis, style().line());
    const auto tick = [&](double v, Align align) {
      context().text.draw_in(list(), axis, small(),
                             lessons::format(v, {lessons::ValueFormat::Kind::automatic, 1}), align);
    };
    tick(-half, Align::left);
    tick(0.0, Align::centre);
    tick(half, Align::right);
  }

  void operator()(const lessons::CurveFigure& figure) const {
    const List& xs = numbers.lists[0];
    const List& ys = numbers.lists[1];
    if (xs.size() < 2) return;
    const double x_low = std::ranges::min(xs);
    const double x_high = std::ranges::max(xs);
    const double y_high = std::max(*std::ranges::max_element(ys), 1.0e-9);
    const double y_low = std::min(0.0, *std::ranges::min_element(ys));
    Rect room = lesson.column.take(style().px(220), style().px(10));
    context().text.draw_in(list(), room.cut_top(style().px(26)), lesson.runs(figure.y_title, small()));
    const Rect titles = room.cut_bottom(style().px(28));
    const Rect ticks = room.cut_bottom(style().px(26));
    const float left =
        context()
            .text.measure(small(), lessons::format(y_high, {lessons::ValueFormat::Kind::automatic, 2}))
            .x +
        style().px(8);
    context().text.draw_in(list(), {room.min, {room.min.x + left, room.min.y + style().px(22)}}, small(),
                           lessons::format(y_high, {lessons::ValueFormat::Kind::automatic, 2}));
    room.min.x += left;
    const auto at = [&](std::size_t i) {
      return ImVec2{
          room.min.x + room.width() * static_cast<float>((xs[i] - x_low) / std::max(x_high - x_low, 1.0e-12)),
          room.max.y - room.height() * static_cast<float>((ys[i] - y_low) / (y_high - y_low))};
    };
    list().AddLine({room.min.x, room.min.y}, {room.min.x, room.max.y}, theme().axis, style().line());
    list().AddLine({room.min.x, room.max.y}, {room.max.x, room.max.y}, theme().axis, style().line());
    for (std::size_t i = 0; i < xs.size(); ++i) {
      if (i > 0) list().AddLine(at(i - 1), at(i), theme().accent, style().px(2));
      list().AddCircleFilled(at(i), style().px(4), theme().accent);
    }
    const Rect axis{{room.min.x, ticks.min.y}, ticks.max};
    context().text.draw_in(list(), axis, small(), lessons::format(x_low, {}));
    context().text.draw_in(list(), axis, small(), lessons::format(x_high, {}), Align::right);
    context().text.draw_in(list(), titles, lesson.runs(figure.x_title, small()), Align::right);
  }

  void operator()(const lessons::ShapesFigure& figure) const {
    double largest = 1.0;
    for (const List& shape : numbers.lists) largest = std::max({largest, shape[0], shape[1]});
    const float unit = style().px(110);
    const auto side = [&](double size) {  // small ones stay visible beside large ones
      return std::max(style().px(22), unit * static_cast<float>(std::sqrt(size / largest)));
    };
    float tallest = 0.0f;
    for (const List& shape : numbers.lists) tallest = std::max(tallest, side(shape[0]));
    const Rect line = lesson.column.take(tallest + style().px(64), style().px(6));
    float x = line.min.x;
    const Colour verdict = numbers.fits ? theme().v : theme().error;
    for (std::size_t i = 0; i < numbers.lists.size(); ++i) {
      const List& shape = numbers.lists[i];
      const float width = side(shape[1]);
      const float height = side(shape[0]);
      const float y = line.min.y + style().px(30) + (tallest - height) / 2;
      const std::string size = fmt::format("{:.0f} × {:.0f}", shape[0], shape[1]);
      const float room = std::max(
          {width, context().text.measure(small(), size).x,
           context()
               .text.measure(context().look(TextSize::label, Face::sans_bold), figure.factors[i].name)
               .x});
      const Rect box{{x + (room - width) / 2, y}, {x + (room + width) / 2, y + height}};
      list().AddRectFilled(box.min, box.max, theme().accent_soft, style().px(3));
      list().AddRect(box.min, box.max, theme().accent, style().px(3), 0, style().px(1.5f));
      // The inner sizes have to agree.
      if (i > 0) list().AddLine(box.min, {box.min.x, box.max.y}, verdict, style().px(4));
      if (i + 1 < numbers.lists.size())
        list().AddLine({box.max.x, box.min.y}, box.max, verdict, style().px(4));
      context().text.draw_in(list(), {{x, line.min.y}, {x + room, line.min.y + style().px(26)}},
                             context().look(TextSize::label, Face::sans_bold), figure.factors[i].name,
                             Align::centre);
      context().text.draw_in(list(), {{x, line.max.y - style().px(28)}, {x + room, line.max.y}}, small(),
                             size, Align::centre);
      x += room + style().px(34);
      if (i + 1 < numbers.lists.size()) {
        context().text.draw_in(
            list(),
            {{x - style().px(34), line.min.y + style().px(30)}, {x, line.min.y + style().px(30) + tallest}},
            context().look(TextSize::title), "·", Align::centre);
      }
    }
    const std::string says(numbers.fits ? context().tr("The inner sizes agree.")
                                        : context().tr("The inner sizes differ: this cannot be multiplied."));
    lesson.paragraph(Runs{{says, context().look(TextSize::body, verdict, Face::sans_bold), 0.0f}},
                     style().px(10));
  }
};

void draw_slider(const LessonColumn& lesson, const lessons::Slider& slider_of) {
  PanelContext& context = lesson.context();
  const Style& style = context.style;
  const std::vector<double> stops = slider_of.stops();
  const double value = *lesson.player.slider();
  Runs title = lesson.runs(slider_of.title, context.look(TextSize::body));
  if (slider_of.title.empty()) title = {{slider_of.name, context.look(TextSize::body), 0.0f}};
  title.push_back({"  " + lessons::format(value, {}), context.look(TextSize::body, Face::mono), 0.0f});
  lesson.paragraph(title, style.px(2));
  const auto at = std::ranges::min_element(stops, {}, [&](double stop) { return std::abs(stop - value); });
  const SliderResult moved =
      slider(context, {PanelId::lesson, "slider"}, lesson.column.take(style.control_height(), style.px(10)),
             static_cast<double>(at - stops.begin()), 0.0, static_cast<double>(stops.size() - 1), 1.0);
  if (!moved.value) return;
  const auto place =
      std::min(static_cast<std::size_t>(std::lround(std::max(*moved.value, 0.0))), stops.size() - 1);
  context.post(session::InLesson{session::MoveLessonSlider{stops[place]}});
}

}  // namespace

void draw_lesson_figure(const LessonColumn& lesson) {
  const lessons::Figure& figure = *lesson.step().figure;
  const FigureNumbers& numbers = numbers_of(lesson);
  if (!figure.title.empty()) lesson.paragraph(figure.title, TextSize::body, lesson.style().px(4));
  if (!numbers.failed) std::visit(Drawing{lesson, numbers}, figure.kind);
  if (figure.slider) draw_slider(lesson, *figure.slider);
}

}  // namespace attn::ui
