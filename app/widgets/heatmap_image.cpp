#include "app/widgets/heatmap_image.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace attn::ui {
namespace {

constexpr float kNothing = std::numeric_limits<float>::infinity();

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
  largest_.assign(columns, -kNothing);
  least_.assign(columns, kNothing);
  covered_.assign(width, 0);
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
  if (shown.first >= shown.last) return;
  std::fill(covered_.begin() + static_cast<std::ptrdiff_t>(pixel_of(shown.first)),
            covered_.begin() + static_cast<std::ptrdiff_t>(pixel_of(shown.last - 1) + 1), std::uint8_t{1});
  // Plain arrays and no branch inside: compilers make this many cells at a time. NaN is neither more nor
  // less.
  const float* const from = values.data();
  float* const largest = largest_.data();
  float* const least = least_.data();
  for (std::size_t j = shown.first; j < shown.last; ++j)
    largest[j] = largest[j] < from[j] ? from[j] : largest[j];
  for (std::size_t j = shown.first; j < shown.last; ++j) least[j] = from[j] < least[j] ? from[j] : least[j];
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
      covered_[pixel_of(j)] = 1;
      if (values[j] > largest_[j]) largest_[j] = values[j];
      if (values[j] < least_[j]) least_[j] = values[j];
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
    if (!covered_[x]) continue;
    float largest = -kNothing;
    float least = kNothing;
    for (std::size_t j = begin_[x]; j < begin_[x + 1]; ++j) {
      largest = largest < largest_[j] ? largest_[j] : largest;
      least = least_[j] < least ? least_[j] : least;
    }
    const bool only_nan = largest < least;
    const float strongest = only_nan                              ? std::numeric_limits<float>::quiet_NaN()
                            : std::abs(least) > std::abs(largest) ? least
                                                                  : largest;
    image_.pixels[y_ * width + x] = scale_.at(strongest);
  }
  std::ranges::fill(largest_, -kNothing);
  std::ranges::fill(least_, kNothing);
  std::ranges::fill(covered_, std::uint8_t{0});
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
