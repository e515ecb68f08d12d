#pragma once
// What the mask leaves of a stage, and how far its numbers reach: what a colour scale needs to know.

#include <array>
#include <cstddef>
#include <mutex>

#include "core/attention/input.h"
#include "core/attention/stage.h"

namespace attn {

class Trace;

/// Cells [first, last) of a row.
struct CellRun {
  std::size_t first = 0;
  std::size_t last = 0;
};
/// What causal mask and window leave of a row: one run. `padding` and `allow` are asked cell by cell, see
/// masks_by_cells().
CellRun visible_run(const MaskConfig& mask, std::size_t row, std::size_t columns);
bool masks_by_cells(const MaskConfig& mask);

/// Whether any cell of the stage can be hidden from the eye: hatched, and outside every range. A hidden score
/// that was replaced by a number (a usual mistake) is hatched as well, but its weight is shown like any
/// other.
bool may_hide(const Input& input, Stage stage);

/// The largest magnitudes of one trace's stages, each read on first use and kept. Any thread may ask, once
/// the trace is whole.
class StageRanges {
 public:
  /// Among all finite numbers of all heads that the mask leaves; 0 where there is none.
  double largest(const Trace& trace, Stage stage) const;

 private:
  struct Kept {
    std::once_flag read;
    double largest = 0.0;
  };
  mutable std::array<Kept, kStageCount> kept_;
};

}  // namespace attn
