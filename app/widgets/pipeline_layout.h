#pragma once
// Where the stages of the pipeline stand: one column a step, Q, K and V above one another, numbers as
// large as the room allows. What collapses when there is little room, in this order: decimals, the gaps
// between stages, the letters; then matrices lose their numbers; then the strip scrolls sideways.

#include <optional>
#include <span>
#include <vector>

#include "app/widgets/geometry.h"
#include "app/widgets/number_format.h"
#include "core/attention/stage.h"

namespace attn::ui {

/// What the layout must know of a stage.
struct PipelineStage {
  Stage stage = Stage::x;
  std::size_t rows = 0;
  std::size_t columns = 0;
  NumberWidths widths;
  float title_width = 0.0f;  ///< at the full size of titles
};

struct PipelineMetrics {
  float title_px = 18.0f;
  float number_px = 18.0f;  ///< the most
  float least_number_px = 12.0f;
  float small_number_px = 10.0f;  ///< the least inside stacked matrices
  float advance = 0.6f;           ///< width of a digit for a letter size of 1
  float gap = 34.0f;              ///< between columns, with the arrow in it
  float least_gap = 18.0f;
  float scale = 1.0f;
  int decimals = 2;
};

struct PipelineBox {
  Stage stage = Stage::x;
  Rect frame;  ///< all of it: what is clicked, and framed when it is shown large
  Rect title;
  Rect matrix;
  bool stacked = false;  ///< shares its column; the title stands to the left
  bool numbers = false;
  NumberStyle style;
  float number_px = 0.0f;
  std::size_t column = 0;  ///< which column of the strip
};

struct PipelineLayout {
  std::vector<PipelineBox> boxes;  ///< in the order of the stages
  float width = 0.0f;              ///< of the whole strip; more than the area: it scrolls
  float title_px = 0.0f;
  float bottom = 0.0f;  ///< of the lowest frame

  const PipelineBox* find(Stage stage) const;
};

/// The same layout for other numbers of the same matrices: no box moves, and numbers that have outgrown their
/// cells show fewer decimals. Nothing when that is not enough, or when there are other matrices.
std::optional<PipelineLayout> refill_pipeline(PipelineLayout layout, std::span<const PipelineStage> before,
                                              std::span<const PipelineStage> stages,
                                              const PipelineMetrics& metrics);

PipelineLayout lay_out_pipeline(std::span<const PipelineStage> stages, const Rect& area,
                                const PipelineMetrics& metrics);

}  // namespace attn::ui
