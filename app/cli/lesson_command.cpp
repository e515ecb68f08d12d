#include <algorithm>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/table.h"
#include "app/lessons/course.h"
#include "app/lessons/lesson_check.h"
#include "app/lessons/lesson_file.h"
#include "app/lessons/play.h"
#include "core/io/file.h"
#include "core/io/format_error.h"

namespace attn::cli {
namespace {

using lessons::Lesson;

/// A file, or a lesson that travels with the program where no file has that name.
std::shared_ptr<const Lesson> lesson_named(const std::filesystem::path& name) {
  std::error_code ignored;
  if (!std::filesystem::exists(name, ignored))
    if (auto lesson = lessons::builtin_lesson(name.string())) return lesson;
  return std::make_shared<Lesson>(lessons::load_lesson(name));
}

/// The languages that any text of the lesson's head has: then all texts must have them.
std::vector<std::string> languages_of(const Lesson& lesson) {
  std::vector<std::string> languages;
  for (const auto& [language, text] : lesson.title.by_language) languages.push_back(language);
  return languages;
}

int check(const LessonOptions& options, std::FILE* out) {
  std::size_t wrong = 0;
  for (const std::filesystem::path& file : options.files) {
    std::vector<std::string> problems;
    try {
      const auto lesson = lesson_named(file);
      problems = lessons::problems_of(lesson, file.string(), languages_of(*lesson));
    } catch (const io::FormatError& problem) {
      problems.emplace_back(problem.what());
    }
    for (const std::string& problem : problems) fmt::print(stderr, "{}\n", problem);
    if (problems.empty()) fmt::print(out, "{}: no problem found\n", file.string());
    if (!problems.empty()) ++wrong;
  }
  return wrong == 0 ? kSuccess : kBadInput;
}

std::string title_of(const Lesson& lesson, const std::string& language) {
  lessons::Scenes scenes;
  return lessons::plain_text(lesson.title.in(language), {*lesson.scenario, scenes.of(*lesson.scenario).trace},
                             scenes);
}

int list(const LessonOptions& options, std::FILE* out) {
  for (const auto& lesson : lessons::builtin_lessons()) {
    if (options.documents) {
      for (const std::string& document : lesson->documents)
        fmt::print(out, "{:<24} {}\n", lesson->name, document);
      continue;
    }
    const auto asking = std::ranges::count_if(lesson->steps, &lessons::Step::asks);
    fmt::print(out, "{:<24} {:>3} min  {:>2} steps, {:>2} of them ask  {}\n", lesson->name, lesson->minutes,
               lesson->steps.size(), asking, title_of(*lesson, options.language));
  }
  return kSuccess;
}

int play(const LessonOptions& options, std::FILE* out) {
  const auto lesson = lesson_named(options.files.front());
  lessons::Deeds deeds;
  if (options.answers) {
    deeds = lessons::parse_deeds(io::read_file(*options.answers, lessons::kLargestLesson),
                                 options.answers->string(), *lesson);
  }
  lessons::Scenes scenes;
  std::size_t asked = 0;
  std::size_t right = 0;
  for (const lessons::PlayedStep& step : lessons::play(lesson, deeds, scenes, options.language)) {
    fmt::print(out, "{}. {}\n", step.step + 1, step.text);
    if (!step.asked) continue;
    ++asked;
    if (step.right) ++right;
    fmt::print(out, "   ? {}\n", step.ask);
    if (!step.answered) {
      fmt::print(out, "   no answer\n");
      continue;
    }
    fmt::print(out, "   > {}\n   {}\n", step.given, step.right ? "right" : "wrong");
    for (const std::string& line : step.feedback) fmt::print(out, "   {}\n", line);
  }
  fmt::print(out, "{} of {} right\n", right, asked);
  return right == asked ? kSuccess : kCheckFailed;
}

}  // namespace

int lesson(const LessonOptions& options, std::FILE* out) {
  switch (options.task) {
    case LessonOptions::Task::check:
      return check(options, out);
    case LessonOptions::Task::list:
      return list(options, out);
    case LessonOptions::Task::play:
      return play(options, out);
  }
  return kBadInput;
}

}  // namespace attn::cli
