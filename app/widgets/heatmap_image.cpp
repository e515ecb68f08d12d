#include "app/widgets/heatmap_image.h"

#include <algorithm>
#include <cmath>

namespace attn::ui {
namespace {

std::size_t pixels_for(std::size_t cells, std::size_t max_side) {
  return std::max<std::size_t>(1, std::min(cells, max_side));
}

/// The number that stands for all cells of a pixel so far.
struct Strongest {
  float value = 0.0f;
  float magnitude = -1.0f;  ///< negative: no cell yet
};

}  // namespace

HeatmapImage paint_heatmap(MatrixView<const float> values, const ColourScale& scale, const CellStates& states,
                           Colour unknown, std::size_t max_side) {
  if (values.rows == 0 || values.columns == 0) return {};
  const std::size_t height = pixels_for(values.rows, max_side);
  const std::size_t width = pixels_for(values.columns, max_side);
  HeatmapImage image{static_cast<int>(width), static_cast<int>(height), {}};
  image.pixels.assign(width * height, 0);
  // Pixel x stands for the columns [begin[x], begin[x + 1]).
  std::vector<std::size_t> begin(width + 1);
  for (std::size_t x = 0; x <= width; ++x) begin[x] = (x * values.columns + width - 1) / width;
  std::vector<CellState> row_states(values.columns, CellState::shown);
  std::vector<Strongest> strongest(width);
  const auto finish_row = [&](std::size_t y) {
    for (std::size_t x = 0; x < width; ++x) {
      if (strongest[x].magnitude >= 0.0f) image.pixels[y * width + x] = scale.at(strongest[x].value);
      strongest[x] = {};
    }
  };
  std::size_t y = 0;
  for (std::size_t i = 0; i < values.rows; ++i) {
    if (const std::size_t own = i * height / values.rows; own != y) {
      finish_row(y);
      y = own;
    }
    const float* row = values.row(i).data();
    if (states) states(i, row_states);
    for (std::size_t x = 0; x < width; ++x) {
      Strongest kept = strongest[x];
      for (std::size_t j = begin[x]; j < begin[x + 1]; ++j) {
        if (row_states[j] == CellState::shown) {
          const float magnitude = std::isnan(row[j]) ? 0.0f : std::abs(row[j]);
          if (magnitude > kept.magnitude) kept = {row[j], magnitude};
        } else if (row_states[j] == CellState::unknown) {
          image.pixels[y * width + x] = unknown;
        }
      }
      strongest[x] = kept;
    }
  }
  finish_row(y);
  return image;
}

}  // namespace attn::ui
