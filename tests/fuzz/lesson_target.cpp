#include <memory>
#include <string>
#include <vector>

#include "app/lessons/lesson_check.h"
#include "app/lessons/lesson_file.h"
#include "core/io/format_error.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

void promise_line(const std::string& line) {
  using attn::fuzz::promise;
  promise(line.starts_with("fuzz.toml: "), "the line names the file");
  promise(line.find_first_of("\r\n") == std::string::npos, "it is one line");
  promise(line.size() < 4000, "the line is short");
}

/// Checking computes, so it is tried only on what is small: a few steps, a few words.
bool is_small(const attn::lessons::Lesson& lesson) {
  constexpr std::size_t kMostSteps = 8;
  constexpr std::size_t kMost = 16;
  const auto small = [](const std::shared_ptr<const attn::session::Document>& document) {
    const attn::Dimensions& d = document->dimensions();
    return d.n_queries <= kMost && d.n_keys <= kMost && d.d_model <= kMost && d.n_heads <= 4;
  };
  if (lesson.steps.size() > kMostSteps || !small(lesson.scenario)) return false;
  for (const attn::lessons::Step& step : lesson.steps)
    if (step.scenario && !small(step.scenario)) return false;
  return true;
}

}  // namespace

// Any bytes are a lesson or one line that says why not; what is wrong with one that was read is said in lines
// as well, and checked again it is the same.
ATTN_FUZZ_TARGET(lesson) {
  using namespace attn::lessons;
  std::shared_ptr<const Lesson> lesson;
  try {
    lesson =
        std::make_shared<const Lesson>(parse_lesson(attn::fuzz::as_text(bytes), "fuzz.toml", "/nowhere"));
  } catch (const attn::io::FormatError& error) {
    return promise_line(error.what());
  }
  attn::fuzz::promise(!lesson->steps.empty(), "there is a step");
  if (!is_small(*lesson)) return;
  const std::vector<std::string> problems = problems_of(lesson, "fuzz.toml", {"en"});
  for (const std::string& line : problems) promise_line(line);
}
