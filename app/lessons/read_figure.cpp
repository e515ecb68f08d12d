#include <array>

#include "app/lessons/evaluate.h"
#include "app/lessons/lesson_file.h"

namespace attn::lessons {
namespace {

constexpr std::size_t kMostMaps = 4;
constexpr std::size_t kMostFactors = 4;

/// A name that an expression reads as one, and that means nothing yet.
bool may_be_a_variable(std::string_view name) {
  try {
    return variables_of(parse_expression(name)) == std::set<std::string>{std::string(name)};
  } catch (const ExpressionError&) {
    return false;
  }
}

MapFigure read_maps(Fields& fields) {
  constexpr std::array<std::string_view, 3> kRanges = {"share", "score", "each"};
  MapFigure figure;
  for (Fields& one : fields.tables("maps", 1, kMostMaps)) {
    Expression values = one.expression("values");
    figure.maps.push_back({std::move(values), one.lesson_text("title")});
    one.finish();
  }
  if (const auto range = fields.maybe_word("range", kRanges))
    figure.range = static_cast<MapFigure::Range>(*range);
  return figure;
}

HistogramFigure read_histogram(Fields& fields) {
  constexpr std::int64_t kFewest = 5;
  constexpr std::int64_t kMost = 60;
  HistogramFigure figure{fields.expression("values")};
  if (fields.has("bins")) figure.bins = static_cast<std::size_t>(fields.integer("bins", kFewest, kMost));
  return figure;
}

ShapesFigure read_shapes(Fields& fields) {
  std::vector<ShapesFigure::Factor> factors;
  for (Fields& one : fields.tables("factors", 1, kMostFactors)) {
    std::string name = one.text("name");
    Expression rows = one.expression("rows");
    factors.push_back({std::move(name), std::move(rows), one.expression("columns")});
    one.finish();
  }
  return {std::move(factors), fields.expression("fits")};
}

}  // namespace

std::optional<Slider> read_slider(Fields figure) {
  if (!figure.has("slider")) return std::nullopt;
  constexpr double kFar = 1.0e6;
  Fields fields = figure.table("slider");
  Slider slider;
  slider.name = fields.text("name");
  if (!may_be_a_variable(slider.name))
    fields.refuse("name", fields.required("name"), "a name of letters and _ that nothing else has");
  slider.from = fields.number("from", -kFar, kFar);
  slider.to = fields.number("to", slider.from, kFar);
  slider.start = fields.maybe_number("start", slider.from, slider.to).value_or(slider.from);
  slider.doubling = fields.truth("doubling");
  slider.step = fields.maybe_number("step", 1.0e-6, kFar).value_or(1.0);
  slider.title = fields.maybe_lesson_text("title");
  fields.finish();
  if (slider.doubling && slider.from <= 0.0)
    fields.refuse("from", *fields.optional("from"), "a number above 0, since it doubles");
  return slider;
}

Figure read_figure(Fields fields, const std::optional<Slider>& slider) {
  constexpr std::array<std::string_view, 5> kKinds = {"bars", "map", "histogram", "curve", "shapes"};
  const std::size_t kind = fields.word("kind", kKinds);
  const LessonText title = fields.maybe_lesson_text("title");
  fields.optional("slider");
  const auto made = [&](auto figure) {
    fields.finish();
    return Figure{std::move(figure), title, slider};
  };
  if (kKinds[kind] == "bars") {
    Expression values = fields.expression("values");
    return made(BarsFigure{std::move(values), fields.lesson_texts("labels")});
  }
  if (kKinds[kind] == "map") return made(read_maps(fields));
  if (kKinds[kind] == "histogram") return made(read_histogram(fields));
  if (kKinds[kind] == "curve") {
    Expression x = fields.expression("x");
    Expression y = fields.expression("y");
    LessonText x_title = fields.lesson_text("x_title");
    return made(CurveFigure{std::move(x), std::move(y), std::move(x_title), fields.lesson_text("y_title")});
  }
  return made(read_shapes(fields));
}

}  // namespace attn::lessons
