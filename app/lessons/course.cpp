#include "app/lessons/course.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/lessons/fields.h"
#include "app/lessons/lesson_file.h"
#include "core/io/format_error.h"
#include "embedded/attn_lesson_files.h"

namespace attn::lessons {
namespace {

constexpr std::string_view kCourseFile = "course.toml";
constexpr std::string_view kSuffix = ".toml";

struct Course {
  std::vector<std::shared_ptr<const Lesson>> lessons;
  std::vector<Route> routes;
};

std::shared_ptr<const Lesson> embedded_lesson(const std::string& name) {
  const std::string file = name + std::string(kSuffix);
  const auto bytes = files::find(file);
  if (!bytes) throw io::FormatError(fmt::format("{}: expected a lesson of this name, found none", file));
  return std::make_shared<Lesson>(parse_lesson(*bytes, file, {}));
}

Course read_course() {
  constexpr std::array<std::string_view, 1> kFormat = {"attention-course"};
  constexpr std::size_t kMostRoutes = 12;
  constexpr int kMostMinutes = 10'000;
  const Node root = parse_toml(files::find(kCourseFile).value_or(""), kCourseFile);
  LessonFile file{std::string(kCourseFile), {}};
  Fields fields(root, file, {});
  fields.word("format", kFormat);
  fields.integer("version", 1, 1);
  Course course;
  for (const std::string& name : fields.texts("lessons")) course.lessons.push_back(embedded_lesson(name));
  for (Fields& one : fields.tables("route", 0, kMostRoutes)) {
    Route route;
    route.id = one.text("id");
    if (one.has("minutes")) route.minutes = static_cast<int>(one.integer("minutes", 1, kMostMinutes));
    route.title = one.maybe_lesson_text("title");
    route.lessons = one.texts("lessons");
    for (const std::string& name : route.lessons) {
      if (std::ranges::find(course.lessons, name, [](const auto& lesson) { return lesson->name; }) ==
          course.lessons.end())
        one.refuse("lessons", one.required("lessons"), "lessons of the course", name);
    }
    one.finish();
    course.routes.push_back(std::move(route));
  }
  fields.finish();
  return course;
}

const Course& course() {
  static const Course kCourse = read_course();
  return kCourse;
}

}  // namespace

const std::vector<std::shared_ptr<const Lesson>>& builtin_lessons() { return course().lessons; }

std::shared_ptr<const Lesson> builtin_lesson(std::string_view name) {
  for (const auto& lesson : builtin_lessons())
    if (lesson->name == name) return lesson;
  return nullptr;
}

const std::vector<Route>& routes() { return course().routes; }

}  // namespace attn::lessons
