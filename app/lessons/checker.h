#pragma once
// Goes through a lesson from its first step to its last and notes what is wrong. Part of lesson_check.h.

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/lessons/lesson.h"
#include "app/lessons/player.h"
#include "core/io/format_error.h"

namespace attn::lessons {

class Checker {
 public:
  /// Throws io::FormatError where a change of the lesson does not fit.
  Checker(const std::shared_ptr<const Lesson>& lesson, std::string_view file,
          const std::vector<std::string>& languages)
      : lesson_(*lesson), file_(file), languages_(languages), player_(lesson) {}

  std::vector<std::string> all();

 private:
  void complain(std::string_view field, std::string_view what);
  /// Runs `check`; what it throws is a problem of that field. False where it threw.
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

  void check_languages(std::string_view field, const LessonText& text);
  /// Every live value of a text has a value.
  void check_text(std::string_view field, const LessonText& text, const Moment& now);
  void check_length(std::string_view field, const LessonText& text);
  void check_places(const Step& step, const session::Document& document);
  Moment moment(const session::Document& document);

  /// @name Give the document with which the next step begins
  /// @{
  session::Document step(session::Document document);
  session::Document question(const Question& question, const Moment& now);
  session::Document task(const Task& task, const Moment& now);
  /// @}
  void figure(const Figure& figure, const Moment& now);

  void check_question(const Predict& question, const Moment& now);
  void check_question(const Pick& question, const Moment& now);
  bool can_judge(const Pick& question, const Moment& now, std::size_t row, std::size_t column);
  void check_question(const Choose& question, const Moment& now);
  void check_question(const EnterValue& question, const Moment& now);
  void check_question(const Foresee& question, const Moment& now);
  void check_question(const Strike& question, const Moment& now);

  void check_figure(const BarsFigure& figure, const Moment& now);
  void check_figure(const MapFigure& figure, const Moment& now);
  void check_figure(const HistogramFigure& figure, const Moment& now);
  void check_figure(const CurveFigure& figure, const Moment& now);
  void check_figure(const ShapesFigure& figure, const Moment& now);

  const Lesson& lesson_;
  std::string file_;
  const std::vector<std::string>& languages_;
  Player player_;
  Scenes scenes_;
  std::optional<CellRef> selection_;
  bool in_step_ = false;
  std::vector<std::string> problems_;
};

}  // namespace attn::lessons
