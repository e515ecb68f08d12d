#pragma once
// What a person does with lessons, as data. The session only passes it on to whoever plays them.

#include <string>
#include <variant>
#include <vector>

namespace attn::session {

/// One that travels with the program ("01_three_words"), or a file (…/mine.toml).
struct OpenLesson {
  std::string name;
};
struct LeaveLesson {};
struct NextLessonStep {};
struct PreviousLessonStep {};
struct GoToLessonStep {
  std::size_t step = 0;
};
/// The step as the lesson makes it: what the learner changed and answered is forgotten.
struct RestartLessonStep {};
struct TakeHint {};
struct ShowLessonAnswer {};
/// See lessons::Answer.
struct GiveLessonAnswer {
  std::vector<double> numbers;
  std::string text;
};
struct MoveLessonSlider {
  double value = 0.0;
};
struct ToggleTeachersNotes {};
/// Writes what was answered in the lesson that is open, to be collected by a teacher.
struct SaveLessonAnswers {
  std::string path;
};
/// Opens the answers of a class beside one's own.
struct OpenClassAnswers {
  std::vector<std::string> paths;
};
/// A step of the lesson shows an example of the glossary; the lesson goes on afterwards.
struct OpenGlossaryExample {
  std::string entry;
};

using LessonAction =
    std::variant<OpenLesson, LeaveLesson, NextLessonStep, PreviousLessonStep, GoToLessonStep,
                 RestartLessonStep, TakeHint, ShowLessonAnswer, GiveLessonAnswer, MoveLessonSlider,
                 ToggleTeachersNotes, SaveLessonAnswers, OpenClassAnswers, OpenGlossaryExample>;

}  // namespace attn::session
