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

/// At most `max_side` pixels a side. Where several cells share a pixel it shows the one farthest from 0: a
/// single strong weight among thousands must not vanish. `states` may be empty: all cells are shown.
HeatmapImage paint_heatmap(MatrixView<const float> values, const ColourScale& scale, const CellStates& states,
                           Colour unknown, std::size_t max_side);

}  // namespace attn::ui
