#pragma once
// What can only be found out by computing: whether every value has one, every task can be solved and is not
// solved already, every right answer is judged right; and whether texts keep to their length.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/lessons/lesson.h"

namespace attn::lessons {

inline constexpr std::size_t kMostEnglishWords = 40;
inline constexpr std::size_t kMostChineseCharacters = 70;
inline constexpr double kLeastAskingShare = 0.6;

/// One line for each thing that is wrong, "FILE: line 12: step 3 (largest): task.until: …"; empty: nothing
/// is. `languages`: every text must have these.
std::vector<std::string> problems_of(const std::shared_ptr<const Lesson>& lesson, std::string_view file,
                                     const std::vector<std::string>& languages);

}  // namespace attn::lessons
