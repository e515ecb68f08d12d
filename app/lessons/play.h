#pragma once
// A lesson played without a window: by the command line and by tests.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/lessons/player.h"

namespace attn::lessons {

/// What is done in a step.
struct Deed {
  enum class Kind {
    answer,    ///< of a question
    solution,  ///< of a task: a change, a cell, a place of the slider
    right      ///< whatever is right
  };
  Kind kind = Kind::right;
  Answer answer;
  Solution solution;
};
using Deeds = std::map<std::string, Deed>;  ///< by the id of the step

struct PlayedStep {
  std::size_t step = 0;
  std::string text;  ///< as the learner reads it
  std::string ask;   ///< of the question or task; empty where there is none
  bool asked = false;
  bool answered = false;  ///< something was done in it
  bool right = false;
  std::string given;  ///< as it was answered, for people
  std::vector<std::string>
      feedback;  ///< English lines for messages of the program, those of the lesson in the language
  std::optional<Slip> slip;
};

/// Goes through all steps from the first to the last. A step that asks and has no deed is left unanswered.
/// Throws as Player and judge() do.
std::vector<PlayedStep> play(const std::shared_ptr<const Lesson>& lesson, const Deeds& deeds, Scenes& scenes,
                             std::string_view language);

/// Answers from a TOML file: `[answers]` with one value a step id: "right"; a list of numbers; a number (of
/// an option, a place); a text (what is typed); for tasks a table with the fields of a solution. Throws
/// io::FormatError.
Deeds parse_deeds(std::string_view text, std::string_view file, const Lesson& lesson);

/// A text as the learner reads it at this moment, without colours: formulas and terms as they are written.
std::string plain_text(const RichText& text, const Moment& moment, Scenes& scenes);

}  // namespace attn::lessons
