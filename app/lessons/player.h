#pragma once
// Where a learner stands in a lesson and what was answered so far. Knows nothing of windows: who plays gives
// it documents and traces, and takes documents from it.

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/lessons/judge.h"
#include "app/lessons/lesson.h"
#include "app/lessons/scene.h"

namespace attn::lessons {

/// What happened in one step.
struct StepState {
  Answer answer;  ///< given last
  std::size_t attempts = 0;
  bool right = false;
  bool shown = false;                      ///< the answer was shown, not found
  std::size_t hints = 0;                   ///< that were asked for
  std::optional<Feedback> feedback;        ///< to the last answer
  std::optional<double> slider;            ///< where it was put
  std::optional<session::Document> start;  ///< as it was when the step began
  std::optional<session::Document> left;   ///< as it was when the learner went elsewhere

  bool done() const { return right || shown; }
  /// One was given, or shown.
  bool has_answer() const { return attempts > 0 || answer != Answer{}; }
};

class Player {
 public:
  /// Throws io::FormatError where a change of the lesson does not fit what it changes.
  explicit Player(std::shared_ptr<const Lesson> lesson);

  const Lesson& lesson() const { return *lesson_; }
  const std::shared_ptr<const Lesson>& shared_lesson() const { return lesson_; }
  std::size_t place() const { return place_; }
  const Step& step() const { return lesson_->steps[place_]; }
  const StepState& state() const { return states_[place_]; }
  const StepState& state(std::size_t step) const { return states_[step]; }
  bool at_first() const { return place_ == 0; }
  bool at_last() const { return place_ + 1 == lesson_->steps.size(); }
  /// Whether the step asks nothing, or what it asks is done.
  bool may_go_on() const { return !step().asks() || state().done(); }
  /// How many of the steps that ask are done, and how many there are.
  std::size_t steps_done() const;
  std::size_t steps_asking() const;
  /// Every step that asks is done.
  bool finished() const { return steps_done() == steps_asking(); }

  /// The document of a step as the lesson alone makes it.
  const session::Document& untouched(std::size_t step) const { return untouched_[step]; }
  /// The document that the step begins with.
  const session::Document& start() const { return *states_[place_].start; }

  /// Goes to a step, coming from a document that the learner may have changed. The document to show: what the
  /// learner left there before, or what the lesson makes of `now` (forward) or has of its own (elsewhere).
  session::Document go(std::size_t step, const session::Document& now);
  /// The step as the lesson alone makes it, its answer and hints forgotten.
  session::Document restart();

  /// @name What the learner does
  /// @{
  /// Judges an answer at this moment; `moment` needs document, trace and selection. Throws as judge().
  const Feedback& answer(Answer given, const Moment& moment, Scenes& scenes);
  /// Whether the task has become true now, and was not before. Throws ExpressionError.
  bool watch(const Moment& moment, Scenes& scenes);
  void take_hint();
  const std::vector<LessonText>& hints() const;
  /// Whether "Show me" may be asked for: every hint was taken, or two answers were wrong.
  bool may_show() const;
  /// Shows the answer of a question, as right_answer() has it, or solves the task: the document to show.
  session::Document show_answer(const Moment& moment, Scenes& scenes);
  void move_slider(double value) { states_[place_].slider = value; }
  /// @}

  /// Adds what expressions of this step may speak of: the document at its start, slider, answers.
  Moment complete(Moment moment) const;
  std::optional<double> slider() const;

  /// Puts back what a learner did another day: the place and each step's answer, by id.
  struct Remembered {
    std::size_t place = 0;
    std::map<std::string, Answer> answers;
    std::map<std::string, bool> done;  ///< by id: right (true) or shown
    bool operator==(const Remembered&) const = default;
  };
  Remembered remembered() const;
  void remember(const Remembered& before);

 private:
  session::Document entered(std::size_t step, const session::Document& now) const;

  std::shared_ptr<const Lesson> lesson_;
  std::vector<session::Document> untouched_;
  std::vector<StepState> states_;
  std::size_t place_ = 0;
};

}  // namespace attn::lessons
