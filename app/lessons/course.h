#pragma once
// The lessons that travel inside the program, in their order, and the routes through them.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/lessons/lesson.h"

namespace attn::lessons {

/// Every lesson of assets/lessons, in the order of course.toml; read once.
/// Throws io::FormatError where a file that travels with the program is broken.
const std::vector<std::shared_ptr<const Lesson>>& builtin_lessons();
/// Null where there is none of that name ("01_three_words").
std::shared_ptr<const Lesson> builtin_lesson(std::string_view name);

/// A way through the course.
struct Route {
  std::string id;
  std::optional<int> minutes;  ///< of the whole route, as it is called: 45, 90
  LessonText title;
  std::vector<std::string> lessons;  ///< names
};
const std::vector<Route>& routes();

}  // namespace attn::lessons
