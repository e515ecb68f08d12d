// Where the cells of a matrix lie on screen.

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/widgets/heatmap.h"

namespace attn::ui {
namespace {

/// The cells of one axis that a stretch of screen shows.
CellGrid::Range shown(double origin, float size, std::size_t count, float from, float to) {
  if (count == 0 || !(size > 0) || !(to > from)) return {};
  const double first = std::floor((static_cast<double>(from) - origin) / static_cast<double>(size));
  const double last = std::ceil((static_cast<double>(to) - origin) / static_cast<double>(size));
  const auto most = static_cast<double>(count);
  return {static_cast<std::size_t>(std::clamp(first, 0.0, most)),
          static_cast<std::size_t>(std::clamp(last, 0.0, most))};
}

}  // namespace

Rect CellGrid::rect_of(double row, double column, double n_rows, double n_columns) const {
  if (transposed) {
    std::swap(row, column);
    std::swap(n_rows, n_columns);
  }
  const auto x = [&](double c) { return static_cast<float>(origin.x + static_cast<double>(cell.x) * c); };
  const auto y = [&](double r) { return static_cast<float>(origin.y + static_cast<double>(cell.y) * r); };
  return {{x(column), y(row)}, {x(column + n_columns), y(row + n_rows)}};
}

Rect CellGrid::rect(std::size_t row, std::size_t column) const {
  if (transposed) std::swap(row, column);
  const ImVec2 min{static_cast<float>(origin.x + static_cast<double>(cell.x) * static_cast<double>(column)),
                   static_cast<float>(origin.y + static_cast<double>(cell.y) * static_cast<double>(row))};
  return {min, {min.x + cell.x, min.y + cell.y}};
}

Rect CellGrid::bounds() const {
  return rect_of(0, 0, static_cast<double>(rows), static_cast<double>(columns));
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
  const auto place = [](float at, double from, float size) {
    return static_cast<std::size_t>(
        std::max(0.0, (static_cast<double>(at) - from) / static_cast<double>(size)));
  };
  std::size_t row = place(point.y, origin.y, cell.y);
  std::size_t column = place(point.x, origin.x, cell.x);
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
