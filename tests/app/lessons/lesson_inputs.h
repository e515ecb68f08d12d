#pragma once
// Small lessons and moments that many tests start from.

#include <string>
#include <string_view>

#include "app/lessons/evaluate.h"
#include "app/lessons/lesson.h"
#include "app/session/document.h"

namespace attn::lessons::tests {

/// What ExpressionError or io::FormatError says; "" where `run` throws neither.
template <class F>
std::string complaint_of(F run) {
  try {
    run();
  } catch (const std::runtime_error& problem) {
    return problem.what();
  }
  return {};
}

/// A scenario by its fields, as in a scenario file; format and version may be missing.
session::Document document_of(const std::string& json);
/// (1,2), (2,3), (3,4): identity projections, no scale.
session::Document three_words();
/// Two words and two heads, W_K = 2·I, √d_k: x = [[2, 0], [0, 1]].
session::Document two_heads();

/// An expression in a document, as in lessons.
class Here {
 public:
  explicit Here(session::Document document);
  Value value(std::string_view expression);
  double number(std::string_view expression);
  std::string text(std::string_view expression);       ///< format(value)
  std::string complaint(std::string_view expression);  ///< of parsing or evaluating

  Scenes scenes;
  Moment now;
};

/// A lesson on three_words around these steps (TOML).
Lesson lesson_with(const std::string& steps);
std::shared_ptr<const Lesson> shared_lesson_with(const std::string& steps);

}  // namespace attn::lessons::tests
