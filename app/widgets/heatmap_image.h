#pragma once
// A matrix as pixels: one a cell, or fewer when it is shown small. Hidden cells stay transparent, so
// that hatching drawn underneath shows through.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "app/widgets/heatmap_scale.h"

namespace attn::ui {

struct HeatmapImage {
  int width = 0;
  int height = 0;
  std::vector<Colour> pixels;  ///< row-major; 0 is transparent
};

enum class CellState : std::uint8_t {
  shown,
  hidden,   ///< by the mask: hatched
  unknown,  ///< not computed yet: "?"
};
/// Fills in the states of one row.
using CellStates = std::function<void(std::size_t row, std::span<CellState> states)>;

/// Paints row by row, so that a long matrix can be painted in parts. At most `max_side` pixels a side. Where
/// several cells share a pixel it shows the one farthest from 0, of two equally far the positive one: a
/// single strong weight among thousands must not vanish.
class HeatmapPainter {
 public:
  HeatmapPainter(std::size_t rows, std::size_t columns, const ColourScale& scale, Colour unknown,
                 std::size_t max_side);

  /// The next row. Without states the cells of `shown` are shown and the others hidden.
  void add_row(std::span<const float> values, CellRun shown);
  void add_row(std::span<const float> values, std::span<const CellState> states);
  /// The next row, of which nothing is computed yet.
  void add_unknown_row();
  std::size_t rows_added() const { return row_; }
  /// After the last row.
  HeatmapImage take();

 private:
  void begin_row();
  void finish_pixels();
  std::size_t pixel_of(std::size_t column) const;

  ColourScale scale_;
  Colour unknown_;
  std::size_t rows_;
  std::size_t columns_;
  std::size_t row_ = 0;
  std::size_t y_ = 0;  ///< row of pixels that is being painted
  bool one_a_cell_;    ///< a pixel a cell: painted at once
  HeatmapImage image_;
  std::vector<std::size_t> begin_;  ///< pixel x stands for the columns [begin_[x], begin_[x + 1])
  // Of the row of pixels so far: the ends of every column's numbers (±∞ the other way round: none yet), and
  // whether the pixel has a cell to show.
  std::vector<float> largest_;
  std::vector<float> least_;
  std::vector<std::uint8_t> covered_;
};

/// `states` may be empty: all cells are shown.
HeatmapImage paint_heatmap(MatrixView<const float> values, const ColourScale& scale, const CellStates& states,
                           Colour unknown, std::size_t max_side);

}  // namespace attn::ui
