#pragma once
// Answers of one learner in one lesson as a small file, for a teacher who collects those of a class and shows
// them beside each other.

#include <filesystem>
#include <map>
#include <string>

#include "app/lessons/judge.h"

namespace attn::lessons {

struct ClassAnswers {
  std::string lesson;                     ///< its name
  std::string learner;                    ///< as the file is called, without ".answers.json"
  std::map<std::string, Answer> answers;  ///< by the id of the step
};

/// Throws io::FormatError where the file cannot be written.
void save_class_answers(const std::filesystem::path& file, const std::string& lesson,
                        const std::map<std::string, Answer>& answers);
/// Throws io::FormatError, with one line, for anything but such a file.
ClassAnswers load_class_answers(const std::filesystem::path& file);

}  // namespace attn::lessons
