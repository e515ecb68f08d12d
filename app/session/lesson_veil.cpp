#include "app/session/lesson_veil.h"

#include <algorithm>

namespace attn::session {
namespace {

bool is_query_row(Stage stage) {
  return is_score_like(stage) || stage == Stage::q || stage == Stage::q_rotated || stage == Stage::mixed ||
         stage == Stage::head_outputs || stage == Stage::concat || stage == Stage::output;
}

}  // namespace

Veil::Veil(std::vector<HiddenNumbers> hidden, const Input& input) {
  for (HiddenNumbers& one : hidden) {
    Part part{one, {}};
    for (const Stage stage : stages_of(input)) {
      const StageInputs from = inputs_of(stage, input);
      part.follows[index(stage)] = std::ranges::any_of(
          from, [&](Stage before) { return before == one.stage || part.follows[index(before)]; });
    }
    parts_.push_back(part);
  }
}

bool Veil::hides(const CellRef& cell) const {
  return std::ranges::any_of(parts_, [&](const Part& part) {
    const HiddenNumbers& hidden = part.hidden;
    if (cell.stage != hidden.stage && !part.follows[index(cell.stage)]) return false;
    // Behind the scores each query has a row of its own, and each head a table of its own.
    const bool by_head = hidden.head && is_score_like(hidden.stage) && has_heads(cell.stage);
    if (cell.stage == hidden.stage || by_head)
      if (hidden.head && has_heads(cell.stage) && cell.head != *hidden.head) return false;
    const bool by_row = hidden.row && (cell.stage == hidden.stage ||
                                       (is_query_row(hidden.stage) && is_query_row(cell.stage)));
    return !by_row || cell.row == *hidden.row;
  });
}

bool Veil::hides_some(Stage stage) const {
  return std::ranges::any_of(
      parts_, [&](const Part& part) { return part.hidden.stage == stage || part.follows[index(stage)]; });
}

}  // namespace attn::session
