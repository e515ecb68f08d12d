#include "app/lessons/lesson_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/lessons/checker.h"
#include "app/lessons/play.h"
#include "app/lessons/widget_names.h"
#include "core/io/text.h"

namespace attn::lessons {

std::vector<std::string> Checker::all() {
  check_languages("title", lesson_.title);
  check_languages("teacher.goal", lesson_.goal);
  check_languages("teacher.usual_wrong_answer", lesson_.usual_wrong_answer);
  check_languages("teacher.ask_the_class", lesson_.ask_the_class);
  session::Document document = player_.start();
  for (std::size_t i = 0; i < lesson_.steps.size(); ++i) {
    if (i > 0) document = player_.go(i, document);
    document = step(document);
  }
  if (static_cast<double>(player_.steps_asking()) <
      kLeastAskingShare * static_cast<double>(lesson_.steps.size())) {
    problems_.push_back(
        fmt::format("{}: expected at least {:.0f} % of the steps to ask something, found {} of {}", file_,
                    kLeastAskingShare * 100.0, player_.steps_asking(), lesson_.steps.size()));
  }
  return std::move(problems_);
}

void Checker::complain(std::string_view field, std::string_view what) {
  std::string place;
  if (in_step_) {
    const Step& step = player_.step();
    place = fmt::format("line {}: step {}{}: ", step.line, player_.place() + 1,
                        step.id.empty() ? std::string() : fmt::format(" ({})", step.id));
  }
  constexpr std::size_t kLongest = 800;
  problems_.push_back(
      fmt::format("{}: {}{}: {}", file_, place, io::printable(field), io::printable(what, kLongest)));
}

void Checker::check_languages(std::string_view field, const LessonText& text) {
  if (text.empty()) return;
  for (const std::string& language : languages_) {
    if (text.by_language.contains(language)) continue;
    complain(field, fmt::format("expected a text in \"{}\", found none", language));
  }
}

void Checker::check_text(std::string_view field, const LessonText& text, const Moment& now) {
  check_languages(field, text);
  for (const auto& one : text.by_language)
    attempt(fmt::format("{}.{}", field, one.first), [&] { plain_text(one.second, now, scenes_); });
}

void Checker::check_length(std::string_view field, const LessonText& text) {
  for (const auto& [language, parts] : text.by_language) {
    const bool chinese = language.starts_with("zh");
    const std::size_t most = chinese ? kMostChineseCharacters : kMostEnglishWords;
    const std::size_t found = words_of(parts, chinese);
    if (found <= most) continue;
    complain(fmt::format("{}.{}", field, language),
             fmt::format("expected at most {} {}, found {}", most, chinese ? "characters" : "words", found));
  }
}

Moment Checker::moment(const session::Document& document) {
  const Scene scene = scenes_.of(document);
  Moment now{scene.document, scene.trace};
  now.selection = selection_;
  return player_.complete(std::move(now));
}

session::Document Checker::step(session::Document document) {
  in_step_ = true;
  const Step& step = player_.step();
  selection_ = step.focus.value_or(CellRef{Stage::weights, 0, 0, 0});
  check_length("text", step.text);
  check_places(step, document);
  attempt("scenario", [&] {
    const Moment now = moment(document);
    check_text("title", step.title, now);
    check_text("text", step.text, now);
    if (step.figure) figure(*step.figure, now);
    if (step.question) document = question(*step.question, now);
    if (step.task) document = task(*step.task, now);
  });
  in_step_ = false;
  return document;
}

void Checker::check_places(const Step& step, const session::Document& document) {
  const auto inside = [&](const CellRef& cell) {
    const StageShape shape = shape_of(cell.stage, document.input(), document.dimensions());
    return cell.head < shape.heads && cell.row < shape.rows && cell.column < shape.columns;
  };
  if (step.focus && !inside(*step.focus))
    complain("focus", "expected a cell that the scenario has, found another");
  if (step.playhead.kind == PlayheadPlace::Kind::cell && !inside(step.playhead.cell))
    complain("playhead", "expected a cell that the scenario has, found another");
  const auto check_hidden = [&](const char* field, const std::vector<Hidden>& all) {
    for (const Hidden& hidden : all) {
      if (inside({hidden.stage, hidden.head.value_or(0), hidden.row.value_or(0), 0})) continue;
      complain(field,
               fmt::format("expected numbers that the scenario has, found others of {}", name(hidden.stage)));
    }
  };
  check_hidden("hide", step.hide);
  check_hidden("keep_hidden", step.keep_hidden);
  for (const std::string& widget : step.highlight) {
    if (is_widget_name(widget)) continue;
    complain("highlight", fmt::format("expected a widget such as \"heatmap.cell[weights][0][0,2]\", found {}",
                                      io::in_quotes(widget)));
  }
}

void Checker::figure(const Figure& figure, const Moment& now) {
  check_text("figure.title", figure.title, now);
  if (figure.slider) check_text("figure.slider.title", figure.slider->title, now);
  // At both ends of the slider.
  std::vector<Moment> moments = {now};
  if (figure.slider) {
    moments.front().variables[figure.slider->name] = figure.slider->stops().front();
    moments.push_back(now);
    moments.back().variables[figure.slider->name] = figure.slider->stops().back();
  }
  for (const Moment& at : moments)
    attempt("figure", [&] { std::visit([&](const auto& kind) { check_figure(kind, at); }, figure.kind); });
}

void Checker::check_figure(const BarsFigure& figure, const Moment& now) {
  const List values = evaluate_list(figure.values, now, scenes_);
  if (!figure.labels.empty() && figure.labels.size() != values.size()) {
    complain("figure.labels",
             fmt::format("expected {} labels, one a bar, found {}", values.size(), figure.labels.size()));
  }
  for (const LessonText& label : figure.labels) check_text("figure.labels", label, now);
}

void Checker::check_figure(const MapFigure& figure, const Moment& now) {
  for (const MapFigure::Map& map : figure.maps) {
    evaluate_matrix(map.values, now, scenes_);
    check_text("figure.maps.title", map.title, now);
  }
}

void Checker::check_figure(const HistogramFigure& figure, const Moment& now) {
  evaluate_list(figure.values, now, scenes_);
}

void Checker::check_figure(const CurveFigure& figure, const Moment& now) {
  const std::size_t along = evaluate_list(figure.x, now, scenes_).size();
  const std::size_t up = evaluate_list(figure.y, now, scenes_).size();
  if (along != up) complain("figure.y", fmt::format("expected {} numbers, as x has, found {}", along, up));
  check_text("figure.x_title", figure.x_title, now);
  check_text("figure.y_title", figure.y_title, now);
}

void Checker::check_figure(const ShapesFigure& figure, const Moment& now) {
  for (const ShapesFigure::Factor& factor : figure.factors) {
    evaluate_number(factor.rows, now, scenes_);
    evaluate_number(factor.columns, now, scenes_);
  }
  evaluate_truth(figure.fits, now, scenes_);
}

std::vector<std::string> problems_of(const std::shared_ptr<const Lesson>& lesson, std::string_view file,
                                     const std::vector<std::string>& languages) {
  try {
    return Checker(lesson, file, languages).all();
  } catch (const io::FormatError& problem) {
    // A change that does not fit: without it there is nothing to go through.
    const std::string called = lesson->name + ".toml";
    std::string line = problem.what();
    if (line.starts_with(called)) line.replace(0, called.size(), file);
    return {line};
  }
}

}  // namespace attn::lessons
