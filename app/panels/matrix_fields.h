#pragma once
// A matrix of number fields: one row a word, or one row of a parameter.

#include <functional>
#include <optional>
#include <string>

#include "app/session/edit.h"
#include "app/widgets/controls.h"

namespace attn::ui {

/// What the matrix is and how a change of it is said. Rows and columns count from 0.
struct MatrixFields {
  WidgetId id;  ///< fields are id.at(row, column)
  const SharedMatrix& values;
  std::function<session::Edit(std::size_t row, std::size_t column, float value)> edit;
  /// What stands left of a row; empty: nothing, and the columns take all the width.
  std::function<Runs(std::size_t row)> label;
  std::function<void(std::size_t row, std::size_t column, bool hovered)> hovered;
  Colour colour = 0;  ///< of the digits; 0: ink

  /// @name For rows that are more than numbers; each may be empty
  /// @{
  /// Draws what stands left of a row itself; `label` then only says how wide it is. `line` is the whole row.
  /// Returns why an entry is refused, or nothing.
  std::function<std::string(std::size_t row, const Rect& label, const Rect& line)> draw_label = {};
  /// Whether the row is drawn without its numbers, because something else takes their place.
  std::function<bool(std::size_t row)> without_numbers = {};
  /// Draws what stands above a column.
  std::function<void(std::size_t column, const Rect& area)> draw_head = {};
  /// A line of its own before this row (or after the last one, at their number), and what draws it.
  std::optional<std::size_t> extra_line = std::nullopt;
  std::function<std::string(const Rect& line)> draw_extra_line = {};
  bool tight = false;  ///< lower and narrower fields: of long lists more can be seen
  /// Says where rows lie: the top of the first one and the step from one to the next.
  std::function<void(float top, float step)> lies = {};
  /// @}
};

/// Draws it from `position` down within `width` and returns the height. `page` is the page of columns.
float draw_matrix_fields(PanelContext& context, ImVec2 position, float width, const MatrixFields& matrix,
                         std::size_t& page);

/// Posts what happened in a number field as an edit.
void post_edit(PanelContext& context, const NumberFieldResult& result,
               const std::function<session::Edit(double)>& edit);
/// The line that refuses a value, in the reader's language: for NumberFieldOptions::problem.
std::function<std::optional<std::string>(double)> problem_with(const PanelContext& context,
                                                               std::function<session::Edit(double)> edit);

}  // namespace attn::ui
