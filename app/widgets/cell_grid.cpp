// Where the cells of a matrix lie on screen.

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/widgets/heatmap.h"

namespace attn::ui {
namespace {

/// The cells of one axis that a stretch of screen shows.
CellGrid::Range shown(float origin, float size, std::size_t count, float from, float to) {
  if (count == 0 || !(size > 0) || !(to > from)) return {};
  const float first = std::floor((from - origin) / size);
  const float last = std::ceil((to - origin) / size);
  const auto most = static_cast<float>(count);
  return {static_cast<std::size_t>(std::clamp(first, 0.0f, most)),
          static_cast<std::size_t>(std::clamp(last, 0.0f, most))};
}

}  // namespace

Rect CellGrid::rect(std::size_t row, std::size_t column) const {
  if (transposed) std::swap(row, column);
  const ImVec2 min{origin.x + cell.x * static_cast<float>(column),
                   origin.y + cell.y * static_cast<float>(row)};
  return {min, {min.x + cell.x, min.y + cell.y}};
}

Rect CellGrid::bounds() const {
  return {origin,
          {origin.x + cell.x * static_cast<float>(across()), origin.y + cell.y * static_cast<float>(down())}};
}

Rect CellGrid::row_rect(std::size_t row) const {
  const Rect first = rect(row, 0);
  const Rect all = bounds();
  if (transposed) return {{first.min.x, all.min.y}, {first.max.x, all.max.y}};
  return {{all.min.x, first.min.y}, {all.max.x, first.max.y}};
}

Rect CellGrid::column_rect(std::size_t column) const {
  const Rect first = rect(0, column);
  const Rect all = bounds();
  if (transposed) return {{all.min.x, first.min.y}, {all.max.x, first.max.y}};
  return {{first.min.x, all.min.y}, {first.max.x, all.max.y}};
}

CellGrid::Range CellGrid::visible_rows() const {
  if (transposed) return shown(origin.x, cell.x, rows, clip.min.x, clip.max.x);
  return shown(origin.y, cell.y, rows, clip.min.y, clip.max.y);
}

CellGrid::Range CellGrid::visible_columns() const {
  if (transposed) return shown(origin.y, cell.y, columns, clip.min.y, clip.max.y);
  return shown(origin.x, cell.x, columns, clip.min.x, clip.max.x);
}

std::optional<CellGrid::Position> CellGrid::at(ImVec2 point) const {
  if (!visible().contains(point)) return std::nullopt;
  auto row = static_cast<std::size_t>((point.y - origin.y) / cell.y);
  auto column = static_cast<std::size_t>((point.x - origin.x) / cell.x);
  if (transposed) std::swap(row, column);
  if (row >= rows || column >= columns) return std::nullopt;
  return Position{row, column};
}

CellRect CellGrid::visible_cells() const {
  const Range down = visible_rows();
  const Range across = visible_columns();
  return {down.first, across.first, down.size(), across.size()};
}

}  // namespace attn::ui
