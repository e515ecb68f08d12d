// The picture of a step with its slider. What it shows is computed when it changes, not every frame.

#include <algorithm>
#include <cmath>

#include "app/panels/lesson_figure_kinds.h"
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

  void operator()(const lessons::BarsFigure& f) const { draw_bars_figure(lesson, f, numbers.lists[0]); }
  void operator()(const lessons::HistogramFigure& f) const {
    draw_histogram_figure(lesson, f, numbers.lists[0]);
  }
  void operator()(const lessons::CurveFigure& f) const {
    draw_curve_figure(lesson, f, numbers.lists[0], numbers.lists[1]);
  }
  void operator()(const lessons::MapFigure& f) const { draw_map_figure(lesson, f, numbers.matrices); }
  void operator()(const lessons::ShapesFigure& f) const {
    draw_shapes_figure(lesson, f, numbers.lists, numbers.fits);
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

TextLook figure_note(const PanelContext& context) {
  return context.look(TextSize::body, context.colours().ink_muted);
}

void draw_lesson_figure(const LessonColumn& lesson) {
  const lessons::Figure& figure = *lesson.step().figure;
  const FigureNumbers& numbers = numbers_of(lesson);
  if (!figure.title.empty()) lesson.paragraph(figure.title, TextSize::body, lesson.style().px(4));
  if (!numbers.failed) std::visit(Drawing{lesson, numbers}, figure.kind);
  if (figure.slider) draw_slider(lesson, *figure.slider);
}

}  // namespace attn::ui
