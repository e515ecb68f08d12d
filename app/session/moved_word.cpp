#include "app/session/moved_word.h"

#include <algorithm>
#include <variant>

namespace attn::session {
namespace {

/// Whether rows (columns) of a stage are the words of this side.
bool rows_are(const Input& input, Stage stage, TokenSide side) {
  const bool keys = rows_are_keys(stage);
  if (is_score_like(stage) && input.config.attend_over == AttendOver::features) return false;
  return side == (keys && input.source ? TokenSide::source : TokenSide::queries);
}

bool columns_are(const Input& input, Stage stage, TokenSide side) {
  if (!is_score_like(stage) || input.config.attend_over == AttendOver::features) return false;
  return side == (input.source ? TokenSide::source : TokenSide::queries);
}

void follow(CellRef& cell, const MovedWord& moved, const Input& input) {
  if (rows_are(input, cell.stage, moved.side)) cell.row = moved(cell.row);
  if (columns_are(input, cell.stage, moved.side)) cell.column = moved(cell.column);
}

}  // namespace

std::size_t MovedWord::operator()(std::size_t row) const {
  if (row == from) return to;
  if (from < row && row <= to) return row - 1;
  if (to <= row && row < from) return row + 1;
  return row;
}

std::optional<MovedWord> moved_word(const Edit& edit) {
  const auto* const move = std::get_if<MoveToken>(&edit);
  if (move == nullptr || move->from == move->to) return std::nullopt;
  return MovedWord{move->side, move->from, move->to};
}

void follow(View& view, const MovedWord& moved, const Input& input) {
  follow(view.selection, moved, input);
  for (CellRef& cell : view.explain_trail) follow(cell, moved, input);
  if (!rows_are(input, Stage::weights, moved.side)) return;
  for (std::size_t& row : view.also_rows) row = moved(row);
  std::ranges::sort(view.also_rows);
}

}  // namespace attn::session
