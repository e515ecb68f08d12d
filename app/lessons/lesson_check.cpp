#include "app/lessons/lesson_check.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "app/lessons/change.h"
#include "app/lessons/play.h"
#include "app/lessons/player.h"
#include "app/lessons/widget_names.h"
#include "core/io/format_error.h"
#include "core/io/text.h"

namespace attn::lessons {
namespace {

class Checker {
 public:
  Checker(const std::shared_ptr<const Lesson>& lesson, std::string_view file,
          const std::vector<std::string>& languages)
      : lesson_(*lesson), file_(file), languages_(languages), player_(lesson) {}

  std::vector<std::string> all() {
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

 private:
  void complain(std::string_view field, std::string_view what) {
    std::string place;
    if (in_step_) {
      const Step& step = player_.step();
      place = fmt::format("line {}: step {}{}: ", step.line, player_.place() + 1,
                          step.id.empty() ? std::string() : fmt::format(" ({})", step.id));
    }
    constexpr std::size_t kLongest = 800;
    problems_.push_back(fmt::format("{}: {}{}: {}", file_, place, field, io::printable(what, kLongest)));
  }

  /// Runs `check`; what it throws is a problem of that field.
  template <class F>
  bool attempt(std::string_view field, F check) {
    try {
      check();
      return true;
    } catch (const ExpressionError& problem) {
      complain(field, problem.what());
    } catch (const io::FormatError& problem) {
      complain(field, problem.what());
    } catch (const RunError& problem) {
      complain(field, problem.what());
    } catch (const std::invalid_argument& problem) {
      complain(field, problem.what());
    }
    return false;
  }

  void check_languages(std::string_view field, const LessonText& text) {
    if (text.empty()) return;
    for (const std::string& language : languages_)
      if (!text.by_language.contains(language))
        complain(field, fmt::format("expected a text in \"{}\", found none", language));
  }
  /// Every live value of a text has a value.
  void check_text(std::string_view field, const LessonText& text, const Moment& now) {
    check_languages(field, text);
    for (const auto& [language, parts] : text.by_language)
      attempt(fmt::format("{}.{}", field, language), [&] { plain_text(parts, now, scenes_); });
  }
  void check_length(std::string_view field, const LessonText& text) {
    for (const auto& [language, parts] : text.by_language) {
      const bool chinese = language.starts_with("zh");
      const std::size_t most = chinese ? kMostChineseCharacters : kMostEnglishWords;
      const std::size_t found = words_of(parts, chinese);
      if (found > most)
        complain(fmt::format("{}.{}", field, language), fmt::format("expected at most {} {}, found {}", most,
                                                                    chinese ? "characters" : "words", found));
    }
  }

  Moment moment(const session::Document& document) {
    const Scene scene = scenes_.of(document);
    Moment now{scene.document, scene.trace};
    now.selection = selection_;
    return player_.complete(std::move(now));
  }

  session::Document step(session::Document document) {
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

  void check_places(const Step& step, const session::Document& document) {
    const auto inside = [&](const CellRef& cell) {
      const StageShape shape = shape_of(cell.stage, document.input(), document.dimensions());
      return cell.head < shape.heads && cell.row < shape.rows && cell.column < shape.columns;
    };
    if (step.focus && !inside(*step.focus))
      complain("focus", "expected a cell that the scenario has, found another");
    if (step.playhead.kind == PlayheadPlace::Kind::cell && !inside(step.playhead.cell))
      complain("playhead", "expected a cell that the scenario has, found another");
    for (const Hidden& hidden : step.hide)
      if (!inside({hidden.stage, hidden.head.value_or(0), hidden.row.value_or(0), 0}))
        complain("hide", fmt::format("expected numbers that the scenario has, found others of {}",
                                     name(hidden.stage)));
    for (const std::string& widget : step.highlight)
      if (!is_widget_name(widget))
        complain("highlight",
                 fmt::format("expected a widget such as \"heatmap.cell[weights][0][0,2]\", found {}",
                             io::in_quotes(widget)));
  }

  void figure(const Figure& figure, const Moment& now) {
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
  void check_figure(const BarsFigure& figure, const Moment& now) {
    const List values = evaluate_list(figure.values, now, scenes_);
    if (!figure.labels.empty() && figure.labels.size() != values.size())
      complain("figure.labels",
               fmt::format("expected {} labels, one a bar, found {}", values.size(), figure.labels.size()));
    for (const LessonText& label : figure.labels) check_text("figure.labels", label, now);
  }
  void check_figure(const MapFigure& figure, const Moment& now) {
    for (const MapFigure::Map& map : figure.maps) {
      evaluate_matrix(map.values, now, scenes_);
      check_text("figure.maps.title", map.title, now);
    }
  }
  void check_figure(const HistogramFigure& figure, const Moment& now) {
    evaluate_list(figure.values, now, scenes_);
  }
  void check_figure(const CurveFigure& figure, const Moment& now) {
    const std::size_t along = evaluate_list(figure.x, now, scenes_).size();
    const std::size_t up = evaluate_list(figure.y, now, scenes_).size();
    if (along != up) complain("figure.y", fmt::format("expected {} numbers, as x has, found {}", along, up));
    check_text("figure.x_title", figure.x_title, now);
    check_text("figure.y_title", figure.y_title, now);
  }
  void check_figure(const ShapesFigure& figure, const Moment& now) {
    for (const ShapesFigure::Factor& factor : figure.factors) {
      evaluate_number(factor.rows, now, scenes_);
      evaluate_number(factor.columns, now, scenes_);
    }
    evaluate_truth(figure.fits, now, scenes_);
  }

  session::Document question(const Question& question, const Moment& now) {
    check_text("question.ask", question.ask, now);
    for (const LessonText& hint : question.hints) check_text("question.hints", hint, now);
    session::Document document = now.document;
    const std::size_t before = problems_.size();
    attempt("question",
            [&] { std::visit([&](const auto& kind) { check_question(kind, now); }, question.kind); });
    if (problems_.size() != before) return document;  // what follows would say the same again
    attempt("question", [&] {
      const Answer right = right_answer(question, now, scenes_);
      if (!player_.answer(right, now, scenes_).right)
        complain("question", "expected its own answer to be judged right, found it judged wrong");
    });
    Moment after = player_.complete(now);
    if (const auto* foresee = std::get_if<Foresee>(&question.kind)) {
      document = changed(document, foresee->change);
      after = moment(document);
    }
    check_text("question.after", question.after, after);
    return document;
  }
  void check_question(const Predict& question, const Moment& now) {
    attempt("question.row", [&] {
      const auto cell = named_cell(question.row, now, scenes_);
      if (!cell || !cell->is_row || cell->cell.stage != Stage::weights)
        complain("question.row", "expected a row such as weights[0][1], found another expression");
    });
  }
  void check_question(const Pick& question, const Moment& now) {
    Answer right;
    if (!attempt("question.answer", [&] { right = right_answer({{}, question, {}, {}}, now, scenes_); }))
      return;
    const bool cell = question.what == Pick::What::cell;
    if (right.numbers.size() != (cell ? 2U : 1U)) {
      complain("question.answer", cell ? "expected [row, column], found another value"
                                       : "expected one place, found another value");
      return;
    }
    for (const WrongPlace& wrong : question.wrong) check_text("question.wrong.say", wrong.say, now);
    const auto [rows, columns] = places_of(question, now);
    if (!(right.numbers[0] >= 0.0 && right.numbers[0] < static_cast<double>(rows)) ||
        (cell && !(right.numbers[1] >= 0.0 && right.numbers[1] < static_cast<double>(columns)))) {
      complain("question.answer",
               fmt::format("expected a place that there is, found {}", format(Value(right.numbers))));
      return;
    }
    // Whatever is picked, it can be judged.
    constexpr std::size_t kMost = 64;
    for (std::size_t i = 0; i < std::min(rows, kMost); ++i)
      for (std::size_t j = 0; j < (cell ? std::min(columns, kMost) : 1); ++j)
        if (!can_judge(question, now, i, cell ? j : i)) return;
  }
  /// How many rows, and for cells columns, there are to pick from.
  static std::pair<std::size_t, std::size_t> places_of(const Pick& question, const Moment& now) {
    const Dimensions& d = now.document.dimensions();
    const StageShape shape = shape_of(question.stage, now.document.input(), d);
    switch (question.what) {
      case Pick::What::head:
        return {d.n_heads, 1};
      case Pick::What::column:
        return {d.n_keys, 1};
      case Pick::What::cell:
        return {shape.rows, shape.columns};
      case Pick::What::token:
      case Pick::What::row:
        break;
    }
    return {std::max(d.n_queries, d.n_keys), 1};
  }
  bool can_judge(const Pick& question, const Moment& now, std::size_t row, std::size_t column) {
    Moment picked = now;
    for (const char* const name : {"row", "head", "token"}) picked.variables[name] = static_cast<double>(row);
    picked.variables["column"] = static_cast<double>(column);
    if (question.accept &&
        !attempt("question.accept", [&] { evaluate_truth(*question.accept, picked, scenes_); }))
      return false;
    return std::ranges::all_of(question.wrong, [&](const WrongPlace& wrong) {
      return attempt("question.wrong.when", [&] { evaluate_truth(wrong.when, picked, scenes_); });
    });
  }
  void check_question(const Choose& question, const Moment& now) {
    std::size_t right = 0;
    for (const Option& option : question.options) {
      check_text("question.options.text", option.text, now);
      check_text("question.options.say", option.say, now);
      if (!question.vote && option.right && evaluate_truth(*option.right, now, scenes_)) ++right;
    }
    if (!question.vote && (right == 0 || (right > 1 && !question.several)))
      complain("question.options", fmt::format("expected {} right option, found {}",
                                               question.several ? "at least one" : "one", right));
    if (right == question.options.size()) complain("question.options", "expected a wrong option, found none");
  }
  void check_question(const EnterValue& question, const Moment& now) {
    double right = 0.0;
    if (!attempt("question.answer", [&] { right = evaluate_number(question.answer, now, scenes_); })) return;
    List said_before;
    for (const WrongValue& wrong : question.wrong) {
      check_text("question.wrong.say", wrong.say, now);
      attempt("question.wrong.value", [&] {
        const double value = evaluate_number(wrong.value, now, scenes_);
        const auto same = [&](double other) { return near(value, other, question.tolerance); };
        if (same(right)) {
          complain("question.wrong.value",
                   fmt::format("expected a value other than the right one, {}, found it", format(right)));
        } else if (std::ranges::any_of(said_before, same)) {
          complain("question.wrong.value",
                   fmt::format("expected values that can be told apart, found {} twice", format(value)));
        }
        said_before.push_back(value);
      });
    }
  }
  void check_question(const Foresee& question, const Moment& now) {
    session::Document after = now.document;
    if (!attempt("question.change", [&] {
          after = changed(now.document, question.change);
          moment(after);
        }))
      return;
    for (const Option& option : question.options) {
      check_text("question.options.text", option.text, now);
      check_text("question.options.say", option.say, now);
    }
    attempt("question.options.moves", [&] {
      if (right_answer({{}, question, {}, {}}, now, scenes_).numbers.empty())
        complain("question.options", "expected something that moves, found nothing");
    });
  }
  void check_question(const Strike& question, const Moment& now) {
    for (const Piece& piece : question.pieces) check_text("question.pieces.say", piece.say, now);
  }

  session::Document task(const Task& task, const Moment& now) {
    check_text("task.ask", task.ask, now);
    for (const LessonText& hint : task.hints) check_text("task.hints", hint, now);
    session::Document document = now.document;
    const bool known = attempt("task.until", [&] {
      if (player_.watch(now, scenes_))
        complain("task.until", "expected it to be false when the step begins, found it true");
    });
    if (!known) return document;
    attempt("task.solution", [&] {
      const session::Document solution = changed(now.document, task.solution.change);
      if (task.solution.slider) player_.move_slider(*task.solution.slider);
      if (task.solution.select) selection_ = task.solution.select;
      const Moment solved = moment(solution);
      document = solution;
      if (!evaluate_truth(task.until, solved, scenes_))
        complain("task.solution", "expected it to make task.until true, found it still false");
      player_.watch(solved, scenes_);
      check_text("task.after", task.after, solved);
    });
    return document;
  }

  const Lesson& lesson_;
  std::string file_;
  const std::vector<std::string>& languages_;
  Player player_;
  Scenes scenes_;
  std::optional<CellRef> selection_;
  bool in_step_ = false;
  std::vector<std::string> problems_;
};

}  // namespace

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
