#pragma once
// Answers and what the lesson says to them.

#include <optional>
#include <string>
#include <vector>

#include "app/lessons/evaluate.h"
#include "app/lessons/lesson.h"
#include "app/lessons/slips.h"
#include "app/session/message.h"

namespace attn::lessons {

/// What a learner gave. predict: shares. pick: one place, or row and column. choose, foresee: which options,
/// ascending. strike: which pieces that can be struck out, ascending. value: the text.
struct Answer {
  std::vector<double> numbers;
  std::string text;
  bool operator==(const Answer&) const = default;
};

/// One sentence, of the lesson or of the program.
struct FeedbackLine {
  LessonText own;
  session::Message message;  ///< read where `own` is empty
};

struct Feedback {
  bool right = false;
  std::vector<FeedbackLine> lines;
  std::optional<Slip> slip;
};

/// Throws ExpressionError where the lesson's expressions have no value here, io::FormatError where its change
/// does not fit. An answer that cannot be read (no number) is wrong, with a line that says why.
Feedback judge(const Question& question, const Answer& answer, const Moment& moment, Scenes& scenes);

/// What is right at this moment: what "Show me" shows and tests play. Throws as judge().
Answer right_answer(const Question& question, const Moment& moment, Scenes& scenes);

/// What an answer is in expressions: a number or a list.
Value value_of(const Answer& answer);

}  // namespace attn::lessons
