#pragma once
// What a learner did in every lesson: kept on this machine, in one small file.

#include <filesystem>
#include <map>
#include <string>

#include "app/lessons/player.h"

namespace attn::lessons {

/// Of one lesson.
struct LessonProgress {
  Player::Remembered remembered;
  std::size_t done = 0;    ///< steps that ask and are done
  std::size_t asking = 0;  ///< steps that ask
  bool operator==(const LessonProgress&) const = default;
};

struct Progress {
  std::map<std::string, LessonProgress> lessons;  ///< by name
  std::string last;                               ///< the lesson that was open last; empty: none
  bool operator==(const Progress&) const = default;
};

/// "lessons.json" beside the settings; empty where they are not kept.
std::filesystem::path progress_file();

/// A file that is not there gives no progress. Throws io::FormatError for one that cannot be used.
Progress load_progress(const std::filesystem::path& file);
/// Whole file or nothing; makes the folder. Throws std::runtime_error with one line.
void save_progress(const std::filesystem::path& file, const Progress& progress);

}  // namespace attn::lessons
