#pragma once
// The words of the field in every language of the program, with the synonyms that articles use and an example
// that can be opened.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/lessons/lesson.h"

namespace attn::lessons {

struct GlossaryEntry {
  std::string id;
  LessonText term;
  std::map<std::string, std::vector<std::string>> also;  ///< by language: other words for it
  LessonText text;
  Step example;  ///< scenario, change, focus and view are read
};

/// assets/lessons/glossary.toml, read once.
const std::vector<GlossaryEntry>& glossary();
/// Null where there is none of that id.
const GlossaryEntry* glossary_entry(std::string_view id);

}  // namespace attn::lessons
