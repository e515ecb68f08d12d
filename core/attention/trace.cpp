#include "core/attention/trace.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace attn {

Read Trace::read_head(Stage stage, std::size_t head) const {
  const StageShape s = shape(stage);
  return read(stage, head, {0, 0, s.rows, s.columns});
}

Read Trace::read_cell(const CellRef& cell) const {
  return read(cell.stage, cell.head, {cell.row, cell.column, 1, 1});
}

std::size_t rows_at_once(const Trace& trace, Stage stage) {
  const StageShape shape = trace.shape(stage);
  if (!trace.streams(stage)) return shape.rows;
  return std::max<std::size_t>(4, kCellsAtOnce / std::max<std::size_t>(1, shape.columns));
}

StoredTrace::StoredTrace(Input input, std::shared_ptr<const Arrays<float>> arrays, std::uint64_t revision)
    : input_(std::move(input)), arrays_(std::move(arrays)), revision_(revision) {}

std::optional<double> StoredTrace::known_largest(Stage stage) const {
  if (!arrays_->derives(stage)) return std::nullopt;
  std::call_once(range_read_, [this] { range_ = derived_range(*arrays_); });
  return range_[stage];
}

std::string Trace::place_error(Stage stage, std::size_t head, const CellRect& rect) const {
  if (!has(stage)) return fmt::format("{}: this scenario has no such stage", name(stage));
  const StageShape all = shape(stage);
  // Compared without adding, so that a huge offset cannot wrap around.
  const bool inside = head < all.heads && rect.row <= all.rows && rect.rows <= all.rows - rect.row &&
                      rect.column <= all.columns && rect.columns <= all.columns - rect.column;
  if (inside) return {};
  return fmt::format("{}[{}][{},{}]: outside {} × {} × {}", name(stage), head, rect.row, rect.column,
                     all.heads, all.rows, all.columns);
}

Read StoredTrace::read(Stage stage, std::size_t head, const CellRect& rect) const {
  Read answer;
  answer.error = place_error(stage, head, rect);
  if (!answer.error.empty()) return answer;
  answer.state = ReadState::ready;
  answer.values = arrays_->head(stage, head).block(rect.row, rect.column, rect.rows, rect.columns);
  answer.keeps_alive = arrays_;
  return answer;
}

}  // namespace attn
