#include "app/widgets/heatmap_image.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace attn::ui {
namespace {

std::size_t pixels_for(std::size_t cells, std::size_t max_side) {
  return std::max<std::size_t>(1, std::min(cells, max_side));
}

}  // namespace

HeatmapPainter::HeatmapPainter(std::size_t rows, std::size_t columns, const ColourScale& scale,
                               Colour unknown, std::size_t max_side)
    : scale_(scale), unknown_(unknown), rows_(rows), columns_(columns) {
  const std::size_t height = pixels_for(rows, max_side);
  const std::size_t width = pixels_for(columns, max_side);
  one_a_cell_ = height == rows && width == columns;
  image_ = {static_cast<int>(width), static_cast<int>(height), {}};
  image_.pixels.assign(width * height, 0);
  if (one_a_cell_) return;
  begin_.resize(width + 1);
  for (std::size_t x = 0; x <= width; ++x) begin_[x] = (x * columns + width - 1) / width;
  strongest_.resize(columns);
  magnitude_.assign(columns, -1.0f);
}

void HeatmapPainter::begin_row() {
  const std::size_t own = row_ * static_cast<std::size_t>(image_.height) / rows_;
  if (own != y_) {
    finish_pixels();
    y_ = own;
  }
  ++row_;
}

void HeatmapPainter::add_row(std::span<const float> values, CellRun shown) {
  begin_row();
  shown.last = std::min(shown.last, values.size());
  if (one_a_cell_) {
    Colour* const pixels = image_.pixels.data() + y_ * columns_;
    for (std::size_t j = shown.first; j < shown.last; ++j) pixels[j] = scale_.at(values[j]);
    return;
  }
  // Plain arrays and no branch inside: compilers make this many cells at a time.
  const float* const from = values.data();
  float* const strongest = strongest_.data();
  float* const magnitude = magnitude_.data();
  for (std::size_t j = shown.first; j < shown.last; ++j) {
    const float value = from[j];
    float size = std::abs(value);
    size = size == size ? size : 0.0f;
    const bool stronger = size > magnitude[j];
    strongest[j] = stronger ? value : strongest[j];
    magnitude[j] = stronger ? size : magnitude[j];
  }
}

void HeatmapPainter::add_row(std::span<const float> values, std::span<const CellState> states) {
  begin_row();
  Colour* const pixels = image_.pixels.data() + y_ * static_cast<std::size_t>(image_.width);
  for (std::size_t j = 0; j < values.size(); ++j) {
    if (states[j] == CellState::hidden) continue;
    if (states[j] == CellState::unknown) {
      pixels[pixel_of(j)] = unknown_;
    } else if (one_a_cell_) {
      pixels[j] = scale_.at(values[j]);
    } else {
      const float size = std::isnan(values[j]) ? 0.0f : std::abs(values[j]);
      if (size > magnitude_[j]) {
        strongest_[j] = values[j];
        magnitude_[j] = size;
      }
    }
  }
}

void HeatmapPainter::add_unknown_row() {
  begin_row();
  const auto width = static_cast<std::size_t>(image_.width);
  std::fill_n(image_.pixels.begin() + static_cast<std::ptrdiff_t>(y_ * width), width, unknown_);
}

std::size_t HeatmapPainter::pixel_of(std::size_t column) const {
  return one_a_cell_ ? column : column * static_cast<std::size_t>(image_.width) / columns_;
}

/// What is shown lies over what is unknown in the same pixel.
void HeatmapPainter::finish_pixels() {
  if (one_a_cell_) return;
  const auto width = static_cast<std::size_t>(image_.width);
  for (std::size_t x = 0; x < width; ++x) {
    std::size_t best = begin_[x];
    for (std::size_t j = begin_[x]; j < begin_[x + 1]; ++j) {
      if (magnitude_[j] > magnitude_[best]) best = j;
    }
    if (begin_[x] < begin_[x + 1] && magnitude_[best] >= 0.0f)
      image_.pixels[y_ * width + x] = scale_.at(strongest_[best]);
  }
  std::ranges::fill(magnitude_, -1.0f);
}

HeatmapImage HeatmapPainter::take() {
  finish_pixels();
  return std::move(image_);
}

HeatmapImage paint_heatmap(MatrixView<const float> values, const ColourScale& scale, const CellStates& states,
                           Colour unknown, std::size_t max_side) {
  if (values.rows == 0 || values.columns == 0) return {};
  HeatmapPainter painter(values.rows, values.columns, scale, unknown, max_side);
  std::vector<CellState> row_states(states ? values.columns : 0);
  for (std::size_t i = 0; i < values.rows; ++i) {
    if (states) {
      states(i, row_states);
      painter.add_row(values.row(i), row_states);
    } else {
      painter.add_row(values.row(i), CellRun{0, values.columns});
    }
  }
  return painter.take();
}

}  // namespace attn::ui
