#pragma once
// Reading the tables of a lesson file: every field is asked for once, of the right type, and what nobody
// asked for is refused. Messages name file, line, step and field.

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/lessons/expression.h"
#include "app/lessons/lesson.h"
#include "app/lessons/tree.h"

namespace attn::lessons {

/// What all tables of a file share.
struct LessonFile {
  std::string name;                      ///< for messages
  std::string step;                      ///< "step 3 (largest): "; empty outside steps
  std::set<std::string> variables = {};  ///< that expressions of this step may use: the slider's
};

/// One table. `place` goes before a field's name in messages: "question.".
class Fields {
 public:
  Fields(const Node& node, LessonFile& file, std::string place);

  /// @name One field. A missing one is refused, or gives nothing where the result is optional.
  /// @{
  bool has(std::string_view field) const;
  const Node& required(std::string_view field);
  const Node* optional(std::string_view field);
  std::string text(std::string_view field);
  std::optional<std::string> maybe_text(std::string_view field);
  double number(std::string_view field, double low, double high);
  std::optional<double> maybe_number(std::string_view field, double low, double high);
  std::int64_t integer(std::string_view field, std::int64_t low, std::int64_t high);
  bool truth(std::string_view field);                      ///< false where it is missing
  std::vector<std::string> texts(std::string_view field);  ///< empty where it is missing
  LessonText lesson_text(std::string_view field);
  LessonText maybe_lesson_text(std::string_view field);  ///< empty where it is missing
  std::vector<LessonText> lesson_texts(std::string_view field);
  Expression expression(std::string_view field, std::span<const std::string_view> more_variables = {});
  std::optional<Expression> maybe_expression(std::string_view field,
                                             std::span<const std::string_view> more_variables = {});
  /// One of these words; the index of it.
  std::size_t word(std::string_view field, std::span<const std::string_view> words);
  std::optional<std::size_t> maybe_word(std::string_view field, std::span<const std::string_view> words);
  Change change(std::string_view field);  ///< empty where it is missing
  std::optional<Stage> maybe_stage(std::string_view field);
  std::optional<CellRef> cell(std::string_view field);  ///< {stage, head, row, column}
  Fields table(std::string_view field);
  std::vector<Fields> tables(std::string_view field, std::size_t least, std::size_t most);
  /// @}

  /// Refuses the first field that nobody asked for.
  void finish() const;

  [[noreturn]] void refuse(std::string_view field, const Node& at, std::string_view expected,
                           std::string_view found) const;
  [[noreturn]] void refuse(std::string_view field, const Node& at, std::string_view expected) const {
    refuse(field, at, expected, at.shown());
  }
  /// The same with a sentence of its own: "FILE: line 12: step 3 (largest): question.answer: …".
  [[noreturn]] void fail(std::string_view field, const Node& at, std::string_view what) const;
  const Node& node() const { return *node_; }
  LessonFile& file() const { return *file_; }

 private:
  LessonText read_text(std::string_view field, const Node& node) const;
  Expression read_expression(std::string_view field, const Node& node,
                             std::span<const std::string_view> more_variables) const;

  const Node* node_;
  LessonFile* file_;
  std::string place_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace attn::lessons
