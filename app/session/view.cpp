#include "app/session/view.h"

#include <algorithm>

namespace attn::session {
namespace {

/// Ascending, each once, below `count`.
void keep_below(std::vector<std::size_t>& values, std::size_t count) {
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  std::erase_if(values, [count](std::size_t value) { return value >= count; });
}

bool has_cell(const CellRef& cell, const Input& input, const Dimensions& d) {
  const StageShape shape = shape_of(cell.stage, input, d);
  return cell.head < shape.heads && cell.row < shape.rows && cell.column < shape.columns;
}

}  // namespace

std::string_view name(VectorKind kind) {
  static constexpr std::array<std::string_view, 6> kNames = {"x", "q", "k", "v", "output", "source"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name(PullFreedom freedom) {
  static constexpr std::array<std::string_view, 4> kNames = {"this_word", "all_words", "w_q_and_w_k", "w_v"};
  return kNames[static_cast<std::size_t>(freedom)];
}

std::string_view name(ScenarioTab tab) {
  static constexpr std::array<std::string_view, 4> kNames = {"words", "settings", "parameters", "heads"};
  return kNames[static_cast<std::size_t>(tab)];
}

std::string_view name(AttentionView view) {
  static constexpr std::array<std::string_view, 4> kNames = {"map", "lines", "text", "bars"};
  return kNames[static_cast<std::size_t>(view)];
}

std::string_view name(ReasonTab tab) {
  static constexpr std::array<std::string_view, 2> kNames = {"explain", "code"};
  return kNames[static_cast<std::size_t>(tab)];
}

bool View::is_open(const ExplainPath& path) const { return std::ranges::count(explain_open, path) != 0; }

void keep_inside(View& view, const Input& input, const Dimensions& d) {
  if (!present(view.stage, input)) view.stage = Stage::weights;
  if (!present(view.selection.stage, input)) view.selection = {view.stage, 0, 0, 0};
  const StageShape shape = shape_of(view.selection.stage, input, d);
  view.selection.head = std::min(view.selection.head, shape.heads - 1);
  view.selection.row = std::min(view.selection.row, shape.rows - 1);
  view.selection.column = std::min(view.selection.column, shape.columns - 1);
  view.head = std::min(view.head, d.n_heads - 1);
  keep_below(view.also_heads, d.n_heads);
  keep_below(view.also_rows, shape_of(Stage::weights, input, d).rows);
  if (view.vectors == VectorKind::v && !present(Stage::v, input)) view.vectors = VectorKind::x;
  if (view.vectors == VectorKind::source && !input.source) view.vectors = VectorKind::x;
  if (!std::ranges::all_of(view.explain_trail, [&](const CellRef& c) { return has_cell(c, input, d); })) {
    view.explain_trail.clear();
    view.explain_open.clear();
  }
}

}  // namespace attn::session
