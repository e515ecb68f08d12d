#pragma once
// Reading lessons from TOML. What comes back has been checked as far as it can be without computing;
// lesson_check.h computes it.

#include <filesystem>
#include <string_view>

#include "app/lessons/fields.h"
#include "app/lessons/lesson.h"

namespace attn::lessons {

inline constexpr std::size_t kMostSteps = 64;

/// `file` is for messages and gives the lesson its name; scenarios in files are looked for in `directory`.
/// Throws io::FormatError with one line: "FILE: line 12: step 3 (largest): question.answer: expected …, found
/// …".
Lesson parse_lesson(std::string_view text, std::string_view file, const std::filesystem::path& directory);
Lesson load_lesson(const std::filesystem::path& path);

/// The field `scenario`: a built-in one, a file in `directory`, or a table. Null where it is missing.
std::shared_ptr<const session::Document> read_scenario(Fields& fields,
                                                       const std::filesystem::path& directory);

/// @name Parts of a step, each in a file of its own
/// @{
Question read_question(Fields fields);
Task read_task(Fields fields);
Figure read_figure(Fields fields, const std::optional<Slider>& slider);
std::optional<Slider> read_slider(Fields figure);
/// @}

}  // namespace attn::lessons
