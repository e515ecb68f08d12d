#include "app/widgets/heatmap_image.h"

#include <algorithm>
#include <cmath>

namespace attn::ui {
namespace {

std::size_t pixels_for(std::size_t cells, std::size_t max_side) {
  return std::max<std::size_t>(1, std::min(cells, max_side));
}

}  // namespace

HeatmapImage paint_heatmap(MatrixView<const float> values, const ColourScale& scale, const CellStates& states,
                           Colour unknown, std::size_t max_side) {
  if (values.rows == 0 || values.columns == 0) return {};
  const std::size_t height = pixels_for(values.rows, max_side);
  const std::size_t width = pixels_for(values.columns, max_side);
  HeatmapImage image{static_cast<int>(width), static_cast<int>(height), {}};
  image.pixels.assign(width * height, 0);
  std::vector<float> strongest(width * height, -1.0f);
  for (std::size_t i = 0; i < values.rows; ++i) {
    const std::size_t y = i * height / values.rows;
    const auto row = values.row(i);
    for (std::size_t j = 0; j < row.size(); ++j) {
      const std::size_t at = y * width + j * width / values.columns;
      const CellState state = states ? states(i, j) : CellState::shown;
      if (state == CellState::hidden) continue;
      if (state == CellState::unknown) {
        if (image.pixels[at] == 0) image.pixels[at] = unknown;
        continue;
      }
      const float magnitude = std::isnan(row[j]) ? 0.0f : std::abs(row[j]);
      if (magnitude <= strongest[at]) continue;
      strongest[at] = magnitude;
      image.pixels[at] = scale.at(static_cast<double>(row[j]));
    }
  }
  return image;
}

}  // namespace attn::ui
