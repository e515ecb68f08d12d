// What the stages of the pipeline mean to each other: the head that goes with the shown one, and which cells
// a hovered cell touches.

#include <algorithm>

#include "app/widgets/pipeline.h"

namespace attn::ui {

std::size_t shown_head(const session::Subject& subject, Stage stage) {
  if (!has_heads(stage) || subject.trace == nullptr) return 0;
  const std::size_t heads = subject.trace->shape(stage).heads;
  const Dimensions& d = subject.trace->dimensions();
  const std::size_t head = std::min(subject.view.head, d.n_heads - 1);
  return heads == d.n_heads ? head : d.kv_head(head);
}

Hover hover_of(const Input& input, const CellRef& cell) {
  Hover hover;
  hover.cell = cell;
  const bool features = input.config.attend_over == AttendOver::features;
  if (is_score_like(cell.stage)) {
    if (!features) {
      hover.query = cell.row;
      hover.key = cell.column;
    }
  } else if (rows_are_keys(cell.stage)) {
    hover.key = cell.row;
  } else {
    hover.query = cell.row;
  }
  return hover;
}

bool hover_touches(const Hover& hover, const Input& input, Stage stage, std::size_t row, std::size_t column) {
  if (is_score_like(stage)) {
    if (hover.cell && is_score_like(hover.cell->stage))
      return hover.cell->row == row && hover.cell->column == column;
    return false;
  }
  // A word is hovered by itself, or as the asking or answering side of a cell.
  if (hover.cell && hover.cell->stage == stage) return hover.cell->row == row && hover.cell->column == column;
  const bool keys = rows_are_keys(stage);
  const bool both = !keys && !input.source && (stage == Stage::x || stage == Stage::x_position);
  if (keys || both) {
    if (hover.key == row) return true;
  }
  return !keys && hover.query == row;
}

}  // namespace attn::ui
